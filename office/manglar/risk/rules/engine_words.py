"""What the engine refuses, in the office's words: the engine's own sentences are in English and say less."""

import re

from manglar.foundation.sentences import Sentence, listed, say, sayable
from manglar.risk.rules.layer_words import LAYER_SENTENCES

_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        r"no fault with a slip rate",
        sayable(
            "Ninguna falla trae su tasa de deslizamiento, y sin ella no se sabe cada cuánto rompe: "
            "use un archivo con tasas en mm/año."
        ),
    ),
    (
        r"every fault is of a style left out",
        sayable(
            "Todas las fallas son de un tipo que el modelo no calcula (subducción): agregue fallas de corteza o cambie "
            "«settings.left_out_styles»."
        ),
    ),
    (r"fault ids are repeated", sayable("Hay fallas con el mismo identificador: {rows}. Dé uno a cada una.")),
    (
        r"not a GeoJSON FeatureCollection|holds no GeoJSON|is not JSON in UTF-8",
        sayable(
            "El archivo de fallas no es un GeoJSON con una lista de líneas: vuelva a exportarlo como FeatureCollection."
        ),
    ),
    (
        r"members of the collection are not GeoJSON features",
        sayable("El archivo de fallas trae elementos que no son figuras de GeoJSON ({rows}): vuelva a exportarlo."),
    ),
    (
        r"a trace needs two points|the trace has no length",
        sayable("Hay fallas cuya línea no tiene dos puntos distintos: {rows}. Dibújelas otra vez."),
    ),
    (r"GeoJSON collection is empty", sayable("El archivo de fallas no tiene ninguna línea: vuelva a exportarlo.")),
    (
        r"names the coordinate system",
        sayable("El archivo de fallas está en otro sistema de coordenadas: proyéctelo a grados (EPSG:4326)."),
    ),
    (
        r"outside longitude and latitude|not in degrees of longitude",
        sayable(
            "Las coordenadas de las fallas no son grados de longitud y latitud: {rows}. Proyecte el archivo a EPSG:4326."
        ),
    ),
    (
        r"fault record (lacks|holds)|must be|must lie",
        sayable(
            "Una falla está incompleta o tiene cifras imposibles: {rows}. Corríjala y registre el archivo otra vez."
        ),
    ),
    (
        r"farther than .* from every fault",
        sayable(
            "Hay activos demasiado lejos de todas las fallas: {rows}. Revise sus coordenadas, agregue fallas cercanas o "
            "suba «settings.max_distance_km»."
        ),
    ),
    (r"there are no assets", sayable("No hay activos en la corrida: importe activos o amplíe [assets].")),
    (
        r"building classes without a function",
        sayable(
            "Hay clases constructivas sin función de daño: {rows}. Corríjalas, o dé una tabla que las tenga en "
            "[vulnerability]."
        ),
    ),
    (
        r"occupancies without a function",
        sayable(
            "Hay usos sin costo de reparación: {rows}. Corríjalos, o dé una tabla que los tenga en [vulnerability]."
        ),
    ),
    (r"selects no asset", sayable("La medida de [retrofit] no elige ningún activo: amplíe su selección.")),
    (
        r"that no asset has",
        sayable("[retrofit] nombra lo que ningún activo tiene: {rows}. Corrija la selección."),
    ),
    (r"settings out of range", sayable("Hay ajustes fuera de su rango: {after}. Corríjalos en [settings].")),
    (
        r"occupancies without the three parts",
        sayable("La tabla de reparación no trae las tres partes (STR, NSA, NSD) de estos usos: {rows}. Agréguelas."),
    ),
    (
        r"the engine reads ",
        sayable(
            "La tabla de fragilidades no está en aceleración máxima (g) con curvas lognormales, que es lo que el motor "
            "lee: {rows}."
        ),
    ),
    (
        r"has no column",
        sayable("A la tabla le falta una columna ({what}): use el formato de Hazus (ID, LS1-Theta_0…)."),
    ),
    (r"not a number", sayable("Hay celdas que no son números ({what}): {rows}. Escriba números con punto decimal.")),
    (r"codes are repeated", sayable("La tabla repite códigos: {rows}. Deje cada función una vez.")),
    (
        r"is not a CSV table|holds no rows|another number of cells|repeats a column",
        sayable("La tabla no se puede leer ({what}): guárdela otra vez como CSV UTF-8 con su encabezado."),
    ),
    (
        r"a fragility needs|repair ratios must",
        sayable("La tabla trae funciones imposibles: {rows}. Corrija sus medianas, dispersiones o porcentajes."),
    ),
)
_BY_KIND = {
    "FormatError": say("El archivo no se puede leer como lo que dice ser"),
    "FaultError": say("Las fallas no se pueden usar"),
    "ExposureError": say("Los activos no se pueden usar"),
    "VulnerabilityError": say("Las funciones de daño no se pueden usar"),
    "SettingsError": say("Los ajustes no se pueden usar"),
    "RetrofitError": say("La medida no se puede usar"),
    "HazardError": say("Los mapas o sucesos no se pueden usar"),
    "SeriesError": say("La serie no se puede usar"),
    "MeasureError": say("La medida no se puede usar"),
}


def _cells(row: str) -> Sentence | str:
    """A row that counts cells between two maps, in words; any other as it is."""
    found = re.fullmatch(r"(.+) to (.+): (\d+) cells", row)
    if found is None:
        return row
    return say("de {one} a {other}: {count:,} celdas", one=found[1], other=found[2], count=int(found[3]))


def explain(kind: str, what: str, mend: str, rows: tuple[str, ...], *, of: str = "seismic") -> Sentence:
    """The sentence for a refusal of the engine; an unforeseen one is quoted as the engine wrote it."""
    hidden = len(rows) - 8
    first = listed(tuple(_cells(row) for row in rows[:8]))
    shown = say("{first} y {hidden:,} más", first=first, hidden=hidden) if hidden > 0 else first
    for pattern, sentence in _SENTENCES if of == "seismic" else LAYER_SENTENCES:
        if re.search(pattern, what):
            values = {"column": (re.search(r"has no column '([^']*)'", what) or [what, what])[1],
                      "rows": shown if rows else say("sin nombre"), "what": what, "after": what.partition(": ")[2]}
            return Sentence(sentence, values)
    where = listed((" (", shown, ")"), separator="") if rows else ""
    trouble = _BY_KIND.get(kind, say("El motor no puede con esto"))
    return say("{trouble}{where}. El motor dice: «{what}. {mend}»", trouble=trouble, where=where, what=what, mend=mend)
