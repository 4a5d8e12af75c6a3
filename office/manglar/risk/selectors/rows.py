"""The shapes in which the answer of a run is read: nothing here asks the database."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manglar.risk.rules.sentences import measure_sentence


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the limits between which it lies with 90% confidence; both are the mean where nobody knows them."""

    mean: float
    low: float
    high: float
    is_known: bool = True

    @classmethod
    def of(cls, mean: float, low: float | None, high: float | None) -> "Interval":
        """From three figures, of which the limits may be unknown."""
        return cls(mean, mean, mean, is_known=False) if low is None or high is None else cls(mean, low, high)

    @classmethod
    def read(cls, value: Mapping[str, float | None]) -> "Interval":
        """From the engine's JSON."""
        return cls.of(value["mean"] or 0.0, value["p05"], value["p95"])


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The loss that is passed once in so many years on average."""

    years: float
    loss_pab: Interval
    #: Nothing as rare was given: the true loss is this or more.
    is_lower_bound: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """The whole city of a run."""

    assets: int
    value_pab: float
    people: float
    ead_pab: Interval
    affected: Interval | None
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
    affected: Interval | None
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
    people_avoided: Interval | None


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
    present_benefit_pab: Interval | None
    net_present_value_pab: Interval | None
    benefit_cost: Interval | None
    probability_worth_it: float | None
    break_even_year: int | None = None
    #: What it costs today, with its range; None where only one figure is known.
    present_cost_pab: Interval | None = None
    #: What its effect and its cost rest on, each with its mark.
    basis: tuple["Basis", ...] = ()
    co_benefits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """One thing that a measure rests on: in words, with its mark."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level that the sea passes once in so many years; ``scenario`` is empty for today."""

    scenario: str
    scenario_name: str
    years: float
    level_m: Interval
    is_extrapolated: bool


@dataclass(frozen=True, slots=True)
class RateRow:
    """How many recorded events a year one division expects."""

    code: str
    name: str
    events: float
    unverified: float
    years: float
    rate: Interval
    yearly_probability: float


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset in the table of a run."""

    public_id: str
    name: str
    kind: str
    division: str
    ead_pab: float
    people_affected: float | None
    intensity_often: float | None
    intensity_rare: float | None


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
    return tuple(
        CurvePoint(row["return_period_years"], Interval.read(row["loss_pab"]), bool(row.get("is_lower_bound")))
        for row in rows
    )


def total_of(row: Mapping[str, Any]) -> Total:
    """The whole city from the engine's JSON."""
    return Total(
        assets=row["assets"],
        value_pab=row["value_pab"],
        people=row["people"],
        ead_pab=Interval.read(row["ead_pab"]),
        affected=Interval.read(row["people_affected_per_year"]) if row["people_affected_per_year"] else None,
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


def measures_of(rows: list[Mapping[str, Any]], language: str) -> tuple[Retrofit, ...]:
    """The measures of a run of impact from the engine's JSON: each alone, and last all together."""
    return tuple(_measure(row, "en" if language == "en" else "es") for row in rows)


def _measure(row: Mapping[str, Any], word: str) -> Retrofit:
    worth = row["worth"] or {}

    def maybe(key: str) -> Interval | None:
        return Interval.read(worth[key]) if worth.get(key) is not None else None

    return Retrofit(
        id=row["id"],
        name=row[word],
        assets_selected=row["assets"],
        assets_changed=row["assets"],
        cost_pab=worth.get("cost_pab", 0.0),
        discount_rate=worth.get("discount_rate", 0.0),
        horizon_years=worth.get("horizon_years", 0),
        total=BeforeAfter(
            before_pab=Interval.read(row["before_pab"]),
            after_pab=Interval.read(row["after_pab"]),
            avoided_pab=Interval.read(row["avoided_pab"]),
            people_avoided=None,
        ),
        present_benefit_pab=maybe("present_benefit_pab"),
        net_present_value_pab=maybe("net_present_value_pab"),
        benefit_cost=maybe("benefit_cost"),
        probability_worth_it=worth.get("probability_worth_it"),
        break_even_year=worth.get("break_even_year"),
        present_cost_pab=maybe("present_cost_pab"),
        basis=tuple(Basis(each[word], _mark(each["mark"])) for each in (*row["effects"], *row["costs"])),
        co_benefits=tuple(each[word] for each in worth.get("co_benefits", ())),
    )


def measure_words(measure: Retrofit, language: str) -> str:
    """What a measure avoids, costs and is worth, as one sentence says it."""

    def ends(value: Interval | None) -> tuple[float, float | None, float | None] | None:
        if value is None:
            return None
        return (value.mean, value.low, value.high) if value.is_known else (value.mean, None, None)

    avoided, cost = measure.total.avoided_pab, measure.present_cost_pab
    return measure_sentence(
        measure.name,
        avoided=ends(avoided) or (0.0, None, None),
        cost=ends(cost) or ((measure.cost_pab, None, None) if measure.cost_pab else None),
        ratio=ends(measure.benefit_cost),
        net=ends(measure.net_present_value_pab),
        probability=measure.probability_worth_it,
        language="en" if language == "en" else "es",
    )


def avoided_by_code(row: Mapping[str, Any]) -> dict[str, Interval]:
    """What a measure of a run of impact avoids in each division."""
    return {code: Interval.read(value) for code, value in row["by_territory"].items()}


def level_rows(document: Mapping[str, Any]) -> tuple[LevelRow, ...]:
    """Levels of the sea from the engine's JSON, today first."""
    names = document.get("scenario_names", {})
    return tuple(
        LevelRow(
            scenario=row["scenario"],
            scenario_name=names.get(row["scenario"], row["scenario"]),
            years=row["period_years"],
            level_m=Interval(row["best_m"], row["p05_m"], row["p95_m"]),
            is_extrapolated=row["extrapolated"],
        )
        for row in document.get("levels", ())
    )
