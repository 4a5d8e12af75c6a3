"""Asking a person for a report, or for its correction, with a link that works once; taking such a link back."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Purpose
from manglar.accounts.permissions import require
from manglar.accounts.selectors import why_refused
from manglar.accounts.services import annul_link, issue_link
from manglar.audit.services import act
from manglar.delivery.models import Milestone, MilestoneUpdate, UpdateRequest
from manglar.delivery.permissions import may_ask_for_updates
from manglar.delivery.rules import LINK_DAYS
from manglar.delivery.services.reporting import revise_update, tell_me
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.translated import in_page_language, read_in
from manglar.governments.models import Government
from manglar.margin.models import Record
from manglar.network.models import Person
from manglar.network.selectors import people_of
from manglar.network.services import record_person, revise_person
from manglar.operations.services import queue_message


def ask_for_update(
    *, by: Actor, milestone: Milestone, person: Person, at: dt.datetime, language: str = "es"
) -> tuple[UpdateRequest, str]:
    """Send a person a link to report on a milestone; return the token too, for the page to show once.

    Whoever asks follows the milestone: they are told when the report arrives.
    """
    return _ask(by, milestone, person, at, language)


def _ask(
    by: Actor, milestone: Milestone, person: Person, at: dt.datetime, language: str,
    *, corrects: MilestoneUpdate | None = None,
) -> tuple[UpdateRequest, str]:
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
            government=milestone.government, milestone=milestone, person=person, link=link, asked_at=at,
            asked_by=by.user, asked_by_name=by.name, corrects=corrects,
        )
        subject, body = _letter(request, link_url(token, language), language)
        queue_message(by=by, government=milestone.government, to=person.email, subject=subject, body=body, at=at)
        watched = (corrects.public_id, "reportes") if corrects else (milestone.public_id, "hitos")
        tell_me(by, Record(milestone.government, *watched, in_page_language(milestone.title)), at)
    return request, token


def person_to_ask(*, by: Actor, government: Government, name: str, email: str) -> Person:
    """The person of the government's register with an address, or a new one of that name."""
    if not email.strip():
        raise InvalidInput(say("Escriba el correo de la persona: ahí le llega el enlace."))
    known = people_of(government).filter(email__iexact=email.strip()).first()
    return known or record_person(by=by, government=government, name=name, email=email)


def give_address(*, by: Actor, person: Person, email: str) -> Person:
    """Write down where a person who had no address receives requests."""
    return person if person.email or not email.strip() else revise_person(by=by, person=person, email=email)


def send_back(
    *, by: Actor, update: MilestoneUpdate, reason: str, at: dt.datetime, language: str = "es"
) -> tuple[MilestoneUpdate, UpdateRequest | None, str]:
    """Send a report back saying what to correct; who reported by link receives another, to correct with.

    Returns the report, and the request with its token; None and an empty text where its author has an account and
    corrects from the desk, or where the person has no address any more.
    """
    with transaction.atomic():
        held = revise_update(by=by, update=update, reason=reason)
        asked = UpdateRequest.objects.filter(link=held.link).select_related("person").first() if held.link else None
        if asked is None or not asked.person.email:
            return held, None, ""
        request, token = _ask(by, held.milestone, asked.person, at, language, corrects=held)
    return held, request, token


def withdraw_request(*, by: Actor, request: UpdateRequest, at: dt.datetime, reason: str) -> None:
    """Annul the link of a request that nobody has answered."""
    require(may_ask_for_updates, by, request.government)
    if not reason.strip():
        raise InvalidInput(say("Diga por qué se anula el enlace."))
    if sentence := why_refused(request.link, at=at):
        raise Conflict(sentence)
    annul_link(by=by, link=request.link, at=at, reason=reason)


def link_url(token: str, language: str = "es") -> str:
    """The address of a signed form, in a language."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{settings.PUBLIC_URL}{prefix}/enlace/{token}/"


def _letter(request: UpdateRequest, url: str, language: str) -> tuple[str, str]:
    """Subject and body of the letter that carries the link."""
    title, until = read_in(request.milestone.title, language).text, f"{request.link.expires_at:%d/%m/%Y}"
    told = {"title": title, "name": request.person.name, "who": request.asked_by_name, "url": url, "until": until}
    if request.corrects is not None:
        told["reason"] = request.corrects.revise_reason
    kind = "correct" if request.corrects is not None else "ask"
    subject, body = _LETTERS[kind, "en" if language == "en" else "es"]
    return subject.format(**told), body.format(**told)


_LETTERS = {
    ("ask", "es"): (
        "¿Cómo va? {title}",
        "Hola, {name}:\n\nLa oficina de resiliencia ({who}) le pide un reporte de este hito: {title}.\n"
        "Es un formulario corto y no necesita cuenta:\n\n{url}\n\n"
        "El enlace es personal, sirve una sola vez y vence el {until}.\n",
    ),
    ("ask", "en"): (
        "How is it going? {title}",
        "Hello, {name}:\n\nThe resilience office ({who}) asks you to report on this milestone: {title}.\n"
        "One short form, without an account:\n\n{url}\n\nThe link is yours, works once and expires on {until}.\n",
    ),
    ("correct", "es"): (
        "Por corregir: {title}",
        "Hola, {name}:\n\nLa oficina de resiliencia ({who}) le pide corregir su reporte de este hito: {title}.\n\n"
        "Qué corregir: {reason}\n\nLo que usted escribió está ahí, listo para corregirlo:\n\n{url}\n\n"
        "El enlace es personal, sirve una sola vez y vence el {until}.\n",
    ),
    ("correct", "en"): (
        "To correct: {title}",
        "Hello, {name}:\n\nThe resilience office ({who}) asks you to correct your report on this milestone: {title}.\n\n"
        "What to correct: {reason}\n\nWhat you wrote is there, ready to be corrected:\n\n{url}\n\n"
        "The link is yours, works once and expires on {until}.\n",
    ),
}
