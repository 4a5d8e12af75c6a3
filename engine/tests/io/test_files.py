from __future__ import annotations

from pathlib import Path

import pytest

from manglar_engine.io.files import write_whole, written_whole


def test_a_file_is_written_whole_into_a_new_folder(tmp_path):
    write_whole(tmp_path / "new" / "a.json", b"{}")
    assert (tmp_path / "new" / "a.json").read_bytes() == b"{}"


def test_an_interruption_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")

    def interrupted(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]
    assert path.read_bytes() == b"old"


def test_what_a_library_writes_takes_the_place_of_the_old_at_the_end(tmp_path):
    for name, fill in (("a.txt", lambda p, text: p.write_text(text)), ("b.zarr", _folder)):
        path = tmp_path / name
        fill(path, "old")
        with pytest.raises(RuntimeError):
            _fail_half_way(path, fill)
        assert _read(path) == "old"
        with written_whole(path) as made:
            fill(made, "new")
            assert _read(path) == "old"
        assert _read(path) == "new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "b.zarr"]


def _fail_half_way(path, fill):
    with written_whole(path) as made:
        fill(made, "half")
        raise RuntimeError


def _folder(path, text):
    path.mkdir()
    (path / "part").write_text(text)


def _read(path):
    return (path / "part").read_text() if path.is_dir() else path.read_text()
