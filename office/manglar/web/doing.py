"""The declared kinds without a page: read as plain data, and acted on through the same forms and services.

The API and the command line say the same things of a record, ask for the same fields and refuse in the same words.
"""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.forms import Form
from django.http import QueryDict
from django.utils.translation import get_language

from manglar.design.shapes import Status
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say, say_many
from manglar.foundation.texts import is_storable
from manglar.web.kinds.base import Action, Deed, GoTo, Kind, LinkShown
from manglar.web.versions import version_of

VERSION = "version"


def row(kind: Kind, record: Any) -> dict[str, Any]:
    """A record as a list names it."""
    return {"id": kind.key(record), "title": kind.title(record, get_language() or "es")}


def whole(kind: Kind, record: Any) -> dict[str, Any]:
    """A record with its text, its state and its facts."""
    language = get_language() or "es"
    status = kind.status(record)
    return {
        **row(kind, record),
        VERSION: version_of(record),
        "text": kind.text(record, language),
        "status": status.label if isinstance(status, Status) else None,
        "facts": [
            {"label": fact.label, "value": str(fact.value), "mark": fact.mark or None}
            for fact in kind.facts(record, language)
        ],
    }


def act_with(deed: Deed, kind: Kind, action: Action, record: Any, told: Mapping[str, Any]) -> dict[str, Any]:
    """Do an action with plain data; return the sentence of the page, the record after it, and what was made elsewhere.

    What is not told of a record stays as its form shows it: only what is told changes. With the ``version`` that was
    read, a record that somebody changed meanwhile is refused instead of overwritten.

    Raises:
        InvalidInput: the form does not know or does not accept what was told.
        Conflict: the record is in a state from which this does not follow, or is no longer what was read.
    """
    told = dict(told)
    seen = str(told.pop(VERSION, "") or "")
    if record is not None and seen and seen != version_of(record):
        raise Conflict(say("El registro cambió después de que usted lo leyó: léalo otra vez y mande solo lo suyo."))
    if record is not None and not action.fits(record):
        raise Conflict(say("Eso ya no se puede hacer: el registro está en otro estado."))
    if not is_storable(told):
        raise InvalidInput(say("Lo enviado tiene caracteres que no son texto (medio carácter o nulos): quítelos."))
    cleaned: dict[str, Any] = {}
    if action.form is not None:
        cleaned = checked(action.form(whole_form(action, deed, record, told), None, deed=deed, record=record))
    made = action.run(deed, record, cleaned)
    shown = made if getattr(made, "public_id", None) and record is None else record
    if shown is not None:  # as its page reads it, with what the reads of its kind add
        shown = kind.find(deed.government, kind.key(shown), deed.on) or shown
    extra = {"url": made.url} if isinstance(made, LinkShown) else {}
    if isinstance(made, GoTo):
        extra = {"made": made.key}
    return {"done": str(action.done), **extra, **({"record": whole(kind, shown)} if shown is not None else {})}


def whole_form(action: Action, deed: Deed, record: Any, told: Mapping[str, Any]) -> QueryDict:
    """What was told over what the form shows of the record, as a browser would send it."""
    blank = cast(Form, action.form(None, None, deed=deed, record=record) if action.form else None)
    if strange := sorted(set(told) - set(blank.fields)):
        known = ", ".join(sorted(blank.fields)) or "—"
        raise InvalidInput(
            say("No se conocen los datos: {strange}. Este acto pide: {known}.", strange=", ".join(strange), known=known)
        )
    for name, value in told.items():
        if isinstance(value, list) and len(value) > 1 and not isinstance(blank.fields[name], forms.MultipleChoiceField):
            raise InvalidInput(say("«{name}» lleva un solo valor, y vinieron {count}.", name=name, count=len(value)))
    shown = {name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()}
    return as_form({**({} if record is None else shown), **told})


def as_form(told: Mapping[str, Any]) -> QueryDict:
    """Plain data as a browser would send it."""
    data = QueryDict(mutable=True)
    for name, value in told.items():
        if isinstance(value, list):
            data.setlist(name, [str(each) for each in value])
        elif value is not None:
            data[name] = str(value)
    return data


def checked(form: Form) -> dict[str, Any]:
    """What a form understood; what it did not accept is said field by field."""
    if form.is_valid():
        return form.cleaned_data
    wrong = [(name, str(error)) for name, errors in form.errors.items() for error in errors]
    told = [error if name == "__all__" else f"{name}: {error}" for name, error in wrong]
    raise InvalidInput(
        say_many("Hay un dato que corregir: {problems}", "Hay {count} datos que corregir: {problems}", len(told), problems="; ".join(told))
    )
