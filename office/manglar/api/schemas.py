"""What the API's document says of its bodies and refusals."""

from typing import Any

from django import forms
from ninja import Schema

from manglar.web.kinds.base import Action

_TYPES: dict[type[forms.Field], str] = {
    forms.IntegerField: "integer",
    forms.FloatField: "number",
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


def form_body(action: Action) -> dict[str, Any]:
    """The body of an action, as its form declares it."""
    properties, required = form_properties(action.form)
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return {"requestBody": {"content": {"application/json": {"schema": schema}}, "required": bool(required)}}


def _property(field: forms.Field) -> dict[str, Any]:
    kind = next((word for base, word in _TYPES.items() if isinstance(field, base)), "string")
    told: dict[str, Any] = {"type": kind, "title": str(field.label or "")}
    if kind == "array":
        told["items"] = {"type": "string"}
    return told
