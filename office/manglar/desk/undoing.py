"""A way back: for some minutes, who changed a record may put it as it was, through the same form and service."""

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manglar.desk import pages
from manglar.foundation.refusals import Refusal
from manglar.web.access import DeskRequest
from manglar.web.kinds import KINDS
from manglar.web.kinds.base import Action, Kind
from manglar.web.kinds.forms import DeedForm
from manglar.web.versions import version_of

#: How long a change may be undone with one click; afterwards the history says what it was.
OPEN_S = 15 * 60
PLACE = "undo"


def before(request: DeskRequest, action: Action, record: Any) -> dict[str, list[str]] | None:
    """What the form would say of the record as it stands; None where the action does not go back."""
    if not action.undoes or record is None or action.form is None:
        return None
    form = cast(DeedForm, action.form(None, None, deed=pages.deed(request), record=record))
    return {name: _texts(value, is_required=form.fields[name].required) for name, value in form.as_it_is().items()}


def _texts(value: Any, *, is_required: bool) -> list[str]:
    held = value if isinstance(value, list | tuple) else [value]
    texts = ["" if each is None else str(each) for each in held]
    # A reason that nobody had written is asked for again when going back: it says that it went back.
    return [_("Se deshizo el cambio anterior.")] if is_required and texts in ([], [""]) else texts


def remember(
    request: DeskRequest, kind: Kind, action: Action, record: Any, told: dict[str, list[str]] | None
) -> None:
    """Keep for this person how to go back from what was just done; a newer change takes its place."""
    changed = kind.find(request.government, kind.key(record), pages.deed(request).on) if told is not None else None
    if changed is None:
        return
    request.session[PLACE] = {
        "government": request.government.code, "kind": kind.slug, "key": kind.key(record), "action": action.slug,
        "told": told, "version": version_of(changed), "until": timezone.now().timestamp() + OPEN_S,
    }  # fmt: skip


def offered(request: DeskRequest, kind: Kind, record: Any) -> str:
    """Where the page of a record undoes the last change of this person; empty where there is none to undo."""
    held = request.session.get(PLACE)
    if not held or held["key"] != kind.key(record) or held["government"] != request.government.code:
        return ""
    is_open = held["until"] > timezone.now().timestamp() and _action(held).allowed.test(request.actor, request.government)
    return reverse("desk:undo", args=[request.government.code]) if is_open else ""


def _action(held: dict[str, Any]) -> Action:
    return next(each for each in KINDS[held["kind"]].actions if each.slug == held["action"])


@require_POST
def undo(request: DeskRequest) -> HttpResponse:
    """Put a record as it was before this person's last change; what others did meanwhile is never undone."""
    held = request.session.pop(PLACE, None)
    if not held or held["government"] != request.government.code:
        raise Http404
    kind, deed = KINDS[held["kind"]], pages.deed(request)
    record = kind.find(request.government, held["key"], deed.on)
    if record is None:
        raise Http404
    if problem := _why_not(held, record, deed.at) or _go_back(request, held, record):
        messages.error(request, problem)
    else:
        messages.success(request, _("Se deshizo: el registro dice lo que decía antes."))
    return redirect(f"desk:{kind.slug}-record", request.government.code, held["key"])


def _why_not(held: dict[str, Any], record: Any, at: dt.datetime) -> str:
    if held["until"] <= at.timestamp():
        return _("Pasó el tiempo de deshacer con un clic: la historia dice qué decía antes; cámbielo a mano.")
    if held["version"] != version_of(record) or not _action(held).fits(record):
        return _("Ya no se deshace: el registro cambió después. La historia dice qué decía antes.")
    return ""


def _go_back(request: DeskRequest, held: dict[str, Any], record: Any) -> str:
    """Do it again with what was said before; return why it was refused, empty when it was done."""
    action, data = _action(held), QueryDict(mutable=True)
    if not action.allowed.test(request.actor, request.government):
        return _("Su papel no permite deshacerlo.")
    for name, values in held["told"].items():
        data.setlist(name, values)
    form = action.form(data, None, deed=pages.deed(request), record=record) if action.form else None
    if form is None or not form.is_valid():
        return _("No se pudo deshacer: lo que decía antes ya no se acepta. La historia lo conserva.")
    try:
        action.run(pages.deed(request), record, form.cleaned_data)
    except Refusal as refusal:
        return str(refusal.sentence)
    return ""
