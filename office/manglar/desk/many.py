"""The same act on several records: first which ones it fits, then all of them or none."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.audit.services import act
from manglar.desk import pages
from manglar.foundation.refusals import Refusal
from manglar.web.access import DeskRequest
from manglar.web.kinds.base import Action, Kind

#: How many at once: more is an import.
MOST = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that was chosen, and whether the act fits its state."""

    record: Any
    key: str
    title: str
    url: str
    fits: bool


def many_view(request: DeskRequest, *, kind: Kind, action: Action) -> HttpResponse:
    """Show what would change; with the form confirmed, do all of it or nothing."""
    chosen = candidates(request, kind, action)
    form = _form(request, action)
    if request.method == "POST" and "apply" in request.POST and (form is None or form.is_valid()):
        done = _do_all(request, action, chosen, form)
        if done:
            said = ngettext("Hecho en %(n)s registro.", "Hecho en %(n)s registros.", done) % {"n": done}
            messages.success(request, said)
            return redirect(f"desk:{kind.slug}", request.government.code)
    return render(request, "desk/many.html", _page(request, kind, action, chosen, form))


def candidates(request: DeskRequest, kind: Kind, action: Action) -> list[Candidate]:
    """The records whose identifiers came with the request; those of others and those that are gone stay out."""
    asked = request.POST if request.method == "POST" else request.GET
    found = []
    for key in dict.fromkeys(asked.getlist("id")[:MOST]):
        record = kind.find(request.government, key, pages.deed(request).on)
        if record is None:
            continue
        own = getattr(record, "government_id", request.government.pk) == request.government.pk
        url = reverse(f"desk:{kind.slug}-record", args=[request.government.code, key])
        title = kind.title(record, pages.language())
        found.append(Candidate(record, key, title, url, fits=bool(own and action.fits(record))))
    return found


def _form(request: DeskRequest, action: Action) -> Form | None:
    if action.form is None:
        return None
    data = request.POST if request.method == "POST" and "apply" in request.POST else None
    return action.form(data, None, deed=pages.deed(request), record=None)


def _do_all(request: DeskRequest, action: Action, chosen: list[Candidate], form: Form | None) -> int:
    """Do it to every record that it fits, in one transaction; a refusal names its record and undoes the rest."""
    deed, fitting = pages.deed(request), [each for each in chosen if each.fits]
    told = form.cleaned_data if form else {}
    at = ""
    try:
        with act("records.changed_together", by=deed.by, government_id=deed.government.pk):
            for each in fitting:
                at = each.title
                action.run(deed, each.record, dict(told))
    except Refusal as refusal:
        sentence = _("«%(title)s»: %(why)s No se cambió ninguno.") % {"title": at, "why": refusal.sentence}
        if form is None:
            messages.error(request, sentence)
        else:
            form.add_error(None, sentence)
        return 0
    return len(fitting)


def _page(
    request: DeskRequest, kind: Kind, action: Action, chosen: list[Candidate], form: Form | None
) -> dict[str, Any]:
    url = reverse(f"desk:{kind.slug}", args=[request.government.code])
    return {
        "kind": kind,
        "action": action,
        "form": form,
        "fitting": [each for each in chosen if each.fits],
        "left": [each for each in chosen if not each.fits],
        "back_url": url,
        "crumbs": pages.crumbs(request, (str(kind.plural), url), (str(action.label), "")),
    }
