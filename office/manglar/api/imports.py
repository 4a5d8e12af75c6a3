"""Imports as JSON: the file in base64, the same form, checks and preview as the page; nothing changes without ``apply``."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from manglar.api.desk import body_of, enter
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.operations.filetypes import MAX_BYTES
from manglar.web.doing import as_form, checked
from manglar.web.kinds.importing import Import, Upload


def importer(what: Import) -> Callable[..., dict[str, Any]]:
    """Look at a file and, with ``apply``, do what it asks."""

    def view(request: HttpRequest, government: str) -> dict[str, Any]:
        deed, body = enter(request, government, what.allowed), body_of(request)
        upload = Upload(str(body.get("file_name") or "archivo")[:200], _content(body.get("file_base64")))
        told = checked(what.form(as_form(body), deed=deed))
        is_applied = body.get("apply") is True
        seen = what.run(deed, upload, told, not is_applied)
        return {
            "applied": is_applied,
            "is_clean": seen.is_clean,
            "done": seen.done,
            "counts": [{"label": label, "count": count} for label, count in seen.counts],
            "lines": [{"about": label, "text": text} for label, text in seen.lines],
            "facts": [{"label": fact.label, "value": str(fact.value)} for fact in seen.facts],
        }

    view.__doc__ = str(what.label)
    return view


def _content(text: Any) -> bytes:
    if not isinstance(text, str) or not text:
        raise InvalidInput(say("Falta «file_base64»: los bytes del archivo en base64."))
    if len(text) > MAX_BYTES * 4 // 3 + 4:
        raise InvalidInput(say("El archivo pasa de 60 MB: divídalo, o impórtelo con la orden manglar."))
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(say("«file_base64» no está en base64.")) from error


def import_body(what: Import) -> dict[str, Any]:
    """The body of an import, as its form declares it, with the file."""
    declared: dict[str, Any] = getattr(what.form, "base_fields", {})
    properties: dict[str, Any] = {name: {"type": "string", "title": str(field.label or "")} for name, field in declared.items()}
    properties |= {"file_name": {"type": "string"}, "file_base64": {"type": "string"}, "apply": {"type": "boolean"}}
    schema = {"type": "object", "properties": properties, "required": ["file_name", "file_base64"]}
    return {"requestBody": {"content": {"application/json": {"schema": schema}}, "required": True}}
