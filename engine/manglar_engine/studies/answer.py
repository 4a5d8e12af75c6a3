"""From sums to rows: intervals, shares, the effect of the measure, notes and manifest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manglar_engine.exposure.exposure import Exposure
from manglar_engine.hazard.fault import Fault
from manglar_engine.measures.retrofit import (
    Retrofit,
    changed_assets,
    cost_pab,
    present_value_factor,
)
from manglar_engine.risk.by_site import SiteSums, pga_at
from manglar_engine.risk.sites import Sites
from manglar_engine.studies.result import (
    AssetRisk,
    FaultRisk,
    RetrofitEffect,
    ReturnLoss,
    SeismicResult,
    TerritoryEffect,
    TerritoryRisk,
)
from manglar_engine.studies.settings import SeismicSettings
from manglar_engine.studies.statements import defaults_rows, manifest_of, notes_of, shipped_rows
from manglar_engine.uncertainty.beliefs import largest_magnitudes
from manglar_engine.uncertainty.sweep import Sweep
from manglar_engine.vocabulary import Interval
from manglar_engine.vulnerability.vulnerability import Vulnerability

Floats = NDArray[np.float64]

CURVE_PERIODS = (10.0, 25.0, 50.0, 100.0, 200.0, 475.0, 1000.0, 2475.0, 5000.0, 10000.0)
"""Return periods of the exceedance curve of the whole city, years."""
PGA_PERIODS = (475.0, 2475.0)
LOW, HIGH = 5.0, 95.0


@dataclass(frozen=True, slots=True)
class Computed:
    """What the run computed, before it is told."""

    all_faults: tuple[Fault, ...]
    faults: tuple[Fault, ...]
    nearest_km: tuple[float, ...]
    fault_losses: Floats
    sites: Sites
    sweep: Sweep
    site_sums: SiteSums


def interval(samples: Floats) -> Interval:
    """Return mean, 5th and 95th percentiles of ``samples (n,)``."""
    low, high = np.percentile(samples, [LOW, HIGH])
    return Interval(float(samples.mean()), float(low), float(high))


def answer(
    computed: Computed,
    exposure: Exposure,
    vulnerability: Vulnerability,
    settings: SeismicSettings,
    retrofit: Retrofit | None,
) -> SeismicResult:
    """Return the frozen result of a run."""
    by_asset = _assets(computed, exposure)
    by_fault = _faults(computed, settings)
    rows = _territories(computed, settings)
    values = computed.sites.territory_values
    curve = computed.sweep.losses_at(values, CURVE_PERIODS)[:, -1]
    damage = np.array([row.ead_pab for row in by_asset])
    shipped = shipped_rows(exposure, vulnerability)
    return SeismicResult(
        total=rows[-1],
        by_territory=tuple(rows[:-1]),
        curve=_return_losses(curve, CURVE_PERIODS),
        by_asset=by_asset,
        by_fault=by_fault,
        defaults=defaults_rows(exposure, by_fault, damage=damage, shipped=shipped),
        retrofit=_effect(computed, exposure, settings, retrofit) if retrofit else None,
        notes=notes_of(computed.all_faults, by_fault, settings, exposure, foreign=bool(shipped.any())),
        manifest=manifest_of(computed.all_faults, exposure, vulnerability, settings, retrofit),
    )


def _return_losses(losses: Floats, periods: tuple[float, ...]) -> tuple[ReturnLoss, ...]:
    return tuple(ReturnLoss(period, 1 / period, interval(losses[:, i])) for i, period in enumerate(periods))


def _territories(computed: Computed, settings: SeismicSettings) -> list[TerritoryRisk]:
    """Return one row by territory and the total as the last."""
    sites, sweep = computed.sites, computed.sweep
    place = sites.group_territory[sites.group]
    count = len(sites.territories)
    assets = np.bincount(place, minlength=count)
    people = np.bincount(place, weights=sites.people, minlength=count)
    values = sites.territory_values
    losses = sweep.losses_at(values, settings.return_periods)
    whole = float(sweep.loss[:, -1].mean())
    return [
        TerritoryRisk(
            code=code,
            assets=int(number),
            value_pab=float(values[t]),
            people=float(inside),
            ead_pab=interval(sweep.loss[:, t]),
            people_affected_per_year=interval(sweep.severe[:, t]),
            share_of_total=float(sweep.loss[:, t].mean() / whole) if whole > 0 else 0.0,
            losses=_return_losses(losses[:, t], settings.return_periods),
        )
        for t, (code, number, inside) in enumerate(
            zip(
                [*sites.territories, ""],
                [*assets, assets.sum()],
                [*people, people.sum()],
                strict=True,
            )
        )
    ]


def _assets(computed: Computed, exposure: Exposure) -> tuple[AssetRisk, ...]:
    sums = computed.site_sums
    pga = pga_at(sums.shaking, PGA_PERIODS)
    return tuple(
        AssetRisk(
            id=exposure.ids[i],
            territory=exposure.territory[i],
            ead_pab=float(sums.ratio[i] * exposure.value_pab[i]),
            people_affected_per_year=float(sums.severe[i] * exposure.people[i]),
            people=float(exposure.people[i]),
            value_pab=float(exposure.value_pab[i]),
            pga_475_g=float(pga[i, 0]),
            pga_2475_g=float(pga[i, 1]),
        )
        for i in range(len(exposure))
    )


def _faults(computed: Computed, settings: SeismicSettings) -> tuple[FaultRisk, ...]:
    """Return faults from the one that contributes most; ties by id."""
    whole = float(computed.fault_losses.sum())
    rows = [
        FaultRisk(
            id=fault.id,
            name=fault.name,
            ead_pab=float(loss),
            share=float(loss / whole) if whole > 0 else 0.0,
            earthquakes_per_year=float(rates.sum(axis=1).mean()),
            mean_largest_magnitude=float(
                largest_magnitudes(fault, settings.area_weight, seed=settings.seed, count=settings.samples).mean()
            ),
            distance_km=near,
            assumptions=fault.assumptions,
        )
        for fault, loss, rates, near in zip(
            computed.faults,
            computed.fault_losses,
            computed.sweep.beliefs.rates,
            computed.nearest_km,
            strict=True,
        )
    ]
    return tuple(sorted(rows, key=lambda row: (-row.ead_pab, row.id)))


def _effect(computed: Computed, exposure: Exposure, settings: SeismicSettings, retrofit: Retrofit) -> RetrofitEffect:
    """Return the comparison sample by sample: the same earthquakes, buildings and values."""
    sweep = computed.sweep
    changed = changed_assets(exposure, retrofit.classes_after(exposure))
    cost = cost_pab(retrofit, exposure, changed)
    rows = [
        TerritoryEffect(
            code=code,
            ead_before_pab=interval(sweep.loss[:, t]),
            ead_after_pab=interval(sweep.loss_after[:, t]),
            ead_avoided_pab=interval(sweep.loss[:, t] - sweep.loss_after[:, t]),
            people_avoided_per_year=interval(sweep.severe[:, t] - sweep.severe_after[:, t]),
        )
        for t, code in enumerate([*computed.sites.territories, ""])
    ]
    factor = present_value_factor(settings.discount_rate, settings.horizon_years)
    benefit = factor * (sweep.loss[:, -1] - sweep.loss_after[:, -1])
    paid = cost > 0
    return RetrofitEffect(
        id=retrofit.id,
        name=retrofit.name,
        assets_selected=int(retrofit.selected(exposure).sum()),
        assets_changed=int(changed.sum()),
        cost_pab=cost,
        discount_rate=settings.discount_rate,
        horizon_years=settings.horizon_years,
        total=rows[-1],
        by_territory=tuple(rows[:-1]),
        present_benefit_pab=interval(benefit),
        net_present_value_pab=interval(benefit - cost) if paid else None,
        benefit_cost=interval(benefit / cost) if paid else None,
        probability_worth_it=float((benefit > cost).mean()) if paid else None,
    )
