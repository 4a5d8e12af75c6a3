"""The two short forms that a signed link opens."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from manglar.accounts.models import SignedLink
from manglar.delivery.choices import MilestoneState
from manglar.delivery.rules import MAX_TEXT
from manglar.delivery.services import Report, keep_evidence
from manglar.foundation.refusals import Refusal
from manglar.link.kept import KeptFileField, KeptFileInput, Sent, file_of_note, note_of
from manglar.operations.models import StoredFile
from manglar.web.kinds.plain import in_plain_words

#: What a person without an account may say of a milestone; giving it up is the office's to say.
STATES = (
    (MilestoneState.IN_PROGRESS.value, _("en marcha")),
    (MilestoneState.DONE.value, _("hecho: está al 100%")),
    (MilestoneState.PLANNED.value, _("previsto: todavía no empieza")),
)


class ReportForm(forms.Form):
    """What was done, in one screen of a phone."""

    state = forms.ChoiceField(label=_("¿Cómo está?"), choices=STATES)
    percent = forms.IntegerField(
        label=_("Avance (%)"), help_text=_("Un número de 0 a 100."), min_value=0, max_value=100, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    text = forms.CharField(
        label=_("¿Qué se hizo?"),
        help_text=_("Una o dos frases bastan. Cuando la oficina lo apruebe y publique, cualquiera podrá leerlo."),
        error_messages={"required": _("Escriba qué se hizo.")},
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MAX_TEXT,
    )
    file = KeptFileField(
        label=_("Foto o documento"),
        help_text=_("PDF, PNG o JPEG, hasta 60 MB. Puede salir público con el reporte: que no muestre datos de personas."),
        required=False,
        widget=KeptFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def __init__(self, *args: Any, link: SignedLink, kept: StoredFile | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.link = link
        self._keep(kept)
        in_plain_words(self)

    def _keep(self, stored: StoredFile | None) -> None:
        """What the page shows as the file that is there already."""
        widget = cast(KeptFileInput, self.fields["file"].widget)
        widget.kept, widget.note = stored, note_of(self.link, stored) if stored else ""

    def clean_file(self) -> StoredFile | None:
        """Keep the file whatever the other fields say; one that does not serve leaves the earlier one in its place."""
        sent: Sent = self.cleaned_data["file"]
        earlier = None if sent.dropped else file_of_note(self.link, sent.note)
        self._keep(earlier)
        if sent.upload is None:
            return earlier
        try:
            stored = keep_evidence(
                link=self.link, name=sent.upload.name, content=sent.upload.read(), at=timezone.now()
            )
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal
        self._keep(stored)
        return stored

    def clean(self) -> dict[str, Any]:
        """What is done is whole: a smaller figure beside it is a slip of one of the two."""
        told = super().clean() or {}
        if told.get("state") == MilestoneState.DONE and told.get("percent") not in {None, 100}:
            self.add_error(
                "percent", gettext("Si está hecho, va al 100%: corrija el avance, o elija «en marcha».")
            )
        return told

    def report(self, language: str) -> Report:
        """What the service wants."""
        told: dict[str, Any] = self.cleaned_data
        return Report(
            state=told["state"], text=told["text"], percent=told["percent"], kept=told["file"], language=language
        )


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_plain_words(self)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("password") and told.get("again") and told["password"] != told["again"]:
            self.add_error("again", _("Las dos contraseñas no son iguales."))
        return told
