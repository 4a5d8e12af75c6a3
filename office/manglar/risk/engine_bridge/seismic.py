"""Earthquakes: faults, fragilities and the city's assets in, the seismic screening out."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.foundation.canonical import canonical
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.risk.engine_bridge.door import Answer, Cancelled, Progress, Understood, as_file, in_spanish
from manglar.risk.rules.exposure import Filled, KindDefaults
from manglar.risk.rules.seismic_spec import RetrofitSpec
from manglar.risk.rules.settings import engine_form

if TYPE_CHECKING:
    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")

SCHEMA = "manglar-seismic-inputs-1"
_STEPS = {"sismos": "Sismos de cada falla", "activos": "Daño de cada activo", "listo": "Listo"}


def read_faults(name: str, content: bytes) -> Understood:  # noqa: ARG001  # one shape for every reader
    """Understand a GeoJSON of faults."""
    with in_spanish(), as_file(content, ".geojson") as path:
        reading = engine.read_faults_geojson(path)
    return Understood([fault.to_json() for fault in reading.faults], [asdict(note) for note in reading.notes])


def check_faults(content: list[dict[str, Any]]) -> None:
    """Refuse records that are no faults."""
    with in_spanish():
        for values in content:
            engine.Fault.from_values(values)


def read_fragilities(name: str, content: bytes) -> Understood:
    """Understand a table of fragilities in Hazus' layout."""
    with in_spanish(), as_file(content, ".csv", name=name) as path:
        return Understood([asdict(each) for each in engine.read_hazus_fragilities(path)], [])


def read_repairs(name: str, content: bytes) -> Understood:
    """Understand a table of repair costs in Hazus' layout."""
    with in_spanish(), as_file(content, ".csv", name=name) as path:
        return Understood([asdict(each) for each in engine.read_hazus_repair(path)], [])


def kind_defaults() -> dict[str, KindDefaults]:
    """What the engine supposes of each kind of asset, with the sources of its figures."""
    return {
        code: KindDefaults(
            building_class=kind.building_class,
            occupancy=kind.occupancy,
            value=kind.value_pab,
            source_es=" × ".join(_figure(name, "es") for name in kind.unit_values),
            source_en=" × ".join(_figure(name, "en") for name in kind.unit_values),
        )
        for code, kind in engine.default_asset_kinds().items()
    }


def _figure(name: str, language: str) -> str:
    figure = engine.default_unit_values()[name]
    unit = figure.unit.replace("PAB", "B/.").replace("m2", "m²")
    if language == "es":
        unit = unit.replace("person", "persona")
    return f"{figure.es if language == 'es' else figure.en}, {figure.value:,.6g} {unit}"


@dataclass(frozen=True, slots=True)
class Question:
    """What a run asks, resolved: no names of files or tables, only data."""

    filled: Filled
    faults: list[dict[str, Any]]
    settings: Mapping[str, Any]
    retrofit: RetrofitSpec | None
    retrofit_territories: tuple[str, ...]
    names: Mapping[str, str]
    price_year: int
    fragilities: list[dict[str, Any]] | None = None
    repairs: list[dict[str, Any]] | None = None


def inputs_of(question: Question) -> bytes:
    """Everything that the engine will be given, as canonical bytes: the run can be repeated from them alone."""
    filled = question.filled
    document = {
        "schema": SCHEMA,
        "exposure": {
            **filled.columns,
            "price_year": question.price_year,
            "defaulted": {name: flags for name, flags in filled.defaulted.items() if any(flags)},
        },
        "faults": question.faults,
        "settings": engine_form(dict(question.settings)),
        "retrofit": _retrofit(question),
        "names": {code: question.names.get(code, code) for code in sorted(set(filled.columns["territory"]))},
        "vulnerability": {"fragilities": question.fragilities, "repairs": question.repairs}
        if question.fragilities is not None
        else None,
    }
    try:
        return canonical(document).encode()
    except ValueError as error:
        raise InvalidInput(
            say("Hay un número que no es finito (NaN o infinito) en lo que la corrida pide: corríjalo.")
        ) from error


def _retrofit(question: Question) -> dict[str, Any] | None:
    asked, filled = question.retrofit, question.filled
    if asked is None:
        return None
    unknown = sorted(set(asked.kinds) - set(filled.kinds))
    if unknown:
        raise InvalidInput(
            say(
                "[retrofit] elige clases de activos que no están en la corrida: {unknown}. Están: {kinds}.",
                unknown=", ".join(unknown),
                kinds=", ".join(sorted(set(filled.kinds))),
            )
        )
    ids = filled.columns["ids"]
    chosen = [key for key, kind in zip(ids, filled.kinds, strict=True) if kind in asked.kinds]
    present = set(filled.columns["territory"])
    territories = sorted(present & set(question.retrofit_territories))
    if asked.territories and not territories:
        raise InvalidInput(say("[retrofit] elige territorios en los que no hay ningún activo de la corrida."))
    return {
        "id": asked.id,
        "name": asked.name,
        "to_class": asked.to_class,
        "level_map": dict(asked.level_map),
        "territories": territories if asked.territories else [],
        "classes": list(asked.classes),
        "occupancies": list(asked.occupancies),
        "ids": chosen,
        "cost_pab_per_asset": asked.cost_pab_per_asset,
        "cost_share_of_value": asked.cost_share_of_value,
    }


def study(
    inputs: bytes, *, workers: int = 1, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Answer:
    """Ask the engine; the same inputs give the same bytes whatever ``workers`` is."""

    def tell(fraction: float, label: str) -> None:
        if progress is not None:
            progress(fraction, _STEPS.get(label, label))

    document = json.loads(inputs)
    with in_spanish():
        vulnerability = _vulnerability(document["vulnerability"])
        retrofit = document["retrofit"]
        result = engine.seismic_risk(
            [engine.Fault.from_values(values) for values in document["faults"]],
            engine.Exposure(**document["exposure"]),
            vulnerability,
            _settings(document["settings"], workers),
            retrofit=engine.Retrofit(**retrofit) if retrofit else None,
            progress=tell,
            cancelled=cancelled,
        )
        content = result.to_json()
        names = document["names"]
        return Answer(
            content=content,
            es=engine.plain_sentence(result, "es", names),
            en=engine.plain_sentence(result, "en", names),
            engine_version=engine.ENGINE_VERSION,
            manifest=json.loads(content)["result"]["manifest"],
            manifest_digest=result.manifest_digest,
            intensity_unit="g",
            periods=(475.0, 2475.0),
        )


def _settings(given: Mapping[str, Any], workers: int) -> "engine.SeismicSettings":
    values = dict(given)
    if "b_value" in values:
        values["b_value"] = engine.Triple(*values["b_value"])
    return engine.SeismicSettings(**values, workers=workers)


def _vulnerability(given: Mapping[str, Any] | None) -> "engine.Vulnerability | None":
    if given is None:
        return None
    return engine.vulnerability_of(
        [engine.Fragility(**_tuples(each)) for each in given["fragilities"]],
        [engine.Repair(**_tuples(each)) for each in given["repairs"]],
    )


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(item) if isinstance(item, list) else item for key, item in values.items()}
