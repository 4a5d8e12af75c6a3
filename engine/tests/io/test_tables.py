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
