from __future__ import annotations

import shutil

import made_impact as made
import numpy as np
import pytest
import zarr

from manglar_engine import FormatError, HazardError, read_hazard, write_hazard
from manglar_engine.hazard import tiling
from manglar_engine.hazard.chunks import Room
from manglar_engine.hazard.store import write_footprints
from manglar_engine.hazard.tiling import Pairs, Tile, tiled


@pytest.fixture
def stored(tmp_path, monkeypatch):
    monkeypatch.setattr(tiling, "MOST_SITES", 20)
    write_hazard(tmp_path, made.drawn_city(5, events=40, sites_count=60, count=5)[0], step=0.001)
    return tmp_path / "footprints.zarr"


def test_a_lent_tile_equals_a_tile_of_its_own_until_the_next_is_lent(stored):
    held = read_hazard(stored.parent).tiles
    own, lent = held.tile(0), held.lent(0)
    assert (own.pairs.event == lent.pairs.event).all()
    assert (own.pairs.intensity == lent.pairs.intensity).all()
    first = own.pairs.intensity.copy()
    again = held.lent(1)
    assert np.shares_memory(again.pairs.intensity, lent.pairs.intensity)
    assert (own.pairs.intensity == first).all()


def test_a_lost_chunk_is_refused_and_not_taken_for_zeros(stored):
    shutil.rmtree(stored / "event" / "c" / "1")
    with pytest.raises(FormatError, match=r"chunk 1 of footprints\.zarr/event cannot be read"):
        read_hazard(stored.parent).tiles.tile(1)


def test_a_broken_chunk_is_refused(stored):
    path = stored / "intensity" / "c" / "0" / "0"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(FormatError, match="chunk 0"):
        read_hazard(stored.parent).tiles.tile(0)


def test_another_layout_is_refused(stored):
    group = zarr.open_group(str(stored), mode="a")
    del group["event"]
    group.create_array("event", shape=(3, 50), chunks=(1, 25), dtype="uint16")
    with pytest.raises(FormatError, match="not one Blosc chunk"):
        read_hazard(stored.parent)


def test_intensities_that_are_no_numbers_are_not_written(tmp_path):
    held = tiled(made.hazard([[1.0]]).footprints)
    broken = Tile(0, held.held[0].events, Pairs(*held.held[0].pairs[:2], np.array([np.nan])))
    with pytest.raises(HazardError, match="not finite"):
        write_footprints(tmp_path / "f", [broken], sites=held.sites, unit="m", events=1)


def test_room_grows_and_keeps_types_apart():
    room = Room()
    short = room.take("a", 3, np.dtype(np.uint8))
    assert np.shares_memory(short, room.take("a", 2, np.dtype(np.uint8)))
    assert len(room.take("a", 9, np.dtype(np.uint8))) == 9
    assert room.take("a", 2, np.dtype(np.float32)).dtype == np.float32
