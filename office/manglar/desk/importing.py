"""Import from the page: upload, say which column is which, see row by row what would happen, then do it once.

The same form comes back at every step with what was chosen, and the file stays kept by its content: nothing is chosen
twice. What the preview said is stamped; when it is no longer so, the new one is shown instead of importing.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from manglar.design.shapes import Pages, Table
from manglar.desk import pages
from manglar.desk.import_preview import outcome_tabs, preview_table
from manglar.foundation.outcomes import Headings
from manglar.foundation.refusals import InvalidInput, Refusal
from manglar.operations.filetypes import MAX_BYTES
from manglar.operations.selectors import file_bytes, stored_file_by_id
from manglar.operations.services import store_file
from manglar.web.access import DeskRequest
from manglar.web.importing import Prepared, apply_import, mapping_from, newest, prepare
from manglar.web.kinds.import_words import counted
from manglar.web.kinds.importable import Import, Previewed, Upload

PAGE_SIZE = 50
#: How long a preview may stay open and still be known when it is sent twice.
ONCE_S = 24 * 3_600


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the file on the page: its name in the form, its first values, and what it may be."""

    field: str
    #: The field of the form that says which column was shown there, so that another file with it keeps the choice.
    named: str
    name: str
    samples: str
    chosen: str
    choices: list[tuple[str, str]]


def import_view(request: DeskRequest, *, what: Import) -> HttpResponse:
    """Show the form; with a file, its columns and the preview; with the preview confirmed, do it."""
    data = request.POST if request.method == "POST" else None
    form = what.form(data, deed=pages.deed(request))
    if request.method != "POST":
        return _page(request, what, form)
    if "apply" in request.POST and (done := _done_before(request)):
        return done
    try:
        kept, upload = _upload(request)
    except Refusal as refusal:
        return _page(request, what, form, refusal=refusal)
    if not form.is_valid():
        return _page(request, what, form, kept=kept, file_name=upload.name, status=422)
    return _answer(request, what, form, kept, upload)


def _answer(request: DeskRequest, what: Import, form: Form, kept: str, upload: Upload) -> HttpResponse:
    """The preview of a file, or what came of importing it."""
    deed, told, refusal = pages.deed(request), form.cleaned_data, None
    try:
        mapping = _mapping(request, what, form, upload)
    except Refusal as problem:
        mapping, refusal = {}, problem
    if "apply" in request.POST and refusal is None:
        try:
            done = apply_import(what, deed, upload, told, mapping, seen=request.POST.get("seen", ""))
        except Refusal as problem:
            cache.delete(_once(request))
            refusal = problem
        else:
            return _success(request, what, done)
    ready = prepare(what, deed, upload, told, mapping)
    return _page(request, what, form, kept=kept, file_name=upload.name, ready=ready, refusal=refusal or ready.refusal)


def _mapping(request: DeskRequest, what: Import, form: Form, upload: Upload) -> dict[str, str]:
    """What the person chose for each column, where it is not what was understood."""
    if what.look is None or "columns" not in request.POST:
        return {}
    headings = what.look(pages.deed(request), upload, form.cleaned_data, {})
    shown = [request.POST.get(f"named-{place}", name) for place, name in enumerate(headings.names)]
    if request.FILES.get("file") and (sorted(shown) != sorted(headings.names) or "named-0" not in request.POST):
        return {}  # another file has other columns
    chosen = {name: field for place, name in enumerate(shown) if (field := request.POST.get(f"column-{place}", ""))}
    return mapping_from(what, form.cleaned_data, headings, chosen)


def _success(request: DeskRequest, what: Import, done: Previewed) -> HttpResponse:
    if not done.changes_anything:
        messages.info(request, _("No había nada que importar: todo está ya como dice el archivo."))
        return redirect(f"desk:{what.back}", request.government.code)
    messages.success(request, done.done or _("Importado: %(done)s.") % {"done": counted(done.counts)})
    load = newest(request.government, what)
    if load is None or done.done:  # what was made says more than how it came
        return redirect(f"desk:{what.back}", request.government.code)
    return redirect("desk:importaciones-record", request.government.code, load.public_id)


def _once(request: DeskRequest) -> str:
    return f"once:{request.actor.ref}:{request.POST.get('once', '')[:40]}"


def _done_before(request: DeskRequest) -> HttpResponse | None:
    """The answer to a preview that was confirmed already: a double click, the back button; None the first time."""
    if not request.POST.get("once") or cache.add(_once(request), 1, ONCE_S):
        return None
    messages.info(request, _("Eso ya se había importado: no se hizo dos veces."))
    return redirect("desk:importaciones", request.government.code)


def _upload(request: DeskRequest) -> tuple[str, Upload]:
    """The file that came, kept by its digest; or the one that was previewed."""
    deed = pages.deed(request)
    sent = request.FILES.get("file")
    if sent is not None:
        if (sent.size or 0) > MAX_BYTES:
            raise InvalidInput(_("El archivo pasa de 60 MB: divídalo, o impórtelo con la orden manglar."))
        stored = store_file(by=deed.by, government=deed.government, name=sent.name or "archivo", content=sent.read())
    else:
        found = stored_file_by_id(request.government, request.POST.get("kept", ""))
        if found is None:
            raise InvalidInput(_("Elija el archivo que quiere importar."))
        stored = found
    return stored.public_id, Upload(stored.name, file_bytes(stored))


def _page(
    request: DeskRequest, what: Import, form: Form, *, kept: str = "", file_name: str = "",
    ready: Prepared | None = None, refusal: Refusal | None = None, status: int = 0,
) -> HttpResponse:  # fmt: skip
    """The page at any of its steps."""
    fields = [form[name] for name in form.fields]
    is_done = bool(request.POST.get("once")) and cache.get(_once(request)) is not None
    again = request.POST.get("once", "") if not is_done and not request.FILES.get("file") else ""
    context: dict[str, Any] = {
        "what": what,
        "is_done": is_done,
        "form": form,
        "main": [field for field in fields if field.name not in what.more],
        "more": [field for field in fields if field.name in what.more],
        "is_more_open": any(field.errors or (form.is_bound and field.data) for field in fields if field.name in what.more),
        "kept": kept,
        "file_name": file_name,
        "refusal": refusal,
        "problems": getattr(refusal, "problems", ()),
        "once": again or secrets.token_urlsafe(12),
        "past_url": reverse("desk:importaciones", args=[request.government.code]),
        "back_url": reverse(f"desk:{what.back}", args=[request.government.code]),
        "crumbs": pages.crumbs(request, (str(what.label), "")),
    }
    if ready is not None:
        context |= _seen(request, what, form, ready)
    response = render(request, "desk/import.html", context, status=status or (422 if refusal is not None else 200))
    # The answer to a form may be kept by this browser alone: going back after importing shows it, and not a fault.
    response.headers["Cache-Control"] = "private, max-age=0"
    return response


def _seen(request: DeskRequest, what: Import, form: Form, ready: Prepared) -> dict[str, Any]:
    """What is shown of a file that was read."""
    told: dict[str, Any] = {"headings": ready.headings, "stamp": ready.stamp}
    if ready.headings is not None:
        told["columns"] = _columns(what, form, ready.headings)
    if ready.preview is None:
        return told
    shown = request.POST.get("ver", "") or request.POST.get("viendo", "")
    shown = "" if shown == "todas" else shown
    lines = [line for line in ready.preview.lines if not shown or line.outcome == shown]
    if not lines:
        shown, lines = "", ready.preview.lines
    page = Paginator(lines, PAGE_SIZE).get_page(request.POST.get("pagina"))
    table: Table = preview_table(list(page.object_list))
    return {
        **told,
        "preview": ready.preview,
        "shown": shown,
        "tabs": outcome_tabs(ready.preview.counts, shown),
        "table": table,
        "pages": Pages(page.number, page.paginator.num_pages, page.paginator.count, ""),
    }


def _columns(what: Import, form: Form, headings: Headings) -> list[ColumnChoice]:
    """Every column of the file with what it may be."""
    fields = {name: str(label) for name, label in what.columns(form.cleaned_data).items()}
    understood = {column: field for field, column in headings.columns.items()}
    return [
        ColumnChoice(
            f"column-{place}",
            f"named-{place}",
            name,
            " · ".join(sample[:40] for sample in headings.samples[place][:3]) if place < len(headings.samples) else "",
            understood.get(name, ""),
            list(fields.items()),
        )
        for place, name in enumerate(headings.names)
    ]
