"""Talk and decide: agreements with their promises, notes with their options and what was decided."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from manglar.agreements import services as agreements
from manglar.agreements.choices import CommitmentState
from manglar.agreements.models import Agreement, Commitment
from manglar.decisions import services as decisions
from manglar.decisions.models import Decision
from manglar.foundation.dates import PartialDate
from manglar.foundation.provenance import Mark
from manglar.network.models import Institution
from manglar.seed.city import SAID, City, made_up
from manglar.seed.sizes import BEGINS, ENDS

LAST = ENDS - dt.timedelta(days=90)
#: How promises stand in the end, as often as they are listed; None: as they were made.
ENDINGS = (
    CommitmentState.FULFILLED, CommitmentState.FULFILLED, CommitmentState.IN_PROGRESS, CommitmentState.BROKEN,
    CommitmentState.WITHDRAWN, None, None,
)


def agree(city: City) -> None:
    """Write the agreements, the notes, the decisions, and the promises that follow from them."""
    with transaction.atomic():
        made = [_agreement(city, number) for number in range(city.size.agreements)]
        decided = [each for number in range(city.size.notes) if (each := _note(city, number)) is not None]
        for number in range(city.size.commitments):
            _promise(city, made[number % len(made)], decided, number)


def _agreement(city: City, number: int) -> tuple[Agreement, list[Institution], dt.date]:
    editor, (es, en), on = city.actor("editor"), city.pair("themes"), city.day(BEGINS, LAST)
    parties = city.dice.sample(city.institutions, k=3)
    agreement = agreements.record_agreement(
        by=editor, government=city.home, title=made_up(f"acuerdo {number + 1} por {es}", f"agreement {number + 1} for {en}"),
        made_on=PartialDate(on.year, on.month, on.day), parties=[(each, "parte") for each in parties],
        mark=Mark.ILLUSTRATIVE, source_text=SAID,
    )
    if number % 8:
        agreement = agreements.put_in_force(by=editor, agreement=agreement)
    if number % 10 == 9:
        agreement = agreements.end_agreement(by=editor, agreement=agreement, reason="Se cumplió su plazo (ilustrativo).")
    return agreement, parties, on


def _note(city: City, number: int) -> Decision | None:
    """A note with three options; two of three are decided."""
    editor, (es, en), on = city.actor("editor"), city.pair("themes"), city.day(BEGINS, LAST)
    note = decisions.draft_note(
        by=editor, government=city.home, on=on, node=city.dice.choice(city.initiatives),
        question=made_up(f"¿cómo avanzamos en {es}?", f"how do we move forward on {en}?"),
        context=made_up("hay varias maneras y ninguna es gratis", "there are several ways and none is free"),
        findings=city.dice.sample(city.findings, k=min(2, len(city.findings))),
    )
    options = [
        decisions.add_option(
            by=editor, note=note, title=made_up(f"opción {place}: {es}", f"option {place}: {en}"),
            cost_pab=Decimal(city.dice.randrange(20_000, 2_000_000, 1_000)), cost_mark=Mark.ILLUSTRATIVE,
        )
        for place in (1, 2, 3)
    ]
    chosen = city.dice.choice(options)
    decisions.recommend_option(by=editor, note=note, option=chosen)
    if number % 6 == 5:
        return None
    decisions.submit_note(by=city.actor("director"), note=note, on=on + dt.timedelta(days=7))
    if number % 6 == 4:
        return None
    return decisions.take_decision(
        by=city.actor("mayor"), note=note, option=chosen, decided_on=on + dt.timedelta(days=21),
        post="Despacho de la Alcaldía", title=made_up(f"se hace la opción elegida para {es}", f"the chosen option for {en} goes ahead"),
        reason=made_up("es la que más protege por cada balboa", "it protects most for each balboa"),
    )


def _promise(
    city: City, agreed: tuple[Agreement, list[Institution], dt.date], decided: list[Decision], number: int
) -> None:
    """What a party promised; every third one follows from a decision."""
    agreement, parties, made_on = agreed
    editor, (es, en), who = city.actor("editor"), city.pair("promises"), city.dice.choice(parties)
    theme = city.pair("themes")
    due = made_on + dt.timedelta(days=city.dice.randint(60, 1200))
    told = made_up(f"{es}: {theme[0]}", f"{en}: {theme[1]}")
    commitment = agreements.record_commitment(
        by=editor, government=city.home, institution=who, text=told, made_on=made_on,
        due_on=PartialDate(due.year, due.month), agreement=agreement, node=city.dice.choice(city.actions),
        mark=Mark.ILLUSTRATIVE, source_text=SAID,
    )
    if decided and number % 3 == 0:
        decisions.follow_decision(by=city.actor("editor"), decision=city.dice.choice(decided), commitment=commitment)
    _ends(city, commitment, made_on)


def _ends(city: City, commitment: Commitment, made_on: dt.date) -> None:
    state = city.dice.choice(ENDINGS)
    if state is not None:
        agreements.report_commitment(
            by=city.actor("director"), commitment=commitment, state=state, on=city.day(made_on, LAST),
            reason="Lo informó la institución (ilustrativo).",
        )
