"""The rows of a table: what people wrote is text, safe HTML stays what it is, a row of another width is refused."""

import pytest
from django.utils.html import format_html

from manglar.design.shapes import Cell, Column, Row, Status, Table
from manglar.design.templatetags.tables import cell, table_rows, table_total

HOSTILE = '"><script>alert(1)</script>'


def table(*rows, **given):
    return Table("Muestra", [Column("Uno"), Column(HOSTILE, numeric=True)], list(rows), **given)


def test_what_people_wrote_is_text_wherever_it_stands():
    row = Row([Cell(HOSTILE, url=HOSTILE), Cell(HOSTILE, status=Status(HOSTILE), mark="fuente")], code=HOSTILE)
    drawn = table_rows(table(row, select="id"))
    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") == 8
    assert "m-mark--fuente" in drawn


def test_safe_html_stays_and_cells_know_their_column_and_what_they_lack():
    drawn = table_rows(table(Row([Cell(format_html("<b>{}</b>", "a")), Cell("")], current=True)))
    assert "<b>a</b>" in drawn
    assert 'class="is-current"' in drawn
    assert 'class="m-num m-blank"' in drawn
    assert drawn.startswith('<tr role="row"')


def test_a_cell_says_its_text_then_its_state():
    drawn = cell(Cell("Texto", url="/x/", status=Status("vencido", "late")))
    assert drawn.index("/x/") < drawn.index("Texto") < drawn.index("vencido")
    assert cell(Cell("")) == ""


def test_the_total_is_a_row_and_without_one_there_is_nothing():
    assert table_total(table()) == ""
    assert "2,180" in table_total(table(total=Row.of("Total", "2,180")))


def test_a_row_of_another_width_is_refused():
    with pytest.raises(ValueError, match="zip"):
        table_rows(table(Row.of("solo una")))
