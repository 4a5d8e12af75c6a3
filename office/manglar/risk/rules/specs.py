"""What a run asks for: a TOML text or a stored mapping becomes a ``RunSpec``, or a sentence says what is wrong."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import listed, say, say_many
from manglar.risk.rules.readings import Reader
from manglar.risk.rules.settings import SETTINGS

HAZARDS = ("earthquake",)
SAMPLES = (20, 100_000)
MAX_SEED = 2**31 - 1
DEFAULT_SEED, DEFAULT_SAMPLES = 1, 1000
#: The construction costs with which missing values are filled are of this year (Huizinga et al. 2017, JRC105688).
PRICE_YEAR = 2010
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class FileOrDataset:
    """Something read from a file beside the TOML, or from what is already registered."""

    file: str = ""
    dataset: str = ""


@dataclass(frozen=True, slots=True)
class AssetChoice:
    """Which assets: kinds by code, divisions by code (with all that is part of them); empty means all."""

    kinds: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    price_year: int = PRICE_YEAR


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
    """Everything that a run asks for."""

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
        document = _plain(asdict(self))
        if not isinstance(document, dict):
            raise TypeError("a spec is a mapping")
        return document


def _plain(value: Any) -> Any:
    """Lists for tuples; what is empty is left out."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item not in ("", (), None) and item != {}}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def parse_spec(text: str) -> RunSpec:
    """Read the TOML of a run; ``InvalidInput`` says which line or key to mend."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = (
            say("en la línea {row}, columna {column}", row=place[1], column=place[2])
            if place
            else say("al final del archivo")
        )
        raise InvalidInput(
            say(
                "El TOML está mal escrito {where}: corrija esa línea (comillas, corchetes, signo «=») e inténtelo de nuevo.",
                where=where,
            )
        ) from error
    return read_spec(document)


def read_spec(document: Mapping[str, Any]) -> RunSpec:
    """Read a mapping with the shape of the TOML; all that is wrong is said at once."""
    read = Reader(document)
    spec = RunSpec(
        title=read.text("title", required=True, limit=200),
        hazard=read.choice("hazard", HAZARDS),
        seed=read.whole("seed", 0, MAX_SEED, default=DEFAULT_SEED),
        samples=read.whole("samples", *SAMPLES, default=DEFAULT_SAMPLES),
        faults=_file_or_dataset(read.section("faults", required=True)),
        assets=_assets(read.section("assets")),
        vulnerability=_vulnerability(read.section("vulnerability")) if "vulnerability" in document else None,
        settings=_settings(read.section("settings")),
        retrofit=_retrofit(read.section("retrofit")) if "retrofit" in document else None,
    )
    read.refuse_unknown()
    if read.problems:
        raise InvalidInput(
            say_many(
                "La especificación tiene un error: {problems}",
                "La especificación tiene {count} errores: {problems}",
                len(read.problems),
                problems=listed(read.problems, separator=" "),
            )
        )
    return spec


def _file_or_dataset(read: Reader) -> FileOrDataset:
    found = FileOrDataset(file=read.text("file"), dataset=read.text("dataset"))
    if bool(found.file) == bool(found.dataset) and read.is_given:
        read.refuse(
            say(
                "[{name}] nombra «file» (un archivo) o «dataset» (un identificador «datos-…»): uno de los dos.",
                name=read.name,
            )
        )
    read.refuse_unknown()
    return found


def _assets(read: Reader) -> AssetChoice:
    choice = AssetChoice(
        kinds=read.texts("kinds"),
        territories=read.texts("territories"),
        price_year=read.whole("price_year", 1900, 2200, default=PRICE_YEAR),
    )
    read.refuse_unknown()
    return choice


def _vulnerability(read: Reader) -> VulnerabilityChoice:
    def part(key: str) -> FileOrDataset:
        if isinstance(read.document.get(key), Mapping):
            return _file_or_dataset(read.section(key))
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
