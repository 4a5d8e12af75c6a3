"""``manglar imports``: preview and do any import, see those that were made, take the latest back."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from manglar.accounts.actors import program
from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.operations.models import FileImport
from manglar.operations.selectors import import_by_id, imports_of
from manglar.operations.services import undo_import, why_not_undone
from manglar.territory.services import asked_file, owner_named
from manglar.web.importing import IMPORTS, apply_import, columns_told, filled_form, newest, prepare
from manglar.web.kinds.base import Deed
from manglar.web.kinds.import_words import counted, status_of
from manglar.web.kinds.importable import Import, Previewed, Upload

BY = program("línea de comandos")
#: How many rows are said on the terminal; ``--json`` has them all.
SHOWN = 40


class Command(Base):
    exit_code_when_not_ok = 2
    help = "Importar archivos: vista previa, hacerlo, ver lo importado y deshacer lo último."

    def arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="kinds|preview|apply|list|undo")
        verbs.add_parser("kinds", help="qué se puede importar, y qué datos y columnas admite")
        for verb, words in (("preview", "qué pasaría, fila por fila, sin escribir"), ("apply", "importar, todo o nada")):
            leaf = verbs.add_parser(verb, help=words)
            leaf.add_argument("kind", metavar="CLASE", help="véalas con «manglar imports kinds»")
            leaf.add_argument("file", metavar="ARCHIVO")
            leaf.add_argument("--set", action="append", default=[], metavar="dato=VALOR", help="p. ej. level=district")
            leaf.add_argument("--map", action="append", default=[], metavar="campo=COLUMNA", help="p. ej. name=BARRIO")
        verbs.add_parser("list", help="las importaciones hechas, la última primero")
        undoing = verbs.add_parser("undo", help="deshacer una importación")
        undoing.add_argument("load", metavar="IMPORTACIÓN", help="véalas con «manglar imports list»")
        undoing.add_argument("--reason", default="", help="motivo")
        for leaf in verbs.choices.values():
            leaf.add_argument("--government", default="", help="código del gobierno (si no, el de la casa)")

    def work(self, **options: Any) -> dict[str, Any]:
        government = owner_named(options["government"])
        now = timezone.now()
        deed = Deed(by=BY, government=government, at=now, on=timezone.localdate(now))
        verb = {"kinds": _kinds, "preview": _preview, "apply": _apply, "list": _list, "undo": _undo}[options["verb"]]
        return verb(deed, options)


def _kinds(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001  # one shape for every verb
    found = [
        {
            "kind": each.slug,
            "label": str(each.label),
            "help": str(each.help),
            "set": list(each.form(deed=deed).fields),
            "map": list(each.columns({})),
        }
        for each in IMPORTS.values()
    ]
    lines = [
        f"{each['kind']:<22} {each['label']}. {each['help']}\n    --set: {', '.join(each['set']) or '—'}"
        f"\n    --map: {', '.join(each['map']) or '—'}"
        for each in found
    ]
    return {"kinds": found, "sentence": "\n".join(lines)}


def _asked(deed: Deed, options: dict[str, Any]) -> tuple[Import, Upload, dict[str, Any], dict[str, str]]:
    what = IMPORTS.get(options["kind"])
    if what is None:
        raise InvalidInput(say("No se importa «{kind}». Hay: {known}.", kind=options["kind"], known=", ".join(IMPORTS)))
    data = {}
    for pair in options["set"]:
        name, equals, value = pair.partition("=")
        if not equals or name not in what.form(deed=deed).fields:
            known = ", ".join(what.form(deed=deed).fields)
            raise InvalidInput(say("«{pair}» no es dato=VALOR. Los datos son: {known}.", pair=pair, known=known))
        data[name] = "" if value.lower() in {"no", "false", "0"} else value
    form = filled_form(what, deed, data)
    if not form.is_valid():
        problems = "; ".join(f"--set {name}=…: {error}" for name, errors in form.errors.items() for error in errors)
        raise InvalidInput(problems)
    name, content = asked_file(options["file"])
    return what, Upload(name, content), form.cleaned_data, columns_told(what, form.cleaned_data, options["map"])


def _preview(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    what, upload, told, mapping = _asked(deed, options)
    ready = prepare(what, deed, upload, told, mapping)
    if ready.refusal is not None or ready.preview is None:
        raise ready.refusal or InvalidInput(say("El archivo no dice nada que se pueda importar."))
    columns = dict(ready.headings.columns) if ready.headings else {}
    return {**_said(ready.preview), "applied": False, "columns": columns}


def _apply(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    what, upload, told, mapping = _asked(deed, options)
    done = apply_import(what, deed, upload, told, mapping)
    load = newest(deed.government, what) if done.changes_anything else None
    said = _said(done)
    last = f"Guardada como {load.public_id}." if load else "No había nada que importar."
    return {**said, "applied": load is not None, "import": load.public_id if load else "", "sentence": f"{said['sentence']}\n{last}"}


def _said(preview: Previewed) -> dict[str, Any]:
    rows = [
        {
            "row": line.row, "outcome": line.outcome, "record": line.record, "column": line.column,
            "changes": [[str(d.field), str(d.before), str(d.after)] for d in line.differences],
            "remarks": [str(remark) for remark in line.remarks],
        }
        for line in preview.lines
    ]  # fmt: skip
    lines = [counted(preview.counts) or "nada", *(str(note) for note in preview.notes)]
    told = [row for row in rows if row["outcome"] != "unchanged"]
    lines += [_row_said(row) for row in told[:SHOWN]]
    lines += [f"… y {len(told) - SHOWN} filas más"] if len(told) > SHOWN else []
    return {
        "ok": preview.is_clean, "counts": preview.counts, "notes": [str(note) for note in preview.notes], "rows": rows,
        "sentence": "\n".join(lines),
    }  # fmt: skip


def _row_said(row: dict[str, Any]) -> str:
    changes = [f"{field}: {before or 'nada'} → {after or 'nada'}" for field, before, after in row["changes"]]
    column = f"«{row['column']}»: " if row["column"] else ""
    why = "; ".join([*changes, *(f"{column}{remark}" for remark in row["remarks"])])
    return f"  Fila {row['row']}: {status_of(row['outcome']).label}: {row['record']}{': ' if why else ''}{why}"


def _list(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001  # one shape for every verb
    found = [_load(each) for each in imports_of(deed.government)[:200]]
    lines = [f"{each['import']} {each['at'][:16]} {each['state']:<8} {each['kind']:<18} {each['file']}: {each['said']}" for each in found]
    return {"imports": found, "sentence": "\n".join(lines) or "Todavía no se ha importado ningún archivo."}


def _load(load: FileImport) -> dict[str, Any]:
    why = why_not_undone(load)
    return {
        "import": load.public_id, "kind": load.kind, "file": load.file_name, "sha256": load.sha256, "state": load.state,
        "at": load.at.isoformat(), "by": str(load.asked_by or "línea de comandos"), "counts": load.counts,
        "said": counted(load.counts), "why_not_undone": str(why) if why else "",
    }  # fmt: skip


def _undo(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    load = import_by_id(deed.government, options["load"])
    if load is None:
        raise InvalidInput(_unknown(deed.government, options["load"]))
    done = undo_import(by=deed.by, load=load, at=deed.at, reason=options["reason"])
    what = IMPORTS.get(load.kind)
    if what is not None:
        what.after_undo(load.government)
    return {
        "import": load.public_id, "removed": done.removed, "restored": done.restored, "returned": done.returned,
        "sentence": f"Deshecha: {done.removed} registros quitados, {done.restored} como estaban, {done.returned} de vuelta.",
    }  # fmt: skip


def _unknown(government: Government, asked: str) -> Any:
    newest_one = imports_of(government).first()
    return say(
        "No hay una importación «{asked}». La última es {last}: véalas con «manglar imports list».",
        asked=asked, last=newest_one.public_id if newest_one else say("ninguna"),
    )  # fmt: skip
