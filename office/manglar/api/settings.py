"""The settings of a government as JSON: the keys, services and sentences of the page and of the command."""

from typing import Any

from django.http import Http404, HttpRequest

from manglar.api.desk import body_of, enter
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.identity import services
from manglar.identity.permissions import may_change_settings
from manglar.web.adjusting import change_settings, settings_of, told_settings

_TEXT = {"type": "string"}
CHANGE_BODY: dict[str, Any] = {
    "requestBody": {
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "values": {"type": "object", "additionalProperties": _TEXT, "title": "Ajustes por clave"},
                        "version": {**_TEXT, "title": "La que se leyó; con otra, 409"},
                    },
                    "required": ["values"],
                }
            }
        },
        "required": True,
    }
}
LOGO_BODY: dict[str, Any] = {
    "requestBody": {
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "description": {**_TEXT, "title": "Descripción en español"},
                        "description_en": {**_TEXT, "title": "Descripción en inglés"},
                    },
                    "required": ["file", "description"],
                }
            }
        },
        "required": True,
    }
}


def read(request: HttpRequest, government: str) -> dict[str, Any]:
    """The settings."""
    enter(request, government, may_change_settings)
    return _told(government)


def change(request: HttpRequest, government: str) -> dict[str, Any]:
    """Change some settings, all or none."""
    deed, body = enter(request, government, may_change_settings), body_of(request)
    values, version = body.get("values"), body.get("version", "")
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise InvalidInput(say("«values» es un objeto de claves y textos, por ejemplo {example}.", example='{"accent": "#0b5c4a"}'))
    if not isinstance(version, str):
        raise InvalidInput(say("«version» es el texto que se leyó con los ajustes."))
    change_settings(by=deed.by, code=government, told=values, version=version)
    return _told(government)


def set_logo(request: HttpRequest, government: str) -> dict[str, Any]:
    """Put the logo."""
    deed, sent = enter(request, government, may_change_settings), request.FILES.get("file")
    if sent is None:
        raise InvalidInput(say("Envíe el logo como «file» en un formulario multipart/form-data."))
    description = {"es": request.POST.get("description", ""), "en": request.POST.get("description_en", "")}
    services.set_logo(
        by=deed.by, government=deed.government, name=sent.name or "", content=sent.read(), description=description
    )
    return _told(government)


def remove_logo(request: HttpRequest, government: str) -> dict[str, Any]:
    """Take the logo away."""
    deed = enter(request, government, may_change_settings)
    services.remove_logo(by=deed.by, government=deed.government)
    return _told(government)


def _told(code: str) -> dict[str, Any]:
    held = settings_of(code)
    if held is None:
        raise Http404
    return told_settings(held)
