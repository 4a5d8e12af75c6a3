from __future__ import annotations

import made_impact as made
import numpy as np
import pytest
from scipy import sparse

from manglar_engine import HazardError
from manglar_engine.hazard import tiling
from manglar_engine.hazard.tiling import TiledHazard, cut_tiles, tiled


def rebuilt(tiles, shape):
    dense = np.zeros(shape)
    for tile in tiles:
        for site in range(tile.first, tile.last):
            low, high = tile.pairs.start[site - tile.first : site - tile.first + 2]
            dense[tile.events[tile.pairs.event[low:high]], site] = tile.pairs.intensity[low:high]
    return dense


@pytest.fixture
def small_tiles(monkeypatch):
    monkeypatch.setattr(tiling, "MOST_SITES", 7)
    monkeypatch.setattr(tiling, "MOST_PAIRS", 40)


def drawn(events=30, sites=50, wet=0.2):
    rng = np.random.default_rng(3)
    return np.where(rng.random((events, sites)) < wet, rng.random((events, sites)), 0)


@pytest.mark.usefixtures("small_tiles")
def test_tiles_hold_every_pair_once_in_the_order_of_the_sites():
    dense = drawn()
    tiles = list(cut_tiles(sparse.csc_array(dense)))
    assert (rebuilt(tiles, dense.shape) == dense).all()
    assert [tile.first for tile in tiles[1:]] == [tile.last for tile in tiles[:-1]]
    assert max(tile.last - tile.first for tile in tiles) <= 7
    assert max(len(tile.pairs.event) for tile in tiles) <= 40


@pytest.mark.usefixtures("small_tiles")
def test_long_tables_are_numbered_within_each_tile(monkeypatch):
    monkeypatch.setattr(tiling, "MOST_EVENTS", 12)
    dense = drawn(wet=0.1)
    tiles = list(cut_tiles(sparse.csc_array(dense)))
    assert max(len(tile.events) for tile in tiles) <= 12
    assert (rebuilt(tiles, dense.shape) == dense).all()


def test_a_site_with_more_events_than_a_tile_numbers_is_refused(monkeypatch):
    monkeypatch.setattr(tiling, "MOST_EVENTS", 12)
    with pytest.raises(HazardError, match="site 0 is touched by more than 12 of 30"):
        list(cut_tiles(sparse.csc_array(np.ones((30, 2)))))


def test_a_site_with_more_pairs_than_a_tile_has_a_tile_of_its_own(monkeypatch):
    monkeypatch.setattr(tiling, "MOST_PAIRS", 5)
    assert [tile.last - tile.first for tile in cut_tiles(sparse.csc_array(np.ones((30, 3))))] == [1, 1, 1]


def test_intensities_keep_their_precision():
    assert tiled(made.hazard(np.ones((1, 2), np.float32)).footprints).tile(0).pairs.intensity.dtype == np.float32
    assert tiled(made.hazard(np.ones((1, 2))).footprints).tile(0).pairs.intensity.dtype == np.float64


def test_a_table_and_tiles_of_other_lengths_are_refused():
    one, two = made.hazard(np.ones((1, 2))), made.hazard(np.ones((2, 2)))
    with pytest.raises(HazardError, match="1 events and the table 2"):
        TiledHazard(two.events, tiled(one.footprints))
