"""One measured row for each line of the table of speed in the design: same input, same process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manglar_engine.bench import cost_benefit, rivals
from manglar_engine.bench.made_city import CLASSES, NEAR_M, STEP_M, TERRITORIES, MadeCity, Size, made_city
from manglar_engine.bench.measure import Measured, bandwidth, measure
from manglar_engine.bench.peer import Peer
from manglar_engine.errors import SettingsError
from manglar_engine.hazard.store import FOOTPRINTS, read_hazard, write_hazard
from manglar_engine.hazard.tiling import TiledHazard, tiled_hazard
from manglar_engine.risk.curve import ROUNDING
from manglar_engine.risk.exceedance_map import MapPass
from manglar_engine.risk.moments import edges_of, moments
from manglar_engine.risk.schedule import Schedule, in_order, processors
from manglar_engine.risk.tiled_impact import TilePass, add_tiles, tile_pass
from manglar_engine.uncertainty.impact_sweep import drawn_values, sweep

Floats = NDArray[np.float64]
PERIODS = (2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0)
SIZES: Mapping[str, Mapping[str, Size]] = {
    "small": {
        "sparse": Size(2_000, 40_000, 40_000, 2_000_000),
        "dense": Size(200, 20_000, 20_000),
        "file": Size(2_000, 40_000, 41_000, 1_500_000),
        "map": Size(300, 10_000, 10_000),
        "map beside CLIMADA": Size(300, 2_000, 2_000),
        "zero": Size(1_000, 40_000, 40_000, 1_000_000),
        "sweep": Size(1_000, 20_000, 20_000, 1_000_000),
    },
    "full": {
        "sparse": Size(10_000, 300_000, 300_000, 30_000_000),
        "dense": Size(1_000, 100_000, 100_000),
        "file": Size(10_000, 300_000, 307_000, 13_000_000),
        "map": Size(1_000, 100_000, 100_000),
        "map beside CLIMADA": Size(1_000, 10_000, 10_000),  # its time grows with the square of the sites
        "zero": Size(2_000, 300_000, 300_000, 6_000_000),
        "sweep": Size(1_000, 100_000, 100_000, 13_000_000),
    },
}
SCENARIOS, SETS, ZONES = 10, 21, 8
SAMPLES = {"uncertainty": 1024, "robust": 1000}
RUNS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of work beside its rival.

    ``ratio``: seconds of the rival over ours. ``processor_ratio``: the same of processor seconds, all
    threads added: it says nothing of parallel work, and holds on a machine that others use too.
    ``extra_memory_ratio``: memory taken beyond the input, the rival's over ours, none where the system
    does not tell. ``agreement``: largest relative difference. ``bandwidth_share``: bytes of the input
    read a second, over what the machine copies a second; none where the work does not read the input
    once. ``size``: counts, and for files their ratio of bytes.
    """

    work: str
    rival: str
    ratio: float
    processor_ratio: float
    extra_memory_ratio: float | None
    agreement: float
    bandwidth_share: float | None
    size: Mapping[str, float]


def apart(one: Floats, other: Floats) -> float:
    """Return the largest difference relative to the largest number."""
    return float(np.abs(one - other).max() / max(float(np.abs(other).max()), 1e-300))


class Bench:
    """Rows of one size; ``peer`` is CLIMADA where asked for and installed."""

    def __init__(self, size: str, *, peer: Peer | None = None) -> None:
        """Measure what the machine copies a second; refuse an unknown size with :class:`SettingsError`."""
        if size not in SIZES:
            raise SettingsError(f"there is no size {size!r}", mend=f"Use: {', '.join(SIZES)}.")
        self.sizes = SIZES[size]
        self.peer = peer
        self.schedule = Schedule()
        self.copied = bandwidth(processors())

    def rows(self, wanted: str = "") -> Iterator[Row]:
        """Yield the rows whose name holds ``wanted``, one after another."""
        works: Mapping[str, Callable[[str], Row]] = {
            "impact, float32": lambda name: self.impact(name, "sparse", "float32"),
            "impact, float64": lambda name: self.impact(name, "sparse", "float64"),
            "impact, every pair": lambda name: self.impact(name, "dense", "float32"),
            "file to expected annual impact": self.file,
            "exceedance map by asset": self.map,
            "damage at zero intensity": self.zero,
            "cost-benefit, ten measures": self.cost_benefit,
            "uncertainty": self.uncertainty,
            "robust sweep": self.robust,
        }
        for name, work in works.items():
            if wanted in name:
                yield work(name)

    def _row(
        self,
        name: str,
        ours: Measured[Any],
        theirs: Measured[Any],
        *,
        rival: str,
        agreement: float,
        size: Mapping[str, float],
        read: float | None = None,
    ) -> Row:
        memory = None
        if ours.extra_bytes is not None and theirs.extra_bytes is not None:
            memory = theirs.extra_bytes / max(ours.extra_bytes, 1 << 16)
        return Row(
            work=name,
            rival=rival,
            ratio=theirs.seconds / ours.seconds,
            processor_ratio=theirs.processor_seconds / max(ours.processor_seconds, 1e-9),
            extra_memory_ratio=memory,
            agreement=agreement,
            bandwidth_share=None if read is None else read / ours.seconds / self.copied,
            size=size,
        )

    def _pass(self, city: MadeCity) -> tuple[TilePass, int]:
        work = tile_pass(tiled_hazard(city.hazard), city.assets, city.functions, max_distance_m=NEAR_M, amount="value")
        tiles = (work.tiles.tile(n) for n in range(len(work.tiles)))
        return work, sum(tile.pairs.event.nbytes + tile.pairs.intensity.nbytes for tile in tiles)

    def _ours(self, work: TilePass, city: MadeCity) -> tuple[Floats, Floats]:
        by_event, ratio = add_tiles(work, TERRITORIES, schedule=self.schedule)
        return by_event.sum(axis=1), city.assets.value * ratio[work.groups.of_asset]

    def _theirs(self, city: MadeCity, runs: int) -> tuple[Measured[tuple[Floats, Floats]], str]:
        if self.peer is not None:
            return measure(self.peer.impact(city), runs=runs), self.peer.name
        held = rivals.plain(city)
        return measure(lambda: rivals.plain_impact(held), runs=runs), rivals.NAME

    def impact(self, name: str, size: str, dtype: str) -> Row:
        """One pass: by event, by asset and expected."""
        city = made_city(self.sizes[size], dtype=dtype)
        theirs, rival = self._theirs(city, 2)
        work, read = self._pass(city)
        self._ours(work, city)
        ours = measure(lambda: self._ours(work, city), runs=RUNS)
        return self._row(
            name,
            ours,
            theirs,
            rival=rival,
            agreement=max(map(apart, ours.result, theirs.result)),
            size=city.size.told(),
            read=read,
        )

    def zero(self, name: str) -> Row:
        """Functions that harm where nothing happens."""
        city = made_city(self.sizes["zero"], at_zero=0.02)
        if self.peer is None:
            held, rival = rivals.plain(city), rivals.NAME
            theirs = measure(lambda: rivals.plain_impact_with_zero(held))
        else:
            theirs, rival = self._theirs(city, 1)
        work, read = self._pass(city)
        self._ours(work, city)
        ours = measure(lambda: self._ours(work, city), runs=RUNS)
        agreement = max(map(apart, ours.result, theirs.result))
        return self._row(name, ours, theirs, rival=rival, agreement=agreement, size=city.size.told(), read=read)

    def file(self, name: str) -> Row:
        """From files to the expected annual impact by asset: ours in tiles of 16-bit millimetres."""
        city = made_city(self.sizes["file"])
        with tempfile.TemporaryDirectory() as folder:
            mine, other = Path(folder) / "mine", Path(folder) / "other.hdf5"
            write_hazard(mine, city.hazard, step=STEP_M)
            theirs_work, rival = (
                (rivals.plain_file(city, other), f"{rivals.NAME}, uncompressed HDF5")
                if self.peer is None
                else (self.peer.file(city, other), self.peer.name)
            )
            sample, _ = self._pass(city)

            def ours_work() -> Floats:
                stored = read_hazard(mine)
                work = TilePass(stored.tiles, sample.groups, sample.segments, stored.events.frequency)
                return self._ours(work, city)[1]

            theirs = measure(theirs_work)
            ours_work()
            ours = measure(ours_work, runs=RUNS)
            bytes_ours = sum(p.stat().st_size for p in (mine / FOOTPRINTS).rglob("*") if p.is_file())
            size = {**city.size.told(), "file_bytes_ratio": other.stat().st_size / bytes_ours}
        agreement = apart(ours.result, theirs.result)
        return self._row(name, ours, theirs, rival=rival, agreement=agreement, size=size)

    def map(self, name: str) -> Row:
        """Impact by asset at eight return periods."""
        city = made_city(self.sizes["map" if self.peer is None else "map beside CLIMADA"])
        held = rivals.plain(city)
        if self.peer is None:
            theirs, rival = measure(lambda: rivals.plain_map(held, PERIODS)), rivals.NAME
        else:
            theirs, rival = measure(self.peer.map(city, PERIODS)), self.peer.name
        work, read = self._pass(city)
        wanted = np.sort((1.0 / np.array(PERIODS)) * (1 - ROUNDING))
        task = MapPass(work.tiles, work.groups, work.segments, work.frequency, wanted)

        def ours_work() -> Floats:
            ratio = np.zeros((len(work.groups.amount), len(wanted)))
            for first, part in in_order(task, len(work.tiles), schedule=self.schedule):
                ratio[first : first + len(part)] = part
            return city.assets.value[:, None] * ratio[work.groups.of_asset][:, ::-1]

        ours_work()
        ours = measure(ours_work, runs=3)
        agreement = apart(ours.result, theirs.result)
        return self._row(name, ours, theirs, rival=rival, agreement=agreement, size=city.size.told(), read=read)

    def _many(self, passes: int, city: MadeCity) -> tuple[Measured[tuple[Floats, Floats]], str]:
        """Return one pass of the rival counted ``passes`` times: nobody waits for the rest."""
        once, rival = self._theirs(city, 2)
        many = Measured(once.seconds * passes, once.processor_seconds * passes, once.extra_bytes, once.result)
        return many, f"{rival}: one pass, times {passes:,}"

    def cost_benefit(self, name: str) -> Row:
        """Worth of ten measures, each alone: one pass and ten products beside eleven evaluations."""
        city = made_city(self.sizes["sweep"])
        ten = cost_benefit.ten_measures(city)
        if self.peer is None:
            theirs, rival = measure(ten.plain), cost_benefit.NAME
        else:
            theirs, rival = measure(self.peer.cost_benefit(ten)), self.peer.name
        ten.on_moments()
        ours = measure(ten.on_moments, runs=3)
        size = {**city.size.told(), "measures": len(ten.measures)}
        agreement = apart(ours.result, theirs.result)
        return self._row(name, ours, theirs, rival=rival, agreement=agreement, size=size)

    def uncertainty(self, name: str) -> Row:
        """Samples of uncertain functions, by territory: moments built and swept."""
        return self._sweep(name, SAMPLES["uncertainty"], scenarios=1, sets=1)

    def robust(self, name: str) -> Row:
        """Scenarios of frequency, sets of measures over zones, and samples, by territory."""
        return self._sweep(name, SAMPLES["robust"], scenarios=SCENARIOS, sets=SETS)

    def _sweep(self, name: str, samples: int, *, scenarios: int, sets: int) -> Row:
        city = made_city(self.sizes["sweep"])
        theirs, rival = self._many(samples * scenarios * sets, city)
        rng = np.random.default_rng(1)
        changes = np.vstack([np.ones(city.size.events), 0.5 + rng.random((scenarios, city.size.events))])
        rates = city.hazard.events.frequency * changes[:scenarios]
        zones = [f"z{i}" for i in rng.integers(0, ZONES if sets > 1 else 1, city.size.assets)]
        functions = city.functions.chosen("flood", CLASSES, unit="m")
        deviates = np.vstack([np.zeros(len(CLASSES)), rng.standard_normal((samples - 1, len(CLASSES)))])
        effect = 1 - 0.5 * rng.random((sets, len(set(zones))))
        effect[0] = 1.0
        held = tiled_hazard(city.hazard)

        def work() -> Floats:
            return self._swept(held, city, (rates, zones), functions, (deviates, effect))

        work()
        ours = measure(work, runs=2)
        plain_sum = np.array([theirs.result[1].sum()])
        size = {**city.size.told(), "samples": samples, "scenarios": scenarios, "sets": sets}
        agreement = apart(np.array([ours.result[0, 0, :, 0].sum()]), plain_sum)
        return self._row(name, ours, theirs, rival=rival, agreement=agreement, size=size)

    def _swept(
        self,
        hazard: TiledHazard,
        city: MadeCity,
        where: tuple[Floats, list[str]],
        functions: Any,
        drawn: tuple[Floats, Floats],
    ) -> Floats:
        """Return the expected impact ``(sets, samples, territories, scenarios)``."""
        rates, zones = where
        deviates, effect = drawn
        edges = edges_of(functions)
        sums = moments(hazard, city.assets, edges=edges, max_distance_m=NEAR_M, frequencies=rates, zones=zones)
        values = drawn_values(edges, functions, deviates)
        treated = (values[:, None] * share[:, None, None] for share in effect)
        return np.stack(list(sweep(sums, treated)))
