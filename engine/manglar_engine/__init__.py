"""Manglar's engine: what shocks do to a city, with intervals, sources and the share of defaults.

The names below are the whole door: everything else may move. Modules load when first asked for, so
that importing the package costs almost nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from manglar_engine.errors import (
        Cancelled,
        EngineError,
        ExposureError,
        FaultError,
        FormatError,
        HazardError,
        MeasureError,
        RetrofitError,
        SeriesError,
        SettingsError,
        VulnerabilityError,
    )
    from manglar_engine.exposure.asset_files import AssetTerms, read_assets, write_assets
    from manglar_engine.exposure.assets import Assets, assets_of
    from manglar_engine.exposure.exposure import Exposure
    from manglar_engine.exposure.places import ZonesRead, read_zones, territories_at, zones_of
    from manglar_engine.exposure.unit_values import (
        AssetKind,
        UnitValue,
        default_asset_kinds,
        default_unit_values,
    )
    from manglar_engine.hazard.event_files import read_events, write_events
    from manglar_engine.hazard.event_tables import read_event_tables
    from manglar_engine.hazard.events import EventSet, Footprints, Hazard, Sites, footprints_of
    from manglar_engine.hazard.fault import Fault
    from manglar_engine.hazard.fault_reading import FaultReading, read_faults_geojson
    from manglar_engine.hazard.flood_rates import CompletenessWindow, FloodRate, FloodRates, flood_rates
    from manglar_engine.hazard.layers import (
        MapReading,
        hazard_of_event_maps,
        hazard_of_return_period_maps,
        occurrence_frequencies,
    )
    from manglar_engine.hazard.recorded_events import EventReading, RecordedEvent, read_recorded_events
    from manglar_engine.hazard.sea_level import SeaLevelResult, SeaLevelScenario, extreme_sea_level
    from manglar_engine.hazard.sea_level_flood import flood_of_levels
    from manglar_engine.hazard.sea_level_series import (
        ExtremeSeries,
        MeanSeries,
        mean_sea_level_trend,
        read_annual_maxima,
        read_peaks_over_threshold,
        read_psmsl_means,
    )
    from manglar_engine.hazard.store import read_hazard, write_hazard
    from manglar_engine.hazard.tiling import TiledHazard, tiled_hazard
    from manglar_engine.io.rasters import Grid, Raster, read_raster, write_raster
    from manglar_engine.io.stacks import Stack, read_stack, write_stack
    from manglar_engine.io.vectors import VectorLayer, read_vectors, write_vectors
    from manglar_engine.measures.library import MeasureSource, MeasureTemplate, measure_library, measure_sources
    from manglar_engine.measures.measure import CoBenefit, Cost, Measure
    from manglar_engine.measures.operations import (
        ChangeClass,
        ProtectUpTo,
        ScaleAmount,
        ScaleDamage,
        ScaleIntensity,
        ShiftIntensity,
    )
    from manglar_engine.measures.retrofit import Retrofit
    from manglar_engine.measures.situation import Situation
    from manglar_engine.measures.worth import Horizon, Worth, worth
    from manglar_engine.report.sentence import plain_sentence, retrofit_sentence
    from manglar_engine.risk.curve import Curve
    from manglar_engine.risk.direct_impact import direct_exceedance_by_asset, direct_impact
    from manglar_engine.risk.exceedance_map import exceedance_by_asset
    from manglar_engine.risk.impact import Impact
    from manglar_engine.risk.moments import Moments, edges_of, moments, values_on
    from manglar_engine.risk.schedule import Schedule
    from manglar_engine.risk.tiled_impact import impact
    from manglar_engine.studies.city_answer import CityAnswer
    from manglar_engine.studies.impact_answer import ImpactAnswer, ImpactSettings
    from manglar_engine.studies.impact_files import write_answer
    from manglar_engine.studies.impact_study import impact_study
    from manglar_engine.studies.result import SeismicResult
    from manglar_engine.studies.seismic import seismic_risk
    from manglar_engine.studies.settings import SeismicSettings
    from manglar_engine.studies.uncertain_worth import UncertainWorth, uncertain_worth
    from manglar_engine.studies.water import FloodRateSettings, SeaLevelSettings, flood_rate_study, sea_level_study
    from manglar_engine.uncertainty.distributions import (
        Doubt,
        Fixed,
        LogNormal,
        Normal,
        Triangular,
        Uniform,
        draw,
        interval_of,
    )
    from manglar_engine.uncertainty.impact_sweep import drawn_values, sweep
    from manglar_engine.uncertainty.sobol import Sensitivity, sobol_indices
    from manglar_engine.vocabulary import ENGINE_VERSION, Interval, Note, Triple
    from manglar_engine.vulnerability.defaults import (
        default_classes,
        default_occupancies,
        default_vulnerability,
    )
    from manglar_engine.vulnerability.function_file import read_functions
    from manglar_engine.vulnerability.hazus import read_hazus_fragilities, read_hazus_repair
    from manglar_engine.vulnerability.impact_function import ImpactFunction, ImpactFunctionSet
    from manglar_engine.vulnerability.scatter import scattered_ratios
    from manglar_engine.vulnerability.vulnerability import (
        Fragility,
        Repair,
        Vulnerability,
        vulnerability_of,
    )

_HOMES = {
    "errors": (
        "Cancelled",
        "EngineError",
        "ExposureError",
        "FaultError",
        "FormatError",
        "HazardError",
        "MeasureError",
        "RetrofitError",
        "SeriesError",
        "SettingsError",
        "VulnerabilityError",
    ),
    "exposure.assets": ("Assets", "assets_of"),
    "exposure.asset_files": ("AssetTerms", "read_assets", "write_assets"),
    "exposure.exposure": ("Exposure",),
    "exposure.places": ("ZonesRead", "read_zones", "territories_at", "zones_of"),
    "exposure.unit_values": (
        "AssetKind",
        "UnitValue",
        "default_asset_kinds",
        "default_unit_values",
    ),
    "hazard.events": ("EventSet", "Footprints", "Hazard", "Sites", "footprints_of"),
    "hazard.event_files": ("read_events", "write_events"),
    "hazard.event_tables": ("read_event_tables",),
    "hazard.fault": ("Fault",),
    "hazard.fault_reading": ("FaultReading", "read_faults_geojson"),
    "hazard.store": ("read_hazard", "write_hazard"),
    "hazard.tiling": ("TiledHazard", "tiled_hazard"),
    "hazard.flood_rates": ("CompletenessWindow", "FloodRate", "FloodRates", "flood_rates"),
    "hazard.layers": ("MapReading", "hazard_of_event_maps", "hazard_of_return_period_maps", "occurrence_frequencies"),
    "hazard.recorded_events": ("EventReading", "RecordedEvent", "read_recorded_events"),
    "hazard.sea_level": ("SeaLevelResult", "SeaLevelScenario", "extreme_sea_level"),
    "hazard.sea_level_flood": ("flood_of_levels",),
    "hazard.sea_level_series": (
        "ExtremeSeries",
        "MeanSeries",
        "mean_sea_level_trend",
        "read_annual_maxima",
        "read_peaks_over_threshold",
        "read_psmsl_means",
    ),
    "io.rasters": ("Grid", "Raster", "read_raster", "write_raster"),
    "io.stacks": ("Stack", "read_stack", "write_stack"),
    "io.vectors": ("VectorLayer", "read_vectors", "write_vectors"),
    "measures.library": ("MeasureSource", "MeasureTemplate", "measure_library", "measure_sources"),
    "measures.measure": ("CoBenefit", "Cost", "Measure"),
    "measures.operations": (
        "ChangeClass",
        "ProtectUpTo",
        "ScaleAmount",
        "ScaleDamage",
        "ScaleIntensity",
        "ShiftIntensity",
    ),
    "measures.retrofit": ("Retrofit",),
    "measures.situation": ("Situation",),
    "measures.worth": ("Horizon", "Worth", "worth"),
    "report.sentence": ("plain_sentence", "retrofit_sentence"),
    "risk.curve": ("Curve",),
    "risk.direct_impact": ("direct_exceedance_by_asset", "direct_impact"),
    "risk.exceedance_map": ("exceedance_by_asset",),
    "risk.impact": ("Impact",),
    "risk.moments": ("Moments", "edges_of", "moments", "values_on"),
    "risk.schedule": ("Schedule",),
    "risk.tiled_impact": ("impact",),
    "studies.city_answer": ("CityAnswer",),
    "studies.impact_answer": ("ImpactAnswer", "ImpactSettings"),
    "studies.impact_files": ("write_answer",),
    "studies.impact_study": ("impact_study",),
    "studies.result": ("SeismicResult",),
    "studies.seismic": ("seismic_risk",),
    "studies.settings": ("SeismicSettings",),
    "studies.water": ("FloodRateSettings", "SeaLevelSettings", "flood_rate_study", "sea_level_study"),
    "uncertainty.impact_sweep": ("drawn_values", "sweep"),
    "studies.uncertain_worth": ("UncertainWorth", "uncertain_worth"),
    "uncertainty.distributions": (
        "Doubt",
        "Fixed",
        "LogNormal",
        "Normal",
        "Triangular",
        "Uniform",
        "draw",
        "interval_of",
    ),
    "uncertainty.sobol": ("Sensitivity", "sobol_indices"),
    "vocabulary": ("ENGINE_VERSION", "Interval", "Note", "Triple"),
    "vulnerability.defaults": ("default_classes", "default_occupancies", "default_vulnerability"),
    "vulnerability.function_file": ("read_functions",),
    "vulnerability.hazus": ("read_hazus_fragilities", "read_hazus_repair"),
    "vulnerability.impact_function": ("ImpactFunction", "ImpactFunctionSet"),
    "vulnerability.scatter": ("scattered_ratios",),
    "vulnerability.vulnerability": ("Fragility", "Repair", "Vulnerability", "vulnerability_of"),
}  # fmt: skip - a register reads better by module
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022 - in the order of a first use
    "read_faults_geojson",
    "FaultReading",
    "Fault",
    "Triple",
    "Note",
    "Exposure",
    "default_asset_kinds",
    "default_unit_values",
    "AssetKind",
    "UnitValue",
    "default_vulnerability",
    "default_classes",
    "default_occupancies",
    "read_hazus_fragilities",
    "read_hazus_repair",
    "vulnerability_of",
    "Vulnerability",
    "Fragility",
    "Repair",
    "SeismicSettings",
    "Retrofit",
    "seismic_risk",
    "SeismicResult",
    "read_assets",
    "write_assets",
    "AssetTerms",
    "read_events",
    "write_events",
    "read_event_tables",
    "read_raster",
    "write_raster",
    "Raster",
    "Grid",
    "read_stack",
    "write_stack",
    "Stack",
    "read_vectors",
    "write_vectors",
    "VectorLayer",
    "territories_at",
    "zones_of",
    "read_zones",
    "ZonesRead",
    "MapReading",
    "hazard_of_return_period_maps",
    "hazard_of_event_maps",
    "occurrence_frequencies",
    "read_annual_maxima",
    "read_peaks_over_threshold",
    "read_psmsl_means",
    "ExtremeSeries",
    "MeanSeries",
    "mean_sea_level_trend",
    "SeaLevelScenario",
    "extreme_sea_level",
    "SeaLevelResult",
    "SeaLevelSettings",
    "sea_level_study",
    "flood_of_levels",
    "read_recorded_events",
    "EventReading",
    "RecordedEvent",
    "CompletenessWindow",
    "flood_rates",
    "FloodRates",
    "FloodRate",
    "FloodRateSettings",
    "flood_rate_study",
    "Measure",
    "Cost",
    "CoBenefit",
    "ShiftIntensity",
    "ScaleIntensity",
    "ScaleDamage",
    "ScaleAmount",
    "ChangeClass",
    "ProtectUpTo",
    "measure_library",
    "measure_sources",
    "MeasureTemplate",
    "MeasureSource",
    "Situation",
    "Horizon",
    "worth",
    "Worth",
    "Doubt",
    "Fixed",
    "Uniform",
    "Triangular",
    "Normal",
    "LogNormal",
    "draw",
    "interval_of",
    "sobol_indices",
    "Sensitivity",
    "uncertain_worth",
    "UncertainWorth",
    "Interval",
    "plain_sentence",
    "retrofit_sentence",
    "EventSet",
    "Sites",
    "Footprints",
    "footprints_of",
    "Hazard",
    "Assets",
    "assets_of",
    "ImpactFunction",
    "ImpactFunctionSet",
    "tiled_hazard",
    "TiledHazard",
    "read_hazard",
    "write_hazard",
    "read_functions",
    "scattered_ratios",
    "impact_study",
    "ImpactSettings",
    "ImpactAnswer",
    "CityAnswer",
    "write_answer",
    "impact",
    "exceedance_by_asset",
    "moments",
    "Moments",
    "edges_of",
    "values_on",
    "drawn_values",
    "sweep",
    "Schedule",
    "direct_impact",
    "direct_exceedance_by_asset",
    "Impact",
    "Curve",
    "EngineError",
    "FormatError",
    "FaultError",
    "HazardError",
    "ExposureError",
    "VulnerabilityError",
    "SettingsError",
    "RetrofitError",
    "SeriesError",
    "MeasureError",
    "Cancelled",
    "ENGINE_VERSION",
]  # fmt: skip - grouped by use


def __getattr__(name: str) -> object:
    """Load the module that holds ``name`` and return it (PEP 562)."""
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'manglar_engine' has no attribute {name!r}")
    value: object = getattr(import_module(f"manglar_engine.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
