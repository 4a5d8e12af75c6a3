"""``manglar network``: the institutions with which the office works."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from manglar.accounts.actors import program
from manglar.foundation.management.base import Command as Base
from manglar.foundation.management.base import read_file
from manglar.governments.models import Government
from manglar.network import selectors, services
from manglar.network.choices import InstitutionKind
from manglar.territory.services import asked_columns, owner_named

BY = program("línea de comandos")


class Command(Base):
    exit_code_when_not_ok = 2
    help = "La red: importar instituciones y verlas con quienes ocupan sus cargos."

    def arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="import|list")
        importing = verbs.add_parser("import", help="importar instituciones de un CSV o XLSX")
        importing.add_argument("file")
        importing.add_argument("--kind", choices=InstitutionKind.values, default="", help="clase, si no hay columna")
        importing.add_argument("--map", action="append", default=[], metavar="campo=COLUMNA", help="p. ej. code=SIGLAS")
        importing.add_argument("--dry-run", action="store_true", help="mostrar qué pasaría, sin escribir")
        listing = verbs.add_parser("list", help="ver las instituciones")
        for verb in (importing, listing):
            verb.add_argument("--government", default="", help="código del gobierno (si no, el de la casa)")

    def work(self, **options: Any) -> dict[str, Any]:
        government = owner_named(options["government"])
        return self._import(government, options) if options["verb"] == "import" else self._list(government)

    def _import(self, government: Government, options: dict[str, Any]) -> dict[str, Any]:
        name, content = read_file(options["file"])
        preview = services.import_institutions(
            by=BY, government=government, name=name, content=content, mapping=asked_columns(options["map"]),
            default_kind=options["kind"], dry_run=options["dry_run"],
        )
        said = (f"{preview.rows} filas: {len(preview.created)} nuevas, {len(preview.changed)} con cambios, "
                f"{preview.unchanged} iguales, {len(preview.problems)} con problemas.")
        lines = [said, *(str(problem) for problem in preview.problems[:50]), *map(str, preview.notes)]
        return {"ok": not preview.problems, "dry_run": options["dry_run"], **preview.as_data(), "sentence": "\n".join(lines)}

    def _list(self, government: Government) -> dict[str, Any]:
        pages = selectors.institutions_with_holders(government, on=timezone.localdate())
        held = [{"code": each.institution.code, "name": each.institution.name, "kind": each.institution.kind,
                 "public_id": each.institution.public_id, "posts": len(each.seats)} for each in pages]
        lines = [f"{each.institution.code:<16} {each.institution}" for each in pages]
        empty = "No hay instituciones: impórtelas con «manglar network import ARCHIVO»."
        return {"institutions": held, "sentence": "\n".join(lines) or empty}

