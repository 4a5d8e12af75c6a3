"""Asking somebody for a report by a link: whom, what became of each link, and taking one back."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from manglar.accounts.selectors import why_refused
from manglar.delivery import selectors, services
from manglar.delivery.models import UpdateRequest
from manglar.delivery.rules import LINK_DAYS
from manglar.design.templatetags.design import moment
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.network.rules import ERASED_NAME
from manglar.network.selectors import Seated, people_of, person_by_id, seated_on
from manglar.operations.selectors import mail_leaves
from manglar.web.kinds.base import Deed, LinkShown, Section
from manglar.web.kinds.forms import DeedForm
from manglar.web.kinds.words import day, own, said

#: The choice that names a person who is in no list.
SOMEONE_ELSE = "otra"
#: How many links of a milestone its page tells.
SHOWN = 20


class AskForm(DeedForm):
    """Whom to ask: somebody who holds a post, somebody of the register, or another person."""

    person = forms.ChoiceField(label=_("Persona"))
    name = forms.CharField(
        label=_("Nombre de la otra persona"), required=False, max_length=200,
        help_text=_("Solo si eligió «Otra persona». Queda anotada, para la próxima vez."),
    )
    email = forms.EmailField(
        label=_("Correo"), required=False,
        help_text=_("De la otra persona, o de quien en la lista dice «sin correo»."),
    )

    def prepare(self) -> None:
        government, on = self.deed.government, self.deed.on
        asked = {each.person_id: each for each in selectors.live_requests(self.record, self.deed.at)}
        choices = people_choices(government, on, first=selectors.institutions_of(self.record), asked=asked)
        if not choices:
            self.fields["person"].help_text = _(
                "Nadie aparece porque hoy ninguna persona está anotada en un cargo: escriba su nombre y su correo. "
                "Los cargos se anotan en Instituciones."
            )
            self.fields["person"].initial = SOMEONE_ELSE
        others = [(SOMEONE_ELSE, gettext("Otra persona: la escribo aquí abajo"))]
        self.offer("person", [*choices, (gettext("¿No está?"), others)])  # type: ignore[list-item]  # groups of choices

    def clean(self) -> dict[str, Any]:
        """Another person has a name and an address; whoever has no address is given one."""
        told = super().clean()
        if told.get("person") == SOMEONE_ELSE:
            if not told.get("name") and "name" not in self.errors:
                self.add_error("name", gettext("Escriba el nombre de la persona."))
            if not told.get("email") and "email" not in self.errors:
                self.add_error("email", gettext("Escriba el correo de la persona: ahí le llega el enlace."))
        return told


def people_choices(
    government: Government, on: dt.date, *, first: set[int], asked: dict[int, UpdateRequest]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everyone who may be asked, in groups by institution: those that answer first, then the others, then without post.

    ``first`` holds the keys of the institutions that answer; ``asked`` who has a link that still works.
    """
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    seated = sorted(seated_on(government, on=on), key=lambda each: (each.institution_id not in first, each.institution))
    for each in seated:
        groups[each.institution].append((each.person.public_id, _told(each, asked)))
    held = {each.person.pk for each in seated}
    for person in people_of(government).exclude(pk__in=held):
        if person.name != ERASED_NAME:
            groups[gettext("Sin cargo hoy")].append((person.public_id, _told(Seated(person), asked)))
    return list(groups.items())


def _told(seated: Seated, asked: dict[int, UpdateRequest]) -> str:
    """A person with their post, and what to know before asking them."""
    parts = [str(seated.person), seated.post]
    if not seated.person.email:
        parts.append(gettext("sin correo"))
    if open_link := asked.get(seated.person.pk):
        parts.append(gettext("ya tiene un enlace abierto hasta el %(day)s") % {"day": day(open_link.link.expires_at)})
    return " · ".join(part for part in parts if part)


def ask(deed: Deed, record: Any, told: dict[str, Any]) -> LinkShown:
    """Send the link; whoever was not in the register is written down first."""
    if told["person"] == SOMEONE_ELSE:
        person = services.person_to_ask(
            by=deed.by, government=deed.government, name=told["name"], email=told["email"]
        )
    else:
        held = own(person_by_id(told["person"]), deed.government)
        if held is None:
            raise InvalidInput(say("Esa persona no es de este gobierno."))
        person = services.give_address(by=deed.by, person=held, email=told["email"])
    request, token = services.ask_for_update(by=deed.by, milestone=record, person=person, at=deed.at)
    return link_shown(request, token)


def link_shown(request: UpdateRequest, token: str) -> LinkShown:
    """What the page shows once of a request that was just made."""
    return LinkShown(
        url=services.link_url(token), person=str(request.person), expires=request.link.expires_at,
        email=request.link.email, about=str(request.milestone), mail_leaves=mail_leaves(),
        is_correction=request.corrects_id is not None, tells_me=request.asked_by_id is not None,
    )


def question() -> str:
    """What asking does."""
    if mail_leaves():
        return gettext("Se le manda por correo un enlace de un solo uso, que vale %(days)s días; también lo verá aquí para copiarlo.") % {"days": LINK_DAYS}
    return gettext("Se crea un enlace de un solo uso, que vale %(days)s días. Esta instalación no tiene correo: cópielo y mándelo usted.") % {"days": LINK_DAYS}


def open_links(record: Any) -> str:
    """What to know before asking again; empty where no link works."""
    names = [
        gettext("%(person)s, hasta el %(day)s") % {"person": each.person, "day": day(each.link.expires_at)}
        for each in selectors.live_requests(record, timezone.now())
    ]
    about = question()
    return f"{about} {gettext('Ya hay enlaces abiertos de este hito:')} {'; '.join(names)}." if names else about


class WithdrawForm(DeedForm):
    """Which link, and why."""

    request = forms.ChoiceField(label=_("Enlace"))
    reason = forms.CharField(label=_("Motivo"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)

    def prepare(self) -> None:
        live = selectors.live_requests(self.record, self.deed.at)
        self.offer("request", [(each.public_id, f"{each.person} · {moment(each.asked_at)}") for each in live])


def withdraw(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    """Annul a link that nobody used."""
    request = selectors.requests_of(record).filter(public_id=told["request"]).first()
    if request is None:
        raise InvalidInput(say("Ese enlace no es de este hito."))
    services.withdraw_request(by=deed.by, request=request, at=deed.at, reason=told["reason"])


def has_open_link(record: Any) -> bool:
    """Whether somebody may still answer about a milestone."""
    return selectors.live_requests(record, timezone.now()).exists()


def links_section(record: Any, language: str) -> list[Section]:
    """To whom links were sent about a milestone, and what became of each."""
    sent = list(selectors.requests_of(record)[:SHOWN])
    lines = [
        gettext("%(person)s · pedido el %(when)s%(who)s · %(state)s")
        % {
            "person": each.person, "when": moment(each.asked_at),
            "who": gettext(" por %(name)s") % {"name": each.asked_by_name} if each.asked_by_name else "",
            "state": _standing(each),
        }
        for each in sent
    ]
    return [Section(gettext("Enlaces mandados"), lines=lines)] if lines else []


def _standing(request: UpdateRequest) -> str:
    link = request.link
    if link.used_at is not None:
        return gettext("respondió el %(when)s") % {"when": moment(link.used_at)}
    if link.revoked_at is not None:
        return gettext("anulado el %(when)s") % {"when": moment(link.revoked_at)}
    if why_refused(link, at=timezone.now()):
        return gettext("venció el %(when)s") % {"when": moment(link.expires_at)}
    return gettext("abierto hasta el %(when)s") % {"when": moment(link.expires_at)}


def first_words(record: Any, language: str, length: int = 90) -> str:
    """How the text of a report begins."""
    text = " ".join(said(record.text, language).split())
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
