"""From rows to a tree: which node each row is, at what level, under which other."""

import re
from dataclasses import dataclass, field

from manglar.foundation.refusals import RowProblem
from manglar.foundation.sentences import Said, say
from manglar.foundation.texts import fold
from manglar.strategy.rules import words
from manglar.strategy.rules.columns import Columns
from manglar.strategy.rules.editions import MAX_DEPTH, parent_code
from manglar.strategy.rules.sheets import BLANK, Cell, Grid

DOTTED = re.compile(r"^\d+(\.\d+)*$")
_CODE_LIKE = re.compile(r"^[A-Za-z]{0,4}[ .-]?\d+(?:[.,]\d+)*\.?$")
_LEADING_CODE = re.compile(r"^(?:[^\W\d]+\s+)?(\d+(?:\.\d+)*)[.):\-–]*\s+(\S.*)$")
_COMMAS = re.compile(r"^\d+(,\d+)+$")


@dataclass(slots=True)
class Entry:
    """One node of a plan file before its other values are read."""

    key: str
    row: int
    depth: int
    parent: str
    code: str
    title: str
    cells: list[Cell] = field(default_factory=list)
    is_stub: bool = False
    code_is_made: bool = False


@dataclass(slots=True)
class Outline:
    """The tree of a file, in order, with what was wrong and what was assumed."""

    layout: str
    entries: dict[str, Entry] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    level_words: dict[int, str] = field(default_factory=dict)
    number_codes: set[str] = field(default_factory=set)

    def add(self, entry: Entry, column: str) -> None:
        """Add a node, or say that it was there already."""
        there = self.entries.get(entry.key)
        if there is None:
            self.entries[entry.key] = entry
            return
        hint: Said = ""
        if entry.code in self.number_codes and DOTTED.match(entry.code) and "." in entry.code:
            hint = say(" Si es {code}0, Excel le quitó el cero: escriba los códigos como texto.", code=entry.code)
        name = entry.code or entry.title
        said = say("«{code}» ya está en la fila {row}.{hint}", code=name, row=there.row, hint=hint)
        self.problems.append(RowProblem(entry.row, said, column))


def read_outline(grid: Grid, columns: Columns, own_levels: list[tuple[int, str]]) -> Outline:
    """Read the tree in whichever way the file writes it."""
    rows = [(number, cells) for number, cells in grid.rows if number > columns.header_row]
    if columns.levels and "title" in columns.fields:
        outline = _by_code_columns(rows, columns)
    elif columns.levels:
        outline = _by_title_columns(rows, columns)
    else:
        outline = _by_rows(rows, columns, own_levels)
    _add_missing_parents(outline)
    _warn_about_lost_zeros(outline)
    too_deep = [e for e in outline.entries.values() if e.depth > MAX_DEPTH]
    outline.problems += [
        RowProblem(e.row, say("Hay más de {max_depth} niveles.", max_depth=MAX_DEPTH)) for e in too_deep
    ]
    return outline


def clean_code(cell: Cell, outline: Outline, row: int, column: str) -> str:
    """A code without its noise; a code that a spreadsheet turned into a date is a problem."""
    if cell.is_date:
        outline.problems.append(
            RowProblem(
                row,
                say("Excel convirtió el código en la fecha {text}: escriba los códigos como texto.", text=cell.text),
                column,
            )
        )
        return ""
    if cell.is_lost_formula:
        outline.problems.append(RowProblem(row, say("La fórmula no guardó su valor: pegue los valores."), column))
        return ""
    text = cell.text.strip().rstrip(".")
    if len(text) > 40:
        outline.problems.append(RowProblem(row, say("El código pasa de 40 caracteres."), column))
        return ""
    if _COMMAS.match(text):
        outline.warnings.append(
            RowProblem(row, say("Se leyó «{text}» como {shown}.", text=text, shown=text.replace(",", ".")), column)
        )
        text = text.replace(",", ".")
    if cell.is_number:
        outline.number_codes.add(text)
    return text


def _at(cells: list[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else BLANK


def _by_code_columns(rows: list[tuple[int, list[Cell]]], columns: Columns) -> Outline:
    """One column per level with codes, and a title: the layout of the 2018 strategy's table."""
    outline = Outline("una columna de código por nivel")
    depths = sorted(columns.levels)
    outline.level_words = {depth: columns.names[columns.levels[depth]] for depth in depths}
    letters = _letters(outline.level_words)
    for number, cells in rows:
        codes = {d: clean_code(_at(cells, columns.levels[d]), outline, number, outline.level_words[d]) for d in depths}
        filled = [d for d in depths if codes[d]]
        if not filled:
            outline.problems.append(
                RowProblem(number, say("La fila no tiene ningún código."), outline.level_words[depths[0]])
            )
            continue
        depth, code = filled[-1], codes[filled[-1]]
        above = codes[filled[-2]] if len(filled) > 1 else ""
        parent = above if depth > 1 and filled[-2:-1] == [depth - 1] else (parent_code(code) if depth > 1 else "")
        if above and DOTTED.match(code) and "." in code and not code.startswith(above + "."):
            outline.problems.append(
                RowProblem(
                    number,
                    say("El código {code} no está debajo de {above}.", code=code, above=above),
                    outline.level_words[depth],
                )
            )
        _check_kind(outline, (number, cells), columns, depth=depth, letters=letters)
        title = columns.cell(cells, "title").text
        outline.add(Entry(code, number, depth, parent, code, title, cells), outline.level_words[depth])
    return outline


def _letters(level_words: dict[int, str]) -> dict[str, int]:
    """Kinds by their first letter («O», «I»), their heading, their word."""
    found: dict[str, int] = {}
    for depth, name in level_words.items():
        header = words.heading(name)
        for word in (header, header[:1]):
            found.setdefault(word, depth)
        known = words.level_word(header)
        for word in (*known.es, *known.en) if known else ():
            found.setdefault(fold(word), depth)
    return found


def _check_kind(
    outline: Outline, line: tuple[int, list[Cell]], columns: Columns, *, depth: int, letters: dict[str, int]
) -> None:
    row, cells = line
    kind = columns.cell(cells, "level").text
    if not kind:
        return
    column = columns.names[columns.fields["level"]]
    said = int(kind) if kind.isdigit() else letters.get(words.heading(kind))
    if said is None:
        known = ", ".join(dict.fromkeys(outline.level_words.values()))
        outline.problems.append(
            RowProblem(row, say("No se conoce la clase «{kind}»; hay: {known}.", kind=kind, known=known), column)
        )
    elif said != depth:
        outline.problems.append(
            RowProblem(
                row,
                say(
                    "La fila dice «{kind}» pero su código es de «{level}».",
                    kind=kind,
                    level=outline.level_words.get(depth, depth),
                ),
                column,
            )
        )


def split_code(text: str) -> tuple[str, str]:
    """«1.1 Movilidad» or «Pilar 1: Acceso» as a code and a title."""
    match = _LEADING_CODE.match(text)
    return (match.group(1), match.group(2).strip()) if match else ("", text)


def _by_title_columns(rows: list[tuple[int, list[Cell]]], columns: Columns) -> Outline:
    """One column per level with titles, blank or merged cells meaning «the same as above»."""
    outline = Outline("una columna por nivel")
    depths = sorted(columns.levels)
    outline.level_words = {depth: columns.names[columns.levels[depth]] for depth in depths}
    current: dict[int, str] = {}
    for number, cells in rows:
        new = False
        own = [d for d in depths if _at(cells, columns.levels[d]).text]
        for depth in own:
            key_before = current.get(depth)
            entry = _title_entry(
                outline, columns, current, (number, cells), depth=depth, is_deepest=depth == own[-1]
            )
            if entry is None:
                continue
            current[depth] = entry.key
            if key_before != entry.key:
                for below in [d for d in current if d > depth]:
                    del current[below]
            new = new or entry.row == number
        if not new:
            sentence = (
                say("La fila repite lo de otra: se ignoró.")
                if own
                else say("La fila no nombra nada en las columnas de nivel: se ignoró.")
            )
            outline.warnings.append(RowProblem(number, sentence))
    return outline


def _title_entry(
    outline: Outline, columns: Columns, current: dict[int, str], line: tuple[int, list[Cell]], *, depth: int,
    is_deepest: bool,
) -> Entry | None:
    row, cells = line
    parent_depth = max((d for d in columns.levels if d < depth), default=0)
    parent = current.get(parent_depth, "")
    if parent_depth and not parent:
        outline.problems.append(
            RowProblem(
                row,
                say("No se sabe a qué «{level}» pertenece.", level=outline.level_words[parent_depth]),
                outline.level_words[depth],
            )
        )
        return None
    code, title = split_code(_at(cells, columns.levels[depth]).text)
    if depth in columns.level_codes:
        code = clean_code(_at(cells, columns.level_codes[depth]), outline, row, columns.names[columns.level_codes[depth]])
    elif is_deepest and "code" in columns.fields:
        code = clean_code(columns.cell(cells, "code"), outline, row, columns.names[columns.fields["code"]])
    key = f"{parent} > {fold(title)}" if parent else fold(title)
    there = outline.entries.get(key)
    if there is not None:
        if is_deepest and not there.cells:
            there.cells = cells
        return there
    outline.entries[key] = Entry(key, row, depth, parent, code, title, cells if is_deepest else [])
    return outline.entries[key]


def _by_rows(rows: list[tuple[int, list[Cell]]], columns: Columns, own_levels: list[tuple[int, str]]) -> Outline:
    """One row per node, with a code, a level, or both."""
    outline = Outline("una fila por elemento")
    kinds = _kind_depths([columns.cell(cells, "level").text for _, cells in rows], own_levels)
    outline.level_words = {depth: kind for kind, depth in reversed(kinds.items()) if not kind.isdigit()}
    last: dict[int, str] = {}
    for number, cells in rows:
        entry = _row_entry(outline, columns, number, cells, kinds)
        if entry is None:
            continue
        if entry.depth > 1 and not entry.parent:
            entry.parent = last.get(entry.depth - 1, "")
        if entry.depth > 1 and not entry.parent:
            outline.problems.append(
                RowProblem(number, say("No hay nada en el nivel {depth} a lo que pertenezca.", depth=entry.depth - 1))
            )
            continue
        if not entry.code:
            entry.key = f"{entry.parent} > {fold(entry.title)}" if entry.parent else fold(entry.title)
        outline.add(entry, columns.names[columns.fields.get("code", columns.fields["title"])])
        last = {d: key for d, key in last.items() if d < entry.depth} | {entry.depth: entry.key}
    return outline


def _kind_depths(kinds: list[str], own_levels: list[tuple[int, str]]) -> dict[str, int]:
    """Each kind of the file and its depth: the strategy's own words, numbers, or the usual order of the words."""
    own = {words.heading(name): depth for depth, name in own_levels}
    given = list(dict.fromkeys(words.heading(kind) for kind in kinds if kind))
    ranks = {kind: word.rank for kind in given if (word := words.level_word(kind)) and kind not in own}
    order = sorted(set(ranks.values()))
    found = {}
    for kind in given:
        number = int(kind) if kind.isdigit() and len(kind) == 1 else words.numbered_level(kind)
        depth = own.get(kind) or number or (order.index(ranks[kind]) + 1 if kind in ranks else 0)
        if depth:
            found[kind] = depth
    return found


def _row_entry(
    outline: Outline, columns: Columns, row: int, cells: list[Cell], kinds: dict[str, int]
) -> Entry | None:
    before = len(outline.problems)
    code_column = columns.names[columns.fields["code"]] if "code" in columns.fields else ""
    code = clean_code(columns.cell(cells, "code"), outline, row, code_column)
    parent = clean_code(columns.cell(cells, "parent"), outline, row, "")
    depth = _row_depth(outline, columns, row, cells, (code, kinds))
    if len(outline.problems) > before:
        return None
    if not depth:
        outline.problems.append(RowProblem(row, say("La fila no tiene código ni nivel."), code_column))
        return None
    if not parent and depth > 1 and DOTTED.match(code) and "." in code:
        parent = parent_code(code)
    return Entry(code, row, depth, parent, code, columns.cell(cells, "title").text, cells)


def _row_depth(
    outline: Outline, columns: Columns, row: int, cells: list[Cell], given: tuple[str, dict[str, int]]
) -> int:
    code, kinds = given
    kind = columns.cell(cells, "level").text
    by_code = code.count(".") + 1 if DOTTED.match(code) else 0
    if not kind:
        if code and not by_code:
            outline.problems.append(
                RowProblem(
                    row,
                    say(
                        "El código «{code}» no dice su nivel: escríbalo como 1.1 o agregue una columna de nivel.",
                        code=code,
                    ),
                )
            )
        return by_code
    depth = kinds.get(words.heading(kind), 0)
    column = columns.names[columns.fields["level"]]
    if not depth:
        known = ", ".join(kinds) or say("ninguna")
        outline.problems.append(
            RowProblem(row, say("No se conoce la clase «{kind}»; se conocen: {known}.", kind=kind, known=known), column)
        )
    elif by_code > 1 and by_code != depth:
        outline.problems.append(
            RowProblem(
                row,
                say(
                    "El código {code} es de nivel {by_code} pero la fila dice «{kind}» (nivel {depth}).",
                    code=code,
                    by_code=by_code,
                    kind=kind,
                    depth=depth,
                ),
                column,
            )
        )
    return depth


def _add_missing_parents(outline: Outline) -> None:
    """Make the parents that the file names only through the codes of their children."""
    waiting = [e for e in outline.entries.values() if e.parent and e.parent not in outline.entries]
    while waiting:
        child = waiting.pop(0)
        if child.parent in outline.entries:
            continue
        if not DOTTED.match(child.parent) or child.depth < 2:
            outline.problems.append(
                RowProblem(
                    child.row,
                    say("No existe «{parent}», a lo que pertenece «{code}».", parent=child.parent, code=child.code),
                )
            )
            continue
        above = parent_code(child.parent) if child.depth > 2 else ""
        stub = Entry(child.parent, child.row, child.depth - 1, above, child.parent, "", is_stub=True)
        outline.entries[stub.key] = stub
        outline.warnings.append(
            RowProblem(
                child.row,
                say(
                    "Falta la fila de {parent}: se crea sin título para que {code} tenga dónde estar.",
                    parent=child.parent,
                    code=child.code,
                ),
            )
        )
        if above and above not in outline.entries:
            waiting.append(stub)


def _warn_about_lost_zeros(outline: Outline) -> None:
    """1.1 … 1.9 as numbers and no 1.10: a spreadsheet may have eaten a zero."""
    for code in sorted(outline.number_codes):
        above, _, last = code.rpartition(".")
        if above and last == "9" and f"{above}.10" not in outline.entries and f"{above}.1" in outline.entries:
            entry = outline.entries.get(code)
            outline.warnings.append(
                RowProblem(
                    entry.row if entry else 0,
                    say(
                        "Los códigos de {above} son números y llegan a {code}: si hay un {above}.10, Excel lo muestra como {above}.1. Escriba los códigos como texto.",
                        above=above,
                        code=code,
                    ),
                )
            )
