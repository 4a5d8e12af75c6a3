"""The imports that were made, and taking the latest back."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from manglar.accounts.permissions import require
from manglar.design.shapes import Fact
from manglar.design.templatetags.design import moment
from manglar.foundation.outcomes import CREATED
from manglar.operations.choices import ImportState
from manglar.operations.models import FileImport
from manglar.operations.permissions import may_undo_imports
from manglar.operations.selectors import import_by_id, imports_of
from manglar.operations.services import undo_import, what_undoing_does, why_not_first, why_not_undone
from manglar.web.kinds.base import Action, Column, Deed, Kind
from manglar.web.kinds.forms import DeedForm
from manglar.web.kinds.import_words import counted
from manglar.web.kinds.importable import REGISTRY
from manglar.web.kinds.words import facts, of_choices, state


class UndoForm(DeedForm):
    """Why an import is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Motivo"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2_000, required=False
    )


def undo(deed: Deed, load: FileImport, told: dict[str, Any]) -> None:
    """Take an import back, for who may do such imports."""
    what = REGISTRY.get(load.kind)
    if what is not None:
        require(what.allowed, deed.by, deed.government)
    undo_import(by=deed.by, load=load, at=deed.at, reason=told["reason"])
    if what is not None:
        what.after_undo(load.government)


def label_of(load: FileImport) -> str:
    """What was imported, in words."""
    what = REGISTRY.get(load.kind)
    if what is None:
        return load.kind
    return f"{what.label}: {what.of}" if what.of else str(what.label)


def undoing(load: FileImport) -> str:
    """What taking an import back would do, or why it cannot be."""
    why = why_not_undone(load)
    if why is not None:
        return str(why)
    done = what_undoing_does(load)
    parts = [
        ngettext("se quita %(n)s registro que creó", "se quitan %(n)s registros que creó", done.removed),
        ngettext("%(n)s vuelve a decir lo que decía", "%(n)s vuelven a decir lo que decían", done.restored),
        ngettext("vuelve %(n)s que quitó", "vuelven %(n)s que quitó", done.returned),
    ]
    numbers = (done.removed, done.restored, done.returned)
    said = [part % {"n": f"{number:,}"} for part, number in zip(parts, numbers, strict=True) if number]
    return _("Al deshacerla: %(what)s.") % {"what": ", ".join(said) or _("nada cambia")}


def _who(user: Any) -> str:
    return str(user) if user is not None else _("línea de comandos")


def _list_link(load: FileImport, made: int) -> str:
    """The list where what was imported is."""
    what = REGISTRY.get(load.kind)
    if what is None:
        return ""
    told = ngettext("Ver la lista, con %(n)s nuevo", "Ver la lista, con %(n)s nuevos", made) % {"n": f"{made:,}"} if made else _("Ver la lista")
    return format_html('<a href="{}">{}</a>', reverse(f"desk:{what.back}", args=[load.government.code]), told)


def _facts(load: FileImport, language: str) -> list[Fact]:
    is_undone = load.state == ImportState.UNDONE
    made = load.counts.get(CREATED, 0) if not is_undone else 0
    return facts(
        (_("Qué"), label_of(load)),
        (_("Dónde está"), _list_link(load, made)),
        (_("Qué había pasado, ya deshecho") if is_undone else _("Qué pasó"), counted(load.counts)),
        (_("Quién"), _who(load.asked_by)),
        (_("Cuándo"), moment(load.at)),
        (_("Huella del archivo"), load.sha256),
        (_("Se deshizo"), moment(load.undone_at) if load.undone_at else ""),
        (_("La deshizo"), _who(load.undone_by) if is_undone else ""),
        (_("¿Se puede deshacer?"), "" if is_undone else why_not_first(load) or _("Sí, si nadie trabajó después con ello.")),
    )


LOADS = Kind(
    slug="importaciones",
    is_found=False,
    singular=gettext_lazy("importación"),
    plural=gettext_lazy("Importaciones"),
    help=gettext_lazy("Los archivos que se importaron, lo que cambió cada uno, y cómo deshacer el último."),
    empty=gettext_lazy("Todavía no se ha importado ningún archivo. Cada lista tiene arriba su botón para importar."),
    rows=lambda government, on: imports_of(government),
    find=lambda government, public_id, on: import_by_id(government, public_id),
    title=lambda r, lang: r.file_name,
    status=state,
    columns=(
        Column(gettext_lazy("Qué"), lambda r, lang: label_of(r), order="kind"),
        Column(gettext_lazy("Qué pasó"), lambda r, lang: counted(r.counts)),
        Column(gettext_lazy("Quién"), lambda r, lang: _who(r.asked_by), order="asked_by__display_name"),
        Column(gettext_lazy("Cuándo"), lambda r, lang: moment(r.at), order="at", plain=lambda r: r.at),
        Column(gettext_lazy("Estado"), lambda r, lang: state(r), order="state"),
    ),
    title_order="file_name",
    filters=(of_choices("estado", gettext_lazy("Estado"), "state", ImportState),),
    facts=_facts,
    actions=(
        Action(
            "deshacer",
            gettext_lazy("Deshacer la importación"),
            may_undo_imports,
            undo,
            UndoForm,
            fits=lambda r: r.state == ImportState.APPLIED,
            done=gettext_lazy("Importación deshecha: todo está como antes de ella."),
            warning=undoing,
            danger=True,
        ),
    ),
)

KINDS = (LOADS,)
