"""What the API's document says of its bodies and refusals."""

from typing import Any

from django import forms
from ninja import Schema

from manglar.web.doing import VERSION
from manglar.web.kinds.base import Action, Kind
from manglar.web.listing import column_key
from manglar.web.together import MOST

_TYPES: dict[type[forms.Field], str] = {
    forms.FloatField: "number",  # before the integers, of which it is a kind
    forms.IntegerField: "integer",
    forms.BooleanField: "boolean",
    forms.MultipleChoiceField: "array",
}


class Refused(Schema):
    """A refusal in words."""

    detail: str
    problems: list[str] = []


def form_properties(form: Any) -> tuple[dict[str, Any], list[str]]:
    """What a form wants, by name, and which of it must be there."""
    declared: dict[str, forms.Field] = getattr(form, "base_fields", {})
    required = [name for name, field in declared.items() if field.required]
    return {name: _property(field) for name, field in declared.items()}, required


def form_body(action: Action, *, creates: bool) -> dict[str, Any]:
    """The body of an action, as its form declares it."""
    properties, required = form_properties(action.form)
    if not creates:  # only what is told changes
        properties[VERSION] = {"type": "string", "title": "La que se leyó; con otra, 409"}
        required = []
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return {"requestBody": {"content": {"application/json": {"schema": schema}}, "required": bool(required)}}


def many_body(action: Action) -> dict[str, Any]:
    """The body of an action on several records at once."""
    properties, _required = form_properties(action.form)
    schema = {
        "type": "object",
        "required": ["ids"],
        "properties": {
            "ids": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST},
            "told": {"type": "object", "properties": properties},
            "apply": {"type": "boolean", "title": "Hacerlo; sin esto, solo lo que cambiaría"},
            "seen": {"type": "string", "title": "El «stamp» de lo que se vio; si ya no es eso, 409"},
        },
    }
    return {"requestBody": {"content": {"application/json": {"schema": schema}}, "required": True}}


def _property(field: forms.Field) -> dict[str, Any]:
    kind = next((word for base, word in _TYPES.items() if isinstance(field, base)), "string")
    told: dict[str, Any] = {"type": kind, "title": str(field.label or "")}
    if kind == "array":
        told["items"] = {"type": "string"}
    return told


def list_parameters(kind: Kind) -> dict[str, Any]:
    """What the address of a list understands, as its page does."""
    orders = ["nombre", *(column_key(column) for column in kind.columns)]
    told = [
        _query("q", "Palabras"),
        _query("orden", "Columna por la que va; con «-», al revés", enum=[*orders, *(f"-{each}" for each in orders)]),
        *(_query(each.key, str(each.label)) for each in kind.filters),
    ]
    return {"parameters": told}


def _query(name: str, text: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": "string", **schema}}
