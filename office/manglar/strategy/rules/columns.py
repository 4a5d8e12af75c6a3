"""Which row of a sheet is its heading, and which column means what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import Said, Sentence, listed, say
from manglar.strategy.rules import words
from manglar.strategy.rules.sheets import Cell, Grid

SCAN = 40
FIELDS = tuple(words.SYNONYMS)


@dataclass(slots=True)
class Columns:
    """Where each field is; ``levels`` and ``level_codes`` by depth, left to right."""

    sheet: str
    header_row: int
    names: list[str]
    fields: dict[str, int] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)
    level_codes: dict[int, int] = field(default_factory=dict)
    notes: list[Said] = field(default_factory=list)
    doubled: list[Said] = field(default_factory=list)

    @property
    def used(self) -> dict[str, str]:
        """Field → heading, as it is remembered and shown."""
        found = {key: self.names[i] for key, i in self.fields.items()}
        found |= {f"level:{depth}": self.names[i] for depth, i in self.levels.items()}
        return found | {f"level_code:{depth}": self.names[i] for depth, i in self.level_codes.items()}

    @property
    def unused(self) -> list[str]:
        """Headings of columns that nothing reads."""
        taken = {*self.fields.values(), *self.levels.values(), *self.level_codes.values()}
        return [name for i, name in enumerate(self.names) if name and i not in taken]

    def cell(self, cells: Sequence[Cell], key: str) -> Cell:
        """The cell of a field in a row; blank where the row is shorter."""
        place = self.fields.get(key)
        return cells[place] if place is not None and place < len(cells) else Cell("")


def unique_names(cells: Sequence[Cell]) -> list[str]:
    """Headings as written; the second of two equal ones gets « (2)»."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        name = " ".join(cell.text.split())
        key = words.heading(name)
        seen[key] = seen.get(key, 0) + 1
        names.append(f"{name} ({seen[key]})" if name and seen[key] > 1 else name)
    while names and not names[-1]:
        names.pop()
    return names


def possible_headings(grid: Grid) -> Iterator[tuple[int, list[str]]]:
    """The first rows of a sheet as headings, each with its number.

    Two rows that make one heading («Eje | | Programa» over «Código | Nombre | Código | Nombre») are read as one, under
    the number of the second; they are refused when they cannot be.
    """
    rows = grid.rows[:SCAN]
    joined = {}
    for (above_number, above), (number, below) in pairwise(rows):
        if _is_second_half(above, below):
            joined[above_number] = (number, _joined(above_number, above, number, below))
    skipped = {number for number, _ in joined.values()}
    for number, cells in rows:
        if number not in skipped:
            yield joined.get(number) or (number, unique_names(cells))


def _is_second_half(above: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether a row repeats «código» or «nombre» under a row that names levels."""
    levels = [cell for cell in above if _is_level(cell.text)]
    fields = [words.field_of(words.heading(cell.text)) for cell in below]
    return len(levels) > 1 and (fields.count("code") > 1 or fields.count("title") > 1)


def _is_level(text: str) -> bool:
    header = words.heading(text)
    return bool(words.level_word(header) or words.numbered_level(header))


def _joined(above_number: int, above: Sequence[Cell], number: int, below: Sequence[Cell]) -> list[str]:
    group, names, nameless = "", [], []
    for place in range(max(len(above), len(below))):
        upper = above[place].text if place < len(above) else ""
        lower = below[place].text if place < len(below) else ""
        if upper:
            group = upper
            nameless += [upper] if _is_level(upper) else []
        name = _joined_name(group, upper, lower)
        nameless = [each for each in nameless if each != name]
        names.append(Cell(name))
    if nameless:
        raise InvalidInput(
            say(
                "Los encabezados ocupan dos filas ({above} y {below}) y debajo de «{level}» no hay una columna de nombre. Déjelos en una sola fila, con un nombre por columna: «Código {level}», «{level}».",
                above=above_number,
                below=number,
                level=nameless[0],
            )
        )
    return unique_names(names)


def _joined_name(group: str, upper: str, lower: str) -> str:
    """What a column is called that says «Eje» above and «Código» below."""
    field_name = words.field_of(words.heading(lower))
    if not lower or (field_name == "title" and _is_level(group)):
        return group if lower else upper
    if field_name == "code" and _is_level(group):
        return f"Código {group}"
    return lower if field_name else f"{group} {lower}".strip()


def find_columns(
    grids: Sequence[Grid], mapping: Mapping[str, str] | None, own_levels: Sequence[tuple[int, str]] = ()
) -> tuple[Grid, Columns]:
    """Find the sheet, its heading and its columns; ``mapping`` (field → heading) wins over detection."""
    best: tuple[int, Grid, Columns] | None = None
    for grid in grids:
        for number, names in possible_headings(grid):
            columns = _read_header(grid.name, number, names, mapping, own_levels)
            score = len(columns.used) if columns else 0
            if columns and score >= 2 and (best is None or score > best[0]):
                best = (score, grid, columns)
        if best:
            break
    if best is None:
        raise InvalidInput(_not_found(grids, mapping))
    _check_enough(best[2])
    return best[1], best[2]


def _not_found(grids: Sequence[Grid], mapping: Mapping[str, str] | None) -> Sentence:
    first = next((row for grid in grids for row in grid.rows[:1]), None)
    if first is None:
        return say("El archivo no tiene filas con datos.")
    seen = ", ".join(f"«{cell.text[:40]}»" for cell in first[1] if cell.text)[:400]
    if mapping:
        asked = ", ".join(f"«{name}»" for name in mapping.values() if name)
        return say(
            "No se encontró una fila de encabezados con {asked}. La primera fila dice: {seen}.", asked=asked, seen=seen
        )
    return say(
        "No se reconocen los encabezados. La primera fila dice: {seen}. Indique qué columna es cada dato, por ejemplo título=Nombre y código=N.º.",
        seen=seen,
    )


def _read_header(
    sheet: str, number: int, names: list[str], mapping: Mapping[str, str] | None,
    own_levels: Sequence[tuple[int, str]],
) -> Columns | None:
    columns = Columns(sheet, number, names)
    if mapping and not _apply_mapping(columns, mapping):
        return None
    taken = {*columns.fields.values(), *columns.levels.values(), *columns.level_codes.values()}
    skipped = {key for key, name in (mapping or {}).items() if not name}
    free = [(i, words.heading(name)) for i, name in enumerate(names) if name and i not in taken]
    own = {words.heading(name): depth for depth, name in own_levels}
    _detect_fields(columns, free, skipped)
    if not columns.levels and not columns.level_codes:
        _detect_levels(columns, free, own)
    return columns


def _apply_mapping(columns: Columns, mapping: Mapping[str, str]) -> bool:
    """Put each mapped field on its column; False when this row lacks one of the headings."""
    places = {words.heading(name): i for i, name in enumerate(columns.names)}
    for key, name in mapping.items():
        if not name:
            continue
        place = places.get(words.heading(name))
        if place is None:
            return False
        kind, _, depth = key.partition(":")
        if kind == "level" and depth.isdigit():
            columns.levels[int(depth)] = place
        elif kind == "level_code" and depth.isdigit():
            columns.level_codes[int(depth)] = place
        elif key in FIELDS:
            columns.fields[key] = place
        else:
            raise InvalidInput(
                say(
                    "No existe el dato «{key}». Los datos son: {known}, level:1, level:2…",
                    key=key,
                    known=", ".join(FIELDS),
                )
            )
    return True


def _detect_fields(columns: Columns, free: list[tuple[int, str]], skipped: set[str]) -> None:
    for place, header in free:
        bare = header[:-4] if header.endswith((" (2)", " (3)")) else header
        key = words.field_of(header) or words.field_of(bare)
        if not key or key in skipped:
            continue
        if key not in columns.fields:
            columns.fields[key] = place
        elif header != bare:
            columns.doubled.append(
                say("Hay dos columnas «{name}»: indique cuál vale.", name=columns.names[columns.fields[key]])
            )
        else:
            columns.notes.append(
                say(
                    "«{name}» y «{other}» parecen el mismo dato: se usó la segunda que se nombra.",
                    name=columns.names[place],
                    other=columns.names[columns.fields[key]],
                )
            )


def _detect_levels(columns: Columns, free: list[tuple[int, str]], own: Mapping[str, int]) -> None:
    """Columns named after levels are levels, in the strategy's own order or from left to right."""
    open_places = [(place, header) for place, header in free if place not in columns.fields.values()]
    codes = [place for place, header in open_places if words.code_of_level(header)]
    found = [(place, header) for place, header in open_places if place not in codes
             and (header in own or words.numbered_level(header) or words.level_word(header))]
    if len(found) == 1 and "title" not in columns.fields:
        columns.fields["title"] = found[0][0]
        return
    if len(found) == 1 and "code" not in columns.fields and "level" not in columns.fields:
        columns.levels = {1: found[0][0], 2: columns.fields.pop("title")}
        return
    if len(found) < 2:
        return
    known = [own.get(header) or words.numbered_level(header) for _, header in found]
    depths = known if all(known) and len(set(known)) == len(known) else list(range(1, len(found) + 1))
    columns.levels = {depth: place for depth, (place, _) in zip(depths, found, strict=True)}
    if len(codes) == len(found):
        columns.level_codes = dict(zip(depths, codes, strict=True))
        return
    depth_of = {header: depth for depth, (_, header) in zip(depths, found, strict=True)}
    for place, header in open_places:
        if words.code_of_level(header) in depth_of:
            columns.level_codes[depth_of[words.code_of_level(header)]] = place


def _check_enough(columns: Columns) -> None:
    doubled = columns.doubled
    if doubled:
        raise InvalidInput(listed([*doubled, say("La segunda se nombra con « (2)» al final.")], separator=" "))
    if not columns.levels and "title" not in columns.fields:
        raise InvalidInput(say("Falta la columna del título: indique cuál es (title=…)."))
    if not columns.levels and "code" not in columns.fields and "level" not in columns.fields:
        raise InvalidInput(
            say(
                "Falta saber qué está debajo de qué: hace falta una columna de código (1, 1.1, 1.1.1), de nivel, o una columna por nivel (level:1=…, level:2=…)."
            )
        )
