import csv
import io

import openpyxl
import pytest

from manglar.foundation.spreadsheets import MARK, csv_lines, escape, unescape, workbook

ROWS = [["=1+1", "Año, «uno»"], ["1.10", "dos\nlíneas"]]


@pytest.mark.parametrize("text", ["=1+1", "+507", "-5+A1", "@a", "'ya", "''dos", "normal", "'", ""])
def test_escaping_for_spreadsheets_goes_back(text):
    escaped = escape(text)
    assert not escaped.startswith(("=", "+", "-", "@"))
    assert unescape(escaped) == text


def test_a_csv_comes_line_by_line_and_goes_back_in():
    lines = list(csv_lines(["código", "nombre"], ROWS))
    assert lines[0] == MARK
    assert len(lines) == 4
    read = list(csv.reader(io.StringIO(b"".join(lines).decode("utf-8-sig"), newline="")))
    assert read == [["código", "nombre"], ["'=1+1", "Año, «uno»"], ["1.10", "dos\nlíneas"]]


def test_the_cells_of_a_workbook_are_text_and_none_is_a_formula():
    sheet = openpyxl.load_workbook(io.BytesIO(workbook("Lista", ["código", "nombre"], ROWS))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells][2:4] == ["'=1+1", "Año, «uno»"]


def test_an_empty_list_is_a_file_with_its_heading():
    assert b"".join(csv_lines(["a"], [])) == MARK + b"a\r\n"


@pytest.mark.parametrize("number", ["-5", "-79.495", "12", "0.5"])
def test_a_bare_number_is_no_formula_and_stays_a_number(number):
    assert escape(number) == number
