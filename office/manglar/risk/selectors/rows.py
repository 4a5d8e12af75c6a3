"""The shapes in which the answer of a run is read: nothing here asks the database."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the limits between which it lies with 90% confidence."""

    mean: float
    low: float
    high: float

    @classmethod
    def read(cls, value: Mapping[str, float]) -> "Interval":
        """From the engine's JSON."""
        return cls(value["mean"], value["p05"], value["p95"])


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The loss that is passed once in so many years on average."""

    years: float
    loss_pab: Interval


@dataclass(frozen=True, slots=True)
class Total:
    """The whole city of a run."""

    assets: int
    value_pab: float
    people: float
    ead_pab: Interval
    affected: Interval
    losses: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """One division in the table of a run."""

    code: str
    name: str
    public_id: str
    parent: str
    assets: int
    value_pab: float
    people: float
    ead_pab: Interval
    affected: Interval
    share: float
    avoided_pab: Interval | None


@dataclass(frozen=True, slots=True)
class FaultRow:
    """What one fault contributes to the damage."""

    id: str
    name: str
    ead_pab: float
    share: float
    earthquakes_per_year: float
    mean_largest_magnitude: float
    distance_km: float
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefaultRow:
    """How much of the damage rests on one kind of default."""

    id: str
    share: float
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One thing done to an input, or worth knowing of the answer."""

    kind: str
    row: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Expected annual damage without and with the measure of a run."""

    before_pab: Interval
    after_pab: Interval
    avoided_pab: Interval
    people_avoided: Interval


@dataclass(frozen=True, slots=True)
class Retrofit:
    """The measure of a run: what it changes and what it is worth."""

    id: str
    name: str
    assets_selected: int
    assets_changed: int
    cost_pab: float
    discount_rate: float
    horizon_years: int
    total: BeforeAfter
    present_benefit_pab: Interval
    net_present_value_pab: Interval | None
    benefit_cost: Interval | None
    probability_worth_it: float | None


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset in the table of a run."""

    public_id: str
    name: str
    kind: str
    division: str
    ead_pab: float
    people_affected: float
    pga_475_g: float
    pga_2475_g: float


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in a list."""

    public_id: str
    title: str
    hazard: str
    state: str
    state_label: str
    asked_by: str
    asked_at: dt.datetime
    finished_at: dt.datetime | None
    sentence: str
    job_id: str
    error: str


def curve_points(rows: list[Mapping[str, Any]]) -> tuple[CurvePoint, ...]:
    """Losses by return period from the engine's JSON."""
    return tuple(CurvePoint(row["return_period_years"], Interval.read(row["loss_pab"])) for row in rows)


def total_of(row: Mapping[str, Any]) -> Total:
    """The whole city from the engine's JSON."""
    return Total(
        assets=row["assets"],
        value_pab=row["value_pab"],
        people=row["people"],
        ead_pab=Interval.read(row["ead_pab"]),
        affected=Interval.read(row["people_affected_per_year"]),
        losses=curve_points(row["losses"]),
    )


def fault_rows(rows: list[Mapping[str, Any]]) -> tuple[FaultRow, ...]:
    """What each fault contributes, largest first, from the engine's JSON."""
    return tuple(FaultRow(**{**row, "assumptions": tuple(row["assumptions"])}) for row in rows)


def default_rows(rows: list[Mapping[str, Any]], language: str) -> tuple[DefaultRow, ...]:
    """What rests on defaults, the largest share first, from the engine's JSON."""
    found = [
        DefaultRow(row["id"], row["share"], _mark(row["mark"]), row["en" if language == "en" else "es"]) for row in rows
    ]
    return tuple(sorted(found, key=lambda row: (-row.share, row.id)))


def _mark(text: str) -> str:
    """The engine's mark as the office's code for it."""
    return {"estimación": "estimacion"}.get(text, text)


def note_rows(rows: list[Mapping[str, str]], language: str) -> tuple[NoteRow, ...]:
    """Notes in one language."""
    word = "en" if language == "en" else "es"
    return tuple(NoteRow(row["kind"], row["row"], row["field"], row[word]) for row in rows)


def before_after(row: Mapping[str, Any]) -> BeforeAfter:
    """The effect of a measure on one division or on the whole, from the engine's JSON."""
    return BeforeAfter(
        before_pab=Interval.read(row["ead_before_pab"]),
        after_pab=Interval.read(row["ead_after_pab"]),
        avoided_pab=Interval.read(row["ead_avoided_pab"]),
        people_avoided=Interval.read(row["people_avoided_per_year"]),
    )


def retrofit_of(row: Mapping[str, Any] | None) -> Retrofit | None:
    """The measure of a run from the engine's JSON."""
    if row is None:
        return None

    def maybe(key: str) -> Interval | None:
        return Interval.read(row[key]) if row[key] is not None else None

    return Retrofit(
        id=row["id"],
        name=row["name"],
        assets_selected=row["assets_selected"],
        assets_changed=row["assets_changed"],
        cost_pab=row["cost_pab"],
        discount_rate=row["discount_rate"],
        horizon_years=row["horizon_years"],
        total=before_after(row["total"]),
        present_benefit_pab=Interval.read(row["present_benefit_pab"]),
        net_present_value_pab=maybe("net_present_value_pab"),
        benefit_cost=maybe("benefit_cost"),
        probability_worth_it=row["probability_worth_it"],
    )
