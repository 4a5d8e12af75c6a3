"""A way back: for some minutes, who changed a record, or several at once, may put them as they were, through the same form and service."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manglar.audit.services import act
from manglar.desk import pages
from manglar.foundation.refusals import Refusal
from manglar.web.access import DeskRequest
from manglar.web.kinds import KINDS
from manglar.web.kinds.base import Action, Deed, Kind
from manglar.web.kinds.forms import DeedForm
from manglar.web.versions import version_of

#: How long a change may be undone with one click; afterwards the history says what it was.
OPEN_S = 15 * 60
PLACE = "undo"
#: What a form said of a record, field by field.
Said = dict[str, list[str]]


def before(request: DeskRequest, action: Action, record: Any) -> Said | None:
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


def remember(request: DeskRequest, kind: Kind, action: Action, changed: Sequence[tuple[Any, Said | None]]) -> None:
    """Keep for this person how to go back from what was just done to one record or to several; a newer change takes its place."""
    now = [
        (kind.key(record), told, kind.find(request.government, kind.key(record), pages.deed(request).on))
        for record, told in changed
        if told is not None
    ]
    rows = [[key, told, version_of(found)] for key, told, found in now if found is not None]
    if not rows:
        return
    request.session[PLACE] = {
        "government": request.government.code, "kind": kind.slug, "action": action.slug, "rows": rows,
        "until": timezone.now().timestamp() + OPEN_S,
    }  # fmt: skip


def offered(request: DeskRequest, kind: Kind, record: Any) -> str:
    """Where the page of a record undoes the last change of this person; empty where there is none to undo."""
    held = _held(request)
    return _address(request, held) if held and [row[0] for row in held["rows"]] == [kind.key(record)] else ""


def offered_on_list(request: DeskRequest, kind: Kind) -> tuple[str, int]:
    """Where a list undoes what this person just did to several of its records, and to how many; empty where nothing was."""
    held = _held(request)
    if held is None or held["kind"] != kind.slug or len(held["rows"]) == 1:
        return "", 0
    return _address(request, held), len(held["rows"])


def _held(request: DeskRequest) -> dict[str, Any] | None:
    held = request.session.get(PLACE)
    # What an earlier version of the program left in a session is not understood: nothing is offered.
    return held if held and held["government"] == request.government.code and "rows" in held else None


def _address(request: DeskRequest, held: dict[str, Any]) -> str:
    is_open = held["until"] > timezone.now().timestamp() and _action(held).allowed.test(request.actor, request.government)
    return reverse("desk:undo", args=[request.government.code]) if is_open else ""


def _action(held: dict[str, Any]) -> Action:
    return next(each for each in KINDS[held["kind"]].actions if each.slug == held["action"])


@require_POST
def undo(request: DeskRequest) -> HttpResponse:
    """Put what this person last changed as it was, all of it or none; what others did meanwhile is never undone."""
    held = _held(request)
    if held is None:
        raise Http404
    del request.session[PLACE]
    kind, deed, code = KINDS[held["kind"]], pages.deed(request), request.government.code
    records = [kind.find(request.government, key, deed.on) for key, _told, _version in held["rows"]]
    if None in records and len(records) == 1:
        raise Http404
    if problem := _why_not(held, records, deed.at) or _go_back(request, held, records):
        messages.error(request, problem)
    else:
        many = _("Se deshizo: %(n)s registros dicen lo que decían antes.") % {"n": len(records)}
        messages.success(request, many if len(records) > 1 else _("Se deshizo: el registro dice lo que decía antes."))
    if len(records) == 1:
        return redirect(f"desk:{kind.slug}-record", code, held["rows"][0][0])
    return redirect(pages.list_address(kind, request))


def _why_not(held: dict[str, Any], records: Sequence[Any], at: dt.datetime) -> str:
    if held["until"] <= at.timestamp():
        return _("Pasó el tiempo de deshacer con un clic: la historia dice qué decía antes; cámbielo a mano.")
    for (_key, _told, version), record in zip(held["rows"], records, strict=True):
        if record is None or version != version_of(record) or not _action(held).fits(record):
            if len(records) > 1:
                return _("Ya no se deshace ninguno: uno de los registros cambió después. La historia dice qué decían antes.")
            return _("Ya no se deshace: el registro cambió después. La historia dice qué decía antes.")
    return ""


def _go_back(request: DeskRequest, held: dict[str, Any], records: Sequence[Any]) -> str:
    """Do it again with what was said before; return why it was refused, empty when it was done."""
    action, deed = _action(held), pages.deed(request)
    if not action.allowed.test(request.actor, request.government):
        return _("Su papel no permite deshacerlo.")
    problem = ""
    with act("records.put_back", by=deed.by, government_id=deed.government.pk):
        for (_key, told, _version), record in zip(held["rows"], records, strict=True):
            if problem := _put_back(deed, action, record, told):
                transaction.set_rollback(True)
                break
    return problem


def _put_back(deed: Deed, action: Action, record: Any, told: Said) -> str:
    data = QueryDict(mutable=True)
    for name, values in told.items():
        data.setlist(name, values)
    form = action.form(data, None, deed=deed, record=record) if action.form else None
    if form is None or not form.is_valid():
        return _("No se pudo deshacer: lo que decía antes ya no se acepta. La historia lo conserva.")
    try:
        action.run(deed, record, form.cleaned_data)
    except Refusal as refusal:
        return str(refusal.sentence)
    return ""
