"""Planning milestones, reporting on them, approving what was reported."""

import datetime as dt
from dataclasses import dataclass

from manglar.accounts.actors import Actor, actor_for_link
from manglar.accounts.choices import Purpose
from manglar.accounts.models import SignedLink
from manglar.accounts.permissions import require
from manglar.accounts.selectors import why_refused
from manglar.accounts.services import consume_link
from manglar.agreements.models import Commitment
from manglar.audit.services import act
from manglar.delivery import selectors
from manglar.delivery.choices import MilestoneState, UpdateState
from manglar.delivery.models import Milestone, MilestoneUpdate, Obstacle, UpdateRequest
from manglar.delivery.permissions import (
    may_approve_updates,
    may_plan_milestones,
    may_report,
    may_report_on_any,
)
from manglar.delivery.rules import why_not_approved, why_not_by_link, why_not_reported
from manglar.foundation.dates import PartialDate
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.sentences import say
from manglar.foundation.translated import in_page_language
from manglar.governments.models import Government
from manglar.margin.models import Record
from manglar.margin.services import follow
from manglar.operations import filetypes
from manglar.operations.models import StoredFile
from manglar.operations.services import store_file
from manglar.strategy.models import Node

Text = dict[str, str]
EVIDENCE = (filetypes.PDF, filetypes.PNG, filetypes.JPEG, filetypes.XLSX, filetypes.CSV)
#: What a person without an account may send: what a phone makes and any reader opens.
EVIDENCE_BY_LINK = (filetypes.PDF, filetypes.PNG, filetypes.JPEG)


@dataclass(frozen=True, slots=True)
class Report:
    """What a person says of a milestone; ``file`` is a name and its bytes, ``kept`` one that was kept before."""

    state: str
    text: str
    percent: int | None = None
    file: tuple[str, bytes] | None = None
    kept: StoredFile | None = None
    language: str = "es"

    @property
    def words(self) -> str:
        """The text as it is kept; a browser sends each line end as two characters."""
        return self.text.replace("\r\n", "\n").strip()

    @property
    def reached(self) -> int | None:
        """How far it is, in percent: what is done is whole."""
        return 100 if self.state == MilestoneState.DONE else self.percent


def plan_milestone(
    *, by: Actor, government: Government, title: Text, on: dt.date, node: Node | None = None,
    commitment: Commitment | None = None, due_on: PartialDate | None = None, mark: str = Mark.SOURCE,
    source_text: str = "",
) -> Milestone:
    """Add a step to an action, to a commitment, or to both."""
    require(may_plan_milestones, by, government)
    if node is None and commitment is None:
        raise InvalidInput(say("Un hito es de una acción o de un compromiso: elija al menos uno."))
    if not any(title.values()):
        raise InvalidInput(say("El hito necesita un título."))
    if commitment is not None and commitment.government_id != government.pk:
        raise InvalidInput(say("Ese compromiso es de otro gobierno."))
    milestone = Milestone(
        government=government, node=node, commitment=commitment, title=title, due_on=due_on, created_on=on, mark=mark,
        source_text=source_text,
    )
    with act("milestone.planned", by=by, government_id=government.pk, subject=milestone.public_id):
        milestone.save()
    return milestone


def cancel_milestone(*, by: Actor, milestone: Milestone, reason: str) -> Milestone:
    """Give a milestone up, saying why."""
    require(may_plan_milestones, by, milestone.government)
    if not reason.strip():
        raise InvalidInput(say("Diga por qué se anula el hito."))
    with act("milestone.cancelled", by=by, government_id=milestone.government_id, subject=milestone.public_id, reason=reason):
        held = Milestone.objects.select_for_update().get(pk=milestone.pk)
        if held.state == MilestoneState.DONE:
            raise Conflict(say("El hito ya está hecho."))
        held.state = MilestoneState.CANCELLED
        held.save(update_fields=["state"])
    return held


def report_milestone(
    *, by: Actor, milestone: Milestone, report: Report, on: dt.date, at: dt.datetime | None = None, draft: bool = False
) -> MilestoneUpdate:
    """Report on a milestone; focal points, only on those of their institution. It waits for approval unless a draft.

    ``at`` is when it was sent, where that is known. Who reports is told what becomes of it.
    """
    require(may_report, by, milestone.government)
    _check_institution(by, milestone, on)
    _check_report(report)
    with act("milestone.reported", by=by, government_id=milestone.government_id, subject=milestone.public_id):
        state = UpdateState.DRAFT if draft else UpdateState.PENDING
        made = _write_report(by, milestone, report, on, state=state, sent_at=at)
    if at is not None:
        tell_me(by, Record(made.government, made.public_id, "reportes", in_page_language(milestone.title)), at)
    return made


def tell_me(by: Actor, record: Record, at: dt.datetime) -> None:
    """Whoever waits for something of a record follows it from now on; a link and a program have no notices."""
    if by.user is not None:
        follow(by=by, record=record, at=at)


def _check_institution(by: Actor, milestone: Milestone, on: dt.date) -> None:
    if by.is_program or may_report_on_any.test(by, milestone.government):
        return
    answers = selectors.institutions_of(milestone)
    held = set(selectors.institutions_of_user(by.user, on).values_list("pk", flat=True)) if by.user else set()
    if not answers & held:
        raise NotAllowed(say("Este hito es de otra institución: usted reporta los de la suya."))


def _check_report(report: Report) -> None:
    if sentence := why_not_reported(reported_state=report.state, percent=report.percent, text=report.words):
        raise InvalidInput(sentence)


def _write_report(
    by: Actor, milestone: Milestone, report: Report, on: dt.date, *, state: str, sent_at: dt.datetime | None,
    link: SignedLink | None = None,
) -> MilestoneUpdate:
    stored = _stored(by, milestone.government, report)
    return MilestoneUpdate.objects.create(
        government=milestone.government, milestone=milestone, state=state, reported_state=report.state,
        percent=report.reached, text={report.language: report.words}, file=stored, reported_on=on, author_name=by.name,
        author_ref=by.ref, link=link, sent_at=sent_at,
    )


def _stored(by: Actor, government: Government, report: Report) -> StoredFile | None:
    if report.file is None:
        return report.kept
    name, content = report.file
    accepted = EVIDENCE if by.link is None else EVIDENCE_BY_LINK
    return store_file(by=by, government=government, name=name, content=content, accepted=accepted)


def keep_evidence(*, link: SignedLink, name: str, content: bytes, at: dt.datetime) -> StoredFile:
    """Keep a file that came with a form whose other fields have faults, so that nobody chooses it twice."""
    if sentence := why_refused(link, at=at):
        raise Conflict(sentence)
    by = actor_for_link(link)
    return store_file(by=by, government=link.government, name=name, content=content, accepted=EVIDENCE_BY_LINK)


def report_by_link(*, link: SignedLink, report: Report, at: dt.datetime, on: dt.date) -> MilestoneUpdate:
    """Report with a signed link, or correct with it what was sent back: once.

    A used, expired or revoked link is refused and nothing changes.
    """
    if link.purpose != Purpose.MILESTONE_UPDATE:
        raise Conflict(say("Este enlace es para otra cosa."))
    milestone = selectors.milestone_of_link(link)
    if milestone is None:
        raise Conflict(say("El hito de este enlace ya no existe."))
    if sentence := why_not_by_link(report.state):
        raise InvalidInput(sentence)
    _check_report(report)
    by, asked = actor_for_link(link), selectors.request_of_link(link)
    if asked is not None and asked.corrects is not None:
        return _correct_by_link(by, link, asked.corrects, report, at=at, on=on)
    with act("milestone.reported", by=by, government_id=link.government_id, subject=milestone.public_id):
        held = consume_link(link=link, at=at)
        return _write_report(by, milestone, report, on, state=UpdateState.PENDING, link=held, sent_at=at)


def _correct_by_link(
    by: Actor, link: SignedLink, update: MilestoneUpdate, report: Report, *, at: dt.datetime, on: dt.date
) -> MilestoneUpdate:
    """The report stays the one that it was, of the same author, with the words of now."""
    with act("update.submitted", by=by, government_id=link.government_id, subject=update.public_id):
        consume_link(link=link, at=at)
        held = _locked(update)
        if held.state != UpdateState.REVISE:
            raise Conflict(say("El reporte está {state}: ya no se corrige.", state=held.get_state_display()))
        held.file = _stored(by, held.government, report)
        _rewrite(held, report)
        held.state, held.reported_on, held.sent_at = UpdateState.PENDING, on, at
        held.save()
    return held


def _rewrite(held: MilestoneUpdate, report: Report) -> None:
    """Put the words of now; those in another language said something else."""
    held.reported_state, held.percent = report.state, report.reached
    held.text = {report.language: report.words}


def submit_update(
    *, by: Actor, update: MilestoneUpdate, report: Report | None = None, on: dt.date, at: dt.datetime | None = None
) -> MilestoneUpdate:
    """Send a draft, or one's own report after correcting it, for approval; only its author may."""
    require(may_report, by, update.government)
    if not by.is_program and by.ref != update.author_ref:
        raise NotAllowed(say("Solo quien escribió el reporte lo corrige y lo envía."))
    if report is not None:
        _check_report(report)
    with act("update.submitted", by=by, government_id=update.government_id, subject=update.public_id):
        held = _locked(update)
        if held.state not in {UpdateState.DRAFT, UpdateState.REVISE}:
            raise Conflict(say("El reporte está {state}: ya no se corrige.", state=held.get_state_display()))
        if report is not None:
            _rewrite(held, report)
        held.state, held.reported_on, held.sent_at = UpdateState.PENDING, on, at or held.sent_at
        held.save()
    return held


def _locked(update: MilestoneUpdate) -> MilestoneUpdate:
    return MilestoneUpdate.objects.select_for_update(of=("self",)).select_related("link").get(pk=update.pk)


def revise_update(*, by: Actor, update: MilestoneUpdate, reason: str) -> MilestoneUpdate:
    """Send a report back to its author, saying what to correct."""
    require(may_approve_updates, by, update.government)
    if not reason.strip():
        raise InvalidInput(say("Diga qué hay que corregir."))
    with act("update.sent_back", by=by, government_id=update.government_id, subject=update.public_id, reason=reason):
        held = _locked(update)
        if held.state != UpdateState.PENDING:
            raise Conflict(say("El reporte está {state}.", state=held.get_state_display()))
        held.state, held.revise_reason = UpdateState.REVISE, reason.strip()
        held.save(update_fields=["state", "revise_reason"])
    return held


def approve_update(*, by: Actor, update: MilestoneUpdate, at: dt.datetime) -> MilestoneUpdate:
    """Approve someone else's report: the milestone takes the reported state, the author stays the author."""
    require(may_approve_updates, by, update.government)
    with act("update.approved", by=by, government_id=update.government_id, subject=update.public_id):
        held = _locked(update)
        if sentence := why_not_approved(state=held.state, is_own=_is_own(by, held)):
            raise Conflict(sentence)
        held.state, held.approved_by, held.approved_by_name, held.approved_at = (
            UpdateState.APPROVED, by.user, by.name, at
        )
        held.save(update_fields=["state", "approved_by", "approved_by_name", "approved_at"])
        milestone = Milestone.objects.select_for_update().get(pk=held.milestone_id)
        if milestone.last_approved_on is None or held.reported_on >= milestone.last_approved_on:
            milestone.state, milestone.last_approved_on = held.reported_state, held.reported_on
            milestone.percent = milestone.percent if held.percent is None else held.percent
            milestone.save(update_fields=["state", "percent", "last_approved_on"])
    return held


def _is_own(by: Actor, update: MilestoneUpdate) -> bool:
    """Whether the actor wrote the report, signed in or through a link sent to the same address."""
    if by.ref and by.ref == update.author_ref:
        return True
    if by.user is None or update.link is None:
        return False
    asked = UpdateRequest.objects.filter(link=update.link).select_related("person").first()
    same_person = asked is not None and asked.person.user_id == by.user.pk
    return same_person or update.link.email.casefold() == by.user.email.casefold()


def note_obstacle(*, by: Actor, milestone: Milestone, text: Text, on: dt.date) -> Obstacle:
    """Write down what stands in the way of a milestone."""
    require(may_plan_milestones, by, milestone.government)
    if not any(text.values()):
        raise InvalidInput(say("Describa el obstáculo."))
    with act("obstacle.noted", by=by, government_id=milestone.government_id, subject=milestone.public_id):
        return Obstacle.objects.create(government=milestone.government, milestone=milestone, text=text, since_on=on)


def solve_obstacle(*, by: Actor, obstacle: Obstacle, solution: Text, on: dt.date) -> Obstacle:
    """Say how and when an obstacle was solved."""
    require(may_plan_milestones, by, obstacle.government)
    if not any(solution.values()):
        raise InvalidInput(say("Diga cómo se resolvió."))
    if on < obstacle.since_on:
        raise InvalidInput(say("No puede resolverse antes de aparecer."))
    with act("obstacle.solved", by=by, government_id=obstacle.government_id, subject=obstacle.public_id):
        held = Obstacle.objects.select_for_update().get(pk=obstacle.pk)
        if held.solved_on is not None:
            raise Conflict(say("Este obstáculo ya está resuelto."))
        held.solved_on, held.solution = on, solution
        held.save(update_fields=["solved_on", "solution"])
    return held

