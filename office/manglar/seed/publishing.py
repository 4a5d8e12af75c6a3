"""Tell: what of the city is public, and the few things that operations keep."""

import datetime as dt

from django.db import transaction

from manglar.agreements.models import Agreement, Commitment
from manglar.decisions.models import AdviceNote, Decision
from manglar.delivery.models import Milestone
from manglar.foundation.refusals import Refusal
from manglar.operations.choices import JobState
from manglar.operations.models import Job
from manglar.publication import services as publication
from manglar.seed.city import City
from manglar.seed.history import noon
from manglar.seed.sizes import BEGINS, ENDS

JOBS = 40


def publish(city: City) -> int:
    """Release the strategy and as much of each other kind as the size says; return how many are public."""
    at, released = noon(ENDS), 0
    with transaction.atomic():
        for public_id in _public(city):
            try:
                publication.release_record(by=city.actor("publisher"), government=city.home, public_id=public_id, at=at)
            except Refusal:
                continue  # drafts and what is not adopted yet: they stay internal, as they would
            released += 1
    return released


def _public(city: City) -> list[str]:
    """From the first of the chain to the last, so that each finds public what it follows from."""
    home, most = city.home, city.size.released
    found = [finding.public_id for finding in city.findings]
    for edition in (city.earlier, city.edition):
        if edition is not None:
            found += [edition.public_id]
    if city.edition is not None:
        found += list(city.edition.nodes.order_by("position").values_list("identity", flat=True))
    for model in (AdviceNote, Decision, Agreement, Commitment, Milestone):
        held = model._default_manager.filter(government=home).order_by("pk")
        found += list(held.values_list("public_id", flat=True)[:most])
    return found


def past_jobs(city: City) -> None:
    """Work that was done over the years; jobs are no part of the log."""
    days = [BEGINS + (ENDS - BEGINS) * number / JOBS for number in range(JOBS)]
    Job.objects.bulk_create([
        Job(
            government=city.home, kind="risk.run", title=f"Corrida {number + 1} (ilustrativa)", state=JobState.DONE,
            fraction=1, attempts=1, created_at=noon(day), finished_at=noon(day) + dt.timedelta(minutes=4),
        )
        for number, day in enumerate(days)
    ])
