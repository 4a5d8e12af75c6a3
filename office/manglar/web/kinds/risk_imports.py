"""Data of risk from a file: what must be said of each kind, what was read of it, and keeping it."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from manglar.evidence.selectors import hazards
from manglar.evidence.services import HAZARDS
from manglar.risk import services
from manglar.risk.choices import LISTED_AS, DatasetKind
from manglar.risk.permissions import may_run_risk
from manglar.risk.rules.datasets import read_periods
from manglar.web.kinds.base import Deed
from manglar.web.kinds.forms import DeedForm, spanish
from manglar.web.kinds.importable import Import, Mapped, Previewed, Told, Upload
from manglar.web.kinds.risk_words import dataset_facts, dataset_figure, dataset_notes

_TERMS = (
    "hazard", "scenario", "year", "crs", "unit", "nodata", "falls", "variable", "along", "frequency_unit", "extremes",
    "value_column", "threshold", "datum", "currency",
)  # fmt: skip


class DatasetForm(DeedForm):
    """Who publishes a file, and under which terms."""

    name = spanish(_("Nombre con que se conocerá"), required=False)
    source = spanish(_("Fuente: quién lo publica, dónde y cuándo"))
    licence = forms.CharField(
        label=_("Licencia"), max_length=200, help_text=_("Por ejemplo CC BY 4.0; si no se sabe, «desconocida».")
    )
    version_note = spanish(_("Versión o corte de los datos"), required=False)

    def prepare(self) -> None:
        if "hazard" in self.fields:
            self.offer("hazard", [("", ""), *hazard_choices()])

    def terms(self) -> dict[str, Any]:
        """How the file is read, in the words of the service."""
        told = self.cleaned_data
        return {name: told[name] for name in _TERMS if told.get(name) not in (None, "")}


def hazard_choices() -> list[tuple[str, str]]:
    """The hazards to choose from: those of the installation and the usual ones, which are recorded when first used."""
    word = 1 if (get_language() or "es").startswith("en") else 0
    known = {code: names[word] for code, names in HAZARDS.items()} | {each.code: str(each) for each in hazards()}
    return sorted(known.items(), key=lambda pair: pair[1])


def _hazard() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Amenaza"))


def _scenario() -> forms.CharField:
    return forms.CharField(
        label=_("Escenario"), max_length=80, help_text=_("«histórico» si es el clima de hoy; si no, el futuro que supone.")
    )


def _year() -> forms.IntegerField:
    return forms.IntegerField(label=_("Año que describen"), min_value=1900, max_value=2200)


def _crs(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Sistema de coordenadas"),
        required=required,
        max_length=40,
        help_text=_("Por ejemplo EPSG:32617 (UTM 17 norte) o EPSG:4326 (longitud y latitud). No se supone ninguno."),
    )


def _unit(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Unidad de la intensidad"),
        required=required,
        max_length=40,
        help_text=_("Por ejemplo m. Puede quedar vacía si el archivo la dice; la misma que la de las funciones."),
    )


def _nodata() -> forms.ChoiceField:
    choices = (("", ""), ("nothing", _("ahí no pasa nada")), ("unknown", _("no se sabe: se deja fuera")))
    return forms.ChoiceField(label=_("Una celda sin dato quiere decir"), choices=choices)


def _falls() -> forms.ChoiceField:
    choices = (("refuse", _("rechazar el archivo")), ("lift", _("levantarlo hasta el del período más corto")))
    return forms.ChoiceField(label=_("Si un período más largo trae menos que uno más corto"), choices=choices, initial="refuse")


class MapsForm(DatasetForm):
    """Maps by return period."""

    hazard = _hazard()
    scenario = _scenario()
    year = _year()
    periods = forms.CharField(
        label=_("Cada cuántos años es cada mapa"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
        help_text=_("Uno por línea: los años, «=» y el archivo. Por ejemplo «10 = agua_t10.tif»."),
    )
    unit = _unit(required=False)
    nodata = _nodata()
    falls = _falls()
    crs = _crs(required=False)

    def clean_periods(self) -> dict[str, float]:
        """File by name with its period."""
        found, wrong = read_periods(self.cleaned_data["periods"])
        if wrong:
            raise forms.ValidationError([str(each) for each in wrong])
        return found

    def terms(self) -> dict[str, Any]:
        return {**super().terms(), "periods": self.cleaned_data["periods"]}


class StackForm(DatasetForm):
    """Layers in a NetCDF or Zarr file."""

    hazard = _hazard()
    scenario = _scenario()
    year = _year()
    variable = forms.CharField(label=_("Variable con la intensidad"), max_length=80)
    along = forms.CharField(
        label=_("Dimensión de las capas"), max_length=80, help_text=_("La que lleva los períodos de retorno, en años.")
    )
    unit = _unit(required=False)
    nodata = _nodata()
    falls = _falls()
    crs = _crs(required=False)


class EventsForm(DatasetForm):
    """Events with their footprints."""

    hazard = _hazard()
    crs = _crs(required=True)
    unit = _unit(required=True)
    frequency_unit = forms.ChoiceField(
        label=_("Unidad de las frecuencias"), choices=(("", ""), ("1/year", _("veces al año (1/year)")))
    )


class GaugeForm(DatasetForm):
    """Extremes of a tide gauge."""

    extremes = forms.ChoiceField(
        label=_("Qué trae"),
        choices=(("", ""), ("maxima", _("un máximo por año")), ("peaks", _("picos sobre un umbral"))),
    )
    value_column = forms.CharField(label=_("Columna con los niveles"), max_length=80)
    unit = forms.ChoiceField(label=_("Unidad"), choices=(("", ""), ("mm", "mm"), ("cm", "cm"), ("m", "m")))
    threshold = forms.FloatField(label=_("Umbral de los picos, en esa unidad"), required=False)
    datum = forms.CharField(
        label=_("Desde qué plano se miden"), max_length=200, help_text=_("Por ejemplo «la media del año», o el cero del puerto.")
    )


class ElevationForm(DatasetForm):
    """Heights of the ground."""

    datum = forms.CharField(
        label=_("Sobre qué plano son las alturas"), max_length=200,
        help_text=_("Por ejemplo «EGM96», o el mismo plano que el mareógrafo, escrito igual."),
    )  # fmt: skip
    unit = _unit(required=False)
    crs = _crs(required=False)


class AssetsFileForm(DatasetForm):
    """Assets in a file."""

    crs = _crs(required=False)
    currency = forms.ChoiceField(label=_("Moneda"), choices=(("", _("la dice el archivo")), ("PAB", "PAB")), required=False)
    year = forms.IntegerField(label=_("Año de los precios"), required=False, min_value=1900, max_value=2200)
    columns = forms.CharField(
        label=_("Columnas con otro nombre"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        help_text=_("Una por línea: «value = valor_pab». Se buscan id, value, people, asset_class, territory, x, y."),
    )

    def terms(self) -> dict[str, Any]:
        pairs = (line.partition("=") for line in self.cleaned_data["columns"].splitlines() if "=" in line)
        named = {ours.strip(): theirs.strip() for ours, _, theirs in pairs if ours.strip() and theirs.strip()}
        return {**super().terms(), **({"columns": named} if named else {})}


def _run(kind: DatasetKind, form: type[DatasetForm]) -> Any:
    def run(deed: Deed, upload: Upload, told: Told, mapping: Mapped, dry: bool) -> Previewed:  # noqa: FBT001  # one shape for every import
        asked: dict[str, Any] = {
            "by": deed.by,
            "government": deed.government,
            "kind": kind,
            "name": upload.name,
            "content": upload.content,
            "about": services.About(
                name=told["name"], source=told["source"], licence=told["licence"], version_note=told["version_note"]
            ),
            "terms": services.FileTerms(**_terms(form, deed, told)),
        }
        if not dry:
            kept = services.register_dataset(**asked)
            return Previewed([], is_new=True, done=str(_("Registrado: «%(name)s».")) % {"name": kept.name})
        feed = services.preview_dataset(**asked)
        seen, is_new = feed.understood, feed.dataset is None
        if kind is DatasetKind.FAULTS:
            return Previewed(services.fault_lines(seen, language=get_language() or "es", is_held=not is_new))
        return Previewed(
            [],
            [f"{about}: {text}" for about, text in dataset_notes(seen.notes)],
            facts=dataset_facts(kind, crs=seen.crs, unit=seen.unit, summary=seen.summary, content=seen.content),
            figure=dataset_figure(seen.summary),
            is_new=is_new,
        )

    return run


def _terms(form: type[DatasetForm], deed: Deed, told: dict[str, Any]) -> dict[str, Any]:
    """The terms of a form whose answers are already clean."""
    filled = form(deed=deed)
    filled.cleaned_data = told
    return filled.terms()


def _import(kind: DatasetKind, label: Any, text: Any, form: type[DatasetForm] = DatasetForm) -> Import:
    return Import(
        LISTED_AS[kind], label, text, may_run_risk, form, _run(kind, form), "datos-de-riesgo",
        verb=_("Registrar"), ask=_("Ver qué trae, sin registrar"), seen=_("Qué se leyó"),
    )  # fmt: skip


DATA_IMPORTS = (
    _import(DatasetKind.MAPS, _("Mapas por período de retorno"),
            _("Un GeoTIFF, o varios en un .zip: uno por período, con la misma rejilla."), MapsForm),
    _import(DatasetKind.STACK, _("Pila de capas"),
            _("NetCDF, o una carpeta Zarr en un .zip, con sus períodos como dimensión."), StackForm),
    _import(DatasetKind.EVENTS, _("Sucesos con su huella"),
            _("Un .zip con events.csv, sites.csv y footprints.csv."), EventsForm),
    _import(DatasetKind.GAUGE, _("Extremos de un mareógrafo"),
            _("CSV con year, observed_days y los niveles: máximos anuales o picos, nunca medias."), GaugeForm),
    _import(DatasetKind.ELEVATION, _("Alturas del terreno"),
            _("Un GeoTIFF en metros, para inundarlo hasta los niveles de un mareógrafo."), ElevationForm),
    _import(DatasetKind.RECORDS, _("Sucesos ocurridos"),
            _("CSV con date, date_precision, hazard, place, corregimiento_codes, source_url y confidence.")),
    _import(DatasetKind.FUNCTIONS, _("Funciones de impacto"),
            _("CSV con id, peril, asset_class, unit, intensity, ratio, source y mark; low y high si se saben.")),
    _import(DatasetKind.EXPOSURE, _("Activos en un archivo"),
            _("GeoParquet, GeoJSON, GeoPackage o CSV: para una corrida que no usa los activos registrados."), AssetsFileForm),
    _import(DatasetKind.FAULTS, _("Fallas activas"), _("GeoJSON con trazas y tasas de deslizamiento.")),
    _import(DatasetKind.FRAGILITIES, _("Fragilidades sísmicas"), _("CSV con el formato de Hazus.")),
    _import(DatasetKind.REPAIRS, _("Costos de reparación sísmica"), _("CSV con el formato de Hazus.")),
)  # fmt: skip
