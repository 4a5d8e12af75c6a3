"""One import of a file at a time in a government: written down with its acts, and taken back by reading them backwards.

The log holds every value that an import changed, whoever wrote it: undoing needs nothing of the kind that was
imported. What somebody touched after the import is never undone: that is refused, saying what and when.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, NamedTuple

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.choices import Operation
from manglar.audit.models import Context, Entry
from manglar.audit.services import act, acts_noted, seal
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import Sentence, say
from manglar.governments.models import Government
from manglar.operations import selectors
from manglar.operations.choices import ImportState
from manglar.operations.filetypes import clean_name
from manglar.operations.models import FileImport
from manglar.operations.permissions import may_undo_imports

#: What an import leaves behind though it is undone: that it was, the file as it came, and how its columns are read.
KEPT = ("operations_fileimport", "operations_storedfile", "margin_columnmapping")
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Undone:
    """How many records an undoing removed, put back as they were, and brought back."""

    removed: int = 0
    restored: int = 0
    returned: int = 0


class _Touch(NamedTuple):
    """That a row was changed, as the log has it, without the values."""

    number: int
    operation: str
    table: str
    key: str
    subject: str


class _Change(NamedTuple):
    """A change of one row, with what it was before and after."""

    number: int
    operation: str
    table: str
    key: str
    values: dict[str, Any]

    def before(self) -> dict[str, Any]:
        return {name: told["value"][0] for name, told in self.values.items()}


@contextmanager
def file_import(
    event: str, *, by: Actor, government: Government, kind: str, name: str, content: bytes, subject: str = "",
    at: dt.datetime | None = None,
) -> Iterator[FileImport]:
    """The act of an import with its record, which the caller gives its counts; a second one waits for the first."""
    load = FileImport(
        government=government, kind=kind, file_name=clean_name(name), sha256=hashlib.sha256(content).hexdigest(),
        asked_by=by.user, at=at or timezone.now(),
    )
    with (
        acts_noted() as noted,
        act(event, by=by, government_id=government.pk, subject=subject or load.public_id, reason=load.file_name),
    ):
        Government.objects.select_for_update(no_key=True).get(pk=government.pk)
        yield load
        load.acts = list(noted)
        load.save()


def why_not_first(load: FileImport) -> Sentence | None:
    """What is known at once of why an import cannot be undone: it was already, or another came after it."""
    if load.state == ImportState.UNDONE:
        return say("Esta importación ya se deshizo.")
    later = selectors.later_import(load)
    if later is not None:
        return say("Después se importó «{file_name}»: deshaga antes esa importación.", file_name=later.file_name)
    return None


def why_not_undone(load: FileImport) -> Sentence | None:
    """Why an import cannot be undone, and what to do instead; None when it can."""
    if (why := why_not_first(load)) is not None:
        return why
    if Context.objects.filter(pk__in=map(_act_number, load.acts)).exists():
        return say("La bitácora todavía está anotando esta importación: espere un momento y vuelva a intentarlo.")
    return _touched_since(load, _touched(load.acts))


def undo_import(*, by: Actor, load: FileImport, at: dt.datetime, reason: str = "") -> Undone:
    """Take back an import whole: what it created goes, what it changed or removed is again as it was."""
    require(may_undo_imports, by, load.government)
    seal(limit=10_000_000)
    with (
        acts_noted() as noted,
        act("import.undone", by=by, government_id=load.government_id, subject=load.public_id, reason=reason),
    ):
        Government.objects.select_for_update(no_key=True).get(pk=load.government_id)
        held = FileImport.objects.select_for_update().select_related("government").get(pk=load.pk)
        why = why_not_undone(held)
        if why is not None:
            raise Conflict(why)
        done = _reverse(_changes(held.acts))
        held.state, held.undone_at, held.undone_by, held.undo_acts = ImportState.UNDONE, at, by.user, list(noted)
        held.save(update_fields=["state", "undone_at", "undone_by", "undo_acts"])
    return done


def what_undoing_does(load: FileImport) -> Undone:
    """How many records undoing would remove, put back and bring back; rows that only tie records together apart."""
    records = _records()
    changes = [change for change in _touched(load.acts) if change.table in records]
    made = {(c.table, c.key) for c in changes if c.operation == Operation.INSERT}
    changed = {(c.table, c.key) for c in changes if c.operation == Operation.UPDATE} - made
    gone = {(c.table, c.key) for c in changes if c.operation == Operation.DELETE} - made
    return Undone(len(made), len(changed - gone), len(gone))


def _some(items: Iterable[Any]) -> Iterator[list[Any]]:
    """The items, so many at a time as one question to the database may name."""
    waiting = iter(items)
    while some := list(islice(waiting, CHUNK)):
        yield some


def _act_number(source: str) -> int:
    return int(source.removeprefix("acto "))


def _number(source: str) -> int:
    """The order in which an act began, or a change was made: entries of one sealing have their acts first."""
    return int(source.rpartition(" ")[2])


def _acts(sources: Iterable[str]) -> list[tuple[int, int]]:
    """Chain and number of acts in the log."""
    found: list[tuple[int, int]] = []
    for some in _some(sources):
        found += Entry.objects.filter(source_ref__in=some).values_list("chain", "seq")
    return found


def _entries(sources: Iterable[str]) -> Iterator[QuerySet[Entry]]:
    """The entries of what some acts changed, so many at a time."""
    for chain, group in groupby(sorted(_acts(sources)), key=lambda each: each[0]):
        for some in _some(seq for _, seq in group):
            yield (
                Entry.objects.filter(chain=chain, event_seq__in=some)
                .exclude(table_name__in=(*KEPT, ""))
                .exclude(operation=Operation.EVENT)
            )


def _touched(sources: Iterable[str]) -> list[_Touch]:
    """Which rows some acts changed, newest first."""
    names = ("source_ref", "operation", "table_name", "row_key", "subject")
    found = [
        _Touch(_number(source), *rest)
        for entries in _entries(sources) for source, *rest in entries.values_list(*names).iterator(chunk_size=5_000)
    ]
    return sorted(found, key=lambda touch: -touch.number)


def _changes(sources: Iterable[str]) -> list[_Change]:
    """What some acts changed, newest first, with the values."""
    names = ("source_ref", "operation", "table_name", "row_key", "payload__values")
    found = [
        _Change(_number(source), *rest)
        for entries in _entries(sources) for source, *rest in entries.values_list(*names).iterator(chunk_size=2_000)
    ]
    return sorted(found, key=lambda change: -change.number)


def _touched_since(load: FileImport, changes: list[_Touch]) -> Sentence | None:
    """Who touched what after the import; what was done and undone again since does not count."""
    if not changes:
        return None
    last = {True: max(map(_act_number, load.acts)), False: changes[0].number}
    undone = FileImport.objects.filter(government=load.government, state=ImportState.UNDONE, pk__gt=load.pk)
    skipped = {(c, s) for each in undone for c, s in _acts([*each.acts, *each.undo_acts])}
    rows: dict[str, set[str]] = {}
    for change in changes:
        rows.setdefault(change.table, set()).add(change.key)
    since = Entry.objects.exclude(operation=Operation.MIGRATED).exclude(table_name__in=KEPT)
    asked = [
        since.filter(table_name=table, row_key__in=some)
        for table, keys in rows.items() for some in _some(sorted(keys))
    ]
    made = {change.subject for change in changes if change.subject and change.operation == Operation.INSERT}
    asked += [since.filter(subject__in=some) for some in _some(sorted(made))]
    for found in asked:
        for entry in found.order_by("pk"):
            is_act = entry.operation == Operation.EVENT
            if _number(entry.source_ref) > last[is_act] and (entry.chain, entry.seq if is_act else entry.event_seq) not in skipped:
                return _said(entry)
    return None


def _said(entry: Entry) -> Sentence:
    return say(
        "Después de importar se trabajó con «{record}» ({day}): no se puede deshacer sin perder eso. Corrija a mano lo "
        "que haga falta, o exporte la lista, corríjala e impórtela otra vez.",
        record=_name_of(entry), day=entry.at[:10],
    )


def _name_of(entry: Entry) -> str:
    model = _models().get(entry.table_name)
    record = model._base_manager.filter(pk=entry.row_key).first() if model else None
    return str(record) if record is not None else entry.subject or entry.row_key


def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def _records() -> set[str]:
    """The tables of what people call records: those that have a name of their own."""
    return {
        table for table, model in _models().items()
        if {"public_id", "identity"} & {field.name for field in model._meta.concrete_fields}
    }


def _reverse(changes: list[_Change]) -> Undone:
    """Do the changes backwards, one by one: every state on the way back is one in which the database has been."""
    tables, records = _models(), _records()
    removed = restored = returned = 0
    try:
        with transaction.atomic():  # what the constraints refuse is taken back before anything else is asked
            for (table, operation), group in groupby(changes, key=lambda change: (change.table, change.operation)):
                model = tables.get(table)
                if model is None:
                    raise Conflict(say("Esta importación es de antes de un cambio del programa: ya no se puede deshacer."))
                some = list(group)
                if operation == Operation.INSERT:
                    _delete(model, [change.key for change in some])
                    removed += len(some) if table in records else 0
                elif operation == Operation.UPDATE:
                    for change in some:
                        _put_back(model, change)
                    restored += len({change.key for change in some}) if table in records else 0
                else:
                    for change in some:
                        _bring_back(model, change)
                    returned += len(some) if table in records else 0
            connection.check_constraints()
    except IntegrityError as error:
        raise Conflict(
            say(
                "Otros registros ya se apoyan en lo que esta importación creó: no se puede deshacer. Quite antes lo que "
                "se apoya en ello, o corrija a mano."
            )
        ) from error
    return Undone(removed, restored, returned)


def _delete(model: type[models.Model], keys: list[str]) -> None:
    """Delete rows and nothing else: what leans on them is refused by the database, never taken along in silence."""
    for some in _some(keys):
        rows = model._base_manager.filter(pk__in=some)
        rows._raw_delete(rows.db)


def _put_back(model: type[models.Model], change: _Change) -> None:
    values = _values(model, change)
    if values:
        model._base_manager.filter(pk=change.key).update(**values)


def _bring_back(model: type[models.Model], change: _Change) -> None:
    record = model(**_values(model, change))
    record.save_base(raw=True, force_insert=True)


def _values(model: type[models.Model], change: _Change) -> dict[str, Any]:
    """The values that a row had before a change, as its model wants them."""
    if any("erased" in told for told in change.values.values()):
        raise Conflict(
            say("Después se borraron datos personales de esta importación a petición de alguien: no se puede deshacer.")
        )
    fields: dict[str, Any] = {str(field.column): field for field in model._meta.concrete_fields}
    return {fields[name].attname: _python(fields[name], value) for name, value in change.before().items() if name in fields}


def _python(field: Any, value: Any) -> Any:
    """A value of the log as Python: the two databases write the same row as JSON each in its way."""
    if value is None:
        return None
    if isinstance(field, models.ForeignKey):
        return _python(field.target_field, value)
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(str(value).removeprefix("\\x"))
    if isinstance(field, models.JSONField):
        return json.loads(value) if isinstance(value, str) and connection.vendor == "sqlite" else value
    read = field.to_python(value)
    if isinstance(read, dt.datetime) and timezone.is_naive(read):
        return read.replace(tzinfo=dt.UTC)
    return read
