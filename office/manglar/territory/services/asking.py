"""What the commands of these floors ask a person for in the same way."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from manglar.foundation.management.base import read_file
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.governments.selectors import government_by_code, home_government
from manglar.territory.services.geofiles import bundled


def asked_columns(pairs: Iterable[str]) -> dict[str, str]:
    """``field=COLUMN`` pairs as a mapping."""
    mapping = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field.strip():
            raise InvalidInput(say("«{pair}» no es campo=COLUMNA, por ejemplo --map name=BARRIO.", pair=pair))
        mapping[field.strip()] = column.strip()
    return mapping


def owner_named(code: str) -> Government:
    """The government with a code, else the one whose installation this is."""
    found = government_by_code(code) if code else home_government()
    if found is None:
        raise Conflict(
            say("No hay un gobierno con el código «{code}».", code=code)
            if code
            else say("Esta instalación no tiene ciudad todavía: empiece con «manglar new-city».")
        )
    return found


def asked_day(text: str) -> dt.date:
    """A day as ``AAAA-MM-DD``."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(say("«{text}» no es una fecha: escriba AAAA-MM-DD.", text=text)) from error


def asked_file(path: str) -> tuple[str, bytes]:
    """A file that a person named; a ``.shp`` comes with its siblings."""
    name, content = read_file(path)
    return bundled(path) if Path(name).suffix.lower() == ".shp" else (name, content)
