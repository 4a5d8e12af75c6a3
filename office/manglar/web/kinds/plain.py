"""What a form says of a field, in plain words, and texts that are never cut in silence.

A browser cuts what is pasted beyond ``maxlength`` without a word. Here the whole text arrives, a longer one is refused
and stays in the form, and a text of several lines says how much of it fits while it is written (``limit``).
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _


class Fits:
    """A text of at most ``limit`` characters; says how many are over. A line end counts as one."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, value: str) -> None:
        length = len(value.replace("\r\n", "\n"))
        if length > self.limit:
            told = {"length": f"{length:,}", "limit": f"{self.limit:,}", "over": f"{length - self.limit:,}"}
            raise ValidationError(
                _("Tiene %(length)s caracteres y caben %(limit)s: le sobran %(over)s. Acórtelo; aquí sigue entero.") % told,
                code="too_long",
            )


def in_plain_words(form: forms.BaseForm) -> None:
    """Replace what Django says by itself; what a field says in its own words stays."""
    for name, field in form.fields.items():
        label = str(field.label or name.replace("_", " "))
        for code, sentence in _sentences(field, label).items():
            if field.error_messages.get(code, _standard(field, code)) == _standard(field, code):
                field.error_messages[code] = sentence
        if isinstance(field, forms.CharField) and field.max_length is not None:
            _whole(field, field.max_length)


def _whole(field: forms.CharField, limit: int) -> None:
    field.widget.attrs.pop("maxlength", None)
    field.validators = [Fits(limit) if isinstance(each, MaxLengthValidator) else each for each in field.validators]
    if isinstance(field.widget, forms.Textarea):
        field.limit = limit  # type: ignore[attr-defined]  # read by the template of fields


def _standard(field: forms.Field, code: str) -> Any:
    """What Django says of a kind of field by itself."""
    for kind in type(field).__mro__:
        found = getattr(kind, "default_error_messages", {}).get(code)
        if found is not None:
            return found
    return None


def _sentences(field: forms.Field, label: str) -> dict[str, str]:
    if isinstance(field, forms.ChoiceField):
        return {"required": _("Elija «%(label)s».") % {"label": label}, "invalid_choice": _("Elija una opción de la lista.")}
    if isinstance(field, forms.FileField):
        return {"required": _("Elija el archivo.")}
    if isinstance(field, forms.BooleanField):
        return {"required": _("Marque «%(label)s».") % {"label": label}}
    told = {"required": _("Escriba «%(label)s».") % {"label": label}}
    if isinstance(field, forms.IntegerField):
        told |= _of_number(field)
    elif isinstance(field, forms.EmailField):
        told["invalid"] = _("Escriba el correo completo, como nombre@ejemplo.org.")
    elif isinstance(field, forms.DateField):
        told["invalid"] = _("Escriba la fecha así: AAAA-MM-DD.")
    return told


def _of_number(field: forms.IntegerField) -> dict[str, str]:
    """Decimals and fractions are numbers of the same sort for Django."""
    is_whole = not isinstance(field, forms.DecimalField | forms.FloatField)
    told = {"invalid": _("Escriba un número entero, solo con cifras.") if is_whole else _("Escriba un número.")}
    least, most = field.min_value, field.max_value
    if least is not None and most is not None:
        told["min_value"] = told["max_value"] = _("Va de %(least)s a %(most)s.") % {"least": least, "most": most}
    elif least is not None:
        told["min_value"] = _("No puede ser menos de %(least)s.") % {"least": least}
    elif most is not None:
        told["max_value"] = _("No puede ser más de %(most)s.") % {"most": most}
    return told
