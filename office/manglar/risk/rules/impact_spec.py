"""What a run of impact asks for: hazards, assets, functions, measures and how to count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from manglar.foundation.sentences import say
from manglar.risk.rules.readings import Reader
from manglar.risk.rules.spec_parts import (
    DEFAULT_SAMPLES,
    DEFAULT_SEED,
    MAX_SEED,
    AssetChoice,
    asset_choice,
    plain_document,
)

#: Fewer than a hundred samples leave the ends of a 90% interval on a handful (the engine's own limit).
SAMPLES = (100, 100_000)
PERIODS = (2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0)
TOGETHER = ("sum", "max")
#: How much unit values may err, as a deviation of their logarithm: the same supposition as the seismic screening.
VALUE_SIGMA = 0.3
MAX_HAZARDS, MAX_MEASURES = 8, 8


@dataclass(frozen=True, slots=True)
class ImpactSettings:
    """How to count; ``max_distance_m`` of 0 stands for half a cell of the maps, which the run computes and says."""

    max_distance_m: float = 0.0
    together: str = "sum"
    return_periods: tuple[float, ...] = PERIODS
    value_sigma: float = VALUE_SIGMA
    often_years: float = 10.0
    rare_years: float = 100.0


@dataclass(frozen=True, slots=True)
class MeasureChoice:
    """A measure of the engine's library with its size, whom it reaches, and its price brought to the year of the values.

    ``quantity`` of 0 is as many as it reaches, where it is counted in assets. ``any_class`` of «yes»: somebody said
    that it serves assets for which it was not made.
    """

    id: str
    quantity: float = 0.0
    territories: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    from_year: int = 0
    price_factor: float = 1.0
    price_source: str = ""
    any_class: str = "no"


@dataclass(frozen=True, slots=True)
class HorizonChoice:
    """Over which years measures are judged."""

    first_year: int = 2026
    years: int = 50
    discount_rate: float = 0.05
    growth: float = 0.0


@dataclass(frozen=True, slots=True)
class ImpactSpec:
    """Everything that a run of impact asks for."""

    study: ClassVar[str] = "impact"

    title: str
    seed: int
    samples: int
    hazards: tuple[str, ...]
    assets: AssetChoice
    classes: Mapping[str, str]
    exposure: str
    value_functions: str
    people_functions: str
    settings: ImpactSettings
    measures: tuple[MeasureChoice, ...] = ()
    horizon: HorizonChoice | None = None

    def to_json(self) -> dict[str, Any]:
        """The spec as plain data that ``read_spec`` reads again."""
        told = plain_document(self)
        names = {"value": told.pop("value_functions", ""), "people": told.pop("people_functions", "")}
        functions = {amount: {"dataset": name} for amount, name in names.items() if name}
        exposure, classes = told.pop("exposure", ""), told.pop("classes", None)
        assets = told.setdefault("assets", {})
        assets |= ({"dataset": exposure} if exposure else {}) | ({"classes": classes} if classes else {})
        told["hazards"] = [{"dataset": name} for name in self.hazards]
        return {"study": self.study, **told, "functions": functions}


def read_impact(read: Reader) -> ImpactSpec:
    """Read the spec of a run of impact; what is wrong gathers in ``read``."""
    assets = read.section("assets")
    functions = read.section("functions", required=True)
    measures = read.sections("measures")
    _refuse_many(read, "measures", len(measures), MAX_MEASURES)
    spec = ImpactSpec(
        title=read.text("title", required=True, limit=200),
        seed=read.whole("seed", 0, MAX_SEED, default=DEFAULT_SEED),
        samples=read.whole("samples", *SAMPLES, default=DEFAULT_SAMPLES),
        hazards=_hazards(read),
        exposure=assets.text("dataset"),
        classes=assets.mapping("classes"),
        assets=asset_choice(assets),
        value_functions=dataset_of(functions, "value", required=True),
        people_functions=dataset_of(functions, "people"),
        settings=_settings(read.section("settings")),
        measures=tuple(_measure(each) for each in measures),
        horizon=_horizon(read.section("horizon")) if "horizon" in read.document or measures else None,
    )
    functions.refuse_unknown()
    _refuse_both(read, spec)
    return spec


def read_water(read: Reader, title: str, *, seed: int, samples: int) -> ImpactSpec:
    """The assets, functions and settings of a run whose hazard is made by itself, as an impact without maps."""
    assets, functions = read.section("assets"), read.section("functions", required=True)
    found = ImpactSpec(
        title=title,
        seed=seed,
        samples=samples,
        hazards=(),
        exposure=assets.text("dataset"),
        classes=assets.mapping("classes"),
        assets=asset_choice(assets),
        value_functions=dataset_of(functions, "value", required=True),
        people_functions=dataset_of(functions, "people"),
        settings=_settings(read.section("settings")),
    )
    functions.refuse_unknown()
    _refuse_both(read, found)
    return found


def _refuse_both(read: Reader, spec: ImpactSpec) -> None:
    if spec.exposure and (spec.assets.kinds or spec.classes):
        read.refuse(say("[assets] nombra «dataset» o elige «kinds» y «classes» de lo registrado: no las dos cosas."))


def dataset_of(read: Reader, key: str, *, required: bool = False) -> str:
    """The identifier of a registered data set under a key, written «{ dataset = … }» or as its own section."""
    if key not in read.document and not required:
        read.known.append(key)
        return ""
    part = read.section(key, required=required and read.is_given)
    found = part.text("dataset", required=True)
    part.refuse_unknown()
    return found


def _hazards(read: Reader) -> tuple[str, ...]:
    sections = read.sections("hazards", required=True)
    _refuse_many(read, "hazards", len(sections), MAX_HAZARDS)
    found = []
    for each in sections:
        found.append(each.text("dataset", required=True))
        each.refuse_unknown()
    if len(set(found)) != len(found):
        read.refuse(say("[[hazards]] nombra dos veces los mismos datos: deje cada uno una vez."))
    return tuple(found)


def _refuse_many(read: Reader, key: str, count: int, limit: int) -> None:
    if count > limit:
        read.refuse(say("Hay {count} secciones [[{key}]]; el límite es {limit}.", key=key, count=count, limit=limit))


def _settings(read: Reader) -> ImpactSettings:
    found = ImpactSettings(
        max_distance_m=read.number("max_distance_m", 0, 100_000, default=0.0),
        together=read.choice("together", TOGETHER, default="sum"),
        return_periods=read.numbers("return_periods", 1, 100_000, default=PERIODS),
        value_sigma=read.number("value_sigma", 0, 1.5, default=VALUE_SIGMA),
        often_years=read.number("often_years", 1, 100_000, default=10.0),
        rare_years=read.number("rare_years", 1, 100_000, default=100.0),
    )
    if found.often_years >= found.rare_years:
        read.refuse(say("«settings.often_years» es menor que «settings.rare_years»."))
    read.refuse_unknown()
    return found


def _measure(read: Reader) -> MeasureChoice:
    found = MeasureChoice(
        id=read.text("id", required=True, limit=80),
        quantity=read.number("quantity", 0, 1e9, default=0.0),
        territories=read.texts("territories"),
        classes=read.texts("classes"),
        from_year=read.whole("from_year", 0, 2300, default=0),
        price_factor=read.number("price_factor", 0.01, 1000, default=1.0),
        price_source=read.text("price_source", limit=300),
        any_class=read.choice("any_class", ("yes", "no"), default="no"),
    )
    read.refuse_unknown()
    return found


def _horizon(read: Reader) -> HorizonChoice:
    found = HorizonChoice(
        first_year=read.whole("first_year", 1900, 2300, default=2026),
        years=read.whole("years", 1, 200, default=50),
        discount_rate=read.number("discount_rate", 0, 0.5, default=0.05),
        growth=read.number("growth", -0.1, 0.2, default=0.0),
    )
    read.refuse_unknown()
    return found
