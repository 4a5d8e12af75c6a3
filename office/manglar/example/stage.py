"""Who and where: governments, roles, territory, institutions, assets."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from manglar.accounts import services as accounts
from manglar.accounts.actors import Actor, actor_for_user, program
from manglar.accounts.choices import Role
from manglar.assets import services as assets
from manglar.assets.models import AssetKind
from manglar.assets.selectors import kind_by_code
from manglar.example.reading import facts
from manglar.example.schematic import cells
from manglar.foundation.provenance import Mark
from manglar.foundation.translated import translated
from manglar.governments.models import Government
from manglar.identity import services as identity
from manglar.network import services as network
from manglar.network.models import Institution, Person
from manglar.territory import services as territory
from manglar.territory.choices import Level
from manglar.territory.models import Division

BUILDER = program("ejemplo de Panamá")
GOVERNMENTS = (
    ("panama", "Municipio de Panamá", "Municipality of Panamá", "municipality", True),
    ("san-miguelito", "Municipio de San Miguelito", "Municipality of San Miguelito", "municipality", False),
    (
        "miviot",
        "Ministerio de Vivienda y Ordenamiento Territorial",
        "Ministry of Housing and Land Planning",
        "ministry",
        False,
    ),
)
#: Key, government, role as it is called, roles.
ROLES: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("director", "panama", "Directora de Resiliencia", (Role.APPROVER, Role.ADMINISTRATOR)),
    ("analyst", "panama", "Analista de riesgo", (Role.ANALYST,)),
    ("editor", "panama", "Especialista de la oficina", (Role.EDITOR,)),
    ("mayor", "panama", "Despacho de la Alcaldía", (Role.MAYOR_OFFICE,)),
    ("publisher", "panama", "Responsable de publicación", (Role.PUBLISHER, Role.COMMUNICATIONS)),
    ("focal", "panama", "Punto focal de MEDUCA", (Role.FOCAL_POINT,)),
    ("auditor", "panama", "Auditoría municipal", (Role.AUDITOR,)),
    ("reader", "panama", "Concejal que consulta", (Role.READER,)),
    ("sm_planner", "san-miguelito", "Planificadora de San Miguelito", (Role.EDITOR, Role.ADMINISTRATOR)),
    ("miviot_focal", "miviot", "Enlace del MIVIOT", (Role.READER,)),
)
#: Who says it, for which government: the office's name, how to write to it (illustrative, and says so), its colour.
IDENTITIES = (
    (
        "director",
        "panama",
        translated("Dirección de Resiliencia", "Resilience Office"),
        translated("resiliencia@ejemplo.invalid (dirección ilustrativa)", "resiliencia@ejemplo.invalid (illustrative address)"),
        "",
    ),
    (
        "sm_planner",
        "san-miguelito",
        translated("Planificación Municipal", "Municipal Planning"),
        translated("planificacion@ejemplo.invalid (dirección ilustrativa)", "planificacion@ejemplo.invalid (illustrative address)"),
        "#1d4f91",
    ),
)


@dataclass(slots=True)
class Stage:
    """Everything that the story needs to be told."""

    governments: dict[str, Government] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    divisions: dict[str, Division] = field(default_factory=dict)
    institutions: dict[str, Institution] = field(default_factory=dict)
    focal: Person | None = None

    @property
    def home(self) -> Government:
        """The Municipality of Panamá."""
        return self.governments["panama"]


def build() -> Stage:
    """Set the stage."""
    stage = ground()
    _institutions(stage)
    _assets(stage)
    return stage


def ground() -> Stage:
    """What any made-up city stands on: governments, their roles, and the territory as it is."""
    stage = Stage()
    for code, es, en, kind, is_home in GOVERNMENTS:
        stage.governments[code] = accounts.found_government(
            by=BUILDER, code=code, name=translated(es, en), kind=kind, is_home=is_home, is_example=True
        )
    _people(stage)
    _identities(stage)
    with transaction.atomic():
        _territory(stage)
    return stage


def _people(stage: Stage) -> None:
    for key, code, name, roles in ROLES:
        user = accounts.create_user(
            by=BUILDER,
            government=stage.governments[code],
            email=f"{key.replace('_', '-')}@ejemplo.invalid",
            display_name=name,
            roles=list(roles),
            is_example=True,
        )
        stage.actors[key] = actor_for_user(user, door="command")


def _identities(stage: Stage) -> None:
    """How two of them present themselves: names and addresses of an example, and no logo of a real municipality."""
    for key, code, office, contact, accent in IDENTITIES:
        identity.change_identity(
            by=stage.actors[key], government=stage.governments[code], office_name=office, contact=contact, accent=accent
        )


def _territory(stage: Stage) -> None:
    told, home = facts("territory"), stage.home
    country = territory.record_division(
        by=BUILDER, government=home, code=told["country"]["code"], name=told["country"]["name"], level=Level.COUNTRY
    )
    province = territory.record_division(
        by=BUILDER,
        government=home,
        code=told["province"]["code"],
        name=told["province"]["name"],
        level=Level.PROVINCE,
        parent=country,
    )
    for each in told["districts"]:
        people = territory.Population(
            each["population"], each["population_year"], Mark.SOURCE, each["population_source"]
        )
        stage.divisions[each["code"]] = territory.record_division(
            by=BUILDER,
            government=stage.governments[each["government"]],
            code=each["code"],
            name=each["name"],
            level=Level.DISTRICT,
            parent=province,
            area_km2=each["area_km2"],
            population=people,
        )
    shapes = cells({each["code"]: tuple(each["centre"]) for each in told["corregimientos"]})
    for each in sorted(told["corregimientos"], key=lambda row: "split_from" in row):
        _corregimiento(stage, each, shapes[each["code"]], told)


def _corregimiento(stage: Stage, each: dict[str, Any], shape: Any, told: dict[str, Any]) -> None:
    district = stage.divisions[each["code"][:4]]
    people = each.get("population_2023")
    stage.divisions[each["code"]] = territory.record_division(
        by=BUILDER,
        government=district.government,
        code=each["code"],
        name=each["name"],
        level=Level.CORREGIMIENTO,
        parent=district,
        area_km2=each["area_km2"],
        aliases=each.get("aliases", ()),
        population=territory.Population(people, 2023, Mark.SOURCE, told["population_source_2023"]) if people else None,
        split_from=stage.divisions[each["split_from"]] if "split_from" in each else None,
        outline=territory.Outline(shape, is_schematic=True, mark=Mark.ILLUSTRATIVE, source_text=told["source"]),
    )


def _institutions(stage: Stage) -> None:
    told = facts("institutions")
    for code, short, es, en, kind in told["rows"]:
        stage.institutions[short] = network.record_institution(
            by=BUILDER,
            government=stage.governments[code],
            code=short,
            name=translated(es, en),
            kind=kind,
            mark=Mark.SOURCE,
            source_text=told["source"],
        )
    post = network.record_post(
        by=BUILDER,
        institution=stage.institutions["meduca"],
        title=translated("Punto focal de resiliencia", "Resilience focal point"),
        rank="focal_point",
    )
    stage.focal = network.record_person(
        by=BUILDER,
        government=stage.home,
        name="Punto focal de MEDUCA",
        email="focal@ejemplo.invalid",
        user=stage.actors["focal"].user,
        is_example=True,
    )
    network.appoint(
        by=BUILDER,
        person=stage.focal,
        post=post,
        on=dt.date(2026, 1, 15),
        instrument="Nota de designación (ilustrativa)",
    )


def _assets(stage: Stage) -> None:
    told = facts("assets")
    assets.ensure_kinds(by=BUILDER)
    occupancy = {
        "school": "EDU1",
        "hospital": "COM6",
        "clinic": "COM7",
        "market": "COM1",
        "government_building": "GOV1",
        "fire_station": "GOV2",
    }
    for kind, name, lon, lat, code, millions, people, building in told["rows"]:
        assets.record_asset(
            by=BUILDER,
            government=stage.home,
            kind=_kind(kind),
            name=name,
            lon=lon,
            lat=lat,
            said=stage.divisions[code],
            value_pab=Decimal(str(millions)) * 1_000_000,
            people=people,
            building_class=building,
            occupancy=occupancy.get(kind, "IND1"),
            is_critical=True,
            position_is_approximate=True,
            mark=Mark.ESTIMATE,
            source_text=f"{told['place_source']} {told['value_source']}",
        )


def _kind(code: str) -> AssetKind:
    kind = kind_by_code(code)
    if kind is None:
        raise LookupError(f"the example names a kind of asset that does not exist: {code}")
    return kind
