"""A plan file read: every node with its values, every row that is wrong, every thing that was assumed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from manglar.foundation.dates import PartialDate
from manglar.foundation.labels import in_every_language
from manglar.foundation.money import CENT, parse_pab
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import RowProblem
from manglar.foundation.sentences import Said, Sentence, say, sayable
from manglar.foundation.texts import fold
from manglar.foundation.translated import translated
from manglar.strategy.choices import NodeState
from manglar.strategy.rules import words
from manglar.strategy.rules.columns import Columns, find_columns
from manglar.strategy.rules.editions import code_order
from manglar.strategy.rules.entries import Entry, Outline, read_outline
from manglar.strategy.rules.sheets import Cell, Grid

_DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_MONTH_YEAR = re.compile(r"^(\d{1,2})[/.-](\d{4})$")
_LIST = re.compile(r"[;\n|]")
_YES = frozenset({"si", "yes", "x", "1", "true", "verdadero"})
MAX_TITLE = 500
MAX_TEXT = 20_000
MAX_AMOUNT = Decimal("99999999999999")


@dataclass(slots=True)
class PlanNode:
    """One node as the file tells it."""

    key: str
    row: int
    depth: int
    parent: str
    code: str
    code_is_made: bool
    is_stub: bool
    title: dict[str, str]
    text: dict[str, str] = field(default_factory=dict)
    unofficial: bool = False
    starts_on: PartialDate | None = None
    ends_on: PartialDate | None = None
    cost_pab: Decimal | None = None
    cost_mark: str = ""
    mark: str = ""
    source_text: str = ""
    state: str = ""
    identity: str = ""
    responsibles: list[str] = field(default_factory=list)
    divisions: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PlanReading:
    """What a file says."""

    sheet: str
    header_row: int
    layout: str
    columns: dict[str, str]
    unused: list[str]
    headings: list[str]
    nodes: list[PlanNode]
    levels: dict[int, str]
    problems: list[RowProblem]
    warnings: list[RowProblem]


def parse_plan_date(text: str) -> PartialDate:
    """Read 2026, 2026-05, 2026-05-01, 01/05/2026 (day first, as in Panama) or 05/2026."""
    bare = text.strip()
    if match := _DAY_FIRST.match(bare):
        day, month, year = (int(part) for part in match.groups())
        return PartialDate.parse(f"{year:04d}-{month:02d}-{day:02d}")
    if match := _MONTH_YEAR.match(bare):
        return PartialDate.parse(f"{int(match.group(2)):04d}-{int(match.group(1)):02d}")
    return PartialDate.parse(bare.removesuffix(".0"))


def parse_plan_cost(cell: Cell) -> Decimal:
    """Read «B/. 1,234.50» or a number; refuse less than nothing."""
    amount = Decimal(cell.text).quantize(CENT) if cell.is_number else parse_pab(cell.text)
    if amount < 0:
        raise ValueError(say("El costo «{text}» es negativo.", text=cell.text))
    if amount > MAX_AMOUNT:
        raise ValueError(say("El costo «{text}» es demasiado grande.", text=cell.text))
    return amount


def read_plan(
    grids: Sequence[Grid], *, mapping: Mapping[str, str] | None = None, language: str = "es",
    own_levels: Sequence[tuple[int, str]] = (), titles: Mapping[str, str] | None = None,
) -> PlanReading:
    """Read a plan from the sheets of a file; ``titles`` gives names to codes that have no row of their own."""
    grid, columns = find_columns(grids, mapping, own_levels)
    outline = read_outline(grid, columns, list(own_levels))
    _make_codes(outline)
    reader = _Reader(columns, outline, language, dict(titles or {}))
    nodes = [reader.node(entry) for entry in outline.entries.values()]
    if not nodes and not outline.problems:
        outline.problems.append(
            RowProblem(columns.header_row, say("Debajo de los encabezados no hay filas con datos."))
        )
    outline.problems += _repeated(nodes, columns)
    outline.warnings += [RowProblem(columns.header_row, note) for note in columns.notes]
    return PlanReading(
        sheet=grid.name, header_row=columns.header_row, layout=outline.layout, columns=columns.used,
        unused=columns.unused, headings=columns.names, nodes=nodes, levels=outline.level_words,
        problems=sorted(outline.problems, key=lambda p: p.row),
        warnings=sorted(outline.warnings, key=lambda p: p.row),
    )


def _make_codes(outline: Outline) -> None:
    """Number the nodes that have no code, under their parent, in the file's order."""
    taken = {entry.code for entry in outline.entries.values() if entry.code}
    for entry in outline.entries.values():
        if entry.code or entry.parent not in {"", *outline.entries}:
            continue
        above = outline.entries[entry.parent].code + "." if entry.parent else ""
        number = 1
        while f"{above}{number}" in taken:
            number += 1
        entry.code, entry.code_is_made = f"{above}{number}", True
        taken.add(entry.code)


def _repeated(nodes: Sequence[PlanNode], columns: Columns) -> list[RowProblem]:
    """Codes and identities that two rows of the file claim."""
    problems = []
    claims = {
        "code": sayable("El código {value} ya está en la fila {row}."),
        "identity": sayable("La identidad {value} ya está en la fila {row}."),
    }
    for field_name, claim in claims.items():
        seen: dict[str, int] = {}
        for node in nodes:
            value = getattr(node, field_name)
            if value and value in seen:
                problems.append(
                    RowProblem(
                        node.row,
                        Sentence(claim, {"value": value, "row": seen[value]}),
                        columns.names[columns.fields[field_name]] if field_name in columns.fields else "",
                    )
                )
            elif value:
                seen[value] = node.row
    return problems


class _Reader:
    """Reads the values of the rows, one field at a time."""

    def __init__(self, columns: Columns, outline: Outline, language: str, titles: dict[str, str]) -> None:
        self.columns, self.outline, self.language, self.titles = columns, outline, language, titles
        title_heading = words.heading(columns.used.get("title", ""))
        self.all_unofficial = language != "es" or words.says_unofficial(title_heading)

    def node(self, entry: Entry) -> PlanNode:
        """The node of an entry, with its values."""
        title = self._title(entry)
        node = PlanNode(entry.key, entry.row, entry.depth, entry.parent, entry.code, entry.code_is_made,
                        entry.is_stub and entry.code not in self.titles, title)
        if not entry.cells:
            node.unofficial = self.all_unofficial and not entry.is_stub
            return node
        node.text = self._languages(entry, "text", MAX_TEXT)
        node.unofficial = self._unofficial(entry)
        node.starts_on = self._date(entry, "starts_on")
        node.ends_on = self._date(entry, "ends_on")
        if node.starts_on and node.ends_on and node.ends_on.last_day < node.starts_on.first_day:
            self._problem(
                entry,
                "ends_on",
                say(
                    "Termina ({ends_on}) antes de empezar ({starts_on}).",
                    ends_on=node.ends_on,
                    starts_on=node.starts_on,
                ),
            )
        self._cost(entry, node)
        node.mark = self._choice(entry, "mark", in_every_language(Mark))
        node.state = self._choice(entry, "state", in_every_language(NodeState))
        node.identity = self._text(entry, "identity")
        page, source = self._text(entry, "page"), self._text(entry, "source")
        node.source_text = source or (f"p. {page}" if page else "")
        node.responsibles = self._list(entry, "responsible")
        node.divisions = self._list(entry, "division")
        return node

    def _problem(self, entry: Entry, key: str, sentence: Said) -> None:
        place = self.columns.fields.get(key)
        self.outline.problems.append(
            RowProblem(entry.row, sentence, self.columns.names[place] if place is not None else "")
        )

    def _text(self, entry: Entry, key: str) -> str:
        cell = self.columns.cell(entry.cells, key)
        if cell.is_lost_formula:
            self._problem(
                entry, key, say("La fórmula no guardó su valor: abra el libro, guárdelo o pegue los valores.")
            )
        return cell.text

    def _title(self, entry: Entry) -> dict[str, str]:
        if entry.is_stub:
            given = self.titles.get(entry.code, "")
            return translated(given or f"{self._level(entry.depth)} {entry.code} (título no incluido en el archivo)")
        if "title" not in self.columns.fields:
            values = {self.language: entry.title.strip()}
        else:
            values = self._languages(entry, "title", MAX_TITLE)
        if not any(values.values()) and entry.code in self.titles:
            values = translated(self.titles[entry.code])
        if not any(values.values()):
            self._problem(entry, "title", say("Falta el título."))
        if any(len(value) > MAX_TITLE for value in values.values()):
            self._problem(entry, "title", say("El título pasa de {max_title} caracteres.", max_title=MAX_TITLE))
        return {code: value for code, value in values.items() if value}

    def _level(self, depth: int) -> str:
        name = self.outline.level_words.get(depth, "")
        known = words.level_word(words.heading(name))
        return (known.es[0] if known else name or f"nivel {depth}").capitalize()

    def _languages(self, entry: Entry, key: str, limit: int) -> dict[str, str]:
        found = {self.language: self._text(entry, key)}
        if other := self._text(entry, f"{key}_en"):
            found["en"] = other
        if any(len(value) > limit for value in found.values()):
            self._problem(entry, key, say("El texto pasa de {limit:,} caracteres.", limit=limit))
        return {code: value for code, value in found.items() if value}

    def _unofficial(self, entry: Entry) -> bool:
        if "unofficial" in self.columns.fields:
            return fold(self._text(entry, "unofficial")) in _YES
        return self.all_unofficial

    def _date(self, entry: Entry, key: str) -> PartialDate | None:
        text = self._text(entry, key)
        if not text:
            return None
        try:
            return parse_plan_date(text)
        except ValueError as error:
            self._problem(entry, key, str(error))
            return None

    def _cost(self, entry: Entry, node: PlanNode) -> None:
        cell = self.columns.cell(entry.cells, "cost_pab")
        if not self._text(entry, "cost_pab"):
            return
        try:
            node.cost_pab = parse_plan_cost(cell)
        except (ValueError, ArithmeticError) as error:
            sentence = (
                str(error) if isinstance(error, ValueError) else say("«{text}» no es un importe.", text=cell.text)
            )
            self._problem(entry, "cost_pab", sentence)
        node.cost_mark = self._choice(entry, "cost_mark", in_every_language(Mark))

    def _choice(self, entry: Entry, key: str, pairs: Sequence[tuple[str, str]]) -> str:
        text = self._text(entry, key)
        if not text:
            return ""
        for value, label in pairs:
            if fold(text) in {fold(value), fold(label)}:
                return value
        self._problem(
            entry,
            key,
            say("«{text}» no es ninguno de: {known}.", text=text, known=", ".join(label for _, label in pairs)),
        )
        return ""

    def _list(self, entry: Entry, key: str) -> list[str]:
        return [part.strip() for part in _LIST.split(self._text(entry, key)) if part.strip()]


def in_order(nodes: Sequence[PlanNode]) -> list[PlanNode]:
    """The nodes as a reader meets them: each after its parent, siblings by code."""
    children: dict[str, list[PlanNode]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node)
    ordered: list[PlanNode] = []
    stack = sorted(children.get("", []), key=lambda n: code_order(n.code), reverse=True)
    while stack:
        node = stack.pop()
        ordered.append(node)
        stack += sorted(children.get(node.key, []), key=lambda n: code_order(n.code), reverse=True)
    return ordered

