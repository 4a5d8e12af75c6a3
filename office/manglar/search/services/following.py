"""Following the log: what it names waits to be read again, and what waits is read. One process at a time."""

from collections.abc import Callable, Collection

from django.db import transaction

from manglar.audit.choices import Operation
from manglar.audit.models import Entry
from manglar.search.choices import Face
from manglar.search.models import Bookmark, Document, Unread, Word
from manglar.search.services.sources import SOURCES, Change
from manglar.search.services.writing import write

ENTRIES_AT_ONCE = 2_000
#: Records read in one transaction: it must be short, because SQLite lets one write at a time.
RECORDS_AT_ONCE = 100
CLEARED_AT_ONCE = 2_000
ERASED = "personal_data.erased"
Report = Callable[[float, str], None]


def follow_log() -> int:
    """Put what the log names since the last time among what waits; return how many entries were followed.

    Nothing is locked while there is nothing new. The first time, and after an erasure of personal data, everything waits: what was erased may stand in any text.
    """
    last = Bookmark.objects.values_list("last_entry", flat=True).first()
    if last is not None and not Entry.objects.filter(pk__gt=last).exists():
        return 0
    with transaction.atomic():
        bookmark, is_new = _bookmark()
        if is_new:
            _everything_waits()
            bookmark.last_entry = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            bookmark.save(update_fields=["last_entry"])
            return 0
        entries = list(
            Entry.objects.filter(pk__gt=bookmark.last_entry).select_related("payload").order_by("pk")[:ENTRIES_AT_ONCE]
        )
        if any(entry.event == ERASED for entry in entries):
            _everything_waits()
        else:
            changes = [_change(entry) for entry in entries]
            for face, source in SOURCES.items():
                _wait(face, source.touched(changes))
        bookmark.last_entry = entries[-1].pk if entries else bookmark.last_entry
        bookmark.save(update_fields=["last_entry"])
    return len(entries)


def read_waiting(limit: int) -> int:
    """Read again up to about ``limit`` of the records that wait; return how many were read."""
    done = 0
    while done < limit and Unread.objects.exists():
        with transaction.atomic():
            _bookmark()
            waiting = list(Unread.objects.order_by("pk")[:RECORDS_AT_ONCE])
            for face in {each.face for each in waiting}:
                ids = {each.record_id for each in waiting if each.face == face}
                write(Face(face), ids, SOURCES[Face(face)].read(ids) if face in SOURCES else ())
            Unread.objects.filter(pk__in=[each.pk for each in waiting]).delete()
        done += len(waiting)
    return done


def rebuild(report: Report) -> dict[str, int]:
    """Make the index from nothing; people find less until it ends, and the log is followed from where it began."""
    _clear()
    with transaction.atomic():
        bookmark, _ = _bookmark()
        bookmark.last_entry = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        bookmark.save(update_fields=["last_entry"])
        _everything_waits()
    total, done = Unread.objects.count(), 0
    while step := read_waiting(RECORDS_AT_ONCE):
        done += step
        report(min(1.0, done / max(total, 1)), "")
    return {"records": done, "documents": Document.objects.count(), "words": Word.objects.count()}


def _clear() -> None:
    """Forget what is indexed now, in short transactions; what a worker reads meanwhile is fresh and stays."""
    for model in (Document, Word):
        last = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        while some := list(model.objects.filter(pk__lte=last).order_by("pk").values_list("pk", flat=True)[:CLEARED_AT_ONCE]):
            with transaction.atomic():
                _bookmark()
                model.objects.filter(pk__in=some).delete()


def _bookmark() -> tuple[Bookmark, bool]:
    """The bookmark, held until the transaction ends: whoever holds it is the only one that writes the index."""
    _, is_new = Bookmark.objects.get_or_create(pk=1)
    return Bookmark.objects.select_for_update().get(pk=1), is_new


def _everything_waits() -> None:
    for face, source in SOURCES.items():
        held = Document.objects.filter(face=face).values_list("record_id", flat=True)
        _wait(face, {*source.everything(), *held})


def _wait(face: Face, record_ids: Collection[str]) -> None:
    Unread.objects.bulk_create(
        [Unread(face=face, record_id=each) for each in sorted(record_ids)], ignore_conflicts=True, batch_size=500
    )


def _change(entry: Entry) -> Change:
    held = entry.payload.values if entry.operation != Operation.EVENT else {}
    values = {name: each["value"] for name, each in held.items() if isinstance(each.get("value"), list)}
    return Change(entry.table_name, entry.row_key, entry.subject, entry.operation, values)
