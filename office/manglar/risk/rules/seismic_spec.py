"""What a seismic screening asks for: faults, assets, functions, settings and one strengthening."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from manglar.foundation.sentences import say
from manglar.risk.rules.readings import Reader
from manglar.risk.rules.settings import SETTINGS
from manglar.risk.rules.spec_parts import (
    DEFAULT_SAMPLES,
    DEFAULT_SEED,
    MAX_SEED,
    SAMPLES,
    AssetChoice,
    FileOrDataset,
    asset_choice,
    file_or_dataset,
    plain_document,
)

HAZARDS = ("earthquake",)


@dataclass(frozen=True, slots=True)
class VulnerabilityChoice:
    """A city's own functions; without them, the engine's table."""

    fragilities: FileOrDataset
    repair: FileOrDataset


@dataclass(frozen=True, slots=True)
class RetrofitSpec:
    """One strengthening to compare with doing nothing."""

    id: str
    name: str
    to_class: str = ""
    level_map: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    occupancies: tuple[str, ...] = ()
    cost_pab_per_asset: float = 0.0
    cost_share_of_value: float = 0.0


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Everything that a seismic screening asks for."""

    study: ClassVar[str] = "seismic"

    title: str
    hazard: str
    seed: int
    samples: int
    faults: FileOrDataset
    assets: AssetChoice
    vulnerability: VulnerabilityChoice | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    retrofit: RetrofitSpec | None = None

    def to_json(self) -> dict[str, Any]:
        """The spec as plain data that ``read_spec`` reads again."""
        return plain_document(self)


def read_seismic(read: Reader) -> RunSpec:
    """Read the spec of a seismic screening; what is wrong gathers in ``read``."""
    return RunSpec(
        title=read.text("title", required=True, limit=200),
        hazard=read.choice("hazard", HAZARDS),
        seed=read.whole("seed", 0, MAX_SEED, default=DEFAULT_SEED),
        samples=read.whole("samples", *SAMPLES, default=DEFAULT_SAMPLES),
        faults=file_or_dataset(read.section("faults", required=True)),
        assets=asset_choice(read.section("assets")),
        vulnerability=_vulnerability(read.section("vulnerability")) if "vulnerability" in read.document else None,
        settings=_settings(read.section("settings")),
        retrofit=_retrofit(read.section("retrofit")) if "retrofit" in read.document else None,
    )


def _vulnerability(read: Reader) -> VulnerabilityChoice:
    def part(key: str) -> FileOrDataset:
        if isinstance(read.document.get(key), Mapping):
            return file_or_dataset(read.section(key))
        return FileOrDataset(file=read.text(key, required=True))

    choice = VulnerabilityChoice(fragilities=part("fragilities"), repair=part("repair"))
    read.refuse_unknown()
    return choice


def _settings(read: Reader) -> dict[str, Any]:
    for key in ("seed", "samples"):
        if key in read.document:
            read.refuse(say("«{key}» se escribe arriba, antes de [settings].", key=key))
    read.known += SETTINGS
    found = {key: rule.read(read, key) for key, rule in SETTINGS.items() if key in read.document}
    read.refuse_unknown(known=("seed", "samples"))
    return {key: value for key, value in found.items() if value is not None}


def _retrofit(read: Reader) -> RetrofitSpec:
    spec = RetrofitSpec(
        id=read.text("id", required=True, limit=60),
        name=read.text("name", required=True, limit=200),
        to_class=read.text("to_class"),
        level_map=read.mapping("level_map"),
        kinds=read.texts("kinds"),
        territories=read.texts("territories"),
        classes=read.texts("classes"),
        occupancies=read.texts("occupancies"),
        cost_pab_per_asset=read.number("cost_pab_per_asset", 0, 1e12, default=0.0),
        cost_share_of_value=read.number("cost_share_of_value", 0, 10, default=0.0),
    )
    if bool(spec.to_class) == bool(spec.level_map):
        read.refuse(
            say(
                '[retrofit] dice en qué se convierten: «to_class» o «level_map» (por ejemplo {{ LC = "MC" }}), uno solo.'
            )
        )
    if spec.cost_pab_per_asset + spec.cost_share_of_value == 0:
        read.refuse(
            say("[retrofit] dice cuánto cuesta: «cost_share_of_value» (por ejemplo 0.25) o «cost_pab_per_asset».")
        )
    read.refuse_unknown()
    return spec
