"""What the city has."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from manglar.assets import selectors, services
from manglar.assets.permissions import may_change_assets, may_read_assets
from manglar.design.shapes import Fact
from manglar.design.templatetags.design import pab
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.web.kinds.base import Action, Column, Deed, Editable, Filter, Kind, Places
from manglar.web.kinds.forms import DeedForm, PabFormField, choices_of, mark_field, spanish
from manglar.web.kinds.words import facts, of_choices, own, places, provenance, said


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
        if self.record is not None:
            asset, self.fields["kind"].disabled = self.record, True
            known = ("name", "lon", "lat", "value_pab", "people", "mark", "source_text")
            self.initial = {"kind": asset.kind.code, **{name: getattr(asset, name) for name in known}}


def _revise(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    services.revise_asset(by=deed.by, asset=record, **{name: value for name, value in told.items() if name != "kind"})


def _record(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    kind = selectors.kind_by_code(told.pop("kind"))
    if kind is None:
        raise InvalidInput(say("Esa clase de activo no existe."))
    known = {name: value for name, value in told.items() if name not in {"name", "lon", "lat"} and value is not None}
    return services.record_asset(
        by=deed.by, government=deed.government, kind=kind, name=told["name"], lon=told["lon"], lat=told["lat"], **known
    )


def _division_link(asset: Any) -> str:
    url = reverse("desk:territorio-record", args=[asset.government.code, asset.division.public_id])
    return format_html('<a href="{}">{}</a>', url, asset.division.name)


def _asset_facts(asset: Any, language: str) -> list[Fact]:
    value = pab(asset.value_pab) if asset.value_pab is not None else ""
    place = f"{asset.lat:.4f}, {asset.lon:.4f}" if asset.lon is not None else ""
    return [
        *facts(
            (_("Clase"), said(asset.kind.name, language)),
            (_("Corregimiento"), _division_link(asset) if asset.division else _("fuera de los límites")),
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
    empty=_("Importe una capa de puntos o registre el primero: los botones están arriba."),
    rows=lambda government, on: selectors.assets_of(government).select_related("kind", "division"),
    find=_asset,
    title=lambda r, lang: r.name or r.public_id,
    search=("name", "external_id"),
    columns=(
        Column(_("Clase"), lambda r, lang: said(r.kind.name, lang), order="kind__name__LANGUAGE"),
        Column(_("Corregimiento"), lambda r, lang: str(r.division or ""), order="division__name"),
        Column(
            _("Personas"), lambda r, lang: f"{r.people:,}" if r.people is not None else "", numeric=True, order="people",
            plain=lambda r: r.people,
        ),
        Column(
            _("Valor"), lambda r, lang: pab(r.value_pab) if r.value_pab is not None else "", numeric=True, order="value_pab",
            plain=lambda r: r.value_pab,
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
    actions=(Action("cambiar", _("Cambiar"), may_change_assets, _revise, AssetForm, done=_("Cambios guardados.")),),
    editable=(
        Editable("kind", lambda r: r.kind.code, ""),
        Editable("name", lambda r: r.name),
        Editable("lon", lambda r: r.lon),
        Editable("lat", lambda r: r.lat),
        Editable("value_pab", lambda r: r.value_pab),
        Editable("people", lambda r: r.people),
        Editable("mark", lambda r: r.mark),
        Editable("source_text", lambda r: r.source_text),
    ),
)

KINDS = (ASSETS,)
