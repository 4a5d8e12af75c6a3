"""What may be imported from a file: the same steps for each, upload, columns, preview, apply, undo."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.assets import selectors as assets
from manglar.assets import services as asset_services
from manglar.assets.models import AssetKind
from manglar.assets.permissions import may_change_assets
from manglar.foundation.outcomes import Headings
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, say
from manglar.network import services as network_services
from manglar.network.choices import InstitutionKind
from manglar.network.permissions import may_change_network
from manglar.strategy import services as strategy_services
from manglar.strategy.permissions import may_edit_strategy
from manglar.territory import services as territory_services
from manglar.territory.choices import Level
from manglar.territory.permissions import may_change_territory
from manglar.web.kinds import import_columns
from manglar.web.kinds.base import Deed
from manglar.web.kinds.forms import DeedForm, choices_of
from manglar.web.kinds.importable import Import, Mapped, Previewed, Told, Upload
from manglar.web.kinds.risk_imports import DATA_IMPORTS
from manglar.web.kinds.words import facts


def _crs() -> forms.CharField:
    return forms.CharField(
        label=_("Sistema de coordenadas"),
        required=False,
        max_length=40,
        help_text=_("Solo si el archivo no lo dice. EPSG:32617 es UTM 17 norte; EPSG:4326, grados."),
    )


def _layer() -> forms.CharField:
    return forms.CharField(
        label=_("Capa u hoja"), required=False, max_length=120, help_text=_("Solo si el archivo tiene varias.")
    )


def _swap() -> forms.BooleanField:
    return forms.BooleanField(label=_("Cambiar latitud y longitud"), required=False)


def _source() -> forms.CharField:
    return forms.CharField(
        label=_("De dónde viene"), required=False, max_length=300, help_text=_("Vacío: el nombre del archivo.")
    )


def _mark() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Procedencia"), choices=Mark.choices, initial=Mark.SOURCE, required=False)


class TerritoryForm(DeedForm):
    """At which level the file's divisions are, and how it is read."""

    level = forms.ChoiceField(label=_("Nivel"), choices=Level.choices, initial=Level.CORREGIMIENTO)
    leave_refused = forms.BooleanField(label=_("Dejar fuera las filas que no sirven"), required=False)
    create_parents = forms.BooleanField(
        label=_("Crear lo que está por encima"), required=False, help_text=_("El distrito o la provincia que falte.")
    )
    population_year = forms.IntegerField(
        label=_("Año de la población"), required=False, min_value=1900, max_value=2200
    )
    code_prefix = forms.CharField(label=_("Anteponer a los códigos"), required=False, max_length=20)
    is_schematic = forms.BooleanField(label=_("Los límites son un esquema, no oficiales"), required=False)
    source_text = _source()
    crs = _crs()
    layer = _layer()
    swap = _swap()


class AssetsForm(DeedForm):
    """Of which kind the file's points are, and how it is read."""

    kind = forms.ChoiceField(label=_("Clase de activo"))
    is_critical = forms.BooleanField(label=_("Todos son críticos"), required=False)
    position_is_approximate = forms.BooleanField(label=_("Su lugar es aproximado"), required=False)
    mark = _mark()
    source_text = _source()
    crs = _crs()
    layer = _layer()
    swap = _swap()

    def prepare(self) -> None:
        self.offer("kind", choices_of(assets.kinds(), key="code"))


class StrategyForm(DeedForm):
    """Of which strategy and edition the plan is, and how it is read."""

    strategy_title = forms.CharField(label=_("Estrategia"), max_length=200)
    edition_label = forms.CharField(label=_("Edición"), max_length=120)
    language = forms.ChoiceField(label=_("Idioma del archivo"), choices=(("es", _("español")), ("en", _("inglés"))))
    remove_missing = forms.BooleanField(
        label=_("Quitar de la edición lo que no está en el archivo"), required=False
    )
    missing = forms.CharField(
        label=_("Qué falta"), required=False, max_length=500, help_text=_("Si es una copia parcial de lo adoptado.")
    )
    mark = _mark()
    source = _source()


class InstitutionsForm(DeedForm):
    """Which kind the institutions are that do not say theirs."""

    default_kind = forms.ChoiceField(
        label=_("Clase, si el archivo no la dice"), choices=[("", "—"), *InstitutionKind.choices], required=False
    )


def territory_options(told: Told, mapping: Mapped) -> territory_services.ImportOptions:
    """What was told, as the service wants it."""
    return territory_services.ImportOptions(
        mapping=mapping,
        create_parents=told["create_parents"],
        leave_refused=told["leave_refused"],
        is_schematic=told["is_schematic"],
        source_text=told["source_text"],
        population_year=told["population_year"],
        code_prefix=told["code_prefix"],
        crs=told["crs"],
        layer=told["layer"],
        swap=told["swap"],
    )


def _look_territory(deed: Deed, upload: Upload, told: Told, mapping: Mapped) -> Headings:
    options = territory_options(told, mapping)
    return territory_services.look_at_divisions(
        government=deed.government, name=upload.name, content=upload.content, level=told["level"], options=options
    )


def _territory(deed: Deed, upload: Upload, told: Told, mapping: Mapped, dry: bool) -> Previewed:  # noqa: FBT001  # one shape for every import
    seen = territory_services.import_territory(
        by=deed.by,
        government=deed.government,
        name=upload.name,
        content=upload.content,
        on=deed.on,
        level=told["level"],
        options=territory_options(told, mapping),
        dry_run=dry,
    )
    parents = [say("Se creará {parent}.", parent=parent) for parent in seen.parents_created]
    overlaps = [say("Se solapan {one} y {other}.", one=each.one, other=each.other) for each in seen.overlaps]
    return Previewed(seen.lines, [*seen.notes, *parents, *overlaps], leaves_refused=told["leave_refused"])


def asset_options(told: Told, mapping: Mapped) -> asset_services.AssetOptions:
    """What was told, as the service wants it."""
    return asset_services.AssetOptions(
        mapping=mapping,
        crs=told["crs"],
        layer=told["layer"],
        swap=told["swap"],
        mark=told["mark"] or Mark.SOURCE,
        source_text=told["source_text"],
        is_critical=told["is_critical"],
        position_is_approximate=told["position_is_approximate"],
    )


def _asset_kind(told: Told) -> AssetKind:
    kind = assets.kind_by_code(told["kind"])
    if kind is None:
        raise InvalidInput(say("Esa clase de activo no existe."))
    return kind


def _look_assets(deed: Deed, upload: Upload, told: Told, mapping: Mapped) -> Headings:
    options = asset_options(told, mapping)
    return asset_services.look_at_assets(
        government=deed.government, name=upload.name, content=upload.content, options=options
    )


def _assets(deed: Deed, upload: Upload, told: Told, mapping: Mapped, dry: bool) -> Previewed:  # noqa: FBT001  # one shape for every import
    seen = asset_services.import_assets(
        by=deed.by,
        government=deed.government,
        name=upload.name,
        content=upload.content,
        kind=_asset_kind(told),
        at=deed.at,
        options=asset_options(told, mapping),
        dry_run=dry,
    )
    return Previewed(seen.lines, seen.notes)


def plan_options(told: Told, mapping: Mapped) -> strategy_services.PlanOptions:
    """What was told, as the service wants it."""
    return strategy_services.PlanOptions(
        strategy_title=told["strategy_title"],
        edition_label=told["edition_label"],
        mapping=mapping,
        language=told["language"],
        mark=told["mark"] or Mark.SOURCE,
        source=told["source"],
        missing=told["missing"],
        remove_missing=told["remove_missing"],
    )


def _look_plan(deed: Deed, upload: Upload, told: Told, mapping: Mapped) -> Headings:
    return strategy_services.look_at_plan(
        government=deed.government, name=upload.name, content=upload.content, options=plan_options(told, mapping)
    )


def _strategy(deed: Deed, upload: Upload, told: Told, mapping: Mapped, dry: bool) -> Previewed:  # noqa: FBT001  # one shape for every import
    asked: dict[str, Any] = {
        "by": deed.by,
        "government": deed.government,
        "name": upload.name,
        "content": upload.content,
        "options": plan_options(told, mapping),
    }
    seen = strategy_services.preview_plan(**asked) if dry else strategy_services.import_strategy(**asked)[1]
    notes: list[Said] = [say("Se leyó la hoja «{sheet}».", sheet=seen.sheet)] if seen.sheet else []
    notes += [warning.said for warning in seen.warnings if not warning.row]
    return Previewed(seen.lines, notes)


def _look_institutions(deed: Deed, upload: Upload, told: Told, mapping: Mapped) -> Headings:
    return network_services.look_at_institutions(
        government=deed.government, name=upload.name, content=upload.content, mapping=mapping
    )


def _institutions(deed: Deed, upload: Upload, told: Told, mapping: Mapped, dry: bool) -> Previewed:  # noqa: FBT001  # one shape for every import
    seen = network_services.import_institutions(
        by=deed.by,
        government=deed.government,
        name=upload.name,
        content=upload.content,
        mapping=mapping,
        default_kind=told["default_kind"],
        dry_run=dry,
    )
    return Previewed(seen.lines, seen.notes)


class LayerForm(DeedForm):
    """What a layer of many points is called and where it comes from."""

    slug = forms.SlugField(
        label=_("Nombre corto"), max_length=40, help_text=_("Por ejemplo edificios; si ya existe, se sustituye.")
    )
    title = forms.CharField(label=_("Título que se ve en el mapa"), max_length=120)
    mark = forms.ChoiceField(label=_("Procedencia"), choices=Mark.choices, initial=Mark.SOURCE)
    source_text = forms.CharField(label=_("Fuente: quién lo publica, dónde y cuándo"), max_length=300)
    class_column = forms.CharField(
        label=_("Columna que dice de qué clase es cada uno"), required=False, max_length=80
    )


def _layer_points(deed: Deed, upload: Upload, told: Told, mapping: Mapped, dry: bool) -> Previewed:  # noqa: FBT001  # one shape for every import
    text = territory_services.LayerText(told["slug"], told["title"], told["mark"], told["source_text"], told["class_column"])
    asked: dict[str, Any] = {
        "by": deed.by, "government": deed.government, "name": upload.name, "content": upload.content, "text": text,
    }  # fmt: skip
    if not dry:
        made = territory_services.layer_from_bytes(**asked, at=deed.at)
        return Previewed([], is_new=True, done=str(_("La capa «%(title)s» está en el mapa.")) % {"title": made.title})
    seen = territory_services.look_at_layer(**asked)
    west, south, east, north = seen.box
    read = facts(
        (_("Lugares"), f"{seen.count:,}"),
        (_("Fuera de todo límite"), f"{seen.outside:,}"),
        (_("De oeste a este"), f"{west:.4f}° … {east:.4f}°"),
        (_("De sur a norte"), f"{south:.4f}° … {north:.4f}°"),
        (_("Clases"), ", ".join(f"{name} ({count:,})" for name, count in seen.classes.items())),
        (_("Sustituye a"), seen.replaces),
    )
    return Previewed([], facts=read, is_new=True)


def _same(columns: Mapping[str, Any]) -> Any:
    return lambda told: columns


IMPORTS = (
    Import(
        "territorio",
        _("Importar límites"),
        _("GeoJSON, GeoPackage, Shapefile en .zip o CSV."),
        may_change_territory,
        TerritoryForm,
        _territory,
        "territorio",
        look=_look_territory,
        columns=_same(import_columns.TERRITORY),
        more=("create_parents", "population_year", "code_prefix", "is_schematic", "source_text", "crs", "layer", "swap"),
        after_undo=lambda government: territory_services.refresh_division_tiles(),
    ),
    Import(
        "activos",
        _("Importar activos"),
        _("Puntos en GeoJSON, GeoPackage, Shapefile en .zip, CSV o XLSX."),
        may_change_assets,
        AssetsForm,
        _assets,
        "activos",
        look=_look_assets,
        columns=_same(import_columns.ASSETS),
        more=("is_critical", "position_is_approximate", "mark", "source_text", "crs", "layer", "swap"),
    ),
    Import(
        "estrategia",
        _("Importar un plan"),
        _("CSV o XLSX, una fila por iniciativa o una columna por nivel."),
        may_edit_strategy,
        StrategyForm,
        _strategy,
        "iniciativas",
        look=_look_plan,
        columns=import_columns.plan_columns,
        more=("remove_missing", "missing", "mark", "source"),
    ),
    Import(
        "instituciones",
        _("Importar instituciones"),
        _("CSV o XLSX con el nombre, las siglas y la clase de cada una."),
        may_change_network,
        InstitutionsForm,
        _institutions,
        "instituciones",
        look=_look_institutions,
        columns=_same(import_columns.INSTITUTIONS),
    ),
    Import(
        "capa",
        _("Cargar una capa de puntos"),
        _("Edificios, árboles, postes: GeoParquet, GeoJSON, GeoPackage o Shapefile en .zip, hasta 60 MB."),
        may_change_territory,
        LayerForm,
        _layer_points,
        "map",
        verb=_("Cargar"),
        ask=_("Ver qué trae, sin cargar"),
        seen=_("Qué se leyó"),
    ),
    *DATA_IMPORTS,
)
