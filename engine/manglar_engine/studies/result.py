"""What a seismic screening answers, frozen, and its canonical bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manglar_engine.errors import FormatError
from manglar_engine.io.canonical import canonical_bytes, digest
from manglar_engine.vocabulary import Interval, Note

SCHEMA = "manglar-seismic-result-1"


@dataclass(frozen=True, slots=True)
class ReturnLoss:
    """Loss in balboas that is passed once in ``return_period_years`` on average."""

    return_period_years: float
    annual_frequency: float
    loss_pab: Interval


@dataclass(frozen=True, slots=True)
class TerritoryRisk:
    """Risk of one territory, or of the whole city (``code`` is then empty)."""

    code: str
    assets: int
    value_pab: float
    people: float
    ead_pab: Interval
    people_affected_per_year: Interval
    share_of_total: float
    losses: tuple[ReturnLoss, ...]


@dataclass(frozen=True, slots=True)
class AssetRisk:
    """Risk of one asset, means over the samples; PGA in g at return periods of 475 and 2,475 years.

    A PGA of 0 says that the return period is reached by no shaking above 0.01 g.
    """

    id: str
    territory: str
    ead_pab: float
    people_affected_per_year: float
    people: float
    value_pab: float
    pga_475_g: float
    pga_2475_g: float


@dataclass(frozen=True, slots=True)
class FaultRisk:
    """What one fault contributes: expected annual damage and its share of the total."""

    id: str
    name: str
    ead_pab: float
    share: float
    earthquakes_per_year: float
    mean_largest_magnitude: float
    distance_km: float
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefaultsShare:
    """Share of the expected damage that rests on one kind of default, with its words."""

    id: str
    share: float
    mark: str
    es: str
    en: str


@dataclass(frozen=True, slots=True)
class TerritoryEffect:
    """What a measure changes in one territory (empty code: the whole city)."""

    code: str
    ead_before_pab: Interval
    ead_after_pab: Interval
    ead_avoided_pab: Interval
    people_avoided_per_year: Interval


@dataclass(frozen=True, slots=True)
class RetrofitEffect:
    """What one measure changes and what it is worth.

    ``benefit_cost`` and ``net_present_value_pab`` are ``None`` where no asset needs work.
    """

    id: str
    name: str
    assets_selected: int
    assets_changed: int
    cost_pab: float
    discount_rate: float
    horizon_years: int
    total: TerritoryEffect
    by_territory: tuple[TerritoryEffect, ...]
    present_benefit_pab: Interval
    net_present_value_pab: Interval | None
    benefit_cost: Interval | None
    probability_worth_it: float | None


@dataclass(frozen=True, slots=True)
class SeismicResult:
    """The whole answer. ``total.code`` is empty; rows by territory are sorted by code."""

    total: TerritoryRisk
    by_territory: tuple[TerritoryRisk, ...]
    curve: tuple[ReturnLoss, ...]
    by_asset: tuple[AssetRisk, ...]
    by_fault: tuple[FaultRisk, ...]
    defaults: tuple[DefaultsShare, ...]
    retrofit: RetrofitEffect | None
    notes: tuple[Note, ...]
    manifest: Mapping[str, Any]

    @property
    def defaults_share(self) -> dict[str, float]:
        """Return the share of the expected damage that rests on each kind of default."""
        return {row.id: row.share for row in self.defaults}

    @property
    def manifest_digest(self) -> str:
        """Return the SHA-256 of the manifest: the name of this run."""
        return digest(self.manifest)

    def to_json(self) -> bytes:
        """Return canonical JSON: sorted keys, ten significant digits, UTF-8, no spaces."""
        return canonical_bytes({"schema": SCHEMA, "result": self})

    @classmethod
    def from_json(cls, data: bytes | str) -> SeismicResult:
        """Rebuild a result from its bytes; raise :class:`FormatError` for anything else."""
        try:
            document = json.loads(data)
            if document["schema"] != SCHEMA:
                raise FormatError(
                    f"this result has the form {document['schema']!r}",
                    mend=f"The engine reads {SCHEMA!r}: run the study again.",
                )
            return _result(document["result"])
        except (KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
            raise FormatError(f"these bytes are not a seismic result: {error}", mend="Run the study again.") from error


def _interval(row: Mapping[str, Any] | None) -> Interval | None:
    return None if row is None else Interval(**row)


def _losses(rows: list[Mapping[str, Any]]) -> tuple[ReturnLoss, ...]:
    return tuple(ReturnLoss(**{**row, "loss_pab": Interval(**row["loss_pab"])}) for row in rows)


def _territory(row: Mapping[str, Any]) -> TerritoryRisk:
    return TerritoryRisk(
        **{
            **row,
            "ead_pab": Interval(**row["ead_pab"]),
            "people_affected_per_year": Interval(**row["people_affected_per_year"]),
            "losses": _losses(row["losses"]),
        }
    )


def _effect(row: Mapping[str, Any]) -> TerritoryEffect:
    return TerritoryEffect(code=row["code"], **{k: Interval(**v) for k, v in row.items() if k != "code"})


def _retrofit(row: Mapping[str, Any] | None) -> RetrofitEffect | None:
    if row is None:
        return None
    return RetrofitEffect(
        **{
            **row,
            "total": _effect(row["total"]),
            "by_territory": tuple(_effect(part) for part in row["by_territory"]),
            "present_benefit_pab": _interval(row["present_benefit_pab"]),
            "net_present_value_pab": _interval(row["net_present_value_pab"]),
            "benefit_cost": _interval(row["benefit_cost"]),
        }
    )


def _result(row: Mapping[str, Any]) -> SeismicResult:
    return SeismicResult(
        total=_territory(row["total"]),
        by_territory=tuple(_territory(part) for part in row["by_territory"]),
        curve=_losses(row["curve"]),
        by_asset=tuple(AssetRisk(**part) for part in row["by_asset"]),
        by_fault=tuple(FaultRisk(**{**part, "assumptions": tuple(part["assumptions"])}) for part in row["by_fault"]),
        defaults=tuple(DefaultsShare(**part) for part in row["defaults"]),
        retrofit=_retrofit(row["retrofit"]),
        notes=tuple(Note(**part) for part in row["notes"]),
        manifest=row["manifest"],
    )
