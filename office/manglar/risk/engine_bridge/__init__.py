"""The only door to the engine: plain data goes in, plain data and bytes come out, refusals speak Spanish."""

from manglar.risk.engine_bridge.door import Answer, Cancelled, Progress, RunCancelled, Understood, engine_version
from manglar.risk.engine_bridge.files import FileTerms
from manglar.risk.engine_bridge.impact import ImpactQuestion, impact_inputs, impact_study
from manglar.risk.engine_bridge.library import LibraryMeasure, library_measures
from manglar.risk.engine_bridge.looks import read_layers
from manglar.risk.engine_bridge.seismic import (
    Question,
    check_faults,
    inputs_of,
    kind_defaults,
    read_faults,
    read_fragilities,
    read_repairs,
    study,
)
from manglar.risk.engine_bridge.series import (
    GroundQuestion,
    rates_inputs,
    rates_study,
    sea_level_inputs,
    sea_level_study,
)

__all__ = [
    "Answer",
    "Cancelled",
    "FileTerms",
    "GroundQuestion",
    "ImpactQuestion",
    "LibraryMeasure",
    "Progress",
    "Question",
    "RunCancelled",
    "Understood",
    "check_faults",
    "engine_version",
    "impact_inputs",
    "impact_study",
    "inputs_of",
    "kind_defaults",
    "library_measures",
    "rates_inputs",
    "rates_study",
    "read_faults",
    "read_fragilities",
    "read_layers",
    "read_repairs",
    "sea_level_inputs",
    "sea_level_study",
    "study",
]
