"""The triggers that write the log and guard it: generated from the live tables, never written by hand.

They record and refuse; they compute nothing. SQLite loses a table's triggers when the table is rebuilt,
so the schema editors in ``backends`` make them again at once, and ``compare`` says at start whether
what the database has is what the registry wants.
"""

import hashlib
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from manglar.audit.choices import Door
from manglar.audit.registry import GUARDED, SECRET, audited_tables

PREFIX = "audit_"
#: Who rewrites rows when the program changes the shape of a table.
MIGRATION = "actualización del programa"
SECRET_SHOWN = "(secreto)"
SECRET_CHANGED = "(secreto, cambiado)"


def _columns(connection: BaseDatabaseWrapper, table: str) -> list[tuple[str, str]]:
    """Name and declared type of each column of a live SQLite table."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA table_info({connection.ops.quote_name(table)})")
        return [(row[1], str(row[2]).lower()) for row in cursor.fetchall()]


def _key_column(connection: BaseDatabaseWrapper, table: str) -> str:
    with connection.cursor() as cursor:
        return connection.introspection.get_primary_key_column(cursor, table) or "id"


def sqlite_row_json(columns: list[tuple[str, str]], alias: str, *, table: str, secret_as: str = SECRET_SHOWN) -> str:
    """SQL for a row as one JSON object; bytes as hexadecimal, floats with all their digits."""
    parts = []
    for name, kind in columns:
        cell = f'{alias}."{name}"' if alias else f'"{name}"'
        if name in SECRET.get(table, ()):
            cell = f"'{secret_as}'"
        elif "blob" in kind:
            cell = f"CASE WHEN {cell} IS NULL THEN NULL ELSE hex({cell}) END"
        elif any(word in kind for word in ("real", "decimal", "double")):
            cell = f"CASE typeof({cell}) WHEN 'real' THEN printf('%!.17g', {cell}) ELSE {cell} END"
        parts.append(f"'{name}', {cell}")
    return f"json_object({', '.join(parts)})"


def _sqlite_capture(connection: BaseDatabaseWrapper, table: str) -> dict[str, str]:
    columns, key = _columns(connection, table), _key_column(connection, table)
    names = {name for name, _ in columns}
    out = {}
    for operation, word in (("I", "INSERT"), ("U", "UPDATE"), ("D", "DELETE")):
        live = "OLD" if operation == "D" else "NEW"
        chain = f'{live}."government_id"' if "government_id" in names else "NULL"
        before = "NULL" if operation == "I" else sqlite_row_json(columns, "OLD", table=table)
        after = "NULL" if operation == "D" else _after_json(columns, table, operation)
        when = ""
        if operation == "U":
            when = " WHEN " + " OR ".join(f'OLD."{n}" IS NOT NEW."{n}"' for n, _ in columns)
        name = f"{PREFIX}{table}_{operation.lower()}"
        out[name] = (
            f'CREATE TRIGGER "{name}" AFTER {word} ON "{table}" FOR EACH ROW{when} BEGIN '
            "INSERT INTO audit_rawchange (table_name, operation, row_key, chain, before, after, context_ref, at) "
            f"VALUES ('{table}', '{operation}', CAST({live}.\"{key}\" AS TEXT), {chain}, {before}, {after}, "
            "(SELECT context_ref FROM audit_currentcontext LIMIT 1), strftime('%Y-%m-%dT%H:%M:%fZ','now')); END"
        )
    return out


def _after_json(columns: list[tuple[str, str]], table: str, operation: str) -> str:
    """The NEW row; a secret that an update changed says so."""
    text = sqlite_row_json(columns, "NEW", table=table)
    if operation != "U":
        return text
    for name in SECRET.get(table, ()):
        shown = f"'{name}', '{SECRET_SHOWN}'"
        told = f"CASE WHEN OLD.\"{name}\" IS NOT NEW.\"{name}\" THEN '{SECRET_CHANGED}' ELSE '{SECRET_SHOWN}' END"
        text = text.replace(shown, f"'{name}', {told}")
    return text


_SQLITE_GUARDS = {
    "audit_guard_entry_u": ("UPDATE", "audit_entry", "1"),
    "audit_guard_entry_d": ("DELETE", "audit_entry", "1"),
    "audit_guard_payload_u": (
        "UPDATE",
        "audit_payload",
        "NEW.erasure_ref = '' OR NOT EXISTS (SELECT 1 FROM audit_erasure e WHERE e.public_id = NEW.erasure_ref)",
    ),
    "audit_guard_payload_d": ("DELETE", "audit_payload", "1"),
    "audit_guard_raw_u": ("UPDATE", "audit_rawchange", "1"),
    "audit_guard_raw_d": (
        "DELETE",
        "audit_rawchange",
        "NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.source_ref = 'cambio ' || OLD.id)",
    ),
    "audit_guard_context_u": ("UPDATE", "audit_context", "1"),
    "audit_guard_context_d": (
        "DELETE",
        "audit_context",
        "NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.source_ref = 'acto ' || OLD.id)",
    ),
}
REFUSED = "la bitácora no se cambia ni se borra"


def _sqlite_guards() -> dict[str, str]:
    return {
        name: (
            f'CREATE TRIGGER "{name}" BEFORE {word} ON "{table}" FOR EACH ROW WHEN {condition} '
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        for name, (word, table, condition) in _SQLITE_GUARDS.items()
    }


_POSTGRES_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION audit_capture() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE old_row jsonb; new_row jsonb; secret text; live jsonb;
BEGIN
  IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
  IF TG_OP = 'UPDATE' AND old_row = new_row THEN RETURN NULL; END IF;
  FOREACH secret IN ARRAY string_to_array(TG_ARGV[1], ',') LOOP
    IF TG_OP = 'UPDATE' AND old_row -> secret IS DISTINCT FROM new_row -> secret THEN
      new_row := jsonb_set(new_row, ARRAY[secret], '"{SECRET_CHANGED}"');
    ELSIF new_row IS NOT NULL THEN new_row := jsonb_set(new_row, ARRAY[secret], '"{SECRET_SHOWN}"'); END IF;
    IF old_row IS NOT NULL THEN old_row := jsonb_set(old_row, ARRAY[secret], '"{SECRET_SHOWN}"'); END IF;
  END LOOP;
  live := COALESCE(new_row, old_row);
  INSERT INTO audit_rawchange (table_name, operation, row_key, chain, before, after, context_ref, at)
  VALUES (TG_TABLE_NAME, left(TG_OP, 1), live ->> TG_ARGV[0], (live ->> 'government_id')::bigint,
          old_row::text, new_row::text, NULLIF(current_setting('manglar.context', true), '')::bigint,
          to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
  RETURN NULL;
END $body$;
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_TABLE_NAME = 'audit_payload' AND TG_OP = 'UPDATE' THEN
    IF NEW.erasure_ref <> '' AND EXISTS (SELECT 1 FROM audit_erasure e WHERE e.public_id = NEW.erasure_ref)
    THEN RETURN NEW; END IF;
  ELSIF TG_TABLE_NAME = 'audit_rawchange' AND TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM audit_entry e WHERE e.source_ref = 'cambio ' || OLD.id) THEN RETURN OLD; END IF;
  ELSIF TG_TABLE_NAME = 'audit_context' AND TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM audit_entry e WHERE e.source_ref = 'acto ' || OLD.id) THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION '{REFUSED}';
END $body$;
"""


def _postgres_capture(connection: BaseDatabaseWrapper, table: str) -> dict[str, str]:
    key, name = _key_column(connection, table), f"{PREFIX}{table}"
    secrets = ",".join(sorted(SECRET.get(table, ())))
    return {
        name: (
            f'CREATE OR REPLACE TRIGGER "{name}" AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION audit_capture('{key}', '{secrets}')"
        )
    }


def _postgres_guards() -> dict[str, str]:
    out = {}
    for table in GUARDED:
        out[f"audit_guard_{table}"] = (
            f'CREATE OR REPLACE TRIGGER "audit_guard_{table}" BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )
        out[f"audit_guard_{table}_t"] = (
            f'CREATE OR REPLACE TRIGGER "audit_guard_{table}_t" BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
    return out


def _existing(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Name → definition of the triggers that the database has now (PostgreSQL: name → digest of its function and whether it is on)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit\\_%' ESCAPE '\\'"
            )
        else:
            cursor.execute(
                "SELECT t.tgname, concat(md5(p.prosrc), t.tgenabled::text) FROM pg_trigger t "
                "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND t.tgname LIKE 'audit%' AND c.relnamespace = current_schema()::regnamespace"
            )
        return {row[0]: str(row[1]) for row in cursor.fetchall()}


def _wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    tables = set(connection.introspection.table_names())
    capture = _sqlite_capture if connection.vendor == "sqlite" else _postgres_capture
    wanted = dict(_sqlite_guards() if connection.vendor == "sqlite" else _postgres_guards())
    for table in audited_tables():
        if table in tables:
            wanted.update(capture(connection, table))
    return wanted


def _has_log(connection: BaseDatabaseWrapper) -> bool:
    return {"audit_rawchange", "audit_entry", "audit_erasure", "audit_payload", "audit_context"} <= set(
        connection.introspection.table_names()
    )


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger that the registry wants, and drop the ones that it does not."""
    if not _has_log(connection):
        return
    wanted, existing = _wanted(connection), _existing(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTIONS)
        for name, sql in wanted.items():
            if connection.vendor == "postgresql":
                cursor.execute(sql)
            elif existing.get(name) != sql:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
                cursor.execute(sql)
        if connection.vendor == "sqlite":
            for name in existing.keys() - wanted.keys():
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')


def install_for_table(connection: BaseDatabaseWrapper, table: str) -> None:
    """Make one table's triggers again after a migration changed the table, and record its rows as they are now."""
    if not _has_log(connection) or table not in audited_tables():
        return
    if table not in connection.introspection.table_names():
        return
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not sqlite:
            cursor.execute(_POSTGRES_FUNCTIONS)
        for name, sql in (_sqlite_capture if sqlite else _postgres_capture)(connection, table).items():
            if sqlite:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
            cursor.execute(sql)
    record_rows(connection, table)


def let_go_of_table(connection: BaseDatabaseWrapper, table: str) -> None:
    """Take a table's triggers away while its shape changes; ``install_for_table`` makes them again."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for letter in "iud":
                cursor.execute(f'DROP TRIGGER IF EXISTS "{PREFIX}{table}_{letter}"')


def record_rows(connection: BaseDatabaseWrapper, table: str) -> None:
    """Write every row of a table into the log as it stands after a migration (operation ``M``), and say that it was one.

    The context stands in the rows themselves: nothing that comes after the migration is explained by it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
        if cursor.fetchone() is None:
            return
        columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
        chain = 'r."government_id"' if "government_id" in columns else "NULL"
        key = _key_column(connection, table)
        held, now = context_sql(connection)
        cursor.execute(f"SELECT {held}")
        in_force = cursor.fetchone()
        context = (in_force and in_force[0]) or _migration(connection)
        cursor.execute(
            "INSERT INTO audit_rawchange (table_name, operation, row_key, chain, before, after, context_ref, at) "
            f"SELECT '{table}', 'M', CAST(r.\"{key}\" AS TEXT), {chain}, NULL, {row_sql(connection, table)}, "
            f'{context}, {now} FROM "{table}" r'
        )


def _migration(connection: BaseDatabaseWrapper) -> int:
    """The key of a context that says who rewrote the rows: a migration of the program."""
    made = apps.get_model("audit", "Context").objects.using(connection.alias).create(
        event="database.migrated", actor_name=MIGRATION, door=Door.COMMAND, at=timezone.now()
    )
    return int(made.pk)


def row_sql(connection: BaseDatabaseWrapper, table: str) -> str:
    """SQL that gives a row (alias ``r``) exactly as the triggers record it."""
    if connection.vendor == "sqlite":
        return sqlite_row_json(_columns(connection, table), "r", table=table)
    text = "to_jsonb(r)"
    for name in sorted(SECRET.get(table, ())):
        text = f"jsonb_set({text}, ARRAY['{name}'], '\"{SECRET_SHOWN}\"')"
    return f"({text})::text"


def context_sql(connection: BaseDatabaseWrapper) -> tuple[str, str]:
    """SQL for the context in force and for the present moment."""
    if connection.vendor == "sqlite":
        return "(SELECT context_ref FROM audit_currentcontext LIMIT 1)", "strftime('%Y-%m-%dT%H:%M:%fZ','now')"
    return (
        "NULLIF(current_setting('manglar.context', true), '')::bigint",
        "to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
    )


def compare(connection: BaseDatabaseWrapper) -> list[str]:
    """Sentences for what the database's triggers lack or have differently; empty when all is well."""
    wanted, existing = _wanted(connection), _existing(connection)
    faults = [f"Falta el disparador «{name}»." for name in sorted(wanted.keys() - existing.keys())]
    if connection.vendor == "sqlite":
        faults += [
            f"El disparador «{name}» no es el que genera Manglar."
            for name in sorted(wanted.keys() & existing.keys())
            if wanted[name] != existing[name]
        ]
        return faults
    bodies = _postgres_bodies()
    for name in sorted(wanted.keys() & existing.keys()):
        if existing[name][-1:] != "O" or existing[name][:-1] not in bodies:
            faults.append(f"El disparador «{name}» está apagado o no es el que genera Manglar.")
    return faults


def _postgres_bodies() -> set[str]:
    return {
        hashlib.md5(part.encode(), usedforsecurity=False).hexdigest()
        for part in _POSTGRES_FUNCTIONS.split("$body$")[1::2]
    }


def drop_guards(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away, for a restore into an empty place and for the flush between tests."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE_GUARDS:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
            return
        for table in GUARDED:
            cursor.execute(f'DROP TRIGGER IF EXISTS "audit_guard_{table}" ON "{table}"')
            cursor.execute(f'DROP TRIGGER IF EXISTS "audit_guard_{table}_t" ON "{table}"')


def drop_all(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away, while a backup is put into an empty place; ``install`` brings them back."""
    drop_guards(connection)
    with connection.cursor() as cursor:
        for table in audited_tables():
            if connection.vendor == "postgresql":
                cursor.execute(f'DROP TRIGGER IF EXISTS "{PREFIX}{table}" ON "{table}"')
            else:
                let_go_of_table(connection, table)


def install_after_migrate(*, using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """The ``post_migrate`` receiver."""
    install(connections[using])
