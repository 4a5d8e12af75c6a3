"""The page of the settings: each section is a form of its own over the keys of ``web.adjusting``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from manglar.audit.selectors import acts_with_changes
from manglar.design.shapes import Fact, LogEntry
from manglar.desk import logbook, pages
from manglar.desk.acting import changed_meanwhile, new_number, overwrites, refuse_on, was_sent_before
from manglar.desk.settings_fields import Groups, sections_of
from manglar.foundation.canonical import digest
from manglar.foundation.refusals import InvalidInput, Refusal
from manglar.foundation.sentences import say
from manglar.identity import services as identity
from manglar.identity.selectors import address_of_logo, colour_problem, identity_of, readable_colour
from manglar.search.selectors import added_words
from manglar.web.access import DeskRequest
from manglar.web.adjusting import Settings, change_settings, settings_of

LOGO = "logo"
ACTS = (
    "government.changed", "identity.changed", "identity.logo_set", "identity.logo_removed",
    "strategy.levels_named", "strategy.days_set",
)  # fmt: skip
MOST_ACTS = 12


@dataclass(slots=True)
class Section:
    """A form of the page: what it is about, its fields in groups, and what its person must be told."""

    slug: str
    title: Any
    lead: Any
    form: forms.Form
    groups: Groups
    version: str
    conflict: str = ""
    facts: list[Fact] = field(default_factory=list)

    @property
    def fieldsets(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as they are drawn: a legend, and what stands under it."""
        return [(legend, [self.form[key.replace(".", "__")] for key in fields]) for legend, fields in self.groups]


class KeyForm(forms.Form):
    """A form whose fields are keys of the settings."""

    def __init__(self, data: Any, files: Any, *, groups: Groups, values: Mapping[str, str]) -> None:
        super().__init__(data, files)
        self.names = {key: key.replace(".", "__") for _legend, fields in groups for key in fields}
        for _legend, fields in groups:
            for key, shown in fields.items():
                self.fields[self.names[key]] = shown
        self.initial = {name: values.get(key, "") for key, name in self.names.items()}

    def told(self) -> dict[str, str]:
        """What was written, by key."""
        return {key: str(self.cleaned_data[name]) for key, name in self.names.items()}


def settings_page(request: DeskRequest) -> HttpResponse:
    """Every section as it is now."""
    return _page(request, _settings(request), {})


def settings_section(request: DeskRequest, slug: str) -> HttpResponse:
    """Do what the form of a section asks, or show it with what is wrong."""
    now = _settings(request)
    section = _section(request, now, slug, bound=True)
    if section is None:
        raise Http404
    if changed_meanwhile(request, section.version):
        section.conflict = overwrites()
        return _page(request, now, {slug: section}, status=409)
    is_whole = section.form.is_valid()
    if is_whole and "look" in request.POST:
        if problem := colour_problem(request.POST.get("accent", "")):
            section.form.add_error("accent", str(problem))
    elif is_whole and _done(request, section):
        return redirect(f"{reverse('desk:settings', args=[request.government.code])}#{slug}")
    return _page(request, now, {slug: section})


def remove_logo(request: DeskRequest) -> HttpResponse:
    """Take the logo away."""
    identity.remove_logo(by=request.actor, government=request.government)
    messages.success(request, _("El logo se quitó."))
    return redirect("desk:settings", request.government.code)


def _settings(request: DeskRequest) -> Settings:
    held = settings_of(request.government.code)
    if held is None:
        raise Http404
    return held


def _done(request: DeskRequest, section: Section) -> bool:
    """Run the service, once; a refusal stays on the form."""
    if was_sent_before(request):
        messages.info(request, _("Eso ya se había guardado: no se hizo dos veces."))
        return True
    try:
        _write(request, section)
    except Refusal as refusal:
        refuse_on(request, section.form, refusal)
        return False
    messages.success(request, _("Guardado: ya se ve en todas partes."))
    return True


def _write(request: DeskRequest, section: Section) -> None:
    form = section.form
    if section.slug != LOGO and isinstance(form, KeyForm):
        change_settings(by=request.actor, code=request.government.code, told=form.told())
        return
    told, sent = form.cleaned_data, form.cleaned_data["file"]
    text = {"es": told["logo_text__es"], "en": told["logo_text__en"]}
    if sent is None and identity_of(request.government).logo is None:
        raise InvalidInput(say("Elija el archivo del logo."))
    if sent is None:
        identity.change_identity(by=request.actor, government=request.government, logo_text=text)
        return
    identity.set_logo(
        by=request.actor, government=request.government, name=sent.name, content=sent.read(), description=text
    )


def _section(request: DeskRequest, now: Settings, slug: str, *, bound: bool = False) -> Section | None:
    told = next((each for each in sections_of(now) if each.slug == slug), None)
    if told is None:
        return None
    data, files = (request.POST, request.FILES) if bound else (None, None)
    form = KeyForm(data, files, groups=told.groups, values=now.values)
    version = now.version([key for _legend, fields in told.groups for key in fields if key in now.values])
    if slug == LOGO:
        version = digest({"version": version, "logo": address_of_logo(identity_of(now.government))})[:16]
    return Section(slug, told.title, told.lead, form, told.groups, version, facts=told.facts)


def _page(request: DeskRequest, now: Settings, shown: dict[str, Section], *, status: int = 200) -> HttpResponse:
    sections = [
        shown.get(told.slug) or section
        for told in sections_of(now)
        if (section := _section(request, now, told.slug)) is not None
    ]
    context = {
        "sections": sections,
        "once": new_number(),
        "has_logo": identity_of(now.government).logo is not None,
        "sample": _sample(request, now),
        "synonyms": added_words(),
        "entries": _entries(now),
        "crumbs": pages.crumbs(request, (_("Ajustes"), "")),
    }
    return render(request, "desk/settings.html", context, status=status)


def _sample(request: DeskRequest, now: Settings) -> dict[str, str]:
    """The colour of the samples: the one being tried or its nearest that can be read, else the one in force."""
    tried = request.POST.get("accent", "").strip()[:40]
    colour = readable_colour(tried or now.values["accent"])
    url = reverse("desk:settings-sample", args=[request.government.code, colour[1:]]) if colour else ""
    return {"colour": colour, "url": url, "is_tried": "yes" if tried and colour != now.values["accent"] else ""}


def _entries(now: Settings) -> list[LogEntry]:
    subjects = [identity_of(now.government).public_id, *(each.strategy.public_id for each in now.strategies)]
    return logbook.acts(acts_with_changes(subjects, ACTS, limit=MOST_ACTS), pages.language())
