"""What the components show. Pages build these; the partials in templates/design/components draw them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from manglar.design.measures import Measure

Tone = Literal["neutral", "info", "ok", "warn", "late", "draft"]


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to this page; without address it is the page itself."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of a navigation."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NavGroup:
    """A heading of the desk's navigation (saber, querer, conversar…) and its entries."""

    label: str
    items: Sequence[NavItem]


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the switch; its url is this page in that language."""

    code: str
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How a government dresses its pages: its name and the office's name, its logo with a description, its colour, how to write to it."""

    city_name: str = ""
    office_name: str = ""
    contact: str = ""
    website: str = ""
    stylesheet_url: str = ""
    theme_colour: str = ""
    logo_url: str = ""
    logo_text: str = ""
    logo_width: int = 0
    logo_height: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """A state in words; the tone chooses colour and icon."""

    label: str
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a fact list. Value may be text or safe HTML. ``is_public`` is told where it is asked; None: no mark."""

    label: str
    value: str
    mark: str = ""
    source: str = ""
    source_url: str = ""
    is_public: bool | None = None


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """A large figure with what it means, how sure it is and where it comes from."""

    label: str
    value: str
    interval: str = ""
    mark: str = ""
    source: str = ""
    source_url: str = ""
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class ChainItem:
    """A link of the chain finding → advice → decision → agreement → action → indicator → evidence."""

    kind: str
    kind_label: str
    title: str
    url: str = ""
    date: str = ""
    institution: str = ""
    text: str = ""
    status: Status | None = None
    current: bool = False
    pending: bool = False
    is_cut: bool = False  # its text is only a beginning: the rest is at its address


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; sort_url makes its heading a link."""

    label: str
    numeric: bool = False
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; text may be safe HTML."""

    text: str
    url: str = ""
    status: Status | None = None
    mark: str = ""
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row, whose first cell is its heading. Code ties it to a place of a map."""

    cells: Sequence[Cell]
    code: str = ""
    current: bool = False
    #: The id of the row in its page, where an address leads to it.
    anchor: str = ""

    @classmethod
    def of(cls, *texts: str, url: str = "", code: str = "") -> "Row":
        """Make a row of plain texts; the address goes to the first."""
        return cls([Cell(text, url if place == 0 else "") for place, text in enumerate(texts)], code=code)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; it becomes a list of cards on a phone. ``select`` names the field of its check boxes."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    hint: str = ""
    total: Row | None = None
    stacked: bool = True
    select: str = ""

    def lines(self) -> Iterator[tuple[Row, list[tuple[Column, Cell]]]]:
        """Yield each row with its cells beside their columns; refuse rows of another width."""
        for row in self.rows:
            yield row, list(zip(self.columns, row.cells, strict=True))

    def total_line(self) -> list[tuple[Column, Cell]]:
        """Return the cells of the total beside their columns."""
        return list(zip(self.columns, self.total.cells, strict=True)) if self.total else []


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: the sentence that says it, its SVG (safe HTML), and the same as a table.

    ``explore`` is what ``manglar-chart.js`` needs to make it explorable, as JSON; empty leaves the picture as it is.
    """

    sentence: str
    svg: str
    table: Table | None = None
    mark: str = ""
    source: str = ""
    source_url: str = ""
    explore: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a procedure."""

    title: str
    state: Literal["", "done", "current"] = ""
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FileItem:
    """A file to download."""

    title: str
    url: str
    kind: str = ""
    size: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a field said before and says now."""

    label: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """Who did what, when and why."""

    at: str
    who: str
    what: str
    why: str = ""
    url: str = ""
    digest: str = ""
    changes: Sequence[FieldChange] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a list stands; query is the rest of the address («estado=abierta&»)."""

    number: int
    last: int
    total: int
    query: str = ""

    @property
    def previous(self) -> int:
        """The page before, or 0."""
        return self.number - 1

    @property
    def following(self) -> int:
        """The page after, or 0."""
        return self.number + 1 if self.number < self.last else 0

    def shown(self) -> list[int]:
        """Return the numbers to show; 0 stands for a gap."""
        numbers: list[int] = []
        for n in (n for n in range(1, self.last + 1) if n in (1, self.last) or abs(n - self.number) <= 1):
            numbers += [0, n] if numbers and n - numbers[-1] > 1 else [n]
        return numbers


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as a page offers it."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FilterShown:
    """A filter with its values; ``clear`` is the address of the list without it; one ``always`` has some value."""

    key: str
    label: str
    choices: Sequence[Choice]
    chosen: str
    clear: str = ""
    always: bool = False

    @classmethod
    def of(cls, key: str, label: str, values: Sequence[tuple[Any, Any]], chosen: str, clear: str = "", *, always: bool = False) -> "FilterShown":
        """Make a filter of pairs of value and word."""
        return cls(key, label, [Choice(str(v), str(word), str(v) == chosen) for v, word in values], chosen, clear, always)


@dataclass(frozen=True, slots=True)
class MapValue:
    """The value of a place, and how it is said in the tooltip."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class MapClass:
    """A class of the legend: values below upper (None: all the rest)."""

    upper: float | None
    label: str


@dataclass(frozen=True, slots=True)
class MapOverlay:
    """A layer of tiles over a map, to be switched on: squares with ``d`` per km² far away, points from ``near`` on.

    ``limits`` are those of the classes of ``d``, with one ``label`` more; ``points`` says what a point is.
    """

    key: str
    label: str
    tiles: str
    near: int
    last: int
    limits: Sequence[float]
    labels: Sequence[str]
    density: str
    points: str
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class MapSpec:
    """A map and its table. Source: GeoJSON, or tiles «/tiles/{layer}/{z}/{x}/{y}.pbf» with their layer."""

    label: str
    src: str
    bounds_box: tuple[float, float, float, float]
    values: Mapping[str, MapValue]
    classes: Sequence[MapClass]
    table: Table
    layer: str = ""
    kind: Literal["fill", "circle", "line"] = "fill"
    code_property: str = "code"
    name_property: str = "name"
    href: str = ""
    legend_title: str = ""
    max_zoom: int = 14  # of the tiles that exist; beyond it they are enlarged
    under: str = ""  # GeoJSON of outlines drawn under points
    is_clustered: bool = False  # points that stand close together are one circle with their count
    overlays: Sequence[MapOverlay] = ()
    points: str = ""  # GeoJSON of records (id, name) drawn as points over the areas
    points_href: str = ""  # where one of them leads, with {code} for its id
    chosen: str = ""  # the code of the area that stands out
    none_label: str = ""  # what a place without a value is called; «sin dato» when empty
    image: str = ""  # the same map as a picture, for paper and for a browser that cannot draw it
    picks: bool = False  # a tap, or Enter on what is in the middle, tells an area's name and value with a link to its page

    @property
    def bounds(self) -> str:
        """West, south, east, north."""
        return ",".join(f"{edge:.6f}" for edge in self.bounds_box)

    @property
    def address(self) -> str:
        """The source, with the name of the layer in its place."""
        return self.src.replace("{layer}", self.layer)

    @property
    def values_json(self) -> str:
        """The values by code, as the map reads them."""
        return json.dumps({code: asdict(value) for code, value in self.values.items()}, ensure_ascii=False)

    @property
    def overlays_json(self) -> str:
        """The layers over it, as the map reads them."""
        return json.dumps([asdict(each) for each in self.overlays], ensure_ascii=False)

    @property
    def breaks_json(self) -> str:
        """The classes, as the map reads them."""
        return json.dumps([asdict(step) for step in self.classes], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A record that was found: its title and an excerpt in pieces (``text``, ``is_hit``), each with its language."""

    title: Sequence[Any]
    url: str
    excerpt: Sequence[Any] = ()
    language: str = ""
    excerpt_language: str = ""
    status: Status | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """The found records of one kind; ``more_url`` leads to all of them when not all are shown."""

    label: str
    count: int
    items: Sequence[FoundItem]
    more_url: str = ""
