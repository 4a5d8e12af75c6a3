"""The two short forms that a signed link opens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.delivery.choices import MilestoneState
from manglar.delivery.services import Report


class ReportForm(forms.Form):
    """What was done, in one screen of a phone."""

    state = forms.ChoiceField(label=_("¿Cómo está?"), choices=MilestoneState.choices)
    percent = forms.IntegerField(label=_("Avance (%)"), min_value=0, max_value=100, required=False)
    text = forms.CharField(
        label=_("¿Qué se hizo?"),
        help_text=_("Una o dos frases bastan."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
    )
    file = forms.FileField(label=_("Foto o documento"), help_text=_("PDF, PNG o JPEG."), required=False)

    def report(self, language: str) -> Report:
        """What the service wants."""
        told: dict[str, Any] = self.cleaned_data
        file = (told["file"].name, told["file"].read()) if told.get("file") else None
        return Report(state=told["state"], text=told["text"], percent=told["percent"], file=file, language=language)


class PasswordForm(forms.Form):
    """The password of an invited person."""

    password = forms.CharField(
        label=_("Elija una contraseña"),
        help_text=_("Doce caracteres o más; una frase corta sirve."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )
    again = forms.CharField(
        label=_("Escríbala otra vez"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("password") and told.get("again") and told["password"] != told["again"]:
            self.add_error("again", _("Las dos contraseñas no son iguales."))
        return told
