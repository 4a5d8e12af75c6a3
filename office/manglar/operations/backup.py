"""A backup is one zip: every row, every file, and a manifest of digests; a restore compares before it counts.

The rows are written in a form that either database reads, so a backup of SQLite restores into PostgreSQL.
"""

import base64
import datetime as dt
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction

from manglar.accounts.actors import Actor
from manglar.audit.registry import audited_tables
from manglar.audit.services import act
from manglar.audit.triggers import drop_all, install, record_rows
from manglar.audit.verification import verify
from manglar.foundation.canonical import canonical
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.operations.preparation import pending, prepare_database

FORMAT = 1
#: What is not worth keeping: sessions end, permissions and content types are made again by migrating, and the index
#: of what is searched is made again from the records (``manglar search rebuild``, or the worker by itself).
LEFT_OUT = {
    "django_session",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "accounts_user_groups",
    "accounts_user_user_permissions",
    "audit_currentcontext",
    "search_document",
    "search_word",
    "search_spelling",
    "search_posting",
    "search_unread",
    "search_bookmark",
}
Report = Callable[[float, str], None]
#: What reading a damaged backup may raise, wherever the damage is.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, LookupError, ValueError, TypeError,
    AttributeError, DatabaseError, ValidationError,
)


def kept_models() -> list[type[models.Model]]:
    """The models whose rows a backup holds, what others point to first."""
    found = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    return [m for m in found if m._meta.db_table not in LEFT_OUT]


def _written(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, str | int | float | bool | dict | list):
        return value
    return str(value)


def _rows(model: type[models.Model]) -> Iterator[dict[str, Any]]:
    fields = model._meta.concrete_fields
    for row in model._base_manager.order_by("pk").iterator(chunk_size=2_000):
        yield {field.attname: _written(field.value_from_object(row)) for field in fields}


def _digest(
    model: type[models.Model], keep: Callable[[dict[str, Any]], object] = lambda _row: None
) -> dict[str, Any]:
    """How many rows a table has and the digest of all of them, the same in either database; each is also handed on.

    The digest does not see the order of the keys inside a JSON value (PostgreSQL has its own); what is kept does,
    because SQLite stores the text as it came and the log remembers it so.
    """
    digest, count = hashlib.sha256(), 0
    for row in _rows(model):
        keep(row)
        digest.update(canonical(row).encode() + b"\n")
        count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def backup(path: Path, *, at: dt.datetime, report: Report) -> dict[str, Any]:
    """Write a backup of the whole installation, also while people work; the file appears only when it is whole."""
    if path.is_dir():
        raise InvalidInput(say("«{path}» es una carpeta: indique el nombre del archivo.", path=path))
    if not path.parent.is_dir():
        raise InvalidInput(say("No existe la carpeta «{parent}».", parent=path.parent))
    half = path.with_name(f".{path.name}.{os.getpid()}")
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "database": connection.vendor,
        "tables": {},
        "files": {},
        "migrations": pending()[0],
    }
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
            with transaction.atomic():
                _one_moment()
                manifest["sequences"] = _sequences()
                kept = kept_models()
                for number, model in enumerate(kept):
                    report(0.8 * number / len(kept), model._meta.db_table)
                    manifest["tables"][model._meta.db_table] = _write_table(archive, model)
            _write_files(archive, manifest, report)
            archive.writestr("manifest.json", json.dumps(manifest, indent=1, sort_keys=True))
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    report(1.0, "")
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return {"file": str(path), "rows": rows, "files": len(manifest["files"]), "bytes": path.stat().st_size}


def _one_moment() -> None:
    """Read everything as of one moment (SQLite's immediate transaction already does)."""
    if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _sequences() -> dict[str, int]:
    """The last number given to a change and to an act: they are never given twice."""
    tables = ("audit_rawchange", "audit_context")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence WHERE name IN (%s, %s)", tables)
            return dict(cursor.fetchall())
        found = {}
        for table in tables:
            cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)", [table])
            found[table] = cursor.fetchone()[0] or 0
        return found


def _write_table(archive: zipfile.ZipFile, model: type[models.Model]) -> dict[str, Any]:
    with archive.open(f"tables/{model._meta.db_table}.jsonl", "w", force_zip64=True) as file:
        return _digest(
            model, lambda row: file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        )


def _write_files(archive: zipfile.ZipFile, manifest: dict[str, Any], report: Report) -> None:
    root = Path(settings.MEDIA_ROOT)
    paths = sorted(p for p in root.rglob("*") if p.is_file() and p.suffix != ".part") if root.is_dir() else []
    for number, path in enumerate(paths):
        name = path.relative_to(root).as_posix()
        report(0.8 + 0.2 * number / len(paths), name)
        content = path.read_bytes()
        archive.writestr(f"files/{name}", content)
        manifest["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def restore(path: Path, *, by: Actor, report: Report) -> dict[str, Any]:
    """Fill an empty installation from a backup, compare every table and file, and verify the log; or change nothing."""
    written: list[Path] = []
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            prepare_database()
            _refuse_unless_empty()
            _restore_files(archive, manifest, report, written)
            with transaction.atomic():
                _restore_rows(archive, manifest, report)
                _compare(manifest)
                install(connection)
                if manifest["database"] != connection.vendor:
                    _moved(by)
    except FileNotFoundError as error:
        raise InvalidInput(say("No existe el archivo «{path}».", path=path)) from error
    except DAMAGED as error:
        _take_back(written)
        raise InvalidInput(
            say("«{path}» no es un respaldo de Manglar, o está dañado: no se cambió nada.", path=path)
        ) from error
    except BaseException:
        _take_back(written)
        raise
    verdict = verify()
    report(1.0, "")
    return {
        "ok": verdict.is_sound,
        "tables": len(manifest["tables"]),
        "files": len(manifest["files"]),
        "rows": sum(table["rows"] for table in manifest["tables"].values()),
        "faults": [fault.sentence for fault in verdict.faults],
    }


def _take_back(written: list[Path]) -> None:
    """Remove the files of a restore that did not come to its end."""
    for path in written:
        path.unlink(missing_ok=True)


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    if manifest["format"] != FORMAT:
        raise InvalidInput(say("El respaldo es de otra versión de Manglar: restáurelo con esa versión."))
    known = {model._meta.db_table for model in kept_models()}
    strange = sorted(set(manifest["tables"]) ^ known)
    if strange:
        raise InvalidInput(
            say(
                "El respaldo es de otra versión de Manglar: no coinciden las tablas {strange}.",
                strange=", ".join(strange[:5]),
            )
        )
    return manifest


def _refuse_unless_empty() -> None:
    taken = [m._meta.verbose_name for m in kept_models() if m._base_manager.exists()]
    if taken:
        raise Conflict(
            say(
                "Esta instalación ya tiene datos: un respaldo se restaura en un lugar vacío. Indique otra carpeta en MANGLAR_DATA_DIR u otra base en DATABASE_URL."
            )
        )


def _restore_rows(archive: zipfile.ZipFile, manifest: dict[str, Any], report: Report) -> None:
    drop_all(connection)
    kept = kept_models()
    with connection.constraint_checks_disabled():
        for number, model in enumerate(kept):
            report(0.2 + 0.6 * number / len(kept), model._meta.db_table)
            with archive.open(f"tables/{model._meta.db_table}.jsonl") as lines:
                _insert(model, lines)
    connection.check_constraints()
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(sql)
        for table, last in manifest["sequences"].items():
            _continue_after(cursor, table, last)


def _continue_after(cursor: Any, table: str, last: int) -> None:
    if connection.vendor == "postgresql":
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), GREATEST(%s, 1))", [table, last])
        return
    cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
    if not cursor.rowcount:
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _insert(model: type[models.Model], lines: Any) -> None:
    batch: list[models.Model] = []
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for line in lines:
        told = json.loads(line)
        batch.append(model(**{name: _read(fields[name], value) for name, value in told.items()}))
        if len(batch) == 1_000:
            model._base_manager.bulk_create(batch)
            batch = []
    model._base_manager.bulk_create(batch)


def _read(field: Any, value: object) -> object:
    if value is None or isinstance(field, models.JSONField):
        return value
    target = field.target_field if field.is_relation else field
    return target.to_python(value)


def _compare(manifest: dict[str, Any]) -> None:
    for model in kept_models():
        table = model._meta.db_table
        if _digest(model) != manifest["tables"][table]:
            raise InvalidInput(
                say("La tabla «{table}» no quedó como dice el respaldo: está dañado. No se cambió nada.", table=table)
            )


def _restore_files(
    archive: zipfile.ZipFile, manifest: dict[str, Any], report: Report, written: list[Path]
) -> None:
    root = Path(settings.MEDIA_ROOT).resolve()
    for number, (name, told) in enumerate(manifest["files"].items()):
        report(0.2 * number / len(manifest["files"]), name)
        target = (root / name).resolve()
        if not target.is_relative_to(root):
            raise InvalidInput(say("El respaldo nombra archivos fuera de su carpeta: no se restaura."))
        content = archive.read(f"files/{name}")
        if hashlib.sha256(content).hexdigest() != told["sha256"]:
            raise InvalidInput(
                say("El archivo «{name}» no es el que dice el respaldo: está dañado. No se cambió nada.", name=name)
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        written.append(target)
        target.write_bytes(content)


def _moved(by: Actor) -> None:
    """The two databases write a row in different words: say in the log how each stands after the move."""
    with act("database.moved", by=by, reason="Restaurado de un respaldo hecho en otra base de datos."):
        for table in audited_tables():
            record_rows(connection, table)
