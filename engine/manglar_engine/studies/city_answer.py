"""What one city file answers: impact, levels of the sea, rates of recorded floods, any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manglar_engine.hazard.flood_rates import FloodRates
from manglar_engine.hazard.sea_level import SeaLevelResult
from manglar_engine.io.canonical import canonical_bytes, digest
from manglar_engine.studies.impact_answer import ImpactAnswer

SCHEMA = "manglar-city-answer-1"


@dataclass(frozen=True, slots=True)
class CityAnswer:
    """The answers of a run; impact alone is told as it always was, without a cover."""

    impact: ImpactAnswer | None = None
    sea_level: SeaLevelResult | None = None
    flood_rates: FloodRates | None = None

    @property
    def _parts(self) -> Mapping[str, ImpactAnswer | SeaLevelResult | FloodRates]:
        parts = {"impact": self.impact, "sea_level": self.sea_level, "flood_rates": self.flood_rates}
        return {name: part for name, part in parts.items() if part is not None}

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return the manifest of the run, by part where there is more than impact."""
        parts = self._parts
        if self.impact is not None and len(parts) == 1:
            return self.impact.manifest
        return {name: part.manifest for name, part in parts.items()}

    @property
    def manifest_digest(self) -> str:
        """Return the digest of the manifest, which names the run."""
        return digest(self.manifest)

    def to_json(self) -> bytes:
        """Return the canonical bytes of the answer."""
        parts = self._parts
        if self.impact is not None and len(parts) == 1:
            return self.impact.to_json()
        told = {name: part.told() if isinstance(part, ImpactAnswer) else part for name, part in parts.items()}
        return canonical_bytes({"schema": SCHEMA, **told, "manifest_digest": self.manifest_digest})
