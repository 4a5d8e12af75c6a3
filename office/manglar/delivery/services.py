"""Use cases of delivery: plan, report, ask, approve."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from manglar.accounts.actors import Actor, actor_for_link
from manglar.accounts.choices import Purpose
from manglar.accounts.models import SignedLink
from manglar.accounts.permissions import require
from manglar.accounts.services import consume_link, issue_link
from manglar.agreements.models import Commitment
from manglar.audit.services import act
from manglar.delivery import selectors
from manglar.delivery.choices import MilestoneState, UpdateState
from manglar.delivery.models import Milestone, MilestoneUpdate, Obstacle, UpdateRequest
from manglar.delivery.permissions import (
    may_approve_updates,
    may_ask_for_updates,
    may_plan_milestones,
    may_report,
    may_report_on_any,
)
from manglar.delivery.rules import LINK_DAYS, why_not_approved, why_not_reported
from manglar.foundation.dates import PartialDate
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.sentences import say
from manglar.foundation.translated import read_in
from manglar.governments.models import Government
from manglar.network.models import Person
from manglar.operations import filetypes
from manglar.operations.services import queue_message, store_file
from manglar.strategy.models import Node

Text = dict[str, str]
EVIDENCE = (filetypes.PDF, filetypes.PNG, filetypes.JPEG, filetypes.XLSX, filetypes.CSV)


@dataclass(frozen=True, slots=True)
class Report:
    """What a person says of a milestone; ``file`` is a name and its bytes."""

    state: str
    text: str
    percent: int | None = None
    file: tuple[str, bytes] | None = None
    language: str = "es"


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
    *, by: Actor, milestone: Milestone, report: Report, on: dt.date, draft: bool = False
) -> MilestoneUpdate:
    """Report on a milestone; focal points, only on those of their institution. It waits for approval unless a draft."""
    require(may_report, by, milestone.government)
    _check_institution(by, milestone, on)
    _check_report(report)
    with act("milestone.reported", by=by, government_id=milestone.government_id, subject=milestone.public_id):
        return _write_report(by, milestone, report, on, state=UpdateState.DRAFT if draft else UpdateState.PENDING)


def _check_institution(by: Actor, milestone: Milestone, on: dt.date) -> None:
    if by.is_program or may_report_on_any.test(by, milestone.government):
        return
    answers = selectors.institutions_of(milestone)
    held = set(selectors.institutions_of_user(by.user, on).values_list("pk", flat=True)) if by.user else set()
    if not answers & held:
        raise NotAllowed(say("Este hito es de otra institución: usted reporta los de la suya."))


def _check_report(report: Report) -> None:
    if sentence := why_not_reported(reported_state=report.state, percent=report.percent, text=report.text):
        raise InvalidInput(sentence)


def _write_report(
    by: Actor, milestone: Milestone, report: Report, on: dt.date, *, state: str, link: SignedLink | None = None
) -> MilestoneUpdate:
    stored = None
    if report.file is not None:
        name, content = report.file
        stored = store_file(by=by, government=milestone.government, name=name, content=content, accepted=EVIDENCE)
    return MilestoneUpdate.objects.create(
        government=milestone.government, milestone=milestone, state=state, reported_state=report.state,
        percent=100 if report.state == MilestoneState.DONE else report.percent,
        text={report.language: report.text.strip()}, file=stored, reported_on=on, author_name=by.name,
        author_ref=by.ref, link=link,
    )


def ask_for_update(
    *, by: Actor, milestone: Milestone, person: Person, at: dt.datetime, language: str = "es"
) -> tuple[UpdateRequest, str]:
    """Send a person a link to report on a milestone; return the token too, for the page to show once."""
    require(may_ask_for_updates, by, milestone.government)
    if person.government_id != milestone.government_id:
        raise InvalidInput(say("Esa persona está en el registro de otro gobierno."))
    if not person.email:
        raise InvalidInput(
            say("{person} no tiene correo en el registro: agréguelo para enviarle el enlace.", person=person)
        )
    with act("update.asked", by=by, government_id=milestone.government_id, subject=milestone.public_id):
        link, token = issue_link(
            by=by, government=milestone.government, purpose=Purpose.MILESTONE_UPDATE, person_name=person.name,
            email=person.email, at=at, valid_for=dt.timedelta(days=LINK_DAYS), subject_id=milestone.public_id,
        )
        request = UpdateRequest.objects.create(
            government=milestone.government, milestone=milestone, person=person, link=link, asked_at=at
        )
        subject, body = _letter(milestone, person, link_url(token, language), link.expires_at, language)
        queue_message(by=by, government=milestone.government, to=person.email, subject=subject, body=body, at=at)
    return request, token


def link_url(token: str, language: str = "es") -> str:
    """The address of a signed form, in a language."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{settings.PUBLIC_URL}{prefix}/enlace/{token}/"


def _letter(
    milestone: Milestone, person: Person, url: str, expires_at: dt.datetime, language: str
) -> tuple[str, str]:
    title = read_in(milestone.title, language).text
    until = f"{expires_at:%d/%m/%Y}"
    if language == "en":
        return (
            f"How is it going? {title}",
            f"Hello, {person.name}:\n\nThe resilience office asks you to report on this milestone: {title}.\n"
            f"One short form, without an account:\n\n{url}\n\nThe link is yours, works once and expires on {until}.\n",
        )
    return (
        f"¿Cómo va? {title}",
        f"Hola, {person.name}:\n\nLa oficina de resiliencia le pide un reporte de este hito: {title}.\n"
        f"Es un formulario corto y no necesita cuenta:\n\n{url}\n\n"
        f"El enlace es personal, sirve una sola vez y vence el {until}.\n",
    )


def report_by_link(*, link: SignedLink, report: Report, at: dt.datetime, on: dt.date) -> MilestoneUpdate:
    """Report with a signed link: once; a used, expired or revoked link is refused and nothing changes."""
    if link.purpose != Purpose.MILESTONE_UPDATE:
        raise Conflict(say("Este enlace es para otra cosa."))
    milestone = selectors.milestone_of_link(link)
    if milestone is None:
        raise Conflict(say("El hito de este enlace ya no existe."))
    _check_report(report)
    by = actor_for_link(link)
    with act("milestone.reported", by=by, government_id=link.government_id, subject=milestone.public_id):
        held = consume_link(link=link, at=at)
        return _write_report(by, milestone, report, on, state=UpdateState.PENDING, link=held)


def submit_update(*, by: Actor, update: MilestoneUpdate, report: Report | None = None, on: dt.date) -> MilestoneUpdate:
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
            held.reported_state, held.percent = report.state, report.percent
            held.text = {**held.text, report.language: report.text.strip()}
        held.state, held.reported_on = UpdateState.PENDING, on
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

