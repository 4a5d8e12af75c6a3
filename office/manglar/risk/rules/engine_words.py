"""What the engine refuses, in the office's Spanish: its own sentences are in English."""

import re

_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        r"no fault with a slip rate",
        "Ninguna falla trae su tasa de deslizamiento, y sin ella no se sabe cada cuánto rompe: "
        "use un archivo con tasas en mm/año.",
    ),
    (
        r"every fault is of a style left out",
        "Todas las fallas son de un tipo que el modelo no calcula (subducción): agregue fallas de corteza o cambie "
        "«settings.left_out_styles».",
    ),
    (r"fault ids are repeated", "Hay fallas con el mismo identificador: {rows}. Dé uno a cada una."),
    (
        r"not a GeoJSON FeatureCollection|holds no GeoJSON|is not JSON in UTF-8",
        "El archivo de fallas no es un GeoJSON con una lista de líneas: vuelva a exportarlo como FeatureCollection.",
    ),
    (
        r"members of the collection are not GeoJSON features",
        "El archivo de fallas trae elementos que no son figuras de GeoJSON ({rows}): vuelva a exportarlo.",
    ),
    (
        r"a trace needs two points|the trace has no length",
        "Hay fallas cuya línea no tiene dos puntos distintos: {rows}. Dibújelas otra vez.",
    ),
    (r"GeoJSON collection is empty", "El archivo de fallas no tiene ninguna línea: vuelva a exportarlo."),
    (
        r"names the coordinate system",
        "El archivo de fallas está en otro sistema de coordenadas: proyéctelo a grados (EPSG:4326).",
    ),
    (
        r"outside longitude and latitude|not in degrees of longitude",
        "Las coordenadas de las fallas no son grados de longitud y latitud: {rows}. Proyecte el archivo a EPSG:4326.",
    ),
    (
        r"fault record (lacks|holds)|must be|must lie",
        "Una falla está incompleta o tiene cifras imposibles: {rows}. Corríjala y registre el archivo otra vez.",
    ),
    (
        r"farther than .* from every fault",
        "Hay activos demasiado lejos de todas las fallas: {rows}. Revise sus coordenadas, agregue fallas cercanas o "
        "suba «settings.max_distance_km».",
    ),
    (r"there are no assets", "No hay activos en la corrida: importe activos o amplíe [assets]."),
    (
        r"building classes without a function",
        "Hay clases constructivas sin función de daño: {rows}. Corríjalas, o dé una tabla que las tenga en "
        "[vulnerability].",
    ),
    (
        r"occupancies without a function",
        "Hay usos sin costo de reparación: {rows}. Corríjalos, o dé una tabla que los tenga en [vulnerability].",
    ),
    (r"selects no asset", "La medida de [retrofit] no elige ningún activo: amplíe su selección."),
    (
        r"that no asset has",
        "[retrofit] nombra lo que ningún activo tiene: {rows}. Corrija la selección.",
    ),
    (r"settings out of range", "Hay ajustes fuera de su rango: {after}. Corríjalos en [settings]."),
    (
        r"occupancies without the three parts",
        "La tabla de reparación no trae las tres partes (STR, NSA, NSD) de estos usos: {rows}. Agréguelas.",
    ),
    (
        r"the engine reads ",
        "La tabla de fragilidades no está en aceleración máxima (g) con curvas lognormales, que es lo que el motor "
        "lee: {rows}.",
    ),
    (r"has no column", "A la tabla le falta una columna ({what}): use el formato de Hazus (ID, LS1-Theta_0…)."),
    (r"not a number", "Hay celdas que no son números ({what}): {rows}. Escriba números con punto decimal."),
    (r"codes are repeated", "La tabla repite códigos: {rows}. Deje cada función una vez."),
    (
        r"is not a CSV table|holds no rows|another number of cells|repeats a column",
        "La tabla no se puede leer ({what}): guárdela otra vez como CSV UTF-8 con su encabezado.",
    ),
    (
        r"a fragility needs|repair ratios must",
        "La tabla trae funciones imposibles: {rows}. Corrija sus medianas, dispersiones o porcentajes.",
    ),
)
_BY_KIND = {
    "FormatError": "El archivo no se puede leer como lo que dice ser",
    "FaultError": "Las fallas no se pueden usar",
    "ExposureError": "Los activos no se pueden usar",
    "VulnerabilityError": "Las funciones de daño no se pueden usar",
    "SettingsError": "Los ajustes no se pueden usar",
    "RetrofitError": "La medida no se puede usar",
}


def explain(kind: str, what: str, mend: str, rows: tuple[str, ...]) -> str:
    """The Spanish sentence for a refusal of the engine; an unforeseen one is quoted as the engine wrote it."""
    hidden = len(rows) - 8
    shown = ", ".join(rows[:8]) + (f" y {hidden} más" if hidden > 0 else "")
    for pattern, sentence in _SENTENCES:
        if re.search(pattern, what):
            return sentence.format(rows=shown or "sin nombre", what=what, after=what.partition(": ")[2])
    where = f" ({shown})" if shown else ""
    return f"{_BY_KIND.get(kind, 'El motor no puede con esto')}{where}. El motor dice: «{what}. {mend}»"
