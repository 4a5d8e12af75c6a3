from __future__ import annotations

import pytest

from manglar_engine import FormatError
from manglar_engine.io.tables import read_table


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_columns_are_read_by_name_with_numbers_as_numbers(tmp_path):
    table = read_table(write(tmp_path, "\ufeffa, b\n1,x\n2.5,y\n"), required=("a",))
    assert table.numbers("a").tolist() == [1.0, 2.5]
    assert table.texts("b") == ("x", "y")


def test_what_is_not_a_number_is_named_by_its_row(tmp_path):
    table = read_table(write(tmp_path, "a\n1\n1;5\nnan\n"))
    with pytest.raises(FormatError, match="3: '1;5', 4: 'nan'"):
        table.numbers("a")


@pytest.mark.parametrize("text", ["", "a,b\n", "a,a\n1,2\n", "a,b\n1\n"])
def test_an_empty_repeated_or_ragged_table_is_refused(tmp_path, text):
    with pytest.raises(FormatError):
        read_table(write(tmp_path, text))


def test_a_missing_column_file_or_encoding_is_refused(tmp_path):
    with pytest.raises(FormatError, match="no column 'z'"):
        read_table(write(tmp_path, "a\n1\n"), required=("z",))
    with pytest.raises(FormatError, match="opened"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(FormatError, match="UTF-8"):
        read_table(write(tmp_path, "a\nñ\n", "latin-1"))


def test_a_table_with_semicolons_has_decimal_commas(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('id;value;ratio;name\n"a";1234,5;0.25;"x, y"\nb;7;0.5;1,2\n', encoding="utf-8")
    table = read_table(path)
    assert table.numbers("value").tolist() == [1234.5, 7.0]
    assert table.numbers("ratio").tolist() == [0.25, 0.5]
    assert table.texts("name") == ("x, y", "1,2")


def test_a_comma_table_keeps_its_semicolons(tmp_path):
    (tmp_path / "a.csv").write_text("date,codes\n2004,A;B\n", encoding="utf-8")
    assert read_table(tmp_path / "a.csv").texts("codes") == ("A;B",)


def test_points_of_thousands_beside_decimal_commas_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    for rows in ("a;1.234,5\n", "a;1.234\nb;0,5\n"):
        path.write_text("id;value\n" + rows, encoding="utf-8")
        with pytest.raises(FormatError, match=r"semicolons.*rows: 2: 1\.234"):
            read_table(path)
