"""The rows of a table, drawn in Python: a list has hundreds of cells, and a template included for each of them was
most of the time of a page (docs/bench-pages.md). What they look like is still one place: here and components.css.
"""

from django.template import Library
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from manglar.design.shapes import Cell, Column, Row, Table
from manglar.design.templatetags.design import mark, status

register = Library()


@register.simple_tag
def cell(shown: Cell) -> SafeString:
    """Draw what a cell says: its text (a link where it leads somewhere), its state, its mark."""
    text = conditional_escape(shown.text)
    if shown.url:
        text = format_html('<a href="{}">{}</a>', shown.url, text)
    state = status(shown.status.label, shown.status.tone) if shown.status else ""
    parts = [part for part in (text, state) if part]
    return SafeString(" ".join(parts) + (mark(shown.mark) if shown.mark else ""))


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """Draw the body's rows of a table."""
    heads = [_head(column) for column in table.columns]
    return SafeString("\n".join(_row(table, row, line, heads) for row, line in table.lines()))


@register.simple_tag
def table_total(table: Table) -> SafeString:
    """Draw the row of the total; nothing where there is none."""
    if table.total is None:
        return SafeString("")
    return format_html('<tr role="row">{}</tr>', _cells(table.total_line(), [_head(each) for each in table.columns]))


def _head(column: Column) -> SafeString:
    """What each cell of a column begins with, escaped once for all its rows."""
    return format_html('<td role="cell" data-label="{}" class="{}', column.label, "m-num" if column.numeric else "")


def _row(table: Table, row: Row, line: list[tuple[Column, Cell]], heads: list[SafeString]) -> SafeString:
    code = format_html(' data-code="{}"', row.code) if row.code else ""
    anchor = format_html(' id="{}"', row.anchor) if row.anchor else ""
    current = mark_safe(' class="is-current"') if row.current else ""  # a constant
    return format_html(
        '<tr role="row"{}{}{}>{}{}</tr>', code, anchor, current, _select(table, row) if table.select else "", _cells(line, heads)
    )


def _cells(line: list[tuple[Column, Cell]], heads: list[SafeString]) -> SafeString:
    """The first cell is the heading of its row; the others know their column, for the cards of a phone."""
    drawn = []
    for place, (column, each) in enumerate(line):
        if place == 0:
            numeric = ' class="m-num"' if column.numeric else ""
            drawn.append(f'<th scope="row" role="rowheader"{numeric}>{cell(each)}</th>')
        else:
            blank = "" if each.text or each.status else " m-blank"
            drawn.append(f'{heads[place]}{blank}"><span>{cell(each)}</span></td>')
    return SafeString("".join(drawn))


def _select(table: Table, row: Row) -> SafeString:
    label = _("Elegir %(name)s") % {"name": row.cells[0].text}
    return format_html(
        '<td role="cell" class="m-select"><input type="checkbox" name="{}" value="{}" form="varios" aria-label="{}"></td>',
        table.select, row.code, label,
    )  # fmt: skip
