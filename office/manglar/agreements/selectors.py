"""Reads about agreements and commitments."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, DateField, Prefetch, Q, QuerySet, Value, When

from manglar.agreements.choices import LIVE, DueStatus
from manglar.agreements.models import Agreement, Commitment, Party
from manglar.agreements.rules import SOON, days_late, due_status
from manglar.foundation.dates import PartialDate, last_day_text, over_before
from manglar.governments.models import Government
from manglar.network.models import Institution


def agreements_of(government: Government) -> QuerySet[Agreement]:
    """The agreements of a government with parties and commitments, newest first."""
    return Agreement.objects.filter(government=government).prefetch_related(
        Prefetch("party_rows", Party.objects.select_related("institution")),
        Prefetch("commitments", Commitment.objects.select_related("institution")),
    )


def agreement_by_id(government: Government, public_id: str) -> Agreement | None:
    """One agreement of a government, or None."""
    return agreements_of(government).filter(public_id=public_id).first()


def commitments_of(government: Government) -> QuerySet[Commitment]:
    """The commitments of a government, the next to fall due first."""
    return Commitment.objects.filter(government=government).select_related("institution", "agreement", "node")


def commitment_by_id(government: Government, public_id: str) -> Commitment | None:
    """One commitment of a government, or None."""
    return commitments_of(government).filter(public_id=public_id).first()


def standing(status: str, on: dt.date, *, live: Q, due: str = "due_on") -> Q:
    """The rows that stand so against their partial date on a day, as ``due_status`` says; ``live`` are those not over."""
    late, soon = over_before(due, on), over_before(due, on + SOON + dt.timedelta(days=1))
    undated = Q(**{due: ""})
    held = {
        DueStatus.SETTLED: ~live,
        DueStatus.UNDATED: live & undated,
        DueStatus.LATE: live & late,
        DueStatus.DUE_SOON: live & soon & ~late,
        DueStatus.ON_TIME: live & ~soon & ~undated,
    }
    return held[DueStatus(status)]


def seen_on(rows: QuerySet[Any], on: dt.date, *, live: Q) -> QuerySet[Any]:
    """The rows knowing the day of who reads (``seen_on``), and since when each is late (``late_since``, to order by)."""
    late = When(standing(DueStatus.LATE, on, live=live), then=last_day_text("due_on"))
    seen: QuerySet[Any] = rows.annotate(seen_on=Value(on, output_field=DateField()), late_since=Case(late, default=None))
    return seen


LIVE_COMMITMENTS = Q(state__in=LIVE)


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment and how it stands on a day."""

    commitment: Commitment
    status: DueStatus
    days_late: int


def promise_on(commitment: Commitment, on: dt.date) -> Promise:
    """How a commitment stands on a day."""
    return Promise(
        commitment, due_status(state=commitment.state, due_on=commitment.due_on, on=on),
        days_late(state=commitment.state, due_on=commitment.due_on, on=on),
    )


def promises(government: Government, on: dt.date) -> list[Promise]:
    """Every commitment of a government and how it stands on a day."""
    return [promise_on(each, on) for each in commitments_of(government)]


def late_promises(government: Government, on: dt.date) -> list[Promise]:
    """The commitments that are late on a day, the latest first."""
    live = commitments_of(government).filter(state__in=LIVE).exclude(due_on="")
    late = (promise_on(each, on) for each in live)
    return sorted((each for each in late if each.status == DueStatus.LATE), key=lambda p: (-p.days_late, p.commitment.pk))


@dataclass(frozen=True, slots=True)
class InstitutionDebt:
    """What an institution owes on a day."""

    institution: Institution
    live: int
    late: int
    longest_days_late: int


def debts(government: Government, on: dt.date) -> list[InstitutionDebt]:
    """What each institution owes on a day, who owes most first."""
    by_institution: dict[int, list[Promise]] = {}
    for each in commitments_of(government).filter(state__in=LIVE):
        by_institution.setdefault(each.institution_id, []).append(promise_on(each, on))
    found = []
    for held in by_institution.values():
        late = [p.days_late for p in held if p.status == DueStatus.LATE]
        found.append(InstitutionDebt(held[0].commitment.institution, len(held), len(late), max(late, default=0)))
    return sorted(found, key=lambda d: (-d.late, -d.live, d.institution.code))


def stand_on(*, state: str, due_on: PartialDate | None, on: dt.date) -> tuple[DueStatus, int]:
    """How a promise with this state and date stands on a day, and by how many days it is late: also for a frozen copy."""
    return due_status(state=state, due_on=due_on, on=on), days_late(state=state, due_on=due_on, on=on)
