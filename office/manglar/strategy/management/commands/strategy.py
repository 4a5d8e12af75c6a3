"""``manglar strategy import|list|export``: plan files in and out."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from manglar.accounts import actors
from manglar.foundation.management.base import Command as BaseCommand
from manglar.foundation.management.base import read_file
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.translated import read_in
from manglar.governments.models import Government
from manglar.governments.selectors import government_by_code, home_government
from manglar.strategy import selectors, services
from manglar.strategy.models import Edition

_WORDS = {"created": "nuevos", "changed": "cambian", "unchanged": "iguales", "removed": "se quitan",
          "kept": "no están en el archivo y se conservan"}


class Command(BaseCommand):
    """Plan files in and out."""

    exit_code_when_not_ok = 2
    help = "Importa, lista y exporta la estrategia de la ciudad."

    def arguments(self, parser: CommandParser) -> None:
        """Declare the three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="import|list|export")
        for verb, words in (("import", "lee un plan de un CSV o XLSX"), ("list", "lista estrategias y ediciones"),
                            ("export", "escribe una edición en CSV o XLSX")):
            leaf = verbs.add_parser(verb, help=words)
            leaf.add_argument("--government", default="", metavar="CÓDIGO", help="gobierno (si no, el de la instalación)")
            if verb != "list":
                leaf.add_argument("file", metavar="ARCHIVO")
                leaf.add_argument("--strategy", default="", metavar="TÍTULO", help="título de la estrategia")
                leaf.add_argument("--edition", default="", metavar="NOMBRE", help="nombre de la edición")
            if verb == "import":
                _import_arguments(leaf)

    def work(self, **options: Any) -> dict[str, Any]:
        """Do the verb."""
        government = _government(options["government"])
        if options["verb"] == "list":
            return {"ok": True, "verb": "list", "strategies": _listing(government)}
        if options["verb"] == "export":
            return _export(government, options)
        return _import(government, options)

    def words(self, result: dict[str, Any]) -> str:
        """Say what happened."""
        if result["verb"] == "list":
            return "\n".join(_listed(each) for each in result["strategies"]) or (
                "Todavía no hay ninguna estrategia. Importe un plan: manglar strategy import ARCHIVO"
            )
        if result["verb"] == "export":
            return f"Escrito {result['file']}: {result['nodes']} elementos de la edición «{result['edition']}»."
        return _imported(result)


def _import_arguments(leaf: CommandParser) -> None:
    leaf.add_argument("--map", action="append", default=[], metavar="DATO=COLUMNA",
                      help="qué columna es un dato: title=Nombre, level:1=Eje; vacía para no usarla")
    leaf.add_argument("--title", action="append", default=[], metavar="CÓDIGO=TÍTULO",
                      help="título de un código que no tiene fila propia")
    leaf.add_argument("--language", default="es", choices=["es", "en"], help="idioma de los textos del archivo")
    leaf.add_argument("--mark", default="fuente", choices=["fuente", "estimacion", "ilustrativo"], help="procedencia")
    leaf.add_argument("--source", default="", metavar="TEXTO", help="de dónde viene (si no, el nombre del archivo)")
    leaf.add_argument("--partial", default="", metavar="QUÉ FALTA", help="es una copia parcial de lo adoptado")
    leaf.add_argument("--remove-missing", action="store_true", help="quita de la edición lo que no está en el archivo")
    leaf.add_argument("--dry-run", action="store_true", help="dice qué pasaría y no cambia nada")


def _government(code: str) -> Government:
    found = government_by_code(code) if code else home_government()
    if found is None:
        raise InvalidInput(
            say("No hay un gobierno «{code}».", code=code) if code else say("Esta instalación aún no tiene su ciudad.")
        )
    return found


def _pairs(given: list[str], flag: str) -> dict[str, str]:
    pairs = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals or not key.strip():
            raise InvalidInput(
                say(
                    "--{flag} se escribe {value}: «{each}».",
                    flag=flag,
                    value=say("dato=columna") if flag == "map" else say("código=título"),
                    each=each,
                )
            )
        pairs[key.strip()] = value.strip()
    return pairs


def _import(government: Government, options: dict[str, Any]) -> dict[str, Any]:
    name, content = read_file(options["file"])
    asked = services.PlanOptions(
        strategy_title=options["strategy"], edition_label=options["edition"], mapping=_pairs(options["map"], "map"),
        language=options["language"], titles=_pairs(options["title"], "title"), mark=options["mark"],
        source=options["source"], missing=options["partial"], remove_missing=options["remove_missing"],
    )
    given: dict[str, Any] = {"by": actors.program("línea de comandos"), "government": government, "name": name,
                             "content": content, "options": asked}
    edition = None
    if options["dry_run"]:
        preview = services.preview_plan(**given)
    else:
        edition, preview = services.import_strategy(**given)
    rows = [asdict(row) for row in preview.rows]
    return {
        "ok": preview.is_clean, "verb": "import", "dry_run": options["dry_run"], "file": preview.file_name,
        "edition": edition.public_id if edition else "", "label": edition.label if edition else "",
        "sheet": preview.sheet, "layout": preview.layout, "header_row": preview.header_row, "columns": preview.columns,
        "unused_columns": preview.unused_columns, "levels": preview.levels, "counts": preview.counts,
        "by_depth": preview.by_depth, "rows": rows, "problems": [str(p) for p in preview.problems],
        "warnings": [str(w) for w in preview.warnings],
    }


def _imported(result: dict[str, Any]) -> str:
    counts = ", ".join(f"{n} {_WORDS[action]}" for action, n in result["counts"].items() if n) or "nada que hacer"
    start = "Vista previa, nada cambió" if result["dry_run"] else f"Importado en la edición «{result['label']}»"
    columns = ", ".join(f"{key} = «{name}»" for key, name in result["columns"].items())
    sheet = f"hoja «{result['sheet']}»; " if result["sheet"] else ""
    lines = [f"{start}: {counts}.", f"Se leyó: {sheet}{result['layout']}; encabezados en la fila {result['header_row']}; {columns}."]
    if result["unused_columns"]:
        lines.append("Columnas sin usar: " + ", ".join(f"«{name}»" for name in result["unused_columns"]) + ".")
    if result["warnings"]:
        lines += ["Avisos:", *(f"  {each}" for each in result["warnings"])]
    if result["problems"]:
        lines += ["Por corregir:", *(f"  {each}" for each in result["problems"])]
    return "\n".join(lines)


def _listing(government: Government) -> list[dict[str, Any]]:
    return [
        {
            "id": strategy.public_id, "title": read_in(strategy.title, "es").text,
            "editions": [
                {"id": line.edition.public_id, "label": line.edition.label, "state": line.edition.state,
                 "state_label": str(line.edition.get_state_display()), "partial": line.edition.is_partial,
                 "adopted_on": str(line.edition.adopted_on or ""), "nodes": line.node_count, "sha256": line.edition.sha256}
                for line in selectors.editions_of(strategy)
            ],
        }
        for strategy in selectors.strategies_of(government)
    ]


def _listed(strategy: dict[str, Any]) -> str:
    lines = [f"{strategy['title']} ({strategy['id']})"]
    for each in strategy["editions"]:
        partial = ", parcial" if each["partial"] else ""
        when = f" el {each['adopted_on']}" if each["adopted_on"] else ""
        lines.append(f"  «{each['label']}»: {each['state_label']}{when}{partial}, {each['nodes']} elementos")
    return "\n".join(lines)


def _export(government: Government, options: dict[str, Any]) -> dict[str, Any]:
    edition = _edition(government, options["strategy"], options["edition"])
    place = Path(options["file"])
    if place.suffix.lower() not in {".csv", ".xlsx"}:
        raise InvalidInput(say("«{name}» debe terminar en .csv o .xlsx.", name=place.name))
    content = selectors.export_csv(edition) if place.suffix.lower() == ".csv" else selectors.export_xlsx(edition)
    place.write_bytes(content)
    return {"ok": True, "verb": "export", "file": str(place), "edition": edition.label, "nodes": edition.nodes.count()}


def _edition(government: Government, title: str, label: str) -> Edition:
    strategies = list(selectors.strategies_of(government))
    found = [selectors.strategy_by_title(government, title)] if title else strategies
    if len(found) != 1 or found[0] is None:
        names = "; ".join(str(s) for s in strategies) or say("ninguna")
        raise InvalidInput(say("Diga qué estrategia con --strategy. Hay: {names}.", names=names))
    edition = found[0].editions.filter(label=label).first() if label else selectors.current_edition(found[0])
    if edition is None:
        raise InvalidInput(
            say("No hay una edición «{label}» en esa estrategia.", label=label)
            if label
            else say("Esa estrategia no tiene ediciones.")
        )
    return edition
