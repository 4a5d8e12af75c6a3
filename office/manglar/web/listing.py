"""A list as its address asks for it: words, filters, order, columns and page; the desk and the API read the same.

``?q=agua&estado=en_marcha&orden=-para-cuando&columnas=estado,para-cuando&pagina=2``: everything that a person chose
stands in the address, so that it can be kept, sent and gone back to. What the address says and the list does not
know is left out, never guessed.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import override

from manglar.design.shapes import Status
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.texts import fold
from manglar.governments.models import Government
from manglar.web.kinds.base import EVERYTHING, Column, Deed, Filter, Kind, Shown
from manglar.web.sheets import Sheet, plain

WORDS, ORDER, COLUMNS, PAGE, VIEW = "q", "orden", "columnas", "pagina", "vista"
#: The fields that say what a record is called.
TITLES = frozenset({"title", "name", "question"})
#: Up to this many rows, words are looked for in what each row shows, accents or not; above it, the database looks.
FOLDED_ROWS = 3_000
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows that an address asks for, and what it chose."""

    kind: Kind
    rows: Any
    words: str
    chosen: Mapping[str, str]
    order: str
    columns: Sequence[Column]
    view: str

    def address(self, **changes: str) -> str:
        """The query of the same list with something changed; an empty value takes it away, and the page starts again."""
        shown = ",".join(column_key(column) for column in self.columns)
        told = {
            WORDS: self.words,
            **self.said,
            ORDER: self.order,
            COLUMNS: "" if list(self.columns) == list(self.kind.columns) else shown,
            VIEW: self.view,
        }
        kept = {name: value for name, value in {**told, **changes}.items() if value}
        return urlencode(kept)

    @property
    def said(self) -> dict[str, str]:
        """What was chosen and is not in force by itself."""
        own = {each.key: each.default for each in self.kind.filters}
        return {key: value for key, value in self.chosen.items() if value != own.get(key)}

    @property
    def is_narrowed(self) -> bool:
        """Whether the address leaves some rows out."""
        return bool(self.words or self.said)


def column_key(column: Column) -> str:
    """The name of a column in an address and in a file's heading: its Spanish label, in any language."""
    with override("es"):
        return column.key or slugify(str(column.label))


def listing(
    kind: Kind, government: Government, on: dt.date, asked: Mapping[str, str], language: str
) -> Listing:
    """Read an address; ``asked`` holds its parameters."""
    words = asked.get(WORDS, "").strip()[:LONGEST_QUERY]
    rows = kind.rows(government, on)
    chosen = {}
    for each in kind.filters:
        value = asked.get(each.key) or each.default
        if value == EVERYTHING and each.default:
            chosen[each.key] = value
        elif value and value in dict(each.choices(government, on)):
            chosen[each.key] = value
            rows = _narrow(rows, each, value, on)
    if words:
        rows = _with_words(kind, rows, words, language)
    order = asked.get(ORDER, "")
    columns = {column_key(column): column for column in kind.columns}
    rows, order = _ordered(kind, rows, order, columns, language)
    wanted = [columns[key] for key in asked.get(COLUMNS, "").split(",") if key in columns]
    view = asked.get(VIEW, "")
    return Listing(
        kind, rows, words, chosen, order, wanted or list(kind.columns), view if view in kind.views else ""
    )


def strict_listing(
    kind: Kind, deed: Deed, asked: Mapping[str, str], language: str, *, also: Sequence[str] = ()
) -> Listing:
    """The same for a program: a name or a value that the list does not know is refused, never left out in silence."""
    orders = {"nombre", *(column_key(column) for column in kind.columns)}
    filters = {each.key: dict(each.choices(deed.government, deed.on)) for each in kind.filters}
    known = {WORDS, ORDER, COLUMNS, VIEW, *filters, *also}
    if strange := sorted(set(asked) - known):
        raise InvalidInput(
            say("No se conocen: {strange}. Esta lista entiende: {known}.", strange=", ".join(strange), known=", ".join(sorted(known)))
        )
    told = {ORDER: asked.get(ORDER, "").removeprefix("-"), **{key: asked.get(key, "") for key in filters}}
    for name, value in told.items():
        values = orders if name == ORDER else {*map(str, filters[name]), EVERYTHING}
        if value and value not in values:
            raise InvalidInput(
                say("«{value}» no es un valor de «{name}». Hay: {known}.", value=value, name=name, known=", ".join(sorted(values)))
            )
    return listing(kind, deed.government, deed.on, asked, language)


def narrowed(kind: Kind, government: Government, on: dt.date, told: Mapping[str, str]) -> Any:
    """The rows of a kind with the values of its filters that a declaration tells; raises KeyError for what is no filter."""
    rows, filters = kind.rows(government, on), {each.key: each for each in kind.filters}
    in_force = {key: each.default for key, each in filters.items() if each.default}
    for key, value in {**in_force, **told}.items():
        rows = _narrow(rows, filters[key], value, on)
    return rows


def _narrow(rows: Any, each: Filter, value: str, on: dt.date) -> Any:
    """Rows with one value of a filter, on a day."""
    if each.narrow is not None:
        return each.narrow(rows, value, on)
    if isinstance(rows, QuerySet):
        return rows.filter(**{each.where: value})
    return [row for row in rows if str(_reach(row, each.where)) == value]


def _reach(row: Any, where: str) -> Any:
    """The value at a path, as the database would read it."""
    for step in where.split("__"):
        row = getattr(row, step, None)
    return row


def _with_words(kind: Kind, rows: Any, words: str, language: str) -> Any:
    """Rows that hold all the words, in any order, without accents mattering where the list is not huge."""
    wanted = fold(words).split()
    if isinstance(rows, QuerySet) and kind.search and rows.count() > FOLDED_ROWS:
        for word in words.split():
            places = Q()
            for place in kind.search:
                places |= Q(**{f"{place}__icontains": word})
            rows = rows.filter(places)
        return rows
    found = [row for row in rows if all(word in _text(kind, row, language) for word in wanted)]
    if isinstance(rows, QuerySet):
        return rows.filter(pk__in=[row.pk for row in found])
    return found


def _text(kind: Kind, row: Any, language: str) -> str:
    """Everything that a row shows, folded."""
    cells = [str(shown_text(column.value(row, language))) for column in kind.columns]
    return fold(" ".join([kind.title(row, language), kind.key(row), *cells]))


def _ordered(
    kind: Kind, rows: Any, order: str, columns: Mapping[str, Column], language: str
) -> tuple[Any, str]:
    """Rows in the order asked for; rows without a value come last, and ties keep one order."""
    name, backwards = order.removeprefix("-"), order.startswith("-")
    title = Column("", kind.title, order=kind.title_order)
    column = title if name == "nombre" else columns.get(name)
    if column is None or (isinstance(rows, QuerySet) and not column.order):
        return rows, ""
    if not isinstance(rows, QuerySet):
        ordered = sorted(rows, key=lambda row: fold(shown_text(column.value(row, language))), reverse=backwards)
        return ordered, order
    place = F(column.order.replace("LANGUAGE", language))
    by = place.desc(nulls_last=True) if backwards else place.asc(nulls_last=True)
    return rows.order_by(by, "pk"), order


def shown_text(value: Shown) -> str:
    """A cell as plain text."""
    if isinstance(value, Status):
        return value.label
    return "" if value is None else str(value)


def as_lines(held: Listing, language: str, deed: Deed) -> tuple[list[str], Iterator[list[str]]]:
    """Heading and rows of exactly what the list shows, for a file; rows come one by one.

    Where the kind declares what may come back, those columns come first and the others are only to read.
    """
    kind, rows = held.kind, held.rows
    if isinstance(rows, QuerySet):
        rows = rows.iterator(chunk_size=500)
    if not kind.editable or list(held.columns) != list(kind.columns):  # chosen columns: those, and nothing to bring back
        header = ["id", str(kind.singular), *(str(column.label) for column in held.columns)]
        return header, (
            [kind.key(row), kind.title(row, language), *(file_text(c, row, language) for c in held.columns)]
            for row in rows
        )
    sheet = Sheet(kind, deed)
    taken = {cells.heading for cells in sheet.cells}
    others = [column for column in held.columns if str(column.label) not in taken]
    if not any(cells.name in TITLES for cells in sheet.cells):
        others = [Column(kind.singular, kind.title), *others]  # a row says which record it is
    lines = (sheet.line(row, [file_text(column, row, language) for column in others]) for row in rows)
    return sheet.header(str(column.label) for column in others), lines


def file_text(column: Column, row: Any, language: str) -> str:
    """A cell of a file: the plain value where the column declares one, else what the page shows."""
    return plain(column.plain(row)) if column.plain is not None else shown_text(column.value(row, language))
