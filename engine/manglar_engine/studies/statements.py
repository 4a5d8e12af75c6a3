"""What an answer says of itself: what rests on defaults, its limits, and how to repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from manglar_engine.exposure.exposure import COLUMNS, Exposure
from manglar_engine.hazard.fault import Fault
from manglar_engine.io.canonical import array_digest, digest, plain
from manglar_engine.measures.retrofit import Retrofit
from manglar_engine.studies.result import DefaultsShare, FaultRisk
from manglar_engine.studies.settings import SeismicSettings
from manglar_engine.vocabulary import ENGINE_VERSION, ESTIMATE, Note
from manglar_engine.vulnerability.defaults import default_classes
from manglar_engine.vulnerability.vulnerability import Vulnerability

Floats = NDArray[np.float64]

COLUMN_WORDS = {
    "territory": ("territorio supuesto", "assumed territory"),
    "building_class": ("clase constructiva supuesta", "assumed building class"),
    "occupancy": ("uso supuesto", "assumed occupancy"),
    "lon": ("longitud supuesta", "assumed longitude"),
    "lat": ("latitud supuesta", "assumed latitude"),
    "value_pab": ("valor de reposición supuesto", "assumed replacement value"),
    "people": ("personas supuestas", "assumed people"),
    "vs30": ("suelo (Vs30) supuesto", "assumed ground (Vs30)"),
}
CORRELATION_ES = (
    "La sacudida dentro de un mismo sismo se toma como independiente entre sitios: las pérdidas de los "
    "sismos raros son una primera aproximación."
)
CORRELATION_EN = (
    "Shaking within one earthquake is taken as independent between sites: losses of rare earthquakes "
    "are a screening figure."
)
SOURCES_ES = (
    "Solo rompen las fallas dadas, desde la magnitud mínima; no hay sismicidad fuera de ellas ni en la subducción."
)
SOURCES_EN = (
    "Only the given faults break, from the minimum magnitude on; there is no seismicity off them nor on the subduction."
)
LIMITS = (
    ("correlation", CORRELATION_ES, CORRELATION_EN),
    ("sources", SOURCES_ES, SOURCES_EN),
)
"""What every answer does not know: field, Spanish, English."""
FOREIGN = (
    "fragility",
    "Las funciones de daño de Hazus describen edificios de los Estados Unidos.",
    "The damage functions of Hazus describe buildings of the United States.",
)
"""Told when the engine's own functions are used."""


def shipped_rows(exposure: Exposure, vulnerability: Vulnerability) -> NDArray[np.bool_]:
    """Return which assets break by a function of the engine's own table, whatever file told it."""
    shipped = {(row.id, row.medians_g, row.betas) for row in default_classes()}
    used = [vulnerability.fragilities[name] for name in exposure.building_class]
    return np.array([(row.id, row.medians_g, row.betas) in shipped for row in used])


def defaults_rows(
    exposure: Exposure,
    by_fault: Sequence[FaultRisk],
    *,
    damage: Floats,
    shipped: NDArray[np.bool_],
) -> tuple[DefaultsShare, ...]:
    """Return what share of the expected damage ``(assets,)`` rests on each default.

    ``any_asset_column`` counts an asset once when at least one of its columns was filled;
    ``engine_functions`` are the assets that ``shipped`` marks; ``fault_figures`` the faults with at
    least one assumed figure.
    """
    whole = float(damage.sum())

    def share(rows: NDArray[np.bool_]) -> float:
        return float(damage[rows].sum() / whole) if whole > 0 else 0.0

    found = []
    anything = np.zeros(len(exposure), dtype=bool)
    for column in COLUMNS:
        rows = exposure.defaulted_rows(column)
        anything |= rows
        if rows.any():
            found.append(DefaultsShare(column, share(rows), ESTIMATE, *COLUMN_WORDS[column]))
    found += [
        DefaultsShare(
            "any_asset_column",
            share(anything),
            ESTIMATE,
            "algún dato del activo supuesto",
            "some datum of the asset assumed",
        ),
        DefaultsShare(
            "engine_functions",
            share(shipped),
            ESTIMATE,
            "funciones de daño de Hazus, de otro país",
            "damage functions of Hazus, from another country",
        ),
        DefaultsShare(
            "fault_figures",
            min(1.0, sum(row.share for row in by_fault if row.assumptions)),
            ESTIMATE,
            "alguna cifra de la falla supuesta",
            "some figure of the fault assumed",
        ),
    ]
    return tuple(found)


def notes_of(
    faults: Sequence[Fault],
    by_fault: Sequence[FaultRisk],
    settings: SeismicSettings,
    exposure: Exposure,
    *,
    foreign: bool,
) -> tuple[Note, ...]:
    """Return the notes of a run: faults not used and why, and the limits of the answer.

    ``foreign`` says that functions of the engine's own table, made for another country, are used.
    """
    left_out = [
        Note(
            "set_aside",
            f"{fault.id} ({fault.name})",
            "slip_type",
            "zona de subducción: el modelo de sacudida es de corteza superficial",
            "subduction: the ground-motion model is for shallow crust",
        )
        for fault in sorted(faults, key=lambda fault: fault.id)
        if fault.slip_type in settings.left_out_styles
    ]
    too_far = [
        Note(
            "set_aside",
            f"{row.id} ({row.name})",
            "distance_km",
            f"a {row.distance_km:.0f} km del activo más cercano: no aporta",
            f"{row.distance_km:.0f} km from the nearest asset: it contributes nothing",
        )
        for row in sorted(by_fault, key=lambda row: row.id)
        if row.distance_km > settings.max_distance_km
    ]
    limits = [Note("limit", "", field, es, en) for field, es, en in (*LIMITS, *([FOREIGN] if foreign else []))]
    prices = Note(
        "limit",
        "",
        "price_year",
        f"Balboas de {exposure.price_year}, sin inflación añadida.",
        f"Balboas of {exposure.price_year}, no inflation added.",
    )
    return (*left_out, *too_far, *limits, prices)


def manifest_of(
    faults: Sequence[Fault],
    exposure: Exposure,
    vulnerability: Vulnerability,
    settings: SeismicSettings,
    retrofit: Retrofit | None,
) -> dict[str, object]:
    """Return what a run needs to be repeated to the byte: version, parameters, digests, seed."""
    parameters = {
        field.name: plain(getattr(settings, field.name)) for field in fields(settings) if field.name != "workers"
    }
    return {
        "engine": ENGINE_VERSION,
        "study": "seismic",
        "ground_motion": "BSSA14 PGA, doi 10.1193/070113EQS184M",
        "recurrence": "Youngs and Coppersmith 1985; truncated exponential",
        "scaling": "Wells and Coppersmith 1994",
        "seed": settings.seed,
        "parameters": parameters,
        "inputs": {
            "faults": digest([f.to_json() for f in sorted(faults, key=lambda f: f.id)]),
            "exposure": exposure_digest(exposure),
            "vulnerability": digest(
                {
                    "fragilities": dict(vulnerability.fragilities),
                    "repairs": dict(vulnerability.repairs),
                }
            ),
            "retrofit": digest(retrofit) if retrofit else None,
        },
        "counts": {"faults": len(faults), "assets": len(exposure)},
    }


def exposure_digest(exposure: Exposure) -> str:
    """Return the SHA-256 of an exposure: its texts, and its numbers to the bit."""
    numbers = [exposure.lon, exposure.lat, exposure.value_pab, exposure.people]
    return digest(
        {
            "ids": exposure.ids,
            "territory": exposure.territory,
            "building_class": exposure.building_class,
            "occupancy": exposure.occupancy,
            "price_year": exposure.price_year,
            "numbers": array_digest(*numbers),
            "vs30": None if exposure.vs30 is None else array_digest(exposure.vs30),
            "defaulted": {name: [bool(flag) for flag in flags] for name, flags in sorted(exposure.defaulted.items())},
        }
    )
