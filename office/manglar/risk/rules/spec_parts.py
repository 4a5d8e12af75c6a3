"""What the specs of every study share: files or data sets, the choice of assets, the way to plain data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from manglar.foundation.sentences import say
from manglar.risk.rules.readings import Reader

SAMPLES = (20, 100_000)
MAX_SEED = 2**31 - 1
DEFAULT_SEED, DEFAULT_SAMPLES = 1, 1000
#: The construction costs with which missing values are filled are of this year (Huizinga et al. 2017, JRC105688).
PRICE_YEAR = 2010


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


def plain_document(spec: Any) -> dict[str, Any]:
    """A spec as plain data that its reader reads again."""
    document = _plain(asdict(spec))
    if not isinstance(document, dict):
        raise TypeError("a spec is a mapping")
    return document


def _plain(value: Any) -> Any:
    """Lists for tuples; what is empty is left out."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item not in ("", (), None) and item != {}}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def file_or_dataset(read: Reader) -> FileOrDataset:
    """A file beside the TOML, or something that is registered."""
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


def asset_choice(read: Reader) -> AssetChoice:
    """Which assets, and of which year their values are."""
    choice = AssetChoice(
        kinds=read.texts("kinds"),
        territories=read.texts("territories"),
        price_year=read.whole("price_year", 1900, 2200, default=PRICE_YEAR),
    )
    read.refuse_unknown()
    return choice
