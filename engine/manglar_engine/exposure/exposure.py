"""The assets of a run as aligned columns, checked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import ExposureError
from manglar_engine.io.columns import frozen_numbers

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TEXT_COLUMNS = ("territory", "building_class", "occupancy")
NUMBER_COLUMNS = ("lon", "lat", "value_pab", "people")
COLUMNS = (*TEXT_COLUMNS, *NUMBER_COLUMNS, "vs30")
"""Columns that may have been filled by default."""
YEARS = (1900, 2200)


@dataclass(frozen=True)
class Exposure:
    """Assets in the order given; every column has one entry per asset.

    Attributes:
        ids: unique texts. ``lon``, ``lat``: degrees on WGS 84. ``territory``: code of the division.
        value_pab: replacement value in balboas of ``price_year``. ``people``: usually inside.
        building_class: code of :class:`~manglar_engine.vulnerability.Vulnerability`, as ``C1.L.PC``.
        occupancy: Hazus occupancy, as ``EDU1``. ``vs30``: m/s, or ``None`` where nobody measured it.
        defaulted: by column, which assets were filled by a default instead of a datum of theirs.
    """

    ids: Sequence[str]
    lon: Floats
    lat: Floats
    territory: Sequence[str]
    value_pab: Floats
    people: Floats
    building_class: Sequence[str]
    occupancy: Sequence[str]
    price_year: int
    vs30: Floats | None = None
    defaulted: Mapping[str, Bools] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze the columns and refuse what disagrees.

        Raises:
            ExposureError: no assets, columns of other lengths, repeated ids, blank texts, numbers
                that are not finite, negative values or people, coordinates that are not degrees, or
                a price year that is not a year.
        """
        for name in ("ids", *TEXT_COLUMNS):
            object.__setattr__(self, name, tuple(str(item) for item in getattr(self, name)))
        for name in (*NUMBER_COLUMNS, "vs30"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, frozen_numbers(name, given, ExposureError))
        flags = {str(k): np.array(v, dtype=bool) for k, v in self.defaulted.items()}
        object.__setattr__(self, "defaulted", flags)
        self._check_shapes()
        self._check_texts()
        self._check_numbers()

    def __len__(self) -> int:
        """Return the number of assets."""
        return len(self.ids)

    def _check_shapes(self) -> None:
        if not self.ids:
            raise ExposureError("there are no assets", mend="Give one asset or more.")
        lengths = {name: np.shape(getattr(self, name)) for name in (*TEXT_COLUMNS, *NUMBER_COLUMNS)}
        if self.vs30 is not None:
            lengths["vs30"] = self.vs30.shape
        lengths |= {f"defaulted[{name!r}]": flags.shape for name, flags in self.defaulted.items()}
        wrong = [f"{name} {shape}" for name, shape in lengths.items() if shape != (len(self),)]
        if wrong:
            raise ExposureError(
                f"columns do not have {len(self)} entries as ids do: {'; '.join(wrong)}",
                mend="Give every column one entry per asset.",
            )
        unknown = sorted(set(self.defaulted) - set(COLUMNS))
        if unknown:
            raise ExposureError(
                f"defaulted names columns that do not exist: {', '.join(unknown)}",
                mend=f"Use: {', '.join(COLUMNS)}.",
            )
        if not YEARS[0] <= self.price_year <= YEARS[1]:
            raise ExposureError(
                f"price_year {self.price_year!r} is not a year",
                mend="Say in which year's balboas the values are.",
            )

    def _check_texts(self) -> None:
        repeated = [name for name, times in Counter(self.ids).items() if times > 1]
        if repeated:
            raise ExposureError("asset ids are repeated", rows=repeated, mend="Give every asset its own id.")
        for column in TEXT_COLUMNS:
            blank = [i for i, text in zip(self.ids, getattr(self, column), strict=True) if not text]
            if blank:
                raise ExposureError(f"{column} is blank", rows=blank, mend=f"Fill {column}.")

    def _check_numbers(self) -> None:
        ranges = {
            "lon": (-180.0, 180.0, "degrees"),
            "lat": (-90.0, 90.0, "degrees"),
            "value_pab": (0.0, np.inf, "balboas, not negative"),
            "people": (0.0, np.inf, "persons, not negative"),
            "vs30": (1.0, np.inf, "m/s"),
        }
        for column, (low, high, unit) in ranges.items():
            values = getattr(self, column)
            if values is None:
                continue
            wrong = ~(np.isfinite(values) & (values >= low) & (values <= high))
            if wrong.any():
                raise ExposureError(
                    f"{column} is not finite or out of range ({unit})",
                    rows=[f"{self.ids[i]}: {values[i]!r}" for i in np.flatnonzero(wrong).tolist()],
                    mend=f"Correct {column}, or leave the asset out.",
                )

    def defaulted_rows(self, column: str) -> Bools:
        """Return which assets have ``column`` filled by default (all of them for an absent vs30)."""
        if column == "vs30" and self.vs30 is None:
            return np.ones(len(self), dtype=bool)
        return self.defaulted.get(column, np.zeros(len(self), dtype=bool))
