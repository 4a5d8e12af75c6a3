"""Numbers as people write them in the cells of their files, and what had to be interpreted."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from manglar.foundation.sentences import Said, say
from manglar.foundation.texts import fold

_NOTHING = frozenset({"", "-", "--", "n/d", "nd", "n.d.", "s/d", "sd", "s.d.", "n/a", "na", "null", "none", "sin dato",
                      "sin datos", "no disponible", "no aplica", "desconocido", "?"})
_CURRENCY = re.compile(r"^(?:b/\.?|pab|usd|us\$|\$)\s*", re.IGNORECASE)
_PLAIN = re.compile(r"^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$", re.IGNORECASE)
_THOUSANDS_COMMA = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_THOUSANDS_POINT = re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})+,\d+$|^[+-]?\d{1,3}(?:\.\d{3}){2,}$")
_COMMA_DECIMALS = re.compile(r"^[+-]?\d+,\d+$")
_LARGEST_COUNT = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from a cell: None when there is none, with a sentence when the cell says something else."""

    value: float | None
    sentence: Said = ""


def says_nothing(cell: object) -> bool:
    """Whether a cell is blank or says in words that there is no datum («N/D»)."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return True
    return isinstance(cell, str) and fold(cell) in _NOTHING


def writes_decimal_comma(cells: Iterable[object]) -> bool:
    """Whether a column has a comma that can only be decimal («12,5»): then «3,250» beside it is three and a quarter."""
    bare = (_bare(cell) for cell in cells if isinstance(cell, str) and "," in cell)
    return any(
        (_COMMA_DECIMALS.match(text) and not _THOUSANDS_COMMA.match(text)) or ("." in text and _THOUSANDS_POINT.match(text))
        for text in bare
    )


def read_number(cell: object, *, decimal_comma: bool = False) -> Number:
    """Read a number as people write it: ``1,234``, ``1.234,5``, ``B/. 20``; say when it had to be interpreted.

    ``decimal_comma``: the rest of the column says that its commas are decimal.
    """
    if says_nothing(cell):
        return Number(None)
    if isinstance(cell, bool):
        return Number(None, say("«{cell}» no es un número", cell=cell))
    if isinstance(cell, int | float):
        return _finite(cell, cell)
    text = _bare(str(cell))
    if _PLAIN.match(text):
        return _finite(text, cell)
    if _COMMA_DECIMALS.match(text) and (decimal_comma or not _THOUSANDS_COMMA.match(text)):
        value = float(text.replace(",", "."))
        return Number(value, say("«{cell}» se leyó como {value:g} (coma decimal): confírmelo", cell=cell, value=value))
    if _THOUSANDS_COMMA.match(text):
        return _finite(text.replace(",", ""), cell)
    if _THOUSANDS_POINT.match(text):
        value = float(text.replace(".", "").replace(",", "."))
        return Number(value, say("«{cell}» se leyó como {value:,g}: confírmelo", cell=cell, value=value))
    return Number(None, say("«{cell}» no es un número", cell=cell))


def _bare(text: str) -> str:
    return _CURRENCY.sub("", text.strip()).replace(" ", "").replace("\u00a0", "")


def _finite(number: str | float, cell: object) -> Number:
    try:
        value = float(number)
    except OverflowError:  # a whole number of hundreds of digits
        value = math.inf
    return Number(value) if math.isfinite(value) else Number(None, say("«{cell}» no es un número", cell=cell))


def read_count(cell: object) -> Number:
    """Read a whole, not negative number: ``1.234`` people can only be one thousand two hundred and thirty-four."""
    text = str(cell).strip()
    if isinstance(cell, str) and re.fullmatch(r"\d{1,3}\.\d{3}", text):
        value = float(text.replace(".", ""))
        return Number(value, say("«{cell}» se leyó como {value:,.0f}: confírmelo", cell=cell, value=value))
    number = read_number(cell)
    if number.value is None:
        return number
    if number.value < 0 or number.value > _LARGEST_COUNT:
        return Number(None, say("«{cell}» no puede ser una cantidad de personas", cell=cell))
    if number.value != int(number.value):
        return Number(
            float(round(number.value)),
            say("«{cell}» no es entero: se redondeó a {rounded}", cell=cell, rounded=round(number.value)),
        )
    return number


def rounded(value: float, figures: int = 2) -> str:
    """A number with so many significant figures as people read it: 0.43, 12, 140, 1,400; never «1.4e+02»."""
    if not value or not math.isfinite(value):
        return "0" if not value else str(value)
    places = figures - 1 - math.floor(math.log10(abs(value)))
    text = f"{round(value, places):,.{max(places, 0)}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "\u2212")
