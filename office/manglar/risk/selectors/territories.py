"""Reads of what a run says of each division and of each asset."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from manglar.governments.models import Government
from manglar.risk.choices import EARTHQUAKE, RunState
from manglar.risk.models import AssetRisk, Run, TerritoryRate, TerritoryRisk
from manglar.risk.selectors.rows import AssetRow, Interval, RateRow, TerritoryRow
from manglar.territory.models import Division

#: How the codes of homes begin, and the kind of asset that the engine knows for one.
RESIDENTIAL, HOME = "RES", "home"
#: What a map may colour, and the column that holds it.
MEASURES = {"ead": "ead_mean_pab", "affected": "affected_mean", "avoided": "avoided_mean_pab", "share": "share"}


@dataclass(frozen=True, slots=True)
class DivisionRisk:
    """What the newest run says of one division."""

    run: Run
    row: TerritoryRow
    after_pab: float | None


def territory_rows(run: Run) -> list[TerritoryRow]:
    """The divisions of a run with their names, most damage first, in one query."""
    return [_row(each) for each in _territories(run)]


def _territories(run: Run) -> QuerySet[TerritoryRisk]:
    return (
        TerritoryRisk.objects.filter(run=run)
        .select_related("division__parent")
        .order_by("-ead_mean_pab", "division__code")
    )


def _row(each: TerritoryRisk) -> TerritoryRow:
    division = each.division
    avoided = affected = None
    if each.avoided_mean_pab is not None:
        avoided = Interval.of(
            float(each.avoided_mean_pab), _number(each.avoided_p05_pab), _number(each.avoided_p95_pab)
        )
    if each.affected_mean is not None:
        affected = Interval.of(each.affected_mean, each.affected_p05, each.affected_p95)
    return TerritoryRow(
        code=division.code,
        name=division.name,
        public_id=division.public_id,
        parent=division.parent.name if division.parent else "",
        assets=each.assets,
        value_pab=float(each.value_pab),
        people=each.people,
        ead_pab=Interval.of(float(each.ead_mean_pab), _number(each.ead_p05_pab), _number(each.ead_p95_pab)),
        affected=affected,
        share=each.share,
        avoided_pab=avoided,
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def rate_rows(run: Run) -> list[RateRow]:
    """The divisions of a study of recorded events, most events first, in one query."""
    found = TerritoryRate.objects.filter(run=run).select_related("division").order_by("-mean", "division__code")
    return [
        RateRow(
            code=each.division.code,
            name=each.division.name,
            events=each.events,
            unverified=each.unverified,
            years=each.years,
            rate=Interval(each.mean, each.p05, each.p95),
            yearly_probability=each.yearly_probability,
        )
        for each in found
    ]


def risk_of_division(
    division: Division, *, government: Government | None = None, hazard: str = EARTHQUAKE
) -> DivisionRisk | None:
    """What the newest run that speaks of a division says of it, or None, in one query."""
    found = TerritoryRisk.objects.filter(division=division, run__state=RunState.DONE, run__hazard__code=hazard)
    if government is not None:
        found = found.filter(run__government=government)
    each = (
        found.select_related("division__parent", "run__hazard", "run__government", "run__result")
        .order_by("-run_id")
        .first()
    )
    if each is None:
        return None
    row = _row(each)
    after = row.ead_pab.mean - row.avoided_pab.mean if row.avoided_pab is not None else None
    return DivisionRisk(each.run, row, after)


def division_figures(division: Division, runs: Sequence[Run]) -> dict[int, Interval]:
    """What each of some runs expects in a division in a year, by the key of the run: damage, or events; in two queries."""
    found: dict[int, Interval] = {}
    for each in TerritoryRisk.objects.filter(run__in=runs, division=division).order_by("pk"):
        found[each.run_id] = Interval.of(float(each.ead_mean_pab), _number(each.ead_p05_pab), _number(each.ead_p95_pab))
    for rate in TerritoryRate.objects.filter(run__in=runs, division=division).order_by("pk"):
        found[rate.run_id] = Interval(rate.mean, rate.p05, rate.p95)
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """What a run counted in a division: assets by the code of their kind, and whether a home is among them."""

    kinds: dict[str, int]
    has_homes: bool

    @property
    def assets(self) -> int:
        """How many assets it rests on."""
        return sum(self.kinds.values())


def counted_in(division: Division, runs: Sequence[Run]) -> dict[int, Counted]:
    """On how many assets of which kinds the damage of a division rests, by the key of the run; in one query.

    A home is what HAZUS calls residential: its occupancy, its own or that of its kind, begins with RES.
    """
    found: dict[int, Counted] = {}
    rows = AssetRisk.objects.filter(run__in=runs, division=division).order_by("kind_code", "pk")
    told = rows.values_list("run_id", "kind_code", "asset__occupancy", "asset__kind__default_occupancy")
    for run_id, kind, own, supposed in told:
        before = found.get(run_id, Counted({}, has_homes=False))
        is_home = kind == HOME or (own or supposed or "").startswith(RESIDENTIAL)
        kinds = {**before.kinds, kind: before.kinds.get(kind, 0) + 1}
        found[run_id] = Counted(kinds, has_homes=before.has_homes or is_home)
    return found


@dataclass(frozen=True, slots=True)
class Rank:
    """The place of a division among others, most first: how many more have the same figure, and how many there are."""

    place: int
    sharing: int
    total: int


def division_places(division: Division, runs: Sequence[Run]) -> dict[int, Rank]:
    """The place of a division, most first, among all of its level of which a run speaks, and of how many; in two queries."""
    held: dict[int, list[tuple[float, bool]]] = {}
    risks = TerritoryRisk.objects.filter(run__in=runs, division__level=division.level).order_by("pk")
    rates = TerritoryRate.objects.filter(run__in=runs, division__level=division.level).order_by("pk")
    for rows, column in ((risks, "ead_mean_pab"), (rates, "mean")):
        for run_id, key, mean in rows.values_list("run_id", "division_id", column):
            held.setdefault(run_id, []).append((float(mean), key == division.pk))
    own = {run_id: next((mean for mean, is_own in rows if is_own), None) for run_id, rows in held.items()}
    return {
        run_id: Rank(
            1 + sum(each > mean for each, _is_own in held[run_id]),
            sum(each == mean and not is_own for each, is_own in held[run_id]),
            len(held[run_id]),
        )
        for run_id, mean in own.items()
        if mean is not None
    }


def risk_by_division_code(run: Run, *, measure: str = "ead") -> dict[str, float]:
    """A number by the code of each division, for a map: ``ead``, ``affected``, ``avoided`` or ``share``."""
    column = MEASURES[measure]
    found = TerritoryRisk.objects.filter(run=run).order_by("division__code").values_list("division__code", column)
    return {code: float(value) for code, value in found if value is not None}


def asset_risks(run: Run, *, division: Division | None = None) -> QuerySet[AssetRisk]:
    """The assets of a run, most damage first, with their names and places."""
    found = AssetRisk.objects.filter(run=run).select_related("asset", "division").order_by("-ead_pab", "pk")
    return found.filter(division=division) if division is not None else found


def asset_rows(run: Run, *, division: Division | None = None, limit: int = 100) -> list[AssetRow]:
    """The worst assets of a run, in one query."""
    return [
        AssetRow(
            public_id=each.asset.public_id if each.asset else "",
            name=each.asset_name,
            kind=each.kind_code,
            division=each.division.name,
            ead_pab=float(each.ead_pab),
            people_affected=each.people_affected,
            intensity_often=each.intensity_often,
            intensity_rare=each.intensity_rare,
        )
        for each in asset_risks(run, division=division)[:limit]
    ]
