"""Doing something to a record through its form: nothing that was written is lost, and nothing is done twice.

The form carries what its record looked like when it was opened (``version``) and a number used once (``once``).
When somebody else changed the record meanwhile, their change is shown before this one may overwrite it; when the
same form arrives twice (a double click, the back button), the second is told that the first was enough.
"""

import secrets
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from manglar.audit.selectors import history_of
from manglar.desk import logbook, pages, undoing
from manglar.foundation.canonical import digest
from manglar.foundation.refusals import Refusal
from manglar.web.access import DeskRequest
from manglar.web.kinds.base import Action, GoTo, Kind, LinkShown
from manglar.web.versions import version_of

#: How long a form may stay open and still be known when it comes twice.
ONCE_S = 24 * 3_600
#: For how long a second record with the same words is asked about.
SAME_S = 15 * 60
#: What a form carries besides what was written.
_CARRIED = {"csrfmiddlewaretoken", "once", "version", "again"}


def act_on(request: DeskRequest, kind: Kind, action: Action, record: Any) -> HttpResponse:
    """Show the form or the question of an action; with a valid answer, do it."""
    form = _form(request, action, record)
    problem = _trouble(request, kind, action, record) if request.method == "POST" else None
    if problem is None and request.method == "POST" and (form is None or form.is_valid()):
        answer = _once(request, kind, record) or _do(request, kind, action, record, form)
        if not isinstance(answer, Refusal):
            return answer
        problem = {"refusal": answer} if form is None else None
    if request.method != "POST" and record is not None and not action.fits(record):
        messages.warning(request, _("Eso ya no se puede hacer: el registro cambió."))
        return redirect(f"desk:{kind.slug}-record", request.government.code, kind.key(record))
    context = {**_page(request, kind, action, record, form), **(problem or {})}
    return render(request, "desk/form.html", context, status=409 if problem else 200)


def _form(request: DeskRequest, action: Action, record: Any) -> Form | None:
    if action.form is None:
        return None
    data = request.POST if request.method == "POST" else None
    return action.form(data, request.FILES or None, deed=pages.deed(request), record=record)


def _trouble(request: DeskRequest, kind: Kind, action: Action, record: Any) -> dict[str, Any] | None:
    """Why this may not be done now, with what was written still in the form; None when it may."""
    if record is None:
        return _made_before(request, kind)
    if not action.fits(record):
        sentence = _("Eso ya no se puede hacer: otra persona cambió el registro. Lo que usted escribió sigue aquí abajo.")
        return {"conflict": sentence, "is_closed": True, "entries": _recent(kind, record)}
    if changed_meanwhile(request, version_of(record)):
        return {"conflict": overwrites(), "entries": _recent(kind, record)}
    return None


def _made_before(request: DeskRequest, kind: Kind) -> dict[str, Any] | None:
    """Whether this person made one just like it a moment ago, as after going back; asked twice, it is on purpose."""
    once = cache.get(f"once:{request.actor.ref}:{request.POST.get('once', '')[:40]}")
    if "again" in request.POST or once or cache.get(_same(request, kind)) is None:
        return None  # said yes to another, or the very same form twice: that has its own answer
    sentence = _(
        "Hace un momento guardó uno igual: está en la lista. Si quiere otro más, guárdelo otra vez; si no, vuelva sin cambios."
    )
    return {"conflict": sentence, "again": True}


def _same(request: DeskRequest, kind: Kind) -> str:
    """The key under which what a person just made is known by its words."""
    told = {name: request.POST.getlist(name) for name in request.POST if name not in _CARRIED}
    return f"same:{request.actor.ref}:{kind.slug}:{digest(told)[:32]}"


def changed_meanwhile(request: DeskRequest, version: str) -> bool:
    """Whether what a form was opened on no longer looks as it did; ``version`` is how it looks now."""
    seen = request.POST.get("version", "")
    return bool(seen) and seen != version


def overwrites() -> str:
    """What a person is told before their change may overwrite another's."""
    return _(
        "Otra persona cambió este registro mientras usted escribía. Revise qué cambió; si lo suyo sigue valiendo, "
        "guarde otra vez."
    )


def _recent(kind: Kind, record: Any) -> list[Any]:
    return [logbook.entry(line, pages.language()) for line in history_of(kind.key(record), limit=3)]


def new_number() -> str:
    """The number that a form carries and that is used once."""
    return secrets.token_urlsafe(12)


def was_sent_before(request: DeskRequest) -> bool:
    """Whether this very form has already been done; it counts as done from now on."""
    number = request.POST.get("once", "")[:40]
    return bool(number) and not cache.add(f"once:{request.actor.ref}:{number}", 1, ONCE_S)


def forget_number(request: DeskRequest) -> None:
    """Nothing was done: the same form may be sent again."""
    cache.delete(f"once:{request.actor.ref}:{request.POST.get('once', '')[:40]}")


def refuse_on(request: DeskRequest, form: Form, refusal: Refusal) -> None:
    """Leave a refusal on its form, in words; the form may be sent again."""
    forget_number(request)
    form.add_error(None, refusal.sentence)
    for problem in getattr(refusal, "problems", ()):
        form.add_error(None, str(problem))


def _once(request: DeskRequest, kind: Kind, record: Any) -> HttpResponse | None:
    """The answer to a form that has already been done; None the first time."""
    if not was_sent_before(request):
        return None
    messages.info(request, _("Eso ya se había guardado: no se hizo dos veces."))
    if record is None:
        return redirect(f"desk:{kind.slug}", request.government.code)
    return redirect(f"desk:{kind.slug}-record", request.government.code, kind.key(record))


def _do(request: DeskRequest, kind: Kind, action: Action, record: Any, form: Form | None) -> HttpResponse | Refusal:
    """Run the service; a refusal stays on the form or the question, in words, and it may be sent again."""
    was = undoing.before(request, action, record)
    try:
        made = action.run(pages.deed(request), record, form.cleaned_data if form else {})
    except Refusal as refusal:
        forget_number(request)
        if form is not None:
            refuse_on(request, form, refusal)
        return refusal
    if isinstance(made, LinkShown):
        return render(request, "desk/link_once.html", _link_page(request, kind, record, made))
    messages.success(request, str(action.done), extra_tags=request.path)
    undoing.remember(request, kind, action, [(record, was)] if record is not None else [])
    if record is None:
        cache.set(_same(request, kind), 1, SAME_S)
    if isinstance(made, GoTo):
        return redirect(f"desk:{made.slug}-record", request.government.code, made.key)
    target = made if getattr(made, "public_id", None) and record is None else record
    if target is None:
        return redirect(f"desk:{kind.slug}", request.government.code)
    return redirect(f"desk:{kind.slug}-record", request.government.code, kind.key(target))


def _link_page(request: DeskRequest, kind: Kind, record: Any, link: LinkShown) -> dict[str, Any]:
    code = request.government.code
    return {
        "link": link,
        "back_url": reverse(f"desk:{kind.slug}-record", args=[code, kind.key(record)]),
        "crumbs": pages.crumbs(
            request, (str(kind.plural), reverse(f"desk:{kind.slug}", args=[code])), (_("Enlace creado"), "")
        ),
    }


def _page(request: DeskRequest, kind: Kind, action: Action, record: Any, form: Form | None) -> dict[str, Any]:
    listed = pages.list_address(kind, request)
    title = kind.title(record, pages.language()) if record else ""
    back = reverse(f"desk:{kind.slug}-record", args=[request.government.code, kind.key(record)]) if record else listed
    way = [(str(kind.plural), listed), *([(title, back)] if record else []), (str(action.label), "")]
    return {
        "kind": kind,
        "action": action,
        "form": form,
        "version": version_of(record),
        "once": new_number(),
        "draft_owner": request.user.public_id,
        "back_url": back,
        "title": title,
        "warning": action.warning(record) if record is not None else "",
        "crumbs": pages.crumbs(request, *way),
    }
