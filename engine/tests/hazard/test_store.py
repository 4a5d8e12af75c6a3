from __future__ import annotations

import pickle

import made_impact as made
import numpy as np
import pytest
import zarr

from manglar_engine import FormatError, HazardError, read_hazard, write_hazard
from manglar_engine.hazard import store, tiling
from manglar_engine.hazard.event_files import write_events
from manglar_engine.hazard.store import whole, write_footprints
from manglar_engine.hazard.tiling import tiled


@pytest.fixture
def hazard():
    return made.drawn_city(5, events=40, sites_count=60, count=5)[0]


def test_what_comes_back_is_what_went_in(tmp_path, hazard, monkeypatch):
    monkeypatch.setattr(tiling, "MOST_SITES", 17)
    write_hazard(tmp_path, hazard)
    held = read_hazard(tmp_path)
    assert len(held.tiles) == 4
    back = whole(held)
    assert (back.footprints.intensity.toarray() == hazard.footprints.intensity.toarray()).all()
    assert back.events.ids == hazard.events.ids
    assert (back.events.frequency == hazard.events.frequency).all()
    assert held.tiles.unit == "m"
    assert held.tiles.sites.crs == "EPSG:32617"


def test_long_tables_come_back_too(tmp_path, hazard, monkeypatch):
    for module in (tiling, store):
        monkeypatch.setattr(module, "MOST_EVENTS", 20)
    monkeypatch.setattr(tiling, "MOST_SITES", 3)
    rows = hazard.footprints.intensity.toarray().copy()
    rows[20:] = 0
    rows[25, 40] = 1.5
    write_hazard(tmp_path, made.hazard(rows))
    assert (whole(read_hazard(tmp_path)).footprints.intensity.toarray() == rows).all()


def test_steps_round_to_the_nearest_and_never_to_nothing(tmp_path):
    write_hazard(tmp_path, made.hazard(np.array([[0.0, 0.0001, 0.0149]], np.float32)), step=0.01)
    back = whole(read_hazard(tmp_path)).footprints.intensity
    assert back.dtype == np.float32
    assert back.toarray()[0] == pytest.approx([0, 0.01, 0.01])


@pytest.mark.parametrize(("depth", "step"), [(700.0, 0.01), (1.0, 0), (1.0, -1)])
def test_steps_that_do_not_reach_are_refused_and_leave_no_file(tmp_path, depth, step):
    with pytest.raises(HazardError, match="step"):
        write_hazard(tmp_path, made.hazard([[depth]]), step=step)
    assert [path.name for path in tmp_path.iterdir()] == ["events.parquet"]


def test_tiles_that_leave_sites_out_are_refused(tmp_path, hazard, monkeypatch):
    monkeypatch.setattr(tiling, "MOST_SITES", 20)
    held = tiled(hazard.footprints)
    settings = {"sites": held.sites, "unit": "m", "events": 40, "width": 2000}
    with pytest.raises(HazardError, match="begins at site 20 and the one before ends at 0"):
        write_footprints(tmp_path / "a", held.held[1:], **settings)
    with pytest.raises(HazardError, match="end at site 40 of 60"):
        write_footprints(tmp_path / "a", held.held[:2], **settings)
    assert not list(tmp_path.iterdir())


def test_the_same_hazard_has_the_same_bytes(tmp_path, hazard):
    for name in ("one", "two"):
        write_hazard(tmp_path / name, hazard)
    files = [sorted(p for p in (tmp_path / name).rglob("*") if p.is_file()) for name in ("one", "two")]
    assert len(files[0]) > 5
    assert [p.read_bytes() for p in files[0]] == [p.read_bytes() for p in files[1]]


def test_only_the_path_travels(tmp_path, hazard):
    write_hazard(tmp_path, hazard)
    held = read_hazard(tmp_path).tiles
    sent = pickle.dumps(held)
    assert len(sent) < 500
    assert len(pickle.loads(sent)) == len(held)  # noqa: S301 - our own bytes of the line above


def test_a_folder_that_is_no_hazard_is_refused(tmp_path, hazard):
    with pytest.raises(FormatError, match=r"events\.parquet cannot be read"):
        read_hazard(tmp_path)
    write_events(tmp_path / "events.parquet", hazard.events)
    with pytest.raises(FormatError, match="as Zarr v3"):
        read_hazard(tmp_path)
    zarr.create_group(str(tmp_path / "footprints.zarr"), zarr_format=3)
    with pytest.raises(FormatError, match="format None"):
        read_hazard(tmp_path)
