"""From the spec of a study of sea levels to the bytes that the engine gets: the gauge and, if asked, the ground it floods."""

from dataclasses import replace

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.risk import engine_bridge, selectors
from manglar.risk.choices import SEA, DatasetKind
from manglar.risk.engine_bridge import GroundQuestion, ImpactQuestion
from manglar.risk.models import Dataset
from manglar.risk.rules.impact_spec import ImpactSpec
from manglar.risk.rules.series_spec import GroundChoice, SeaLevelSpec
from manglar.risk.services.datasets import dataset_files
from manglar.risk.services.layer_preparing import (
    exposed_of,
    functions_of,
    hazard_names,
    layer_of,
    refuse_without_function,
    registered,
)
from manglar.risk.services.preparing import Prepared


def prepare_sea_level(spec: SeaLevelSpec, *, government: Government) -> Prepared:
    """Everything that the engine will be given for a study of sea levels."""
    gauge = registered(government, spec.gauge, "gauge.dataset", DatasetKind.GAUGE)
    made = Prepared(
        inputs=engine_bridge.sea_level_inputs(spec, layer_of(gauge)),
        facts={},
        pk_of={},
        division_pk_of={},
        notes=list(gauge.notes),
        files={gauge.sha256: dataset_files(gauge)},
    )
    if spec.ground is None or spec.impact is None:
        return made
    return _on_the_ground(made, spec, spec.ground, spec.impact, gauge)


def _on_the_ground(made: Prepared, spec: SeaLevelSpec, choice: GroundChoice, impact: ImpactSpec, gauge: Dataset) -> Prepared:
    government = gauge.government
    ground = registered(government, choice.dataset, "ground.dataset", DatasetKind.ELEVATION)
    offset_m, offset_source = _offset(choice, gauge, ground)
    functions, exposed = functions_of(impact, government), exposed_of(impact, government)
    refuse_without_function(exposed.columns["asset_class"], [SEA], functions)
    question = ImpactQuestion(
        spec=impact,
        columns=exposed.columns,
        crs=exposed.crs,
        price_year=exposed.price_year,
        hazards=[],
        hazard_names=hazard_names([SEA]),
        functions={amount: layer_of(each) for amount, each in functions.items()},
        names=exposed.names,
        defaulted=exposed.defaulted,
    )
    flood = GroundQuestion(layer_of(ground), choice.year, choice.scenario, offset_m, offset_source, question)
    return replace(
        made,
        inputs=engine_bridge.sea_level_inputs(spec, layer_of(gauge), flood),
        facts=exposed.facts,
        pk_of=exposed.pk_of,
        division_pk_of=selectors.division_pks(exposed.columns["territory"]),
        notes=[*made.notes, *ground.notes, *exposed.notes],
        files={**made.files, **{each.sha256: dataset_files(each) for each in (ground, *functions.values())}},
    )


def _offset(choice: GroundChoice, gauge: Dataset, ground: Dataset) -> tuple[float, str]:
    """How far the datum of the levels lies above that of the ground: said with its source, or both are one datum."""
    if choice.offset_m is not None:
        return choice.offset_m, choice.offset_source
    levels, heights = (" ".join(str(each.meaning.get("datum", "")).split()) for each in (gauge, ground))
    if levels and levels.casefold() == heights.casefold():
        return 0.0, f"las dos medidas son sobre «{levels}»"
    raise InvalidInput(
        say(
            "Los niveles se miden sobre «{levels}» y las alturas del terreno sobre «{heights}»: diga cuánto está el primero sobre el segundo («ground.offset_m», en metros) y quién lo midió («ground.offset_source»). No se supone que sean el mismo plano.",
            levels=levels,
            heights=heights,
        )
    )
