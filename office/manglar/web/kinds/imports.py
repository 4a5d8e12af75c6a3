"""What may be imported from a file: the same three steps for each, upload, preview, apply."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.assets import selectors as assets
from manglar.assets import services as asset_services
from manglar.assets.permissions import may_change_assets
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.strategy import services as strategy_services
from manglar.strategy.permissions import may_edit_strategy
from manglar.territory import services as territory_services
from manglar.territory.choices import Level
from manglar.territory.permissions import may_change_territory
from manglar.web.kinds.base import Deed
from manglar.web.kinds.forms import DeedForm, choices_of
from manglar.web.kinds.importing import Import, Previewed, Upload
from manglar.web.kinds.risk_imports import DATA_IMPORTS

#: What the previews of the services count, in words.
WORDS = {
    "rows": _("filas"),
    "created": _("nuevas"),
    "changed": _("cambian"),
    "unchanged": _("iguales"),
    "removed": _("se quitan"),
    "kept": _("se conservan"),
    "duplicates": _("repetidas"),
    "lookalikes": _("parecidas"),
    "outside": _("fuera de los límites"),
    "disagreements": _("el archivo y el mapa dicen otro lugar"),
    "odd": _("celdas dudosas"),
    "notes": _("nota"),
}


def _named(code: str) -> str:
    return str(WORDS.get(code, code))


class TerritoryForm(DeedForm):
    """At which level the file's divisions are."""

    level = forms.ChoiceField(label=_("Nivel"), choices=Level.choices, initial=Level.CORREGIMIENTO)


class AssetsForm(DeedForm):
    """Of which kind the file's points are."""

    kind = forms.ChoiceField(label=_("Clase de activo"))

    def prepare(self) -> None:
        self.offer("kind", choices_of(assets.kinds(), key="code"))


class StrategyForm(DeedForm):
    """Of which strategy and edition the plan is."""

    strategy_title = forms.CharField(label=_("Estrategia"), max_length=200)
    edition_label = forms.CharField(label=_("Edición"), max_length=120)
    language = forms.ChoiceField(label=_("Idioma del archivo"), choices=(("es", _("español")), ("en", _("inglés"))))


def _territory(deed: Deed, upload: Upload, told: dict[str, Any], dry: bool) -> Previewed:  # noqa: FBT001  # one shape for every import
    seen = territory_services.import_territory(
        by=deed.by,
        government=deed.government,
        name=upload.name,
        content=upload.content,
        on=deed.on,
        level=told["level"],
        dry_run=dry,
    )
    groups = (
        (_("nuevas"), seen.created),
        (_("cambian"), seen.changed),
        (_("límite sustituido"), seen.replaced),
        (_("se dejan fuera"), seen.left),
        (_("rechazadas"), seen.refused),
        (_("geometría reparada"), seen.repaired),
    )
    lines = [
        (str(label), f"{note.row}: {note.code} {note.name} {note.sentence}")
        for label, notes in groups
        for note in notes
    ]
    remarks = [(_named("notes"), str(note)) for note in seen.notes]
    shown = (remarks + lines)[:500]
    return Previewed([(str(label), len(notes)) for label, notes in groups], shown, is_clean=not seen.refused)


def _assets(deed: Deed, upload: Upload, told: dict[str, Any], dry: bool) -> Previewed:  # noqa: FBT001  # one shape for every import
    kind = assets.kind_by_code(told["kind"])
    if kind is None:
        raise InvalidInput(say("Esa clase de activo no existe."))
    seen = asset_services.import_assets(
        by=deed.by,
        government=deed.government,
        name=upload.name,
        content=upload.content,
        kind=kind,
        at=deed.at,
        dry_run=dry,
    )
    counts = [(_named(name), number) for name, number in seen.counts.items()]
    return Previewed(counts, _lines(seen.as_data()))


def _lines(seen: dict[str, Any]) -> list[tuple[str, str]]:
    """Every list of remarks of a preview, as lines to read."""
    found = []
    for name, notes in seen.items():
        if isinstance(notes, list):
            found += [
                (
                    _named(name),
                    note if isinstance(note, str) else " · ".join(str(v) for v in note.values() if v not in ("", None)),
                )
                for note in notes
            ]
    return found[:500]


def _strategy(deed: Deed, upload: Upload, told: dict[str, Any], dry: bool) -> Previewed:  # noqa: FBT001  # one shape for every import
    options = strategy_services.PlanOptions(
        strategy_title=told["strategy_title"], edition_label=told["edition_label"], language=told["language"]
    )
    asked: dict[str, Any] = {
        "by": deed.by,
        "government": deed.government,
        "name": upload.name,
        "content": upload.content,
        "options": options,
    }
    seen = strategy_services.preview_plan(**asked) if dry else strategy_services.import_strategy(**asked)[1]
    rows = [(_named(row.action), f"{row.row}: {row.code} {row.title}") for row in seen.rows]
    problems = [(str(_("problema")), str(problem)) for problem in seen.problems]
    remarks = [(_named("notes"), str(say("Se leyó la hoja «{sheet}».", sheet=seen.sheet)))] if seen.sheet else []
    remarks += [(_named("notes"), str(warning)) for warning in seen.warnings]
    shown = [*problems, *remarks, *rows][:500]
    return Previewed([(_named(k), v) for k, v in seen.counts.items()], shown, is_clean=seen.is_clean)


IMPORTS = {
    each.slug: each
    for each in (
        Import(
            "territorio",
            _("Importar límites"),
            _("GeoJSON, GeoPackage, Shapefile en .zip o CSV."),
            may_change_territory,
            TerritoryForm,
            _territory,
            "territorio",
        ),
        Import(
            "activos",
            _("Importar activos"),
            _("Puntos en GeoJSON, GeoPackage, Shapefile en .zip, CSV o XLSX."),
            may_change_assets,
            AssetsForm,
            _assets,
            "activos",
        ),
        Import(
            "estrategia",
            _("Importar un plan"),
            _("CSV o XLSX, una fila por iniciativa o una columna por nivel."),
            may_edit_strategy,
            StrategyForm,
            _strategy,
            "iniciativas",
        ),
        *DATA_IMPORTS,
    )
}
