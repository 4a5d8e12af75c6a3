"""Many rows in one short transaction.

On SQLite one writer keeps all others waiting. Making the values of 100,000 rows takes seconds, writing them
does not: the values are made before the transaction begins. The audit triggers see every row, as always.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

BATCH = 5_000
#: Types of which rows hold few different values; texts are not worth keeping, for identifiers are texts.
_REPEATED = frozenset({type(None), bool, int, dt.date, dt.datetime})


def columns_of(model: type[models.Model], *, with_key: bool = False) -> list[Any]:
    """The fields of a model that have a column, without its key unless asked."""
    return [field for field in model._meta.concrete_fields if with_key or not field.primary_key]


def prepared_rows(
    model: type[models.Model], records: Sequence[models.Model], *, with_key: bool = False
) -> list[list[Any]]:
    """The values of new records as the database will get them; nothing is written.

    Many rows have the same few dates, states and names: what a value becomes is found out once a field.
    """
    ways = [(field, _once(field, connections[DEFAULT_DB_ALIAS])) for field in columns_of(model, with_key=with_key)]
    return [[prepare(field.pre_save(record, True)) for field, prepare in ways] for record in records]  # Django's own


def _once(field: Any, database: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    known: dict[tuple[type, Any], Any] = {}

    def prepare(value: Any) -> Any:
        if type(value) in _REPEATED:
            if (key := (type(value), value)) not in known:
                known[key] = field.get_db_prep_save(value, database)
            return known[key]
        return field.get_db_prep_save(value, database)

    return prepare


def fill(model: type[models.Model], rows: list[list[Any]], same: Mapping[str, Any]) -> list[list[Any]]:
    """Give prepared rows the values that are one in all and were not known before, by the name of the field."""
    places = {index: same[field.name] for index, field in enumerate(columns_of(model)) if field.name in same}
    for row in rows:
        for place, value in places.items():
            row[place] = value
    return rows


def insert_rows(model: type[models.Model], rows: Iterable[Sequence[Any]], columns: Sequence[str] | None = None) -> None:
    """Insert prepared rows; ``columns`` names them where they are not all of the model's but its key."""
    quote = connection.ops.quote_name
    named = columns or [field.column for field in columns_of(model)]
    names, marks = ", ".join(quote(name) for name in named), ", ".join(["%s"] * len(named))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608  # names of our own columns
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(waiting, BATCH)):
            cursor.executemany(sql, batch)


def next_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Keys that nobody else will get, for rows whose key must be known before they are written; inside a transaction.

    PostgreSQL: from the sequence. SQLite: the next after the last one ever given, which holds because a
    transaction that writes has the database to itself (transactions are immediate).
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return range(last + 1, last + 1 + count)


def update_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[int, Sequence[Any]]]
) -> None:
    """Change the named fields of rows by their key: ``rows`` gives the key and the values in the order of the names."""
    database, meta = connections[DEFAULT_DB_ALIAS], model._meta
    quote = database.ops.quote_name
    fields: list[Any] = [meta.get_field(name) for name in names]
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    sql = f"UPDATE {quote(meta.db_table)} SET {sets} WHERE id = %s"  # noqa: S608  # names of our own columns
    prepared = (
        [*(field.get_db_prep_save(value, database) for field, value in zip(fields, values, strict=True)), key]
        for key, values in rows
    )
    with database.cursor() as cursor:
        while batch := list(islice(prepared, BATCH)):
            cursor.executemany(sql, batch)
