"""What the studies of series ask for: extreme sea levels of a tide gauge, and events a year of a record."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from manglar.foundation.provenance import Mark
from manglar.foundation.sentences import say
from manglar.risk.rules.impact_spec import ImpactSpec, dataset_of, read_water
from manglar.risk.rules.readings import Reader
from manglar.risk.rules.spec_parts import DEFAULT_SEED, MAX_SEED, plain_document

LEVEL_PERIODS = (2.0, 5.0, 10.0, 25.0, 50.0, 100.0)
LEVEL_SAMPLES = (1_000, 100_000)
PRIORS = ("shared", "jeffreys")
MAX_SCENARIOS, MAX_WINDOWS = 8, 20
#: A figure with a source, or our own judgement, in the office's own codes.
MARKS = (Mark.SOURCE.value, Mark.ESTIMATE.value)


@dataclass(frozen=True, slots=True)
class Scenario:
    """How much the mean level rises by a year over that of another, in metres, and who says so."""

    id: str
    name: str
    base_year: int
    year: int
    best_m: float
    min_m: float
    max_m: float
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class GroundChoice:
    """The ground that the levels flood: whose heights, of which climate, and how its datum meets the gauge's."""

    dataset: str
    year: int
    scenario: str = ""
    #: Height of the datum of the levels above that of the ground; not said where both are one datum.
    offset_m: float | None = None
    offset_source: str = ""


@dataclass(frozen=True, slots=True)
class SeaLevelSpec:
    """Everything that a study of extreme sea levels asks for."""

    study: ClassVar[str] = "sea_level"

    title: str
    seed: int
    samples: int
    gauge: str
    periods: tuple[float, ...]
    scenarios: tuple[Scenario, ...] = ()
    ground: GroundChoice | None = None
    #: What the water does there: the assets, functions and settings of an impact without maps.
    impact: ImpactSpec | None = None

    def to_json(self) -> dict[str, Any]:
        """The spec as plain data that ``read_spec`` reads again."""
        told = plain_document(replace(self, impact=None))
        return {"study": self.study, **told, "gauge": {"dataset": self.gauge}, **self._impact_json()}

    def _impact_json(self) -> dict[str, Any]:
        if self.impact is None:
            return {}
        return {key: value for key, value in self.impact.to_json().items() if key in ("assets", "functions", "settings")}


@dataclass(frozen=True, slots=True)
class Window:
    """Between two days, both included, such events would have been recorded; ``reason`` says why it is believed."""

    first: str
    last: str
    reason: str
    territories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RatesSpec:
    """Everything that a study of recorded events asks for."""

    study: ClassVar[str] = "flood_rates"

    title: str
    records: str
    peril: str
    territories: tuple[str, ...]
    windows: tuple[Window, ...]
    prior: str = "shared"
    seed: int = DEFAULT_SEED
    samples: int = 0

    def to_json(self) -> dict[str, Any]:
        """The spec as plain data that ``read_spec`` reads again; nothing in it is drawn by chance."""
        told = {name: value for name, value in plain_document(self).items() if name not in {"seed", "samples"}}
        return {"study": self.study, **told, "records": {"dataset": self.records}}


def read_sea_level(read: Reader) -> SeaLevelSpec:
    """Read the spec of a study of sea levels; what is wrong gathers in ``read``."""
    sections = read.sections("scenarios")
    if len(sections) > MAX_SCENARIOS:
        read.refuse(say("Hay más de {limit} escenarios: deje los que de verdad se comparan.", limit=MAX_SCENARIOS))
    found = SeaLevelSpec(
        title=read.text("title", required=True, limit=200),
        seed=read.whole("seed", 0, MAX_SEED, default=DEFAULT_SEED),
        samples=read.whole("samples", *LEVEL_SAMPLES, default=10_000),
        gauge=dataset_of(read, "gauge", required=True),
        periods=read.numbers("periods", 1.01, 10_000, default=LEVEL_PERIODS),
        scenarios=tuple(_scenario(each) for each in sections),
    )
    if "ground" not in read.document:
        read.known.append("ground")
        return found
    ground = _ground(read.section("ground", required=True), {each.id for each in found.scenarios})
    return replace(found, ground=ground, impact=read_water(read, found.title, seed=found.seed, samples=found.samples))


def _ground(read: Reader, scenarios: set[str]) -> GroundChoice:
    said = "offset_m" in read.document
    found = GroundChoice(
        dataset=read.text("dataset", required=True),
        year=read.whole("year", 1850, 2300, default=0),
        scenario=read.text("scenario", limit=60),
        offset_m=read.number("offset_m", -100, 100, default=0.0) if said else None,
        offset_source=read.text("offset_source", required=said, limit=500),
    )
    read.known.append("offset_m")
    _require(read, ("year",))
    if found.scenario and found.scenario not in scenarios:
        known = ", ".join(sorted(scenarios)) or say("ninguno")
        read.refuse(say("«ground.scenario» es «{name}», que no está en [[scenarios]]. Hay: {known}.", name=found.scenario, known=known))
    read.refuse_unknown()
    return found


def _scenario(read: Reader) -> Scenario:
    found = Scenario(
        id=read.text("id", required=True, limit=60),
        name=read.text("name", required=True, limit=200),
        base_year=read.whole("base_year", 1850, 2300, default=0),
        year=read.whole("year", 1850, 2300, default=0),
        best_m=read.number("best_m", -5, 20, default=0.0),
        min_m=read.number("min_m", -5, 20, default=0.0),
        max_m=read.number("max_m", -5, 20, default=0.0),
        source=read.text("source", required=True, limit=500),
        mark=read.choice("mark", MARKS, default=Mark.ESTIMATE.value),
    )
    _require(read, ("base_year", "year", "best_m", "min_m", "max_m"))
    if not found.min_m <= found.best_m <= found.max_m:
        read.refuse(say("«{name}»: el ascenso va en orden, min_m ≤ best_m ≤ max_m.", name=read.name))
    if found.year <= found.base_year and "year" in read.document:
        read.refuse(say("«{name}.year» es posterior a «base_year».", name=read.name))
    read.refuse_unknown()
    return found


def _require(read: Reader, keys: tuple[str, ...]) -> None:
    """A rise of the sea has no sensible default: what is not said is asked for."""
    for key in keys:
        if key not in read.document:
            read.refuse(say("Falta {key}.", key=read.key(key)))


def read_rates(read: Reader) -> RatesSpec:
    """Read the spec of a study of recorded events; what is wrong gathers in ``read``."""
    sections = read.sections("windows", required=True)
    if len(sections) > MAX_WINDOWS:
        read.refuse(say("Hay más de {limit} ventanas: junte las que se tocan.", limit=MAX_WINDOWS))
    return RatesSpec(
        title=read.text("title", required=True, limit=200),
        records=dataset_of(read, "records", required=True),
        peril=read.text("peril", required=True, limit=60),
        territories=read.texts("territories"),
        windows=tuple(_window(each) for each in sections),
        prior=read.choice("prior", PRIORS, default="shared"),
    )


def _window(read: Reader) -> Window:
    found = Window(
        first=read.day("first"),
        last=read.day("last"),
        reason=read.text("reason", required=True, limit=500),
        territories=read.texts("territories"),
    )
    if found.first and found.last and found.last < found.first:
        read.refuse(say("«{name}»: la ventana termina antes de empezar.", name=read.name))
    read.refuse_unknown()
    return found


def datasets_named(document: Mapping[str, Any]) -> list[str]:
    """The identifiers of all data sets that a stored spec names, in the order of the spec."""
    found: list[str] = []
    for key, value in document.items():
        if key == "dataset" and isinstance(value, str):
            found.append(value)
        elif isinstance(value, Mapping):
            found += datasets_named(value)
        elif isinstance(value, list):
            found += [name for item in value if isinstance(item, Mapping) for name in datasets_named(item)]
    return found
