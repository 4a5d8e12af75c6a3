"""What the city has, and what the engine said of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.assets import selectors, services
from manglar.assets.permissions import may_change_assets, may_read_assets
from manglar.design.shapes import Fact
from manglar.design.templatetags.design import pab
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.risk import selectors as risk
from manglar.risk import services as risk_services
from manglar.risk.choices import RunState
from manglar.risk.permissions import may_read_risk, may_run_risk
from manglar.web.kinds.base import Action, Column, Deed, Filter, Kind, Places
from manglar.web.kinds.forms import DeedForm, PabFormField, choices_of, mark_field, spanish
from manglar.web.kinds.words import day, facts, of_choices, own, places, provenance, said, state


class AssetForm(DeedForm):
    """An asset at a place."""

    kind = forms.ChoiceField(label=_("Clase"))
    name = spanish(_("Nombre"))
    lon = forms.FloatField(label=_("Longitud"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitud"), min_value=-90, max_value=90)
    value_pab = PabFormField(label=_("Valor de reposición"), required=False)
    people = forms.IntegerField(label=_("Personas"), required=False, min_value=0)
    mark = mark_field()
    source_text = spanish(_("Fuente"), required=False)

    def prepare(self) -> None:
        self.offer("kind", choices_of(selectors.kinds(), key="code"))


def _record(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    kind = selectors.kind_by_code(told.pop("kind"))
    if kind is None:
        raise InvalidInput(say("Esa clase de activo no existe."))
    known = {name: value for name, value in told.items() if name not in {"name", "lon", "lat"} and value is not None}
    return services.record_asset(
        by=deed.by, government=deed.government, kind=kind, name=told["name"], lon=told["lon"], lat=told["lat"], **known
    )


def _asset_facts(asset: Any, language: str) -> list[Fact]:
    value = pab(asset.value_pab) if asset.value_pab is not None else ""
    place = f"{asset.lat:.4f}, {asset.lon:.4f}" if asset.lon is not None else ""
    return [
        *facts(
            (_("Clase"), said(asset.kind.name, language)),
            (_("Corregimiento"), asset.division or _("fuera de los límites")),
            (_("Lugar"), place),
            (_("Valor de reposición"), value),
            (_("Personas"), f"{asset.people:,}" if asset.people else ""),
            (_("Clase constructiva"), asset.building_class),
        ),
        provenance(asset),
        *(Fact(str(name), str(value)) for name, value in list(asset.attributes.items())[:20]),
    ]


def _asset(government: Any, public_id: str, on: Any) -> Any:
    return own(selectors.asset_by_id(public_id), government)


ASSETS = Kind(
    slug="activos",
    singular=_("activo"),
    plural=_("Activos"),
    read=may_read_assets,
    help=_("Lo que la ciudad tiene, dónde está y cuánto depende de ello."),
    empty=_("Importe una capa de puntos: manglar assets import ARCHIVO --kind school."),
    rows=lambda government, on: selectors.assets_of(government).select_related("kind", "division"),
    find=_asset,
    title=lambda r, lang: r.name or r.public_id,
    search=("name", "external_id"),
    columns=(
        Column(_("Clase"), lambda r, lang: said(r.kind.name, lang), order="kind__name__LANGUAGE"),
        Column(_("Corregimiento"), lambda r, lang: str(r.division or ""), order="division__name"),
        Column(
            _("Personas"), lambda r, lang: f"{r.people:,}" if r.people is not None else "", numeric=True, order="people"
        ),
        Column(
            _("Valor"), lambda r, lang: pab(r.value_pab) if r.value_pab is not None else "", numeric=True, order="value_pab"
        ),
    ),
    title_order="name",
    filters=(
        Filter(
            "clase", _("Clase"), "kind__code", lambda government, on: [(k.code, str(k)) for k in selectors.kinds()]
        ),
        Filter("corregimiento", _("Corregimiento"), "division__code", places),
        of_choices("procedencia", _("Procedencia"), "mark", Mark),
        Filter(
            "lugar",
            _("Lugar"),
            "is_outside",
            lambda government, on: [("False", _("dentro de los límites")), ("True", _("fuera de los límites"))],
        ),
    ),
    views=("mapa",),
    places=Places("division__code", filter="corregimiento", lon="lon", lat="lat"),
    facts=_asset_facts,
    create=Action(
        "nuevo", _("Registrar un activo"), may_change_assets, _record, AssetForm, done=_("Activo registrado.")
    ),
)


class RunForm(DeedForm):
    """What to compute."""

    title = spanish(_("Título"))
    faults = forms.ChoiceField(label=_("Fallas"))
    kinds = forms.MultipleChoiceField(label=_("Clases de activos"))
    samples = forms.IntegerField(label=_("Muestras"), initial=1000, min_value=100, max_value=10_000)
    seed = forms.IntegerField(label=_("Semilla"), initial=1, min_value=0)
    share = forms.FloatField(
        label=_("Costo de reforzar, como parte del valor"),
        required=False,
        min_value=0,
        max_value=2,
        help_text=_(
            "Vacío: sin medida. Con un número, se calcula qué cambia si los activos de código bajo pasan a moderado."
        ),
    )

    def prepare(self) -> None:
        held = risk.datasets_of(self.deed.government, kind="faults")
        self.offer("faults", choices_of(held))
        kinds = selectors.kinds_with_counts(self.deed.government)
        held_kinds = [(k.code, f"{k} ({k.count})") for k in kinds if k.count]  # type: ignore[attr-defined]  # annotated
        self.offer("kinds", held_kinds)

    def spec(self) -> dict[str, Any]:
        """The same specification that the command reads from a TOML file."""
        told = self.cleaned_data
        spec: dict[str, Any] = {
            "title": told["title"],
            "hazard": "earthquake",
            "seed": told["seed"],
            "samples": told["samples"],
            "faults": {"dataset": told["faults"]},
            "assets": {"kinds": told["kinds"]},
        }
        if told["share"] is not None:
            spec["retrofit"] = {
                "id": "refuerzo",
                "name": "Reforzar de código bajo a moderado",
                "level_map": {"PC": "MC", "LC": "MC"},
                "cost_share_of_value": told["share"],
            }
        return spec

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors:
            told["spec"] = self.spec()
        return told


def _ask(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    return risk_services.ask_run(by=deed.by, government=deed.government, spec=told["spec"], at=deed.at)


class FaultsForm(DeedForm):
    """A file of faults."""

    file = forms.FileField(label=_("Fallas (GeoJSON)"))
    name = spanish(_("Nombre del conjunto"))
    source_text = spanish(_("Fuente y cita"))
    licence = spanish(_("Licencia"), required=False)


class RunFindingForm(DeedForm):
    """For which division."""

    division = forms.ChoiceField(label=_("Corregimiento"), required=False)

    def prepare(self) -> None:
        rows = risk.territory_rows(self.record)
        self.offer("division", [("", str(_("Toda la ciudad"))), *((r.code, r.name) for r in rows)])


def _make_finding(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    division = next(
        (r.division for r in record.territories.select_related("division") if r.division.code == told["division"]), None
    )
    risk_services.make_finding_from_run(by=deed.by, run=record, division=division, on=deed.on)


def _run(government: Any, public_id: str, on: Any) -> Any:
    return own(risk.run_by_id(public_id), government)


def _run_facts(run: Any, language: str) -> list[Fact]:
    held = facts(
        (_("Amenaza"), run.hazard),
        (_("Semilla"), run.seed),
        (_("Muestras"), f"{run.samples:,}"),
        (_("Motor"), run.engine_version),
        (_("Huella del manifiesto"), run.manifest_digest),
        (_("Pedida por"), run.asked_by),
        (_("Error"), run.error),
    )
    if run.state != RunState.DONE:
        return held
    rows = risk.territory_rows(run)
    return [
        *held,
        *(
            Fact(r.name, f"{pab(r.ead_pab.mean)} ({pab(r.ead_pab.low)} – {pab(r.ead_pab.high)})", mark=Mark.ESTIMATE)
            for r in rows
        ),
    ]


RUNS = Kind(
    slug="corridas",
    singular=_("corrida de riesgo"),
    plural=_("Riesgo"),
    read=may_read_risk,
    help=_("Cada corrida guarda su pedido, sus entradas y su respuesta, y se puede repetir hasta el último byte."),
    empty=_("Registre un archivo de fallas e importe activos; después pida la primera corrida."),
    rows=lambda government, on: risk.runs_of(government),
    find=_run,
    title=lambda r, lang: r.title,
    text=lambda r, lang: said(r.sentence, lang),
    status=state,
    has_chain=True,
    columns=(
        Column(_("Amenaza"), lambda r, lang: str(r.hazard), order="hazard"),
        Column(_("Terminada"), lambda r, lang: day(r.finished_at), order="finished_at"),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    title_order="title",
    filters=(of_choices("estado", _("Estado"), "state", RunState),),
    facts=_run_facts,
    create=Action(
        "nueva",
        _("Pedir una corrida"),
        may_run_risk,
        _ask,
        RunForm,
        done=_("Corrida pedida: se calcula en segundo plano."),
    ),
    actions=(
        Action(
            "hallazgo",
            _("Hacer un hallazgo de esto"),
            may_run_risk,
            _make_finding,
            RunFindingForm,
            fits=lambda r: r.state == RunState.DONE,
            done=_("Hallazgo registrado como borrador."),
        ),
    ),
)

KINDS = (ASSETS, RUNS)
