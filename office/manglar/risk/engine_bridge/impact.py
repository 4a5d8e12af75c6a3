"""Impact: maps or events, the city's assets, functions and measures in; what they do in a year, out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.foundation.canonical import canonical
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.risk.choices import DatasetKind
from manglar.risk.engine_bridge.door import Answer, Cancelled, Progress, in_spanish
from manglar.risk.engine_bridge.files import Files, FileTerms, functions_from, grid_of, hazard_from
from manglar.risk.engine_bridge.impact_result import Told, result_of
from manglar.risk.engine_bridge.measures import measures_of, uncertain_of
from manglar.risk.engine_bridge.systems import projected, same_crs
from manglar.risk.rules.exposure import named, note
from manglar.risk.rules.impact_spec import ImpactSpec
from manglar.risk.rules.sentences import city_sentence

if TYPE_CHECKING:
    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")
np = lazy_loader.load("numpy")

SCHEMA = "manglar-impact-inputs-2"
#: A run is counted as its inputs say, so that one of before gives the same bytes again.
RESULT_SCHEMAS = {"manglar-impact-inputs-1": "manglar-impact-result-1", SCHEMA: "manglar-impact-result-2"}
#: Shares of the bar: the impact, the measures under doubt, the intensity at each asset.
_IMPACT, _MEASURES = 0.6, 0.9


@dataclass(frozen=True, slots=True)
class Layer:
    """A registered file of the run: which bytes, what they are and how they are read."""

    sha256: str
    kind: str
    name: str
    meaning: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The layer as plain data."""
        return {"sha256": self.sha256, "kind": self.kind, "name": self.name, "meaning": dict(self.meaning)}


@dataclass(frozen=True, slots=True)
class ImpactQuestion:
    """What a run of impact asks, resolved: columns of assets, layers by digest, and how to count."""

    spec: ImpactSpec
    columns: Mapping[str, list[Any]]
    crs: str
    price_year: int
    hazards: Sequence[Layer]
    hazard_names: Mapping[str, Sequence[str]]
    functions: Mapping[str, Layer]
    names: Mapping[str, str]
    defaulted: Mapping[str, list[bool]] = field(default_factory=dict)


def impact_inputs(question: ImpactQuestion) -> bytes:
    """Everything that the engine will be given, as canonical bytes; files stand by their digest."""
    spec = question.spec
    asked = spec.to_json()
    document = {
        "schema": SCHEMA,
        "assets": dict(question.columns),
        "crs": question.crs,
        "price_year": question.price_year,
        "defaulted": {name: flags for name, flags in question.defaulted.items() if any(flags)},
        "hazards": [layer.to_json() for layer in question.hazards],
        "hazard_names": {language: list(names) for language, names in question.hazard_names.items()},
        "functions": {amount: layer.to_json() for amount, layer in question.functions.items()},
        "settings": asked["settings"],
        "measures": asked.get("measures", []),
        "horizon": asked.get("horizon"),
        "seed": spec.seed,
        "samples": spec.samples,
        "names": {code: question.names.get(code, code) for code in sorted(set(question.columns["territory"]))},
    }
    return canonical(document).encode()


@dataclass(frozen=True)
class Laid:
    """Everything read and on one plane."""

    hazards: "list[engine.Hazard]"
    assets: "engine.Assets"
    kept: list[int]
    distance_m: float
    notes: list[dict[str, str]]


def impact_study(
    inputs: bytes,
    files: Mapping[str, Files],
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Answer:
    """Ask the engine for the impact; the same inputs and files give the same bytes."""
    document = json.loads(inputs)
    with in_spanish(of="study"):
        laid = _laid_out(document, files)
        answer, result = ask_impact(document, laid, files, progress=progress, cancelled=cancelled)
    return _answer(document, laid, answer.manifest_digest, result)


def ask_impact(
    document: Mapping[str, Any],
    laid: "Laid",
    files: Mapping[str, Files],
    *,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> "tuple[engine.ImpactAnswer, dict[str, Any]]":
    """What the engine answers of hazards and assets that are laid out, and the same as plain data."""
    functions = {amount: functions_from(files[row["sha256"]]) for amount, row in document["functions"].items()}
    chosen = document["settings"]
    settings = engine.ImpactSettings(
        max_distance_m=laid.distance_m,
        return_periods=tuple(chosen["return_periods"]),
        together=chosen["together"],
        samples=document["samples"],
        seed=document["seed"],
    )
    horizon = engine.Horizon(**document["horizon"]) if document["horizon"] else None
    measures = measures_of(document["measures"], laid.assets)
    answer = engine.impact_study(
        laid.hazards,
        laid.assets,
        functions,
        settings,
        measures=measures,
        horizon=horizon,
        inputs=_digests(document),
        progress=_part(progress, 0.0, _IMPACT, "Daño de cada activo"),
        cancel=cancelled,
    )
    situations = [engine.Situation(each, laid.assets, functions["value"], laid.distance_m) for each in laid.hazards]
    doubts = uncertain_of(
        answer,
        situations,
        (measures, horizon),
        document,
        progress=_part(progress, _IMPACT, _MEASURES, "Medidas y lo que no se sabe"),
        cancel=cancelled,
    )
    result = result_of(Told(document, answer, laid.kept, doubts, _intensities(laid, chosen, cancelled), laid.notes))
    _report(progress, 1.0, "Listo")
    return answer, result


def words_of(document: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, str]:
    """What a result says of the city, in both languages."""
    return {
        language: city_sentence(
            document["hazard_names"][language],
            damage=_triple(result["total"]["ead_pab"]),
            rare=_rare(result["curve"], document["settings"]["rare_years"]),
            language=language,
        )
        for language in ("es", "en")
    }


def _answer(document: Mapping[str, Any], laid: Laid, digest: str, result: dict[str, Any]) -> Answer:
    chosen, alone = document["settings"], len(laid.hazards) == 1
    told = words_of(document, result)
    return Answer(
        content=canonical({"schema": RESULT_SCHEMAS[document["schema"]], "result": result}).encode(),
        es=told["es"],
        en=told["en"],
        engine_version=engine.ENGINE_VERSION,
        manifest=result["manifest"],
        manifest_digest=digest,
        intensity_unit=laid.hazards[0].footprints.unit if alone else "",
        periods=(chosen["often_years"], chosen["rare_years"]) if alone else None,
    )


def _triple(value: Mapping[str, float | None]) -> tuple[float, float | None, float | None]:
    return float(value["mean"] or 0.0), value["p05"], value["p95"]


def _rare(curve: Sequence[Mapping[str, Any]], years: float) -> tuple[float, float] | None:
    """The point of the curve at the period that is told, or the rarest there is."""
    known = [row for row in curve if not row["is_lower_bound"]]
    if not known:
        return None
    near = min(known, key=lambda row: abs(row["return_period_years"] - years))
    return near["return_period_years"], near["loss_pab"]["mean"]


def _digests(document: Mapping[str, Any]) -> dict[str, str]:
    rows = [*document["hazards"], *document["functions"].values()]
    return {row["name"]: row["sha256"] for row in rows}


def _laid_out(document: Mapping[str, Any], files: Mapping[str, Files]) -> Laid:
    terms = [FileTerms(**row["meaning"]) for row in document["hazards"]]
    rows = list(zip(document["hazards"], terms, strict=True))
    grids = [grid_of(row["kind"], files[row["sha256"]], term) for row, term in rows]
    crs = next((grid.crs for grid in grids if grid is not None), terms[0].crs)
    columns = document["assets"]
    x, y = projected(columns["x"], columns["y"], document["crs"], crs)
    kept, notes = inside(columns["ids"], x, y, grids)
    x, y = x[kept], y[kept]
    made = [hazard_from(row["kind"], files[row["sha256"]], term, near=(x, y)) for row, term in rows]
    hazards = [hazard for hazard, _ in made]
    _refuse_other_systems(document["hazards"], hazards)
    reach = max(distance for _, distance in made)
    distance = document["settings"].get("max_distance_m", 0.0)
    if not distance:
        _refuse_no_distance(document["hazards"])
        es = f"un activo toma la intensidad de la celda en que está: a {reach:,.0f} m o menos de su centro"
        notes.append(
            note(
                "interpreted",
                "",
                "max_distance_m",
                es=es,
                en=f"an asset takes the intensity of its cell: within {reach:,.0f} m",
            )
        )
    assets = assets_at(document, kept, x, y, crs)
    return Laid(hazards, assets, kept, distance or reach, notes)


def assets_at(document: Mapping[str, Any], kept: Sequence[int], x: Any, y: Any, crs: str) -> "engine.Assets":
    """The rows of the document that are kept, at places ``x, y`` of a plane."""
    columns = document["assets"]
    return engine.Assets(
        ids=[columns["ids"][i] for i in kept],
        x=x,
        y=y,
        crs=crs,
        value=np.array([columns["value_pab"][i] for i in kept]),
        currency="PAB",
        price_year=document["price_year"],
        people=np.array([columns["people"][i] for i in kept]),
        asset_class=[columns["asset_class"][i] for i in kept],
        territory=[columns["territory"][i] for i in kept],
    )


def inside(
    ids: Sequence[str], x: Any, y: Any, grids: "Sequence[engine.Grid | None]"
) -> tuple[list[int], list[dict[str, str]]]:
    """Which assets every map covers; the others are set aside, by name."""
    covered = np.ones(len(ids), dtype=bool)
    for grid in grids:
        if grid is not None:
            covered &= grid.cells_of(x, y)[1]
    aside = [ids[i] for i in np.flatnonzero(~covered)]
    if len(aside) == len(ids):
        raise InvalidInput(
            say("Ningún activo cae dentro de los mapas: revise el sistema de coordenadas, o elija otros territorios.")
        )
    notes = [
        note(
            "set_aside", key, "place", es="fuera de los mapas: no entra en la corrida", en="outside the maps: left out"
        )
        for key in aside[:40]
    ]
    if len(aside) > 40:
        es, en = (
            f"y {len(aside) - 40:,} activos más fuera de los mapas",
            f"and {len(aside) - 40:,} more assets outside the maps",
        )
        notes.append(note("set_aside", "", "place", es=es, en=en))
    return np.flatnonzero(covered).tolist(), notes


def _refuse_other_systems(rows: Sequence[Mapping[str, Any]], hazards: "Sequence[engine.Hazard]") -> None:
    first = hazards[0].footprints.sites.crs
    others = [
        row["name"]
        for row, hazard in zip(rows, hazards, strict=True)
        if not same_crs(hazard.footprints.sites.crs, first)
    ]
    if others:
        raise InvalidInput(
            say(
                "Las amenazas no están en el mismo sistema de coordenadas ({first}): {others}. Proyéctelas al mismo.",
                first=first,
                others=named(others),
            )
        )


def _refuse_no_distance(rows: Sequence[Mapping[str, Any]]) -> None:
    tables = [row["name"] for row in rows if row["kind"] == DatasetKind.EVENTS]
    if tables:
        raise InvalidInput(
            say(
                "Diga hasta qué distancia vale un sitio para un activo («settings.max_distance_m», en metros): {tables} no tiene celdas de las que deducirlo.",
                tables=named(tables),
            )
        )


def _intensities(laid: Laid, chosen: Mapping[str, Any], cancelled: Cancelled | None) -> Any:
    """Intensity at each asset once in each of the two periods ``(assets, 2)``; None with several hazards."""
    if len(laid.hazards) != 1:
        return None
    hazard, assets = laid.hazards[0], laid.assets
    values = hazard.footprints.intensity.data
    top = float(values.max()) if values.size else 0.0
    if top <= 0:
        return np.zeros((len(assets), 2))
    # The engine finds an exceeded damage; where damage is the intensity itself, that is the exceeded intensity.
    straight = engine.ImpactFunction(
        id="intensity",
        peril=hazard.events.peril[0],
        asset_class="any",
        unit=hazard.footprints.unit,
        intensity=np.array([0.0, top]),
        ratio=np.array([0.0, 1.0]),
        source="identidad",
        mark="estimación",
    )
    ones = engine.Assets(
        ids=assets.ids, x=assets.x, y=assets.y, crs=assets.crs, value=np.full(len(assets), top), currency="PAB",
        price_year=assets.price_year, people=np.zeros(len(assets)), asset_class=["any"] * len(assets),
        territory=assets.territory,
    )  # fmt: skip
    return engine.exceedance_by_asset(
        hazard,
        ones,
        engine.ImpactFunctionSet([straight]),
        max_distance_m=laid.distance_m,
        periods=(chosen["often_years"], chosen["rare_years"]),
        cancel=cancelled,
    )


def _part(progress: Progress | None, first: float, last: float, label: str) -> Progress | None:
    if progress is None:
        return None

    def tell(fraction: float, step: str) -> None:  # noqa: ARG001  # the engine's own word is less than ours
        progress(first + (last - first) * fraction, label)

    return tell


def _report(progress: Progress | None, fraction: float, label: str) -> None:
    if progress is not None:
        progress(fraction, label)
