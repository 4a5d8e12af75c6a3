"""The rows of an answer as records: of territories, of rates and of assets."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from manglar.foundation.money import CENT
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say
from manglar.risk.models import AssetRisk, Run, TerritoryRate, TerritoryRisk
from manglar.risk.services.preparing import Prepared

Document = Mapping[str, Any]


def check_intervals(document: Document) -> None:
    """Few samples may leave the mean outside its own interval: such an answer is not stored."""
    rows = [row for row in (document.get("total"), *_by_territory(document)) if row and "ead_pab" in row]
    intervals = [row[key] for row in rows for key in ("ead_pab", "people_affected_per_year") if row[key]]
    intervals += list(_avoided(document).values())
    slack = 1e-6
    known = [each for each in intervals if each["p05"] is not None]
    if any(not each["p05"] - slack <= each["mean"] <= each["p95"] + slack for each in known):
        raise Conflict(
            say("Con tan pocas muestras, una media quedó fuera de su intervalo: suba «samples» (por ejemplo a 1000).")
        )


def _by_territory(document: Document) -> list[Mapping[str, Any]]:
    return list(document.get("by_territory", ()))


def _avoided(document: Document) -> dict[str, Mapping[str, float | None]]:
    """What the measure of a run avoids by territory; of several measures, all of them together."""
    effect = document.get("retrofit")
    if effect:
        return {row["code"]: row["ead_avoided_pab"] for row in effect["by_territory"]}
    measures = document.get("measures") or ()
    return dict(measures[-1]["by_territory"]) if measures else {}


def territory_records(run: Run, document: Document, prepared: Prepared) -> list[TerritoryRisk]:
    """What a run says of each division, where it speaks of damage."""
    avoided, rows = _avoided(document), []
    for row in _by_territory(document):
        if "ead_pab" not in row:
            continue
        saved = avoided.get(row["code"])
        rows.append(
            TerritoryRisk(
                government=run.government,
                run=run,
                division_id=prepared.division_pk_of[row["code"]],
                assets=row["assets"],
                value_pab=_pab(row["value_pab"]),
                people=row["people"],
                share=min(1.0, row["share_of_total"]),
                **_interval("ead", row["ead_pab"], "_pab"),
                **_interval("affected", row["people_affected_per_year"], ""),
                **(_interval("avoided", saved, "_pab") if saved else {}),
            )
        )
    return rows


def rate_records(run: Run, document: Document, prepared: Prepared) -> list[TerritoryRate]:
    """What a run says of each division, where it counts events."""
    named = ("events", "unverified", "years", "mean", "p05", "p95", "yearly_probability")
    return [
        TerritoryRate(
            government=run.government,
            run=run,
            division_id=prepared.division_pk_of[row["territory"]],
            **{name: row[name] for name in named},
        )
        for row in _by_territory(document)
        if "yearly_probability" in row
    ]


def _interval(name: str, value: Mapping[str, float | None] | None, unit: str) -> dict[str, Any]:
    """The three columns of an interval, rounded alike so that the mean stays inside; empty what is not known."""
    return {
        f"{name}_{part}{unit}": None
        if value is None or value[part] is None
        else _rounded(float(value[part] or 0), unit)
        for part in ("mean", "p05", "p95")
    }


def _rounded(value: float, unit: str) -> Decimal | float:
    return _pab(value) if unit else round(value, 6)


def asset_records(run: Run, document: Document, prepared: Prepared) -> list[AssetRisk]:
    """What a run says of each asset; one that came in a file has a name and no record."""
    return [
        AssetRisk(
            government=run.government,
            run=run,
            asset_id=prepared.pk_of.get(row["id"]),
            asset_name=prepared.facts[row["id"]].name,
            kind_code=prepared.facts[row["id"]].kind,
            division_id=prepared.division_pk_of[row["territory"]],
            ead_pab=_pab(row["ead_pab"]),
            people_affected=row["people_affected_per_year"],
            intensity_often=row.get("pga_475_g", row.get("intensity_often")),
            intensity_rare=row.get("pga_2475_g", row.get("intensity_rare")),
        )
        for row in document.get("by_asset", ())
    ]


def _pab(amount: float) -> Decimal:
    return Decimal(repr(amount)).quantize(CENT)
