"""What a run asks for: a TOML text or a stored mapping becomes the spec of its study, or a sentence says what is wrong."""

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import listed, say, say_many
from manglar.risk.rules.impact_spec import ImpactSpec, read_impact
from manglar.risk.rules.readings import Reader
from manglar.risk.rules.seismic_spec import RunSpec, read_seismic
from manglar.risk.rules.series_spec import RatesSpec, SeaLevelSpec, read_rates, read_sea_level

AnySpec = RunSpec | ImpactSpec | SeaLevelSpec | RatesSpec
READERS: Mapping[str, Callable[[Reader], AnySpec]] = {
    "seismic": read_seismic,
    "impact": read_impact,
    "sea_level": read_sea_level,
    "flood_rates": read_rates,
}
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def parse_spec(text: str) -> AnySpec:
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


def read_spec(document: Mapping[str, Any]) -> AnySpec:
    """Read a mapping with the shape of the TOML; all that is wrong is said at once. Without «study», it is seismic."""
    read = Reader(document)
    study = read.choice("study", tuple(READERS), default="seismic")
    spec = READERS.get(study, read_seismic)(read)
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
