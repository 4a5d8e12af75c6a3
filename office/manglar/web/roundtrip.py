"""The exported file of a list goes back in: each row through the same form and service as a person would use.

A row is matched by its identifier; the cells that differ from what the record says become changes, a row without
identifier makes a record, and a record that somebody changed after the file was made is a conflict. To preview is to
do it and take it back: what the services refuse is seen before anything is kept.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from manglar.accounts.permissions import Predicate, require
from manglar.foundation.outcomes import (
    CHANGED,
    CONFLICT,
    CREATED,
    LEFT,
    REFUSED,
    UNCHANGED,
    Difference,
    Headings,
    RowOutcome,
)
from manglar.foundation.refusals import InvalidInput, Refusal, RowProblem
from manglar.foundation.sentences import SOURCE_LANGUAGE, Said, listed, say, say_many
from manglar.operations import filetypes
from manglar.operations.services import file_import
from manglar.territory.services import Row, Table, read_table, texts_of
from manglar.web.kinds.base import Action, Deed, Kind
from manglar.web.kinds.forms import DeedForm
from manglar.web.kinds.importable import Import, Mapped, Previewed, Told, Upload
from manglar.web.sheets import ID, VERSION, Cells, Sheet, UnreadableError, cell_text

MAX_ROWS = 20_000
SAMPLES = 3


def _language() -> str:
    return get_language() or SOURCE_LANGUAGE


class ListForm(DeedForm):
    """What to do with rows that cannot come in."""

    leave_refused = forms.BooleanField(label=_("Dejar fuera las filas que no sirven"), required=False)


def list_import(kind: Kind) -> Import:
    """The import of a kind's own exported file, made from its declaration."""
    return Import(
        f"lista-{kind.slug}",
        _("Importar la lista corregida"),
        _("El CSV o XLSX que se exportó de esta lista, con las celdas que corrigió y las filas que añadió."),
        _allowed(kind),
        ListForm,
        partial(_run, kind=kind),
        kind.slug,
        look=partial(_look, kind),
        of=kind.plural,
    )


def _allowed(kind: Kind) -> Predicate:
    """Who may import the list: whoever may do the first thing that its columns do; each row asks for its own."""
    slugs = [each.action for each in kind.editable if each.action]
    action = next((action for action in kind.actions if action.slug in slugs), kind.create)
    if action is None:
        raise LookupError(f"nothing changes what {kind.slug} declares as editable")
    return action.allowed


def _table(upload: Upload) -> Table:
    found = filetypes.recognise(upload.name, upload.content)
    if found not in {filetypes.CSV, filetypes.XLSX}:
        raise InvalidInput(
            say(
                "«{file}» es {name}: una lista corregida se importa de un CSV o un XLSX.",
                file=filetypes.clean_name(upload.name),
                name=found.name,
            )
        )
    table = read_table(upload.name, upload.content)
    if len(table.rows) > MAX_ROWS:
        raise InvalidInput(
            say("La lista tiene {count:,} filas; se leen hasta {most:,}: divídala.", count=len(table.rows), most=MAX_ROWS)
        )
    return table


def _look(kind: Kind, deed: Deed, upload: Upload, told: Told, mapping: Mapped) -> Headings:  # noqa: ARG001  # one shape for every import
    table, sheet = _table(upload), Sheet(kind, deed)
    samples = tuple(
        tuple(text for row in table.rows[:SAMPLES] for text in texts_of(row.values, [column]) if text)
        for column in table.columns
    )
    return Headings(table.columns, samples, sheet.understood(table.columns, mapping))


def _run(deed: Deed, upload: Upload, told: Told, mapping: Mapped, dry: bool, *, kind: Kind) -> Previewed:  # noqa: FBT001  # one shape for every import
    table, sheet = _table(upload), Sheet(kind, deed)
    columns = sheet.understood(table.columns, mapping)
    if ID not in columns and kind.create is None:
        raise InvalidInput(say("El archivo no tiene la columna «id»: exporte la lista, corríjala e impórtela."))
    if dry:
        with transaction.atomic():
            seen = _Reading(sheet, table, columns).outcomes()
            transaction.set_rollback(True)
        return Previewed(seen, _notes(table, columns), leaves_refused=told["leave_refused"])
    with file_import(
        "list.imported", by=deed.by, government=deed.government, kind=f"lista-{kind.slug}", name=upload.name,
        content=upload.content,
    ) as load:  # fmt: skip
        done = Previewed(_Reading(sheet, table, columns).outcomes(), leaves_refused=told["leave_refused"])
        if not done.is_clean:
            raise refusal_of(done)
        load.counts = done.counts
    return done


def refusal_of(seen: Previewed) -> InvalidInput:
    """What a preview with rows that cannot come in says when somebody wants it applied all the same."""
    wrong = [line for line in seen.lines if line.outcome in {REFUSED, CONFLICT}]
    problems = [RowProblem(line.row, listed(line.remarks, separator=" "), line.column) for line in wrong[:200]]
    said = say_many(
        "No se importó nada: {count} fila no sirve. Corríjala en el archivo y súbalo otra vez.",
        "No se importó nada: {count} filas no sirven. Corríjalas en el archivo y súbalo otra vez.",
        len(wrong),
    )
    return InvalidInput(said, problems)


def _notes(table: Table, columns: Mapping[str, str]) -> list[Said]:
    """What the preview must say of the whole file."""
    unread = [column for column in table.columns if column not in columns.values()]
    notes: list[Said] = list(table.notes)
    if unread:
        notes.append(say("Solo para leer, no se importan: {columns}.", columns=", ".join(unread)))
    if VERSION not in columns:
        notes.append(
            say("El archivo no tiene la columna «versión»: no se puede saber si alguien cambió algo después de exportarlo.")
        )
    return notes


class _Reading:
    """Reads the rows of a file one by one and does what each says."""

    def __init__(self, sheet: Sheet, table: Table, columns: Mapping[str, str]) -> None:
        self.sheet, self.table, self.columns, self.deed = sheet, table, columns, sheet.deed
        self.kind = sheet.kind
        rows = self.kind.rows(self.deed.government, self.deed.on)
        wanted = {cell_text(row.values.get(columns.get(ID, ""))) for row in table.rows}
        self.records = {key: row for row in rows if (key := self.kind.key(row)) in wanted}
        self.seen: dict[str, int] = {}
        self.faults = {number: (column, said) for number, column, said in reversed(table.faults)}

    def outcomes(self) -> list[RowOutcome]:
        """What becomes of each row."""
        return [self._row(row) for row in self.table.rows]

    def _row(self, row: Row) -> RowOutcome:
        if row.number in self.faults:
            column, said = self.faults[row.number]
            return RowOutcome(row.number, REFUSED, "", (), (said,), column)
        key = cell_text(row.values.get(self.columns.get(ID, "")))
        values: dict[str, Any] = {}
        for cells in self.sheet.cells:
            if cells.name in self.columns:
                column = self.columns[cells.name]
                try:
                    values[cells.name] = cells.read(row.values.get(column))
                except UnreadableError as error:
                    return RowOutcome(row.number, REFUSED, key, (), (error.said,), column)
        try:
            with transaction.atomic():
                return self._known(row, key, values) if key else self._new(row, values)
        except InvalidInput as refusal:
            problem = refusal.problems[0] if refusal.problems else None
            column = problem.column if problem else ""
            return RowOutcome(row.number, REFUSED, key, (), (problem.said if problem else refusal.said,), column)
        except Refusal as refusal:
            return RowOutcome(row.number, REFUSED, key, (), (refusal.said,))

    def _new(self, row: Row, values: dict[str, Any]) -> RowOutcome:
        said = {name: value for name, value in values.items() if value not in ("", [])}
        if not said:
            return RowOutcome(row.number, LEFT, "", (), (say("no dice nada."),))
        create = self.kind.create
        if create is None or create.form is None:
            return RowOutcome(
                row.number, REFUSED, "", (),
                (say("no tiene identificador, y en esta lista no se crean registros con un archivo."),), ID,
            )  # fmt: skip
        names = create.form(deed=self.deed, record=None).fields
        made = self._do(create, None, {name: value for name, value in values.items() if name in names})
        later = [cells.heading for cells in self.sheet.cells if cells.name in said and cells.name not in names]
        remarks = (say("se crea sin {columns}: dígalo después.", columns=", ".join(later)),) if later else ()
        title = self.kind.title(made, _language()) if made is not None else str(next(iter(said.values())))
        return RowOutcome(row.number, CREATED, title, (), remarks)

    def _known(self, row: Row, key: str, values: dict[str, Any]) -> RowOutcome:
        record = self.records.get(key)
        if record is None:
            raise InvalidInput(say("no hay un registro «{key}» en esta lista.", key=key[:60]))
        if key in self.seen:
            raise InvalidInput(say("la fila {row} ya trata de «{key}».", row=self.seen[key], key=key))
        self.seen[key] = row.number
        title, now = self.kind.title(record, _language()), self.sheet.now(record)
        changed = [c for c in self.sheet.cells if c.name in values and c.same(values[c.name]) != c.same(now[c.name])]
        if not changed:
            return RowOutcome(row.number, UNCHANGED, title)
        differences = tuple(Difference(c.heading, c.text(now[c.name]), c.text(values[c.name])) for c in changed)
        version = cell_text(row.values.get(self.columns.get(VERSION, "")))
        if version and version != self.sheet.version(now):
            return self._meanwhile(row, title, version, differences, {**now, **values})
        if getattr(record, "government_id", self.deed.government.pk) != self.deed.government.pk:
            raise InvalidInput(say("«{title}» es de otro gobierno: solo ese gobierno puede cambiarlo.", title=title))
        self._change(record, changed, values)
        return RowOutcome(row.number, CHANGED, title, differences)

    def _meanwhile(
        self, row: Row, title: str, version: str, differences: tuple[Difference, ...], values: dict[str, Any]
    ) -> RowOutcome:
        """Somebody changed the record after the file was made."""
        if self.sheet.version(values) == version:
            said = say("en el archivo está como se exportó; después alguien la cambió, y así se queda.")
            return RowOutcome(row.number, UNCHANGED, title, (), (said,))
        said = say(
            "alguien cambió este registro después de exportar el archivo. Exporte otra vez y repita su corrección; o, "
            "si lo suyo vale, borre la celda «versión» de esta fila."
        )
        return RowOutcome(row.number, CONFLICT, title, differences, (said,))

    def _change(self, record: Any, changed: list[Cells], values: dict[str, Any]) -> None:
        """Do the actions that the changed cells ask for, each with all that its form holds."""
        fixed = [cells.heading for cells in changed if not cells.editable.action]
        if fixed:
            raise _refused(say("esto se dice al crear el registro y no se cambia aquí."), fixed[0])
        for slug in dict.fromkeys(cells.editable.action for cells in changed):
            action = self.sheet.action(slug)
            if not action.fits(record):
                raise _refused(
                    say("«{action}» no se puede hacer: el registro está en otro estado.", action=action.label),
                    next(cells.heading for cells in changed if cells.editable.action == slug),
                )
            mine = {c.name: values[c.name] for c in self.sheet.cells if c.editable.action == slug and c.name in values}
            self._do(action, record, mine)
            record = self.kind.find(self.deed.government, self.kind.key(record), self.deed.on) or record

    def _do(self, action: Action, record: Any, values: dict[str, Any]) -> Any:
        require(action.allowed, self.deed.by, self.deed.government)
        assert action.form is not None  # noqa: S101  # the sheet takes only such actions
        empty = action.form(deed=self.deed, record=record)
        data = {name: empty.get_initial_for_field(field, name) for name, field in empty.fields.items()}
        if record is not None:
            data |= {c.name: c.editable.value(record) for c in self.sheet.cells if c.editable.action == action.slug}
        form = action.form(_posted({**data, **values}), None, deed=self.deed, record=record)
        if not form.is_valid():
            raise self._invalid(form)
        return action.run(self.deed, record, form.cleaned_data)

    def _invalid(self, form: forms.Form) -> InvalidInput:
        name, errors = next(iter(form.errors.items()))
        label = str(form.fields[name].label) if name in form.fields else ""
        return _refused(str(errors[0]), label)


def _refused(said: Said, column: str) -> InvalidInput:
    return InvalidInput(said, [RowProblem(0, said, column)])


def _posted(values: Mapping[str, Any]) -> QueryDict:
    """Values as a form gets them from a page."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        if isinstance(value, list | tuple):
            data.setlist(name, [str(each) for each in value])
        elif value is True:
            data[name] = "on"
        elif value is not None and value is not False:
            data[name] = str(value)
    return data
