"""Importing a file, for whoever asks: the page, the API and the command go through these steps and no others.

``prepare`` reads the columns and previews; ``apply_import`` does what was previewed, or says that it is no longer so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from manglar.accounts.permissions import require
from manglar.foundation.canonical import digest
from manglar.foundation.outcomes import Headings
from manglar.foundation.refusals import Conflict, InvalidInput, Refusal
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.operations.models import FileImport
from manglar.operations.selectors import imports_of
from manglar.web.kinds import KINDS
from manglar.web.kinds.base import Deed
from manglar.web.kinds.forms import DeedForm
from manglar.web.kinds.importable import REGISTRY, Import, Mapped, Previewed, Told, Upload
from manglar.web.kinds.imports import IMPORTS as DECLARED
from manglar.web.roundtrip import list_import, refusal_of
from manglar.web.sheets import ID, VERSIONS

#: Every import: those that are declared, and the exported file of each list that may come back.
IMPORTS: dict[str, Import] = REGISTRY
REGISTRY.update({each.slug: each for each in DECLARED})
REGISTRY.update({each.slug: each for each in (list_import(kind) for kind in KINDS.values() if kind.editable)})


class StaleError(Conflict):
    """What was previewed is no longer what would happen."""

    def __init__(self) -> None:
        super().__init__(
            say("Algo cambió desde que usted vio la vista previa: revísela otra vez antes de importar. No se cambió nada.")
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known of an import before it happens: its columns, its preview or why there is none, and their stamp."""

    headings: Headings | None
    mapping: Mapped
    preview: Previewed | None
    refusal: Refusal | None
    stamp: str


def prepare(what: Import, deed: Deed, upload: Upload, told: Told, mapping: Mapped) -> Prepared:
    """Read the columns and preview; a refusal is part of the answer, for the columns may be what mends it."""
    require(what.allowed, deed.by, deed.government)
    headings = None
    try:
        headings = what.look(deed, upload, told, mapping) if what.look else None
        _refuse_other_list(what, headings)
        preview = what.run(deed, upload, told, mapping, True)
    except Refusal as refusal:
        return Prepared(headings, mapping, None, refusal, "")
    return Prepared(headings, mapping, preview, None, _stamp(preview))


def apply_import(what: Import, deed: Deed, upload: Upload, told: Told, mapping: Mapped, *, seen: str = "") -> Previewed:
    """Do it, all or nothing; ``seen`` is the stamp of the preview that a person said yes to."""
    ready = prepare(what, deed, upload, told, mapping)
    if ready.refusal is not None:
        raise ready.refusal
    if ready.preview is None or (seen and seen != ready.stamp):
        raise StaleError
    if not ready.preview.is_clean:
        raise refusal_of(ready.preview)
    if not ready.preview.changes_anything:
        return ready.preview
    return what.run(deed, upload, told, mapping, False)


def newest(government: Government, what: Import) -> FileImport | None:
    """The last import of a kind, or None."""
    return imports_of(government).filter(kind=what.slug).first()


def filled_form(what: Import, deed: Deed, data: Mapping[str, str]) -> DeedForm:
    """The form of an import with what was told, and what it begins with on the page where nothing was."""
    fields = what.form(deed=deed).fields
    first = {name: str(field.initial) for name, field in fields.items() if field.initial not in (None, "")}
    return what.form({**first, **data}, deed=deed)


def columns_told(what: Import, told: Told, pairs: Iterable[str]) -> dict[str, str]:
    """``field=COLUMN`` pairs, as a command or the API tells them, as a mapping (field → column; empty: no column)."""
    fields = what.columns(told)
    mapping = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or (fields and field.strip() not in fields):
            raise InvalidInput(
                say(
                    "«{pair}» no es campo=COLUMNA. Los campos son: {known}.",
                    pair=pair, known=", ".join(fields) or say("ninguno"),
                )
            )
        mapping[field.strip()] = column.strip()
    return mapping


def mapping_from(what: Import, told: Told, headings: Headings, chosen: Mapping[str, str]) -> dict[str, str]:
    """What a person chose for each column (column → field) where it differs from what was understood (field → column).

    Only differences are told to the services: what they find out by themselves they go on finding out.
    """
    fields = what.columns(told)
    asked: dict[str, str] = {}
    for column, field in chosen.items():
        if field in asked:
            raise InvalidInput(
                say(
                    "Dos columnas dicen ser «{field}»: «{one}» y «{other}». Deje una.",
                    field=fields.get(field, field), one=asked[field], other=column,
                )
            )
        if field in fields and column in headings.names:
            asked[field] = column
    changed = {field: asked.get(field, "") for field in fields if asked.get(field, "") != headings.columns.get(field, "")}
    if changed and headings.was_remembered:  # what is told takes the place of what was remembered, whole
        return {field: asked.get(field, "") for field in fields}
    return changed


def _stamp(preview: Previewed) -> str:
    """A digest of everything that a preview says of its rows."""
    return digest(
        [
            [line.row, line.outcome, line.record, *([str(d.before), str(d.after)] for d in line.differences)]
            for line in preview.lines
        ]
    )[:32]


def _refuse_other_list(what: Import, headings: Headings | None) -> None:
    """A list that was exported goes back where it came from: elsewhere its identifiers would be taken for data."""
    if headings is None or what.slug.startswith("lista-"):
        return
    names = {name.strip().casefold() for name in headings.names}
    if ID in names and names & VERSIONS:
        raise InvalidInput(
            say("Este archivo es una lista exportada de Manglar: impórtelo con «Importar la lista corregida».")
        )

