"""Many rows in one short transaction.

On SQLite one writer keeps all others waiting. Making the values of 100,000 rows takes seconds, writing them
does not: the values are made before the transaction begins. The audit triggers see every row, as always.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

BATCH = 5_000


def _columns(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def prepared_rows(model: type[models.Model], records: Sequence[models.Model]) -> list[list[Any]]:
    """The values of new records as the database will get them; nothing is written."""
    fields = _columns(model)
    return [
        [field.get_db_prep_save(field.pre_save(record, True), connection) for field in fields]  # Django's own
        for record in records
    ]


def insert_rows(model: type[models.Model], rows: list[list[Any]], same: Mapping[str, Any]) -> None:
    """Insert prepared rows; ``same`` are fields that have one value in all and were not known before."""
    fields = _columns(model)
    places = {index: same[field.name] for index, field in enumerate(fields) if field.name in same}
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608  # names of our own columns
    for row in rows:
        for place, value in places.items():
            row[place] = value
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(waiting, BATCH)):
            cursor.executemany(sql, batch)
