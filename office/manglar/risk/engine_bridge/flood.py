"""The levels of a gauge as water on the ground: which cells the assets stand in, and what the water does there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import lazy_loader

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.risk.engine_bridge.door import Cancelled, Progress
from manglar.risk.engine_bridge.files import Files, FileTerms, cell_reach, elevation_from
from manglar.risk.engine_bridge.impact import Laid, ask_impact, assets_at, inside, words_of
from manglar.risk.engine_bridge.systems import projected
from manglar.risk.rules.exposure import note

if TYPE_CHECKING:
    import manglar_engine as engine
else:
    engine = lazy_loader.load("manglar_engine")
np = lazy_loader.load("numpy")


def flood_impact(
    levels: "engine.SeaLevelResult",
    asked: Mapping[str, Any],
    files: Mapping[str, Files],
    *,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> tuple[dict[str, Any], dict[str, str]]:
    """What water to some levels does to the assets of a run, as plain data, and in words."""
    document = asked["impact"]
    laid = _flooded(levels, asked, document, files)
    answer, result = ask_impact(document, laid, files, progress=progress, cancelled=cancelled)
    result["manifest"] = {**result["manifest"], "digest": answer.manifest_digest}
    return result, words_of(document, result)


def _flooded(
    levels: "engine.SeaLevelResult", asked: Mapping[str, Any], document: Mapping[str, Any], files: Mapping[str, Files]
) -> Laid:
    """One event a period over the cells in which assets stand; the others would change nothing."""
    ground = asked["ground"]
    raster = elevation_from(files[ground["sha256"]], FileTerms(**ground["meaning"]))
    columns = document["assets"]
    x, y = projected(columns["x"], columns["y"], document["crs"], raster.grid.crs)
    kept, notes = inside(columns["ids"], x, y, [raster.grid])
    cells, _ = raster.grid.cells_of(x, y)
    heights = raster.values.ravel()
    dry = [i for i in kept if not np.isfinite(heights[cells[i]])]
    kept = [i for i in kept if np.isfinite(heights[cells[i]])]
    if not kept:
        raise InvalidInput(say("Ningún activo está en una celda con altura: revise el «sin dato» del terreno, o elija otros territorios."))
    notes += [
        note("set_aside", columns["ids"][i], "place", es="en una celda sin altura: no entra en la corrida", en="in a cell without height: left out")
        for i in dry
    ]
    used = np.unique(cells[kept])
    row, column = np.divmod(used, len(raster.grid.x))
    sites = engine.Sites(raster.grid.x[column], raster.grid.y[row], raster.grid.crs)
    hazard = engine.flood_of_levels(
        levels,
        sites,
        heights[used],
        year=asked["year"],
        offset_m=asked["offset_m"],
        offset_source=asked["offset_source"],
        scenario=asked["scenario"],
    )
    es = f"el plano de los niveles está {asked['offset_m']:+g} m sobre el del terreno: {asked['offset_source']}"
    en = f"the datum of the levels lies {asked['offset_m']:+g} m above that of the ground: {asked['offset_source']}"
    notes.append(note("interpreted", "", "offset_m", es=es, en=en))
    es = "se moja todo lo que está por debajo del nivel, encuentre o no el agua por dónde llegar; las alturas se toman como ciertas"
    en = "every place below the level is wet, whether or not water finds a way there; heights are taken as true"
    notes.append(note("limit", "", "ground", es=es, en=en))
    reach = cell_reach(raster.grid)
    assets = assets_at(document, kept, x[kept], y[kept], raster.grid.crs)
    return Laid([hazard], assets, kept, document["settings"].get("max_distance_m", 0.0) or reach, notes)
