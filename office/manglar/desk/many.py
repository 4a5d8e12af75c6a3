"""The page of the same act on several records: what each would say afterwards, then all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.desk import pages, undoing
from manglar.foundation.refusals import Refusal
from manglar.web.access import DeskRequest
from manglar.web.kinds.base import Action, Kind
from manglar.web.together import MOST, Chosen, chosen_of, do_together, stamp_of, tried

#: What a form says when it is sent: show what would change, or do it.
LOOK, APPLY, SEEN = "look", "apply", "seen"


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as the page lists it."""

    chosen: Chosen
    url: str


def many_view(request: DeskRequest, *, kind: Kind, action: Action) -> HttpResponse:
    """Show what would change; once it was seen and confirmed, do all of it or nothing."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = chosen_of(kind, action, pages.deed(request), asked.getlist("id")[:MOST])
    is_sent = request.method == "POST" and bool({LOOK, APPLY} & set(asked))
    form = action.form(asked if is_sent else None, None, deed=pages.deed(request), record=None) if action.form else None
    trial: list[Chosen] | None = None
    if any(each.fits for each in chosen) and (form is None or (is_sent and form.is_valid())):
        told = form.cleaned_data if form else {}
        try:
            trial = tried(kind, action, pages.deed(request), chosen, told)
            if APPLY in asked and request.method == "POST" and asked.get(SEEN) == stamp_of(trial):
                return _done(request, kind, action, trial, told)
        except Refusal as refusal:
            _refuse(request, form, refusal)
        else:
            if APPLY in asked:
                messages.warning(request, _("Algo cambió desde que lo vio: esto es lo que cambiaría ahora. No se ha hecho nada."))
    page = _page(request, kind, action, chosen, trial)
    return render(request, "desk/many.html", {**page, "form": form})


def _done(request: DeskRequest, kind: Kind, action: Action, trial: Sequence[Chosen], told: dict[str, Any]) -> HttpResponse:
    was = [undoing.before(request, action, each.record) for each in trial]
    done = do_together(action, pages.deed(request), trial, told)
    messages.success(request, ngettext("Hecho en %(n)s registro.", "Hecho en %(n)s registros.", done) % {"n": done})
    undoing.remember(request, kind, action, [(each.record, said) for each, said in zip(trial, was, strict=True)])
    return redirect(pages.list_address(kind, request))


def _refuse(request: DeskRequest, form: Form | None, refusal: Refusal) -> None:
    if form is None:
        messages.error(request, refusal.sentence)
    else:
        form.add_error(None, refusal.sentence)


def _page(
    request: DeskRequest, kind: Kind, action: Action, chosen: Sequence[Chosen], trial: Sequence[Chosen] | None
) -> dict[str, Any]:
    def shown(held: Sequence[Chosen], *, fits: bool) -> list[Shown]:
        route, code = f"desk:{kind.slug}-record", request.government.code
        return [Shown(each, reverse(route, args=[code, each.key])) for each in held if each.fits is fits]

    return {
        "kind": kind,
        "action": action,
        "fitting": shown(chosen if trial is None else trial, fits=True),
        "left": shown(chosen, fits=False),
        "is_tried": trial is not None,
        "changes_any": any(each.changes for each in trial or ()),
        "seen": stamp_of(trial) if trial is not None else "",
        "back_url": pages.list_address(kind, request),
        "crumbs": pages.crumbs(request, (str(kind.plural), pages.list_address(kind, request)), (str(action.label), "")),
    }
