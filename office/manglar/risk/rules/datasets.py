"""What must be said of each kind of data before it is kept: nothing that a file does not say is supposed."""

from collections.abc import Mapping, Sequence

from manglar.foundation.sentences import Said, say

NODATA = ("nothing", "unknown")
FALLS = ("refuse", "lift")
EXTREMES = ("maxima", "peaks")
FREQUENCY = "1/year"

_ASKED: Mapping[str, Said] = {
    "source": say("Falta la fuente: quién publica estos datos, dónde y cuándo."),
    "licence": say("Falta la licencia: escriba cuál es, o «desconocida»."),
    "hazard": say("Falta decir de qué amenaza son."),
    "scenario": say("Falta el escenario: «histórico», o el nombre del futuro que suponen."),
    "year": say("Falta el año del clima o de los precios que describen."),
    "crs": say("Falta el sistema de coordenadas (por ejemplo EPSG:32617)."),
    "unit": say("Falta la unidad (por ejemplo m)."),
    "nodata": say("Falta decir qué quiere decir una celda sin dato: que ahí no pasa nada, o que no se sabe."),
    "periods": say("Falta decir cada cuántos años es cada mapa."),
    "variable": say("Falta el nombre de la variable con la intensidad."),
    "along": say("Falta el nombre de la dimensión de las capas."),
    "frequency_unit": say("Falta la unidad de las frecuencias: veces al año."),
    "extremes": say("Falta decir si son máximos anuales o picos sobre un umbral."),
    "value_column": say("Falta el nombre de la columna con los niveles."),
    "datum": say("Falta decir desde qué plano se miden los niveles o las alturas."),
}
_WANTED: Mapping[str, Sequence[str]] = {
    "maps": ("hazard", "scenario", "year", "nodata", "periods"),
    "stack": ("hazard", "scenario", "year", "nodata", "variable", "along"),
    "events": ("hazard", "crs", "unit", "frequency_unit"),
    "elevation": ("datum",),
    "gauge": ("extremes", "value_column", "unit", "datum"),
}
#: Kinds that were registered before anybody asked who publishes them: their own file says it.
_SAY_THEIR_SOURCE = ("faults", "fragilities", "repairs")


def missing(kind: str, said: Mapping[str, object]) -> list[Said]:
    """What has not been said of a file of this kind, each with how to say it."""
    wanted = (() if kind in _SAY_THEIR_SOURCE else ("source", "licence")) + tuple(_WANTED.get(kind, ()))
    return [_ASKED[name] for name in wanted if said.get(name) in (None, "", {}, ())]


def read_periods(text: str) -> tuple[dict[str, float], list[Said]]:
    """«10 = mapa.tif» by line → file by name with its period, and the lines that cannot be read."""
    found: dict[str, float] = {}
    wrong: list[Said] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        years, _, name = line.partition("=")
        try:
            period = float(years.strip().replace(",", ""))
        except ValueError:
            period = 0.0
        if not name.strip() or not period > 0 or name.strip() in found:
            wrong.append(
                say(
                    "«{line}» no se entiende: escriba los años, «=» y el archivo, cada archivo una vez.",
                    line=line.strip()[:80],
                )
            )
        else:
            found[name.strip()] = period
    return found, wrong
