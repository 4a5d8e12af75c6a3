"""Use cases of decisions: advise, present, decide, follow."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.agreements.models import Agreement, Commitment
from manglar.agreements.services import record_commitment
from manglar.audit.services import act
from manglar.decisions.choices import DecisionState, NoteState
from manglar.decisions.models import AdviceNote, AdviceOption, Decision, DecisionFollowUp
from manglar.decisions.permissions import may_decide, may_draft_notes, may_follow_decisions, may_submit_notes
from manglar.decisions.rules import why_not_decided, why_not_submitted
from manglar.evidence.models import Finding
from manglar.foundation.dates import PartialDate
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.network.models import Institution
from manglar.strategy.models import Node

Text = dict[str, str]
_OPTION_FIELDS = frozenset({
    "text", "cost_pab", "cost_mark", "avoided_damage_pab", "avoided_damage_low_pab", "avoided_damage_high_pab",
    "avoided_damage_mark", "criteria",
})


def draft_note(
    *, by: Actor, government: Government, question: Text, on: dt.date, context: Text | None = None,
    node: Node | None = None, findings: Sequence[Finding] = (),
) -> AdviceNote:
    """Write an advice note; it is a draft until someone else presents it."""
    require(may_draft_notes, by, government)
    if not any(question.values()):
        raise InvalidInput(say("La nota necesita su pregunta."))
    _check_findings(government, findings)
    note = AdviceNote(
        government=government, question=question, context=context or {}, node=node, author_name=by.name,
        author_ref=by.ref, written_on=on,
    )
    with act("note.drafted", by=by, government_id=government.pk, subject=note.public_id):
        note.save()
        note.findings.set(findings)
    return note


def _check_findings(government: Government, findings: Sequence[Finding]) -> None:
    if any(finding.government_id != government.pk for finding in findings):
        raise InvalidInput(say("Un hallazgo de otro gobierno no se puede enlazar."))


def change_note(
    *, by: Actor, note: AdviceNote, seen_version: int | None = None, question: Text | None = None,
    context: Text | None = None, node: Node | None = None, findings: Sequence[Finding] | None = None,
) -> AdviceNote:
    """Change a draft; what is not given stays."""
    require(may_draft_notes, by, note.government)
    with act("note.changed", by=by, government_id=note.government_id, subject=note.public_id):
        held = _draft(note, seen_version)
        held.question, held.context = question or held.question, context if context is not None else held.context
        held.node = node or held.node
        held.version += 1
        held.save()
        if findings is not None:
            _check_findings(held.government, findings)
            held.findings.set(findings)
    return held


def _locked(note: AdviceNote) -> AdviceNote:
    return AdviceNote.objects.select_for_update().select_related("government").get(pk=note.pk)


def _draft(note: AdviceNote, seen_version: int | None = None) -> AdviceNote:
    held = _locked(note)
    if held.state != NoteState.DRAFT:
        raise Conflict(say("La nota está {state}: ya no se edita.", state=held.get_state_display()))
    if seen_version is not None and held.version != seen_version:
        raise Conflict(
            say("Otra persona cambió esta nota mientras usted la editaba: vuelva a abrirla y repita su cambio.")
        )
    return held


def add_option(*, by: Actor, note: AdviceNote, title: Text, **values: Any) -> AdviceOption:
    """Add an option to a draft: text, cost, avoided damage with its range, criteria; every figure with its mark."""
    require(may_draft_notes, by, note.government)
    _check_option(title, values)
    option = AdviceOption(government=note.government, note=note, title=title, **values)
    with act("option.added", by=by, government_id=note.government_id, subject=note.public_id):
        held = _draft(note)
        option.order = held.options.count() + 1
        while held.options.filter(order=option.order).exists():
            option.order += 1
        option.save()
    return option


def change_option(*, by: Actor, option: AdviceOption, **values: Any) -> AdviceOption:
    """Change an option of a draft."""
    require(may_draft_notes, by, option.government)
    title = values.pop("title", option.title)
    current = {name: getattr(option, name) for name in _OPTION_FIELDS}
    _check_option(title, {**current, **values})
    with act("option.changed", by=by, government_id=option.government_id, subject=option.note.public_id):
        _draft(option.note)
        option.title = title
        for name, value in values.items():
            setattr(option, name, value)
        option.save()
    return option


def remove_option(*, by: Actor, option: AdviceOption) -> None:
    """Take an option out of a draft."""
    require(may_draft_notes, by, option.government)
    with act("option.removed", by=by, government_id=option.government_id, subject=option.note.public_id):
        held = _draft(option.note)
        if held.recommendation_id == option.pk:
            held.recommendation = None
            held.save(update_fields=["recommendation"])
        option.delete()


def _check_option(title: Text, values: dict[str, Any]) -> None:
    if unknown := values.keys() - _OPTION_FIELDS:
        raise InvalidInput(say("Una opción no tiene: {unknown}.", unknown=", ".join(sorted(unknown))))
    if not any(title.values()):
        raise InvalidInput(say("La opción necesita un título."))
    for figure, mark in (("cost_pab", "cost_mark"), ("avoided_damage_pab", "avoided_damage_mark")):
        has_figure, given = values.get(figure) is not None, values.get(mark) or ""
        if has_figure and given not in Mark.values:
            raise InvalidInput(say("Toda cifra lleva su procedencia: fuente, estimación o ilustrativo."))
        if not has_figure and given:
            raise InvalidInput(say("Hay una procedencia sin su cifra."))
    if (values.get("cost_pab") or Decimal(0)) < 0:
        raise InvalidInput(say("El costo no puede ser negativo."))
    low, high = values.get("avoided_damage_low_pab"), values.get("avoided_damage_high_pab")
    if low is not None and high is not None and low > high:
        raise InvalidInput(say("El rango del daño evitado está al revés."))


def recommend_option(*, by: Actor, note: AdviceNote, option: AdviceOption | None) -> AdviceNote:
    """Say which option the office recommends, or none."""
    require(may_draft_notes, by, note.government)
    if option is not None and option.note_id != note.pk:
        raise InvalidInput(say("Esa opción es de otra nota."))
    with act("note.recommendation_set", by=by, government_id=note.government_id, subject=note.public_id):
        held = _draft(note)
        held.recommendation = option
        held.save(update_fields=["recommendation"])
    return held


def attach_risk(*, by: Actor, note: AdviceNote, run_id: str, summary: dict[str, Any]) -> AdviceNote:
    """Keep in a draft a frozen copy of what a risk run said (``before``, ``after``…), with the run's identifier."""
    require(may_draft_notes, by, note.government)
    with act("note.risk_attached", by=by, government_id=note.government_id, subject=note.public_id):
        held = _draft(note)
        held.risk_run_id, held.risk_summary = run_id, summary
        held.save(update_fields=["risk_run_id", "risk_summary"])
    return held


def take_risk_to_note(
    *, by: Actor, government: Government, note: AdviceNote | None, question: Text, on: dt.date, run_id: str,
    summary: dict[str, Any], title: Text, **values: Any,
) -> AdviceNote:
    """Add what a risk run said to a draft as an option, or to a new note with this question: all of it or nothing."""
    require(may_draft_notes, by, government)
    with act("note.risk_taken", by=by, government_id=government.pk, subject=note.public_id if note else ""):
        held = note or draft_note(by=by, government=government, question=question, on=on)
        option = add_option(by=by, note=held, title=title, **values)
        before = {key: value for key, value in held.risk_summary.items() if key == "by_option"}
        told = {**before.get("by_option", {}), option.public_id: {"run": run_id, **summary}}
        return attach_risk(by=by, note=held, run_id=run_id, summary={**summary, "by_option": told})


def submit_note(*, by: Actor, note: AdviceNote, on: dt.date) -> AdviceNote:
    """Present a note for decision."""
    require(may_submit_notes, by, note.government)
    with act("note.submitted", by=by, government_id=note.government_id, subject=note.public_id):
        held = _locked(note)
        sentence = why_not_submitted(
            state=held.state, options=held.options.count(), has_question=any(held.question.values())
        )
        if sentence:
            raise Conflict(sentence)
        held.state, held.submitted_on, held.state_reason = NoteState.SUBMITTED, on, ""
        held.save(update_fields=["state", "submitted_on", "state_reason"])
    return held


def return_note(*, by: Actor, note: AdviceNote, reason: str) -> AdviceNote:
    """Send a presented note back to its author, saying what is missing."""
    require(may_decide, by, note.government)
    return _leave_submitted(by, note, NoteState.DRAFT, "note.returned", reason)


def withdraw_note(*, by: Actor, note: AdviceNote, reason: str) -> AdviceNote:
    """Withdraw a note that will not be decided, saying why."""
    require(may_submit_notes, by, note.government)
    return _leave_submitted(by, note, NoteState.WITHDRAWN, "note.withdrawn", reason)


def _leave_submitted(by: Actor, note: AdviceNote, state: NoteState, event: str, reason: str) -> AdviceNote:
    if not reason.strip():
        raise InvalidInput(say("Diga el motivo."))
    with act(event, by=by, government_id=note.government_id, subject=note.public_id, reason=reason.strip()):
        held = _locked(note)
        from_draft = held.state == NoteState.DRAFT and state == NoteState.WITHDRAWN
        if held.state != NoteState.SUBMITTED and not from_draft:
            raise Conflict(say("La nota está {state}.", state=held.get_state_display()))
        held.state, held.state_reason = state, reason.strip()
        held.submitted_on = None if state == NoteState.DRAFT else held.submitted_on
        held.save(update_fields=["state", "state_reason", "submitted_on"])
    return held


def take_decision(
    *, by: Actor, note: AdviceNote, title: Text, reason: Text, decided_on: dt.date, post: str,
    option: AdviceOption | None = None,
) -> Decision:
    """Decide a presented note: one of its options, or something else; always with the reason."""
    require(may_decide, by, note.government)
    _check_decision(note, title, reason, option, post)
    decision = Decision(
        government=note.government, note=note, option=option, title=title, reason=reason, decided_on=decided_on,
        decided_by_post=post.strip(), decided_by=by.user, decided_by_name=by.name,
    )
    with act("decision.taken", by=by, government_id=note.government_id, subject=decision.public_id):
        held = _locked(note)
        if sentence := why_not_decided(state=held.state, author_ref=held.author_ref, decider_ref=by.ref):
            raise Conflict(sentence)
        decision.save()
        held.state = NoteState.DECIDED
        held.save(update_fields=["state"])
    return decision


def _check_decision(note: AdviceNote, title: Text, reason: Text, option: AdviceOption | None, post: str) -> None:
    if option is not None and option.note_id != note.pk:
        raise InvalidInput(say("Esa opción es de otra nota."))
    if not any(title.values()) or not any(reason.values()):
        raise InvalidInput(say("Una decisión dice qué se decidió y por qué."))
    if not post.strip():
        raise InvalidInput(say("Escriba el cargo de quien decide."))


def supersede_decision(
    *, by: Actor, decision: Decision, title: Text, reason: Text, decided_on: dt.date, post: str,
    option: AdviceOption | None = None,
) -> Decision:
    """Decide again on the same note; the first decision stays in the register, pointing at the new one."""
    require(may_decide, by, decision.government)
    if decision.note is None:
        raise InvalidInput(say("La decisión no tiene nota: escriba una antes de sustituirla."))
    _check_decision(decision.note, title, reason, option, post)
    new = Decision(
        government=decision.government, note=decision.note, option=option, title=title, reason=reason,
        decided_on=decided_on, decided_by_post=post.strip(), decided_by=by.user, decided_by_name=by.name,
        state=DecisionState.REVOKED, state_reason="(en curso)",
    )
    with act("decision.superseded", by=by, government_id=decision.government_id, subject=decision.public_id):
        held = _taken(decision)
        if by.ref and by.ref == decision.note.author_ref:
            raise Conflict(say("Quien escribió la nota no la decide: pídalo a otra persona del despacho."))
        if decided_on < held.decided_on:
            raise InvalidInput(say("La nueva decisión no puede ser anterior a la que sustituye."))
        new.save()
        held.state, held.superseded_by = DecisionState.SUPERSEDED, new
        held.save(update_fields=["state", "superseded_by"])
        new.state, new.state_reason = DecisionState.TAKEN, ""
        new.save(update_fields=["state", "state_reason"])
    return new


def _taken(decision: Decision) -> Decision:
    held = Decision.objects.select_for_update().get(pk=decision.pk)
    if held.state != DecisionState.TAKEN:
        raise Conflict(say("La decisión está {state}.", state=held.get_state_display()))
    return held


def revoke_decision(*, by: Actor, decision: Decision, reason: str) -> Decision:
    """Leave a decision without effect, saying why; it stays in the register."""
    require(may_decide, by, decision.government)
    if not reason.strip():
        raise InvalidInput(say("Diga por qué se revoca la decisión."))
    with act("decision.revoked", by=by, government_id=decision.government_id, subject=decision.public_id, reason=reason):
        held = _taken(decision)
        held.state, held.state_reason = DecisionState.REVOKED, reason.strip()
        held.save(update_fields=["state", "state_reason"])
    return held


def follow_decision(*, by: Actor, decision: Decision, commitment: Commitment) -> DecisionFollowUp:
    """Say that a commitment follows from a decision; saying it twice changes nothing."""
    require(may_follow_decisions, by, decision.government)
    if commitment.government_id != decision.government_id:
        raise InvalidInput(say("Ese compromiso es de otro gobierno."))
    there = DecisionFollowUp.objects.filter(decision=decision, commitment=commitment).first()
    if there:
        return there
    with act("decision.followed", by=by, government_id=decision.government_id, subject=decision.public_id):
        return DecisionFollowUp.objects.create(
            government=decision.government, decision=decision, commitment=commitment
        )


def commit_from_decision(
    *, by: Actor, decision: Decision, institution: Institution, text: Text, made_on: dt.date,
    due_on: PartialDate | None = None, agreement: Agreement | None = None, node: Node | None = None,
    mark: str = Mark.SOURCE,
) -> Commitment:
    """Record a new commitment as what follows from a decision, on the initiative of its note unless another is given."""
    require(may_follow_decisions, by, decision.government)
    with act("decision.followed", by=by, government_id=decision.government_id, subject=decision.public_id):
        commitment = record_commitment(
            by=by, government=decision.government, institution=institution, text=text, made_on=made_on, due_on=due_on,
            agreement=agreement, node=node or (decision.note.node if decision.note else None), mark=mark,
            source_text="Sigue de una decisión registrada de este gobierno.",
        )
        DecisionFollowUp.objects.create(government=decision.government, decision=decision, commitment=commitment)
    return commitment
