"""Telling whether a record is still what somebody saw."""

from typing import Any

from manglar.foundation.canonical import digest


def version_of(record: Any) -> str:
    """What a record looks like now, as a short text; empty for what has no record yet."""
    if record is None:
        return ""
    told = {field.attname: str(field.value_from_object(record)) for field in record._meta.concrete_fields}
    for field in record._meta.many_to_many:
        told[field.name] = ",".join(sorted(str(each.pk) for each in getattr(record, field.name).all()))
    return digest(told)[:16]
