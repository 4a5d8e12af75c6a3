"""How the rows of a preview are shown: what would become of each, and what would change, before and after."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from manglar.design.shapes import Cell, Column, Row, Table
from manglar.foundation.outcomes import Difference, RowOutcome
from manglar.web.kinds.import_words import many_of, status_of

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Tab:
    """One outcome with how many rows come to it; pressed, only those are shown."""

    outcome: str
    label: str
    count: int
    is_shown: bool


def outcome_tabs(counts: Mapping[str, int], shown: str) -> list[Tab]:
    """All rows, and those of each outcome."""
    every = Tab("", _("todas"), sum(counts.values()), not shown)
    return [every, *(Tab(name, many_of(name), count, name == shown) for name, count in counts.items())]


def preview_table(lines: list[RowOutcome]) -> Table:
    """Some rows of a preview."""
    columns = [
        Column(_("Registro")),
        Column(_("Fila"), numeric=True),
        Column(_("Qué pasa")),
        Column(_("Antes → después, y por qué")),
    ]
    return Table(caption=_("Fila por fila"), columns=columns, rows=[_row(line) for line in lines])


def _row(line: RowOutcome) -> Row:
    where = str(line.row) if line.row else "—"
    name = line.record[:LONGEST] or _("Fila %(row)s") % {"row": where}
    return Row([Cell(name), Cell(where), Cell("", status=status_of(line.outcome)), Cell(_why(line))])


def _why(line: RowOutcome) -> str:
    told = [(_difference(each),) for each in line.differences]
    column = f"«{line.column}»: " if line.column else ""
    told += [(f"{column}{remark}",) for remark in line.remarks]
    if not told:
        return ""
    return format_html("<ul class=\"m-plain\">{}</ul>", format_html_join("", "<li>{}</li>", told))


def _difference(each: Difference) -> str:
    before, after = (_short(str(value)) for value in (each.before, each.after))
    return format_html(
        '{}: <del>{}</del> <span aria-hidden="true">→</span> <ins>{}</ins>',
        each.field, before or _("nada"), after or _("nada"),
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
