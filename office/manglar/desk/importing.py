"""Import from the page: upload and preview, then apply the same bytes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from manglar.desk import pages
from manglar.foundation.refusals import InvalidInput, Refusal
from manglar.operations.filetypes import MAX_BYTES
from manglar.operations.selectors import file_bytes, stored_file_by_id
from manglar.operations.services import store_file
from manglar.web.access import DeskRequest
from manglar.web.kinds.importing import Import, Previewed, Upload


def import_view(request: DeskRequest, *, what: Import) -> HttpResponse:
    """Show the form; with a file, the preview; with the preview confirmed, do it."""
    form = what.form(request.POST or None, deed=pages.deed(request))
    context: dict[str, Any] = {"what": what, "form": form, "crumbs": pages.crumbs(request, (str(what.label), ""))}
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/import.html", context)
    try:
        kept, upload = _upload(request)
        is_confirmed = "apply" in request.POST
        preview = what.run(pages.deed(request), upload, form.cleaned_data, not is_confirmed)
    except Refusal as refusal:
        return render(
            request,
            "desk/import.html",
            {**context, "refusal": refusal, "problems": getattr(refusal, "problems", ())},
            status=422,
        )
    if is_confirmed:
        messages.success(request, preview.done or _said(preview))
        return redirect(f"desk:{what.back}", request.government.code)
    return render(request, "desk/import.html", {**context, "preview": preview, "kept": kept, "file_name": upload.name})


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


def _said(preview: Previewed) -> str:
    done = ", ".join(f"{number:,} {label}" for label, number in preview.counts if number)
    return _("Importado: %(done)s.") % {"done": done or _("nada nuevo")}
