"""Imports as JSON: the same columns, preview, stamp and refusals as the page; a file comes as ``multipart/form-data``."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from ninja.errors import HttpError

from manglar.api.desk import enter
from manglar.api.schemas import form_properties
from manglar.foundation.outcomes import RowOutcome
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.texts import is_storable
from manglar.operations.filetypes import MAX_BYTES
from manglar.web.importing import apply_import, columns_told, filled_form, newest, prepare
from manglar.web.kinds.importable import Import, Previewed, Upload

#: How many rows an answer tells; the counts are of all.
ROWS = 1_000


def importer(what: Import) -> Callable[..., dict[str, Any]]:
    """Preview an import; with ``apply``, do it."""

    def view(request: HttpRequest, government: str) -> dict[str, Any]:
        deed = enter(request, government, what.allowed)
        upload = _upload(request)
        form = filled_form(what, deed, request.POST.dict())
        if not form.is_valid():
            problems = [f"{name}: {error}" for name, errors in form.errors.items() for error in errors]
            raise HttpError(422, "; ".join(problems))
        told, mapping = form.cleaned_data, columns_told(what, form.cleaned_data, request.POST.getlist("map"))
        if forms.BooleanField(required=False).clean(request.POST.get("apply")):
            done = apply_import(what, deed, upload, told, mapping, seen=request.POST.get("seen", ""))
            load = newest(deed.government, what) if done.changes_anything else None
            return {"applied": load is not None, "import": load.public_id if load else None, **told_of(done)}
        ready = prepare(what, deed, upload, told, mapping)
        if ready.refusal is not None:
            raise ready.refusal
        headings = ready.headings
        return {
            "applied": False,
            "seen": ready.stamp,
            "headings": list(headings.names) if headings else [],
            "columns": dict(headings.columns) if headings else {},
            **told_of(ready.preview or Previewed([])),
        }

    view.__doc__ = str(what.label)
    return view


def told_of(preview: Previewed) -> dict[str, Any]:
    """What a preview says, as plain data."""
    return {
        "ok": preview.is_clean,
        "counts": preview.counts,
        "notes": [str(note) for note in preview.notes],
        "facts": [{"label": fact.label, "value": str(fact.value)} for fact in preview.facts],
        "rows": [told_row(line) for line in preview.lines[:ROWS]],
        "more_rows": max(0, len(preview.lines) - ROWS),
    }


def told_row(line: RowOutcome) -> dict[str, Any]:
    """One row of a preview, as plain data."""
    return {
        "row": line.row,
        "outcome": line.outcome,
        "record": line.record,
        "column": line.column,
        "changes": [
            {"field": str(each.field), "before": str(each.before), "after": str(each.after)} for each in line.differences
        ],
        "remarks": [str(remark) for remark in line.remarks],
    }


def _upload(request: HttpRequest) -> Upload:
    sent = request.FILES.get("file")
    if sent is None:
        raise InvalidInput(say("Falta el archivo: va en el campo «file», como multipart/form-data."))
    if (sent.size or 0) > MAX_BYTES:
        raise InvalidInput(say("El archivo pasa de 60 MB: divídalo."))
    if not is_storable([*request.POST.values(), sent.name or ""]):
        raise InvalidInput(say("El cuerpo tiene caracteres que no son texto (medio carácter o nulos): quítelos."))
    return Upload(sent.name or "archivo", sent.read())


def import_body(what: Import) -> dict[str, Any]:
    """The body of an import, as its form declares it."""
    properties, required = form_properties(what.form)
    properties |= {
        "file": {"type": "string", "format": "binary", "title": "Archivo"},
        "map": {"type": "array", "items": {"type": "string"}, "title": "campo=COLUMNA"},
        "apply": {"type": "boolean", "title": "Importar; sin él, solo la vista previa"},
        "seen": {"type": "string", "title": "El «seen» de la vista previa que se confirma"},
    }
    schema = {"type": "object", "properties": properties, "required": ["file", *required]}
    return {"requestBody": {"content": {"multipart/form-data": {"schema": schema}}, "required": True}}
