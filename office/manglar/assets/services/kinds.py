"""Kinds of assets, and what is supposed of one where the city does not know."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.assets.models import AssetKind
from manglar.assets.permissions import may_change_assets
from manglar.audit.services import act
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.sentences import say
from manglar.foundation.translated import translated
from manglar.governments.models import Government

KINDS = {
    "school": ("Escuela", "School"),
    "telecom_tower": ("Torre de telecomunicaciones", "Telecom tower"),
    "hospital": ("Hospital", "Hospital"),
    "clinic": ("Centro de salud", "Clinic"),
    "shelter": ("Albergue", "Shelter"),
    "bridge": ("Puente", "Bridge"),
    "water_plant": ("Planta potabilizadora", "Water plant"),
    "power_substation": ("Subestación eléctrica", "Power substation"),
    "fire_station": ("Estación de bomberos", "Fire station"),
    "market": ("Mercado", "Market"),
    "government_building": ("Edificio de gobierno", "Government building"),
    "metro_station": ("Estación de metro", "Metro station"),
}


@dataclass(frozen=True, slots=True)
class KindDefaults:
    """What is supposed of an asset of a kind when its own datum is missing, and on what that rests."""

    value_pab: Decimal | None = None
    people: int | None = None
    building_class: str = ""
    occupancy: str = ""
    mark: str = Mark.ESTIMATE
    source_text: str = ""


def ensure_kinds(*, by: Actor) -> int:
    """Record the kinds that every installation knows; those that are there stay as they are."""
    if not by.is_program:
        raise NotAllowed(say("Las clases de fábrica se anotan al preparar la instalación."))
    lacking = KINDS.keys() - set(AssetKind.objects.values_list("code", flat=True))
    if lacking:
        with act("asset_kinds.recorded", by=by):
            AssetKind.objects.bulk_create(
                AssetKind(code=code, name=translated(*names)) for code, names in KINDS.items() if code in lacking
            )
    return len(lacking)


def record_kind(*, by: Actor, government: Government, code: str, name: Mapping[str, str]) -> AssetKind:
    """Record a kind that the installation lacks."""
    require(may_change_assets, by, government)
    code = code.strip().lower()
    try:
        validate_slug(code)
    except ValidationError as error:
        raise InvalidInput(
            say("El código «{code}» solo puede tener letras sin acento, cifras, «-» y «_».", code=code)
        ) from error
    if len(code) > 40:
        raise InvalidInput(say("El código de una clase tiene hasta 40 caracteres."))
    if not any(text.strip() for text in name.values()):
        raise InvalidInput(say("A la clase «{code}» le falta el nombre.", code=code))
    if AssetKind.objects.filter(code=code).exists():
        raise Conflict(say("Ya existe la clase «{code}».", code=code))
    with act("asset_kind.recorded", by=by, government_id=government.pk):
        return AssetKind.objects.create(code=code, name=dict(name))


def set_defaults(*, by: Actor, government: Government, kind: AssetKind, defaults: KindDefaults) -> AssetKind:
    """Say what is supposed of an asset of a kind; a supposition names its source, or says «ilustrativo»."""
    require(may_change_assets, by, government)
    if defaults.mark not in Mark.values:
        raise InvalidInput(
            say("No existe la procedencia «{mark}». Hay: {values}.", mark=defaults.mark, values=", ".join(Mark.values))
        )
    if defaults.mark != Mark.ILLUSTRATIVE and not defaults.source_text.strip():
        raise InvalidInput(say("Escriba de dónde sale lo que se supone, o márquelo «ilustrativo»."))
    with act("asset_kind.defaults_set", by=by, government_id=government.pk):
        kind.default_value_pab, kind.default_people = defaults.value_pab, defaults.people
        kind.default_building_class, kind.default_occupancy = defaults.building_class, defaults.occupancy
        kind.default_mark, kind.default_source = defaults.mark, defaults.source_text.strip()
        kind.save()
    return kind
