"""The public side of the log and of what was published: heads, last entries (digests, no values), files, verifiers."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext as _

from manglar.audit import verification
from manglar.audit.models import Entry
from manglar.audit.selectors import heads, latest_entries, window
from manglar.design.shapes import Cell, Column, FileItem, Row, Table
from manglar.design.templatetags.design import long_date, moment, number
from manglar.foundation.refusals import InvalidInput
from manglar.portal.copies import Copy, copies
from manglar.portal.copy_check import check_copy
from manglar.portal.log_names import chain_names, told_of
from manglar.portal.readings import crumbs
from manglar.publication.selectors import latest_releases, released, verify_releases

MAX_LOG_BYTES = 50_000_000
HEADS, ENTRIES, RELEASES = 12, 20, 20
SHOWN_FAULTS = 50
MAX_CHAINS = 1_000
LARGEST = 2**62
CHECKED_FOR_S = 600
LOG, COPY = "log", "copy"

if TYPE_CHECKING:  # the stubs are generic, the class at run time is not
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile


def transparency_page() -> dict[str, Any]:
    """Published heads, last entries, the last releases with their digests, the file."""
    names = chain_names()
    latest = copies(latest_releases(RELEASES))
    return {
        "heads": _heads(names),
        "entries_table": _entries(names),
        "releases": _releases(latest) if latest else None,
        "standing": _standing() if latest else None,
        "files": [FileItem(_("La bitácora completa (huellas, sin valores)"), reverse("portal:log_file"), kind="JSONL")],
        "window": window(),
        "crumbs": crumbs(_("Transparencia")),
    }


def _heads(names: dict[int, str]) -> Table | None:
    rows = [
        Row([Cell(long_date(h.on)), Cell(names.get(h.chain, "—")), Cell(number(h.seq)), Cell(digest_code(h.digest))])
        for h in heads()[:HEADS]
    ]
    columns = [Column(_("Día")), Column(_("Cadena")), Column(_("Asiento"), numeric=True), Column(_("Huella"))]
    return Table(_("Cabezas publicadas"), columns, rows) if rows else None


def _entries(names: dict[int, str]) -> Table | None:
    rows = [_entry(entry, names) for entry in latest_entries(limit=ENTRIES)]
    columns = [
        Column(_("Asiento")), Column(_("Cuándo")), Column(_("Acto")), Column(_("Puerta")), Column(_("Huella")),
    ]  # fmt: skip
    return Table(_("Últimos asientos"), columns, rows) if rows else None


def _entry(entry: Entry, names: dict[int, str]) -> Row:
    at = parse_datetime(entry.at)
    return Row(
        [
            Cell(f"{names.get(entry.chain, '—')} {number(entry.seq)}"),
            Cell(moment(at) if at else entry.at),
            Cell(format_html("<code>{}</code>", entry.event)),
            Cell(entry.get_door_display()),
            Cell(format_html("<code>{}…</code>", entry.digest[:12])),
        ]
    )


def _releases(latest: list[Copy]) -> Table:
    columns = [Column(_("Qué")), Column(_("Clase")), Column(_("Publicado")), Column(_("Huella"))]
    rows = [
        Row(
            [
                Cell(each.heading, url=each.url),
                Cell(each.label),
                Cell(long_date(each.release.released_at)),
                Cell(format_html("<code>{}…</code>", each.release.sha256[:12])),
            ]
        )
        for each in latest
    ]
    return Table(_("Lo último que se publicó"), columns, rows)


def _standing() -> dict[str, Any]:
    """Whether every copy still gives its digest; computed again every ten minutes at most."""
    count, newest = released().count(), released().values_list("pk", flat=True).first()
    key = f"portal:releases:{count}:{newest}"
    told: dict[str, Any] | None = cache.get(key)
    if told is None:
        told = {"count": count, "faults": [fault.sentence for fault in verify_releases()][:SHOWN_FAULTS]}
        cache.set(key, told, CHECKED_FOR_S)
    return told


def digest_code(digest: str) -> str:
    """A whole digest, which may be broken over lines."""
    return format_html('<code class="p-digest">{}</code>', digest) if digest else ""


def log_lines() -> Iterator[bytes]:
    """The exported log, a line at a time."""
    for entry in verification.exported():
        yield json.dumps(entry, ensure_ascii=False).encode() + b"\n"


def check_upload(which: str, upload: Upload | None) -> dict[str, Any]:
    """Check a log (``which`` is «log») or the copy of a release that somebody uploads, without an account; nothing is kept.

    Why a file cannot be checked is said beside its field: ``refused`` says of which one.
    """
    try:
        if upload is None:
            raise InvalidInput(_("Elija el archivo que quiere comprobar."))
        return _check_log(upload) if which == LOG else check_copy(upload)
    except InvalidInput as refusal:
        return {"refused": which, "sentence": refusal.sentence}


def _check_log(upload: Upload) -> dict[str, Any]:
    if (upload.size or 0) > MAX_LOG_BYTES:
        raise InvalidInput(_("El archivo pasa de 50 MB: compruébelo con «manglar verify --file»."))
    try:
        verdict = verification.verify_exported(_log_entries(upload))
    except UnicodeDecodeError as error:
        raise InvalidInput(_("El archivo no es una bitácora: no es texto.")) from error
    if not verdict.entries and not verdict.faults:
        raise InvalidInput(_("El archivo está vacío."))
    names = chain_names()
    return {
        "verdict": verdict,
        "faults": [told_of(fault, names) for fault in verdict.faults[:SHOWN_FAULTS]],
        "more_faults": max(len(verdict.faults) - SHOWN_FAULTS, 0),
    }


def _log_entries(upload: Upload) -> Iterator[str]:
    """The lines; one that no log could hold becomes an empty object, which the verifier names by its number."""
    chains: set[int] = set()
    for line in upload:
        text = line.decode("utf-8-sig")
        chain = _chain_of(text) if text.strip() else 0
        if chain is not None and len(chains) < MAX_CHAINS:
            chains.add(chain)
        yield text if chain in chains else "{}"


def _chain_of(line: str) -> int | None:
    """The chain of an entry whose fields have the kind of value that an entry's have; None for anything else."""
    try:
        entry = json.loads(line)
        numbers = [entry["chain"], entry["seq"]]
        texts = [entry["digest"], entry["previous"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    is_entry = all(type(each) is int and 0 <= each < LARGEST for each in numbers) and all(
        type(each) is str for each in texts
    )
    return numbers[0] if is_entry else None
