"""Assets of any class in the order given: where they stand, what they are worth, who is inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import ExposureError
from manglar_engine.exposure.exposure import YEARS, Exposure
from manglar_engine.io.columns import BEYOND, frozen_numbers, refuse_lengths, refuse_outside, refuse_repeated
from manglar_engine.io.crs import DEGREES, unit_of

Floats = NDArray[np.float64]
TEXTS = ("territory", "asset_class")
NUMBERS = ("x", "y", "value", "people")


@dataclass(frozen=True, eq=False)
class Assets:
    """What stands in the city, as aligned columns with one entry per asset.

    Attributes:
        ids: unique texts. ``territory``: code of the division. ``asset_class``: what impact functions
            are looked up by.
        x, y: coordinates in ``crs`` (longitude and latitude, or metres).
        value: amount in ``currency`` of ``price_year``. ``people``: persons inside.
    """

    ids: Sequence[str]
    x: Floats
    y: Floats
    crs: str
    value: Floats
    currency: str
    price_year: int
    people: Floats
    asset_class: Sequence[str]
    territory: Sequence[str]

    def __post_init__(self) -> None:
        """Freeze the columns and refuse what disagrees.

        Raises:
            ExposureError: no assets, columns of other lengths, repeated ids, blank texts, numbers that
                are not finite, negative values or people, no currency, or a price year that is no year.
            FormatError: the coordinate system is missing, unknown or in a unit of its own.
        """
        for name in ("ids", *TEXTS):
            object.__setattr__(self, name, tuple(str(item) for item in getattr(self, name)))
        for name in NUMBERS:
            object.__setattr__(self, name, frozen_numbers(name, getattr(self, name), ExposureError))
        if not self.ids:
            raise ExposureError("there are no assets", mend="Give one asset or more.")
        refuse_lengths(len(self), {n: np.shape(getattr(self, n)) for n in (*TEXTS, *NUMBERS)}, ExposureError)
        refuse_repeated("asset", self.ids, ExposureError)
        self._check_labels()
        limits = (180.0, 90.0) if unit_of(self.crs) == DEGREES else (1e8, 1e8)
        for name, low, high in (
            ("x", -limits[0], limits[0]),
            ("y", -limits[1], limits[1]),
            ("value", 0.0, BEYOND),
            ("people", 0.0, BEYOND),
        ):
            refuse_outside(
                name,
                self.ids,
                getattr(self, name),
                low=low,
                high=high,
                mend=f"Correct {name}, or leave the asset out.",
                refusal=ExposureError,
            )

    def __len__(self) -> int:
        """Return the number of assets."""
        return len(self.ids)

    def _check_labels(self) -> None:
        for name in TEXTS:
            blank = [i for i, text in zip(self.ids, getattr(self, name), strict=True) if not text.strip()]
            if blank:
                raise ExposureError(f"{name} is blank", rows=blank, mend=f"Fill {name}.")
        if not self.currency.strip():
            raise ExposureError("the currency of the values is not stated", mend="Say it, as currency='PAB'.")
        if not isinstance(self.price_year, int) or not YEARS[0] <= self.price_year <= YEARS[1]:
            raise ExposureError(
                f"price_year {self.price_year!r} is not a year", mend="Say of which year the values are."
            )

    def amount(self, of: str) -> Floats:
        """Return ``value`` or ``people`` ``(assets,)``; another word raises :class:`ExposureError`."""
        if of not in {"value", "people"}:
            raise ExposureError(f"there is no amount {of!r}", mend="Use value or people.")
        column: Floats = getattr(self, of)
        return column


def assets_of(exposure: Exposure) -> Assets:
    """Return the assets of a seismic exposure by their building class, in balboas of its year.

    Raises:
        ExposureError: what :class:`Assets` refuses.
    """
    return Assets(
        ids=exposure.ids,
        x=exposure.lon,
        y=exposure.lat,
        crs="EPSG:4326",
        value=exposure.value_pab,
        currency="PAB",
        price_year=exposure.price_year,
        people=exposure.people,
        asset_class=exposure.building_class,
        territory=exposure.territory,
    )


def positions(labels: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return the distinct ``labels`` sorted, and the place of each label among them."""
    names, place = np.unique(np.asarray(labels, dtype=object).astype(str), return_inverse=True)
    return tuple(names.tolist()), place.ravel().astype(np.intp)
