"""Use cases of agreements: record what was promised and how it stands."""

import datetime as dt
from collections.abc import Sequence

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.agreements.choices import LIVE, AgreementState, CommitmentState
from manglar.agreements.models import Agreement, Commitment, Party
from manglar.agreements.permissions import may_record_agreements, may_settle_commitments
from manglar.agreements.rules import why_not_follows
from manglar.audit.services import act
from manglar.foundation.dates import PartialDate
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.network.models import Institution
from manglar.strategy.models import Node

Text = dict[str, str]


def record_agreement(
    *, by: Actor, government: Government, title: Text, made_on: PartialDate | None = None,
    parties: Sequence[tuple[Institution, str]] = (), text: Text | None = None, mark: str = Mark.SOURCE,
    source_text: str = "",
) -> Agreement:
    """Record an agreement with its parties (institution, role); it is a draft until it is put in force."""
    require(may_record_agreements, by, government)
    if not any(title.values()):
        raise InvalidInput(say("El acuerdo necesita un título."))
    if len({institution.pk for institution, _ in parties}) != len(parties):
        raise InvalidInput(say("Una institución aparece dos veces entre las partes."))
    agreement = Agreement(
        government=government, title=title, text=text or {}, made_on=made_on, mark=mark, source_text=source_text
    )
    with act("agreement.recorded", by=by, government_id=government.pk, subject=agreement.public_id):
        agreement.save()
        for institution, role in parties:
            Party.objects.create(government=government, agreement=agreement, institution=institution, role=role)
    return agreement


def change_agreement(
    *, by: Actor, agreement: Agreement, title: Text, made_on: PartialDate | None, parties: Sequence[Institution],
    text: Text, mark: str, source_text: str,
) -> Agreement:
    """Write a draft again; once in force, what was agreed is not rewritten."""
    require(may_record_agreements, by, agreement.government)
    if not any(title.values()):
        raise InvalidInput(say("El acuerdo necesita un título."))
    with act("agreement.changed", by=by, government_id=agreement.government_id, subject=agreement.public_id):
        held = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if held.state != AgreementState.DRAFT:
            raise Conflict(say("Este acuerdo ya no es un borrador: lo acordado no se reescribe. Termínelo y anote otro."))
        wanted = {each.pk: each for each in parties}
        leaving = held.party_rows.exclude(institution__in=wanted)
        if (promised := held.commitments.filter(institution__in=leaving.values("institution")).first()) is not None:
            raise Conflict(say("{institution} tiene un compromiso en este acuerdo: no deja de ser parte.", institution=promised.institution))
        held.title, held.text, held.made_on = title, text, made_on
        held.mark, held.source_text = mark, source_text
        held.save(update_fields=["title", "text", "made_on", "mark", "source_text"])
        for row in leaving:
            row.delete()
        there = set(held.party_rows.values_list("institution", flat=True))
        for institution in (each for key, each in wanted.items() if key not in there):
            Party.objects.create(government=held.government, agreement=held, institution=institution)
    return held


def put_in_force(*, by: Actor, agreement: Agreement, made_on: PartialDate | None = None) -> Agreement:
    """Say that an agreement was made; it needs its date and two parties."""
    require(may_record_agreements, by, agreement.government)
    with act("agreement.put_in_force", by=by, government_id=agreement.government_id, subject=agreement.public_id):
        held = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if held.state != AgreementState.DRAFT:
            raise Conflict(say("Este acuerdo ya no es un borrador."))
        held.made_on = made_on or held.made_on
        if not held.made_on:
            raise InvalidInput(say("Escriba la fecha del acuerdo, aunque solo se conozca el año o el mes."))
        if held.party_rows.count() < 2:
            raise Conflict(say("Un acuerdo tiene al menos dos partes."))
        held.state = AgreementState.IN_FORCE
        held.save(update_fields=["state", "made_on"])
    return held


def end_agreement(*, by: Actor, agreement: Agreement, reason: str) -> Agreement:
    """Say that an agreement is over, and why; its commitments stay as they are."""
    require(may_record_agreements, by, agreement.government)
    if not reason.strip():
        raise InvalidInput(say("Diga por qué termina el acuerdo."))
    with act("agreement.ended", by=by, government_id=agreement.government_id, subject=agreement.public_id, reason=reason):
        held = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if held.state != AgreementState.IN_FORCE:
            raise Conflict(say("Solo termina un acuerdo vigente."))
        held.state, held.end_reason = AgreementState.ENDED, reason.strip()
        held.save(update_fields=["state", "end_reason"])
    return held


def record_commitment(
    *, by: Actor, government: Government, institution: Institution, text: Text, made_on: dt.date,
    due_on: PartialDate | None = None, agreement: Agreement | None = None, node: Node | None = None,
    mark: str = Mark.SOURCE, source_text: str = "",
) -> Commitment:
    """Record what an institution promised; in an agreement it must be one of the parties."""
    require(may_record_agreements, by, government)
    _check_promise(government, institution, text, (made_on, due_on), agreement)
    commitment = Commitment(
        government=government, institution=institution, text=text, made_on=made_on, due_on=due_on,
        agreement=agreement, node=node, state_on=made_on, mark=mark, source_text=source_text,
    )
    with act("commitment.recorded", by=by, government_id=government.pk, subject=commitment.public_id):
        commitment.save()
    return commitment


def change_commitment(
    *, by: Actor, commitment: Commitment, institution: Institution, text: Text, made_on: dt.date,
    due_on: PartialDate | None, agreement: Agreement | None, node: Node | None, mark: str, source_text: str, reason: str,
) -> Commitment:
    """Put a promise right while it is alive, saying why; what was published of it stays as it was published."""
    require(may_record_agreements, by, commitment.government)
    if not reason.strip():
        raise InvalidInput(say("Diga por qué se cambia el compromiso."))
    _check_promise(commitment.government, institution, text, (made_on, due_on), agreement)
    with act(
        "commitment.changed", by=by, government_id=commitment.government_id, subject=commitment.public_id, reason=reason.strip()
    ):
        held = Commitment.objects.select_for_update().get(pk=commitment.pk)
        if held.state not in LIVE:
            raise Conflict(say("El compromiso está {state}: ya no se cambia.", state=held.get_state_display()))
        held.institution, held.text, held.made_on, held.due_on = institution, text, made_on, due_on
        held.agreement, held.node, held.mark, held.source_text = agreement, node, mark, source_text
        held.save(update_fields=["institution", "text", "made_on", "due_on", "agreement", "node", "mark", "source_text"])
    return held


def _check_promise(
    government: Government, institution: Institution, text: Text, days: tuple[dt.date, PartialDate | None],
    agreement: Agreement | None,
) -> None:
    made_on, due_on = days
    if not any(text.values()):
        raise InvalidInput(say("Escriba qué se promete."))
    if due_on is not None and due_on.last_day < made_on:
        raise InvalidInput(
            say("El compromiso vence ({due_on}) antes de hacerse ({made_on}).", due_on=due_on, made_on=made_on)
        )
    if agreement is not None:
        if agreement.government_id != government.pk:
            raise InvalidInput(say("Ese acuerdo es de otro gobierno."))
        if not agreement.party_rows.filter(institution=institution).exists():
            raise InvalidInput(
                say(
                    "{institution} no es parte del acuerdo «{agreement}»: agréguela antes.",
                    institution=institution,
                    agreement=agreement,
                )
            )


def report_commitment(*, by: Actor, commitment: Commitment, state: str, on: dt.date, reason: str = "") -> Commitment:
    """Say how a commitment stands; broken, withdrawn and steps back say why."""
    require(may_settle_commitments, by, commitment.government)
    if state not in CommitmentState.values:
        raise InvalidInput(say("«{state}» no es un estado de un compromiso.", state=state))
    with act(
        "commitment.reported", by=by, government_id=commitment.government_id, subject=commitment.public_id, reason=reason
    ):
        held = Commitment.objects.select_for_update().get(pk=commitment.pk)
        if sentence := why_not_follows(state=held.state, new=state, reason=reason):
            raise Conflict(sentence)
        held.state, held.state_on, held.state_reason = state, on, reason.strip()
        held.save(update_fields=["state", "state_on", "state_reason"])
    return held


def withdraw_commitment(*, by: Actor, commitment: Commitment, on: dt.date, reason: str) -> Commitment:
    """Take a promise back, saying why."""
    return report_commitment(by=by, commitment=commitment, state=CommitmentState.WITHDRAWN, on=on, reason=reason)
