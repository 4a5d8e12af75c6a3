from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from manglar_engine import FormatError
from manglar_engine.io.parquet_columns import read_columns, write_columns


def test_columns_and_what_the_footer_says_come_back(tmp_path):
    path = tmp_path / "a.parquet"
    write_columns(path, {"id": ["a", "b"], "n": np.array([1.5, 2])}, said={"unit": "m"})
    held = read_columns(path, required=("id", "n"))
    assert held.texts("id") == ["a", "b"]
    assert held.numbers("n").tolist() == [1.5, 2]
    assert held.said == {"unit": "m"}


def test_columns_that_are_not_what_they_should_be_are_named(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": ["a", None], "n": [1.0, None]}), path)
    held = read_columns(path)
    for ask, said in (
        (lambda: held.texts("id"), r"'id': not text \(rows: 1\)"),
        (lambda: held.numbers("n"), r"'n': blank cells \(rows: 1\)"),
        (lambda: held.numbers("id"), "holds string, not numbers"),
        (lambda: held.texts("x"), "no column 'x'"),
        (lambda: read_columns(path, required=("x",)), "lacks columns.*rows: x"),
    ):
        with pytest.raises(FormatError, match=said):
            ask()


def test_a_file_that_is_not_parquet_is_refused(tmp_path):
    (tmp_path / "a.parquet").write_text("nothing")
    with pytest.raises(FormatError, match="is not Parquet"):
        read_columns(tmp_path / "a.parquet")
    with pytest.raises(FormatError, match="cannot be opened"):
        read_columns(tmp_path / "b.parquet")
