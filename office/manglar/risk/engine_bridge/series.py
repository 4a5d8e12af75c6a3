"""Series: return levels of the sea from a tide gauge, and rates of recorded events by territory."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.foundation.canonical import canonical, digest
from manglar.foundation.provenance import Mark
from manglar.risk.engine_bridge.door import Answer, Cancelled, Progress, in_spanish, notes_of
from manglar.risk.engine_bridge.files import Files, FileTerms, gauge_from, records_from
from manglar.risk.engine_bridge.flood import flood_impact
from manglar.risk.engine_bridge.impact import ImpactQuestion, Layer, impact_inputs
from manglar.risk.rules.sentences import level_sentence, rate_sentence
from manglar.risk.rules.series_spec import RatesSpec, SeaLevelSpec

if TYPE_CHECKING:
    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")

LEVEL_SCHEMA, RATE_SCHEMA = "manglar-sea-level-inputs-1", "manglar-event-rates-inputs-1"
_STEPS = {"niveles": "Niveles de cada período", "bondad del ajuste": "Qué tan bien se ajusta"}
_MARKS = {Mark.SOURCE.value: "fuente", Mark.ESTIMATE.value: "estimación"}


@dataclass(frozen=True, slots=True)
class GroundQuestion:
    """The ground that the levels flood, and whose assets stand on it: an impact without maps."""

    ground: Layer
    year: int
    scenario: str
    offset_m: float
    offset_source: str
    impact: ImpactQuestion

    def to_json(self) -> dict[str, Any]:
        """The question as plain data."""
        return {
            "ground": self.ground.to_json(),
            "year": self.year,
            "scenario": self.scenario,
            "offset_m": self.offset_m,
            "offset_source": self.offset_source,
            "impact": json.loads(impact_inputs(self.impact)),
        }


def sea_level_inputs(spec: SeaLevelSpec, gauge: Layer, flood: GroundQuestion | None = None) -> bytes:
    """Everything that the engine will be given, as canonical bytes; files stand by their digest."""
    asked = spec.to_json()
    document = {
        "schema": LEVEL_SCHEMA,
        "gauge": gauge.to_json(),
        "periods": asked["periods"],
        "scenarios": asked.get("scenarios", []),
        "seed": spec.seed,
        "samples": spec.samples,
    } | ({"flood": flood.to_json()} if flood is not None else {})
    return canonical(document).encode()


def sea_level_study(
    inputs: bytes,
    files: Mapping[str, Files],
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Answer:
    """Ask the engine for the levels that the sea passes once in each period."""

    def tell(fraction: float, label: str) -> None:
        if progress is not None:
            progress(fraction, _STEPS.get(label, label))

    document = json.loads(inputs)
    gauge = document["gauge"]
    with in_spanish(of="study"):
        found = engine.extreme_sea_level(
            gauge_from(files[gauge["sha256"]], FileTerms(**gauge["meaning"])),
            seed=document["seed"],
            periods=document["periods"],
            scenarios=[_scenario(row) for row in document["scenarios"]],
            samples=document["samples"],
            progress=tell,
            cancel=cancelled,
        )
        result = json.loads(found.to_json())
        asked = document.get("flood")
        flooded = flood_impact(found, asked, files, progress=progress, cancelled=cancelled) if asked else None
    told = [row for row in result["levels"] if not row["scenario"]]
    names = {row["id"]: row["name"] for row in document["scenarios"]}
    result["scenario_names"] = names
    es, en = (level_sentence(told, result["datum"], language) for language in ("es", "en"))
    if flooded is None:
        return _answer("manglar-sea-level-result-1", result, es, en)
    water, words = flooded
    whole = {
        **water,
        **result,
        "notes": [*notes_of(found.notes), *water["notes"]],
        "manifest": {**result["manifest"], "flood": water["manifest"]},
    }
    settings = asked["impact"]["settings"]
    made = _answer("manglar-sea-level-result-2", whole, f"{es} {words['es']}", f"{en} {words['en']}")
    return replace(made, intensity_unit="m", periods=(settings["often_years"], settings["rare_years"]))


def _scenario(row: Mapping[str, Any]) -> "engine.SeaLevelScenario":
    return engine.SeaLevelScenario(
        id=row["id"],
        es=row["name"],
        en=row["name"],
        base_year=row["base_year"],
        year=row["year"],
        rise_m=engine.Triple(row["best_m"], row["min_m"], row["max_m"]),
        source=row["source"],
        mark=_MARKS[row["mark"]],
    )


def _answer(schema: str, result: dict[str, Any], es: str, en: str) -> Answer:
    manifest = result["manifest"]
    return Answer(
        content=canonical({"schema": schema, "result": result}).encode(),
        es=es,
        en=en,
        engine_version=engine.ENGINE_VERSION,
        manifest=manifest,
        manifest_digest=digest(manifest),
    )


def rates_inputs(spec: RatesSpec, records: Layer, territories: list[str], names: Mapping[str, str]) -> bytes:
    """Everything that the engine will be given, as canonical bytes; the record stands by its digest."""
    document = {
        "schema": RATE_SCHEMA,
        "records": records.to_json(),
        "peril": spec.peril,
        "prior": spec.prior,
        "territories": territories,
        "windows": spec.to_json()["windows"],
        "names": {code: names.get(code, code) for code in territories},
    }
    return canonical(document).encode()


def rates_study(
    inputs: bytes,
    files: Mapping[str, Files],
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,  # noqa: ARG001  # it takes less than a second: there is nothing to stop
) -> Answer:
    """Ask the engine how many recorded events a year each territory should expect."""
    document = json.loads(inputs)
    with in_spanish(of="study"):
        found = engine.flood_rates(
            records_from(files[document["records"]["sha256"]]).events,
            [_window(row) for row in document["windows"]],
            document["territories"],
            peril=document["peril"],
            prior=document["prior"],
        )
        result = json.loads(found.to_json())
    names = document["names"]
    es, en = (rate_sentence(result, names, language) for language in ("es", "en"))
    if progress is not None:
        progress(1.0, "Listo")
    return _answer("manglar-event-rates-result-1", result, es, en)


def _window(row: Mapping[str, Any]) -> "engine.CompletenessWindow":
    return engine.CompletenessWindow(
        first=dt.date.fromisoformat(row["first"]),
        last=dt.date.fromisoformat(row["last"]),
        reason=row["reason"],
        territories=tuple(row.get("territories", ())),
    )
