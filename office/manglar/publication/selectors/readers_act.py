"""Readers of what the city decides, obtains and does: notes, decisions, agreements, commitments, milestones, reports."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from manglar.agreements.choices import AgreementState, CommitmentState
from manglar.agreements.models import Agreement, Commitment, Party
from manglar.decisions.choices import DecisionState, NoteState
from manglar.decisions.models import AdviceNote, AdviceOption, Decision, DecisionFollowUp
from manglar.delivery.choices import MilestoneState, UpdateState
from manglar.delivery.models import Milestone, MilestoneUpdate
from manglar.foundation.provenance import Mark
from manglar.foundation.sentences import Said, say
from manglar.publication.choices import Kind, Relation
from manglar.publication.rules import Link
from manglar.publication.selectors.registry import Facts, Known, Reader, amount, any_of, owner, register


class NoteReader(Reader):
    """An advice note, public once it was decided."""

    kind, prefix, rank, states = Kind.NOTE.value, "nota", 40, NoteState

    def rows(self, where: Q, *, full: bool = False) -> list[AdviceNote]:
        found = AdviceNote.objects.filter(where).select_related("government", "node").distinct().order_by("pk")
        return list(found.prefetch_related("findings", *(["options"] if full else [])))

    def following(self, known: Known) -> Q | None:
        return any_of((known.get(Kind.FINDING), "findings__public_id"), (known.get(Kind.INITIATIVE), "node__identity"))

    def links(self, record: AdviceNote) -> list[Link]:
        found = [Link(Kind.FINDING, f.public_id, Relation.RESTS_ON) for f in record.findings.all()]
        return found + ([Link(Kind.INITIATIVE, record.node.identity, Relation.ABOUT)] if record.node else [])

    def facts(self, record: AdviceNote) -> Facts:
        date = (record.submitted_on or record.written_on).isoformat()
        return Facts(self.kind, record.public_id, owner(record), record.question, record.context, date, status=record.state)

    def fields(self, record: AdviceNote) -> dict[str, Any]:
        return {
            "options": [_option(o, is_recommended=o.pk == record.recommendation_id) for o in record.options.all()],
            "risk_run": record.risk_run_id, "risk_summary": record.risk_summary,
            "submitted_on": record.submitted_on.isoformat() if record.submitted_on else "",
        }

    def why_internal(self, record: AdviceNote) -> Said:
        return "" if record.state == NoteState.DECIDED else say("La nota no está decidida.")


def _option(option: AdviceOption, *, is_recommended: bool) -> dict[str, Any]:
    return {
        "id": option.public_id, "title": option.title, "text": option.text, "is_recommended": is_recommended,
        "cost_pab": amount(option.cost_pab), "cost_mark": option.cost_mark,
        "avoided_damage_pab": amount(option.avoided_damage_pab),
        "avoided_damage_low_pab": amount(option.avoided_damage_low_pab),
        "avoided_damage_high_pab": amount(option.avoided_damage_high_pab),
        "avoided_damage_mark": option.avoided_damage_mark, "criteria": option.criteria,
    }


class DecisionReader(Reader):
    """A decision; the public copy names the post that took it, not the person."""

    kind, prefix, rank, states = Kind.DECISION.value, "decision", 50, DecisionState

    def rows(self, where: Q, *, full: bool = False) -> list[Decision]:  # noqa: ARG002  # it needs nothing more
        found = Decision.objects.filter(where).distinct().order_by("pk")
        return list(found.select_related("government", "note", "option", "superseded_by", "supersedes"))

    def following(self, known: Known) -> Q | None:
        return any_of((known.get(Kind.NOTE), "note__public_id"), (known.get(self.kind), "supersedes__public_id"))

    def asks_again(self, *, had_own: bool) -> bool:
        """A decision may be superseded by one that is superseded in turn; below a note all are found at once."""
        return had_own

    def links(self, record: Decision) -> list[Link]:
        found = [Link(Kind.NOTE, record.note.public_id, Relation.DECIDES)] if record.note else []
        earlier = getattr(record, "supersedes", None)
        return found + ([Link(self.kind, earlier.public_id, Relation.SUPERSEDES)] if earlier else [])

    def facts(self, record: Decision) -> Facts:
        post = (("", {"es": record.decided_by_post}),)
        return Facts(self.kind, record.public_id, owner(record), record.title, record.reason,
                     record.decided_on.isoformat(), post, record.state)

    def fields(self, record: Decision) -> dict[str, Any]:
        later = record.superseded_by
        return {
            "decided_by_post": record.decided_by_post,
            "option": {"id": record.option.public_id, "title": record.option.title} if record.option else None,
            "state_reason": record.state_reason if record.state == DecisionState.REVOKED else "",
            "superseded_by": later.public_id if later else "",
        }

    def why_internal(self, record: Decision) -> Said:  # noqa: ARG002  # a decision exists only once it was taken
        return ""


class AgreementReader(Reader):
    """An agreement: many commitments are in it, so chains do not run on through it."""

    kind, prefix, rank, states, is_hub = Kind.AGREEMENT.value, "acuerdo", 60, AgreementState, True

    def rows(self, where: Q, *, full: bool = False) -> list[Agreement]:
        found = Agreement.objects.filter(where).select_related("government").distinct().order_by("pk")
        parties = Prefetch("party_rows", Party.objects.select_related("institution"))
        promises = Prefetch("commitments", Commitment.objects.prefetch_related(
            Prefetch("follow_ups", DecisionFollowUp.objects.select_related("decision"))
        ))
        return list(found.prefetch_related(parties, *([promises] if full else [])))

    def following(self, known: Known) -> Q | None:
        return any_of((known.get(Kind.DECISION), "commitments__follow_ups__decision__public_id"))

    def links(self, record: Agreement) -> list[Link]:
        if "commitments" not in getattr(record, "_prefetched_objects_cache", {}):
            return []
        ids = dict.fromkeys(f.decision.public_id for c in record.commitments.all() for f in c.follow_ups.all())
        return [Link(Kind.DECISION, decision, Relation.FOLLOWS_FROM) for decision in ids]

    def facts(self, record: Agreement) -> Facts:
        parties = tuple((p.institution.public_id, p.institution.name) for p in record.party_rows.all())
        return Facts(self.kind, record.public_id, owner(record), record.title, record.text, str(record.made_on or ""),
                     parties, record.state, record.mark, record.source_text)

    def fields(self, record: Agreement) -> dict[str, Any]:
        return {
            "made_on": str(record.made_on or ""),
            "parties": [{"id": p.institution.public_id, "name": p.institution.name, "role": p.role}
                        for p in record.party_rows.all()],
            "end_reason": record.end_reason,
        }

    def why_internal(self, record: Agreement) -> Said:
        return say("El acuerdo es un borrador.") if record.state == AgreementState.DRAFT else ""


class CommitmentReader(Reader):
    """What an institution promised."""

    kind, prefix, rank, states = Kind.COMMITMENT.value, "compromiso", 70, CommitmentState

    def rows(self, where: Q, *, full: bool = False) -> list[Commitment]:  # noqa: ARG002  # it needs nothing more
        found = Commitment.objects.filter(where).distinct().order_by("pk")
        follow_ups = Prefetch("follow_ups", DecisionFollowUp.objects.select_related(
            "decision__note", "decision__supersedes", "decision__government"
        ))
        return list(found.select_related("government", "institution", "agreement", "node").prefetch_related(follow_ups))

    def following(self, known: Known) -> Q | None:
        return any_of(
            (known.get(Kind.DECISION), "follow_ups__decision__public_id"),
            (known.get(Kind.AGREEMENT), "agreement__public_id"), (known.get(Kind.INITIATIVE), "node__identity"),
        )

    def links(self, record: Commitment) -> list[Link]:
        found = [Link(Kind.DECISION, f.decision.public_id, Relation.FOLLOWS_FROM) for f in record.follow_ups.all()]
        if record.agreement:
            found.append(Link(Kind.AGREEMENT, record.agreement.public_id, Relation.AGREED_IN))
        if record.node:
            found.append(Link(Kind.INITIATIVE, record.node.identity, Relation.SERVES))
        return found

    def brings(self, record: Commitment) -> list[tuple[str, Any]]:
        return [(Kind.DECISION.value, row.decision) for row in record.follow_ups.all()]

    def facts(self, record: Commitment) -> Facts:
        institution = ((record.institution.public_id, record.institution.name),)
        return Facts(self.kind, record.public_id, owner(record), record.text, {}, record.made_on.isoformat(), institution,
                     record.state, record.mark, record.source_text)

    def fields(self, record: Commitment) -> dict[str, Any]:
        says_why = record.state in {CommitmentState.BROKEN, CommitmentState.WITHDRAWN}
        return {
            "due_on": str(record.due_on or ""), "made_on": record.made_on.isoformat(),
            "state_on": record.state_on.isoformat(), "state_reason": record.state_reason if says_why else "",
        }

    def why_internal(self, record: Commitment) -> Said:
        if record.agreement and record.agreement.state == AgreementState.DRAFT:
            return say("El acuerdo de este compromiso es un borrador.")
        return ""


class MilestoneReader(Reader):
    """A step of an action or of a commitment."""

    kind, prefix, rank, states = Kind.MILESTONE.value, "hito", 80, MilestoneState
    piles_up = True

    def rows(self, where: Q, *, full: bool = False) -> list[Milestone]:  # noqa: ARG002  # it needs nothing more
        return list(self._found(where).order_by("pk"))

    def latest(self, where: Q, most: int) -> list[Milestone]:
        return list(self._found(where).order_by("-created_on", "-pk")[:most])

    def _found(self, where: Q) -> QuerySet[Milestone]:
        found = Milestone.objects.filter(where)  # what is asked leads from many to one: nothing comes twice
        return found.select_related("government", "node", "commitment__institution")

    def following(self, known: Known) -> Q | None:
        return any_of(
            (known.get(Kind.COMMITMENT), "commitment__public_id"), (known.get(Kind.INITIATIVE), "node__identity")
        )

    def links(self, record: Milestone) -> list[Link]:
        found = [Link(Kind.COMMITMENT, record.commitment.public_id, Relation.STEP_OF)] if record.commitment else []
        return found + ([Link(Kind.INITIATIVE, record.node.identity, Relation.STEP_OF)] if record.node else [])

    def facts(self, record: Milestone) -> Facts:
        return Facts(self.kind, record.public_id, owner(record), record.title, {},
                     str(record.due_on or record.created_on.isoformat()), _answers(record), record.state, record.mark,
                     record.source_text)

    def fields(self, record: Milestone) -> dict[str, Any]:
        last = record.last_approved_on
        return {"due_on": str(record.due_on or ""), "percent": record.percent,
                "last_approved_on": last.isoformat() if last else ""}

    def why_internal(self, record: Milestone) -> Said:
        if record.commitment and record.commitment.agreement_id:
            agreement = record.commitment.agreement
            if agreement is not None and agreement.state == AgreementState.DRAFT:
                return say("El hito es de un compromiso cuyo acuerdo es un borrador.")
        return ""


def _answers(milestone: Milestone) -> tuple[tuple[str, dict[str, str]], ...]:
    if milestone.commitment is None:
        return ()
    institution = milestone.commitment.institution
    return ((institution.public_id, institution.name),)


class UpdateReader(Reader):
    """What was reported of a milestone; the public copy names the institution, not the person."""

    kind, prefix, rank, states = Kind.UPDATE.value, "reporte", 90, UpdateState
    piles_up = True

    def rows(self, where: Q, *, full: bool = False) -> list[MilestoneUpdate]:  # noqa: ARG002  # it needs nothing more
        return list(self._found(where).order_by("pk"))

    def latest(self, where: Q, most: int) -> list[MilestoneUpdate]:
        return list(self._found(where).order_by("-reported_on", "-pk")[:most])

    def _found(self, where: Q) -> QuerySet[MilestoneUpdate]:
        found = MilestoneUpdate.objects.filter(where)  # from many to one: nothing comes twice
        return found.select_related("government", "milestone__commitment__institution", "file")

    def following(self, known: Known) -> Q | None:
        return any_of((known.get(Kind.MILESTONE), "milestone__public_id"))

    def links(self, record: MilestoneUpdate) -> list[Link]:
        return [Link(Kind.MILESTONE, record.milestone.public_id, Relation.REPORTS_ON)]

    def facts(self, record: MilestoneUpdate) -> Facts:
        return Facts(self.kind, record.public_id, owner(record), record.milestone.title, record.text,
                     record.reported_on.isoformat(), _answers(record.milestone), record.state, Mark.SOURCE.value)

    def fields(self, record: MilestoneUpdate) -> dict[str, Any]:
        file = record.file
        return {
            "reported_state": record.reported_state, "percent": record.percent,
            "reported_on": record.reported_on.isoformat(),
            "file": {"id": file.public_id, "name": file.name, "media_type": file.media_type,
                     "size_bytes": file.size_bytes, "sha256": file.sha256} if file else None,
        }

    def why_internal(self, record: MilestoneUpdate) -> Said:
        return "" if record.state == UpdateState.APPROVED else say("El reporte no está aprobado.")


for reader in (NoteReader(), DecisionReader(), AgreementReader(), CommitmentReader(), MilestoneReader(), UpdateReader()):
    register(reader)
