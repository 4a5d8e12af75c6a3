"""``manglar risk dataset add|list|show``: data of any hazard from the command line."""

from argparse import ArgumentParser
from typing import Any

from manglar.accounts.actors import program
from manglar.foundation.management.base import read_file
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import listed, say
from manglar.risk import selectors, services
from manglar.risk.choices import DatasetKind
from manglar.risk.management.naming import government_named
from manglar.risk.models import Dataset
from manglar.risk.rules.datasets import EXTREMES, FALLS, NODATA, read_periods

BY = program("línea de comandos")
_TEXTS = {
    "hazard": "código de la amenaza (flood, extreme_sea_level…)",
    "scenario": "«histórico» o el futuro que suponen",
    "crs": "sistema de coordenadas, por ejemplo EPSG:32617",
    "unit": "unidad de la intensidad o de la serie",
    "variable": "variable de la pila",
    "along": "dimensión de las capas de la pila",
    "frequency-unit": "unidad de las frecuencias: 1/year",
    "value-column": "columna con los niveles",
    "datum": "desde qué plano se miden los niveles",
    "currency": "moneda de los activos: PAB",
}


def arguments(parser: ArgumentParser) -> None:
    """What each verb takes."""
    verbs = parser.add_subparsers(dest="dataset_verb", required=True, metavar="add|list|show")
    adding = verbs.add_parser("add", help="leer un archivo, mostrar qué trae y registrarlo")
    adding.add_argument("file")
    adding.add_argument("--kind", required=True, choices=DatasetKind.values)
    adding.add_argument("--name", default="", help="nombre con que se conocerá")
    adding.add_argument("--source", default="", help="quién lo publica, dónde y cuándo")
    adding.add_argument("--licence", default="", help="licencia, o «desconocida»")
    adding.add_argument("--version-note", default="", help="versión o corte de los datos")
    adding.add_argument("--year", type=int, help="año del clima o de los precios")
    adding.add_argument("--threshold", type=float, help="umbral de los picos")
    adding.add_argument("--nodata", choices=NODATA, default="", help="qué quiere decir una celda sin dato")
    adding.add_argument("--falls", choices=FALLS, default="", help="si un período más largo trae menos")
    adding.add_argument("--extremes", choices=EXTREMES, default="", help="máximos anuales o picos")
    adding.add_argument("--period", action="append", default=[], metavar="AÑOS=ARCHIVO", help="período de cada mapa")
    adding.add_argument("--column", action="append", default=[], metavar="NUESTRA=SUYA", help="columnas con otro nombre")
    adding.add_argument("--dry-run", action="store_true", help="solo mostrar qué trae")
    for name, told in _TEXTS.items():
        adding.add_argument(f"--{name}", default="", help=told)
    listing = verbs.add_parser("list", help="ver los datos registrados")
    showing = verbs.add_parser("show", help="ver unos datos")
    showing.add_argument("id", help="identificador «datos-…»")
    for each in (adding, listing, showing):
        each.add_argument("--government", default="", help="código del gobierno (si no, el de la casa)")


def work(options: dict[str, Any]) -> dict[str, Any]:
    """Do what was asked."""
    return {"add": _add, "list": _list, "show": _show}[options["dataset_verb"]](options)


def _add(options: dict[str, Any]) -> dict[str, Any]:
    name, content = read_file(options["file"])
    asked: dict[str, Any] = {
        "by": BY,
        "government": government_named(options["government"]),
        "kind": DatasetKind(options["kind"]),
        "name": name,
        "content": content,
        "about": services.About(**{key: options[key] for key in ("name", "source", "licence", "version_note")}),
        "terms": _terms(options),
    }
    if options["dry_run"]:
        feed = services.preview_dataset(**asked)
        told, notes, done = feed.understood.summary, feed.understood.notes, "No se registró nada: era una prueba."
        return {"ok": True, "summary": told, "notes": notes, "sentence": "\n".join([done, *_noted(notes)])}
    kept = services.register_dataset(**asked)
    return {"ok": True, **_data(kept), "sentence": "\n".join([f"{kept.public_id}: {kept.name}", *_noted(kept.notes)])}


def _terms(options: dict[str, Any]) -> services.FileTerms:
    periods, wrong = read_periods("\n".join(options["period"]))
    if wrong:
        raise InvalidInput(listed(wrong, separator=" "))
    told = {name.replace("-", "_"): options[name.replace("-", "_")] for name in _TEXTS}
    more = {name: options[name] for name in ("year", "threshold", "nodata", "falls", "extremes")}
    columns = dict(pair.split("=", 1) for pair in options["column"] if "=" in pair)
    return services.FileTerms(**told, **more, periods=periods, columns=columns)


def _noted(notes: list[dict[str, str]]) -> list[str]:
    return [f"- {note['row'] or note['field']}: {note['es']}" for note in notes]


def _list(options: dict[str, Any]) -> dict[str, Any]:
    rows = list(selectors.datasets_of(government_named(options["government"])))
    lines = [f"{row.public_id}  {row.get_kind_display():<32} {row.name}" for row in rows]
    empty = "No hay datos: registre unos con «manglar risk dataset add ARCHIVO --kind …»."
    return {"datasets": [_data(row) for row in rows], "sentence": "\n".join(lines) or empty}


def _show(options: dict[str, Any]) -> dict[str, Any]:
    found = selectors.dataset_by_id(options["id"])
    if found is None:
        raise InvalidInput(say("No hay datos «{public_id}»: véalos con «manglar risk dataset list».", public_id=options["id"]))
    lines = [f"{found.public_id}  {found.name} ({found.get_kind_display()})", f"fuente: {found.source_text}; licencia: {found.licence}"]
    lines += [f"{key}: {value}" for key, value in found.summary.items() if key != "picture"]
    return {**_data(found), "sentence": "\n".join([*lines, *_noted(found.notes)])}


def _data(dataset: Dataset) -> dict[str, Any]:
    return {
        "id": dataset.public_id, "kind": dataset.kind, "name": dataset.name, "crs": dataset.crs, "unit": dataset.unit,
        "year": dataset.year, "source": dataset.source_text, "licence": dataset.licence, "sha256": dataset.sha256,
        "meaning": dataset.meaning, "summary": dataset.summary, "notes": dataset.notes,
    }  # fmt: skip
