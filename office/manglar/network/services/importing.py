"""The import of institutions from a CSV or a sheet."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.foundation.labels import in_every_language
from manglar.foundation.outcomes import (
    CHANGED,
    CREATED,
    REFUSED,
    UNCHANGED,
    Difference,
    Headings,
    RowOutcome,
    outcome_counts,
)
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput, RowProblem
from manglar.foundation.sentences import Said, say, spoken
from manglar.foundation.texts import fold
from manglar.foundation.translated import read_in, translated
from manglar.governments.models import Government
from manglar.margin.selectors import columns_for
from manglar.margin.services import remember_columns
from manglar.network.choices import InstitutionKind
from manglar.network.models import Institution
from manglar.network.permissions import may_change_network
from manglar.network.rules import KIND_WORDS, code_from
from manglar.operations.filetypes import clean_name
from manglar.operations.services import file_import
from manglar.territory import selectors as territory
from manglar.territory.models import Division
from manglar.territory.services import ASK_COLUMNS, Row, choose_columns, headings_of, read_table, texts_of

#: What the columns of a file of institutions are remembered as, and its imports listed under.
IMPORT = "instituciones"
HEADERS = {
    "code": ("siglas", "codigo", "code", "sigla", "id", "abreviatura", "acronimo", "acronym"),
    "name": ("nombre", "name", "institucion", "nombre_es", "entidad", "denominacion", "razon_social"),
    "name_en": ("nombre_en", "name_en", "ingles", "english"),
    "kind": ("clase", "tipo", "kind", "type", "que_es", "categoria", "tipo_de_institucion"),
    "division": ("territorio", "corregimiento", "division", "distrito"),
    "source": ("fuente", "source"),
}


def look_at_institutions(
    *, government: Government, name: str, content: bytes, mapping: Mapping[str, str]
) -> Headings:
    """The columns of a file of institutions, and what each was understood as."""
    table = read_table(name, content)
    remembered = columns_for(government, IMPORT, table.columns)
    return headings_of(table, HEADERS, asked=mapping, remembered=remembered)


@dataclass(slots=True)
class InstitutionPreview:
    """What an import of institutions would do, or did."""

    rows: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    lines: list[RowOutcome] = field(default_factory=list)
    #: Row of the file → what it calls the institution, to find the wrong ones.
    names: dict[int, str] = field(default_factory=dict)
    is_applied: bool = False

    def as_data(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {**dict(spoken(asdict(self))), "problems": [problem.as_data() for problem in self.problems],
                "notes": [str(note) for note in self.notes]}


@dataclass(slots=True)
class _Read:
    row: int
    code: str
    fields: dict[str, Any]
    is_code_made: bool = False
    #: The word of the file for its class, where it is not the class's own.
    kind_word: str = ""

    @property
    def key(self) -> str:
        """The code for comparison: «MOP» and «mop» are one institution."""
        return self.code.casefold()


def import_institutions(
    *, by: Actor, government: Government, name: str, content: bytes, mapping: Mapping[str, str] | None = None,
    default_kind: str = "", mark: str = Mark.SOURCE, dry_run: bool = False,
) -> InstitutionPreview:
    """Import institutions: all or nothing; the same file twice changes nothing."""
    require(may_change_network, by, government)
    table = read_table(name, content)
    asked = mapping or columns_for(government, IMPORT, table.columns)
    columns = choose_columns(table.columns, HEADERS, asked=asked)
    if "name" not in columns:
        raise InvalidInput(
            say(
                "No se sabe qué columna es el nombre. El archivo tiene: {columns}. {ask_columns}",
                columns=", ".join(table.columns),
                ask_columns=ASK_COLUMNS,
            )
        )
    preview = InstitutionPreview(rows=len(table.rows), columns=columns, notes=list(table.notes))
    preview.problems += [RowProblem(row, sentence, column) for row, column, sentence in table.faults]
    source = clean_name(name)
    reads = _read_all(table.rows, columns, preview, default_kind=default_kind, mark=mark, source=source)
    new, changed = _compared(government, reads, preview)
    if dry_run:
        return preview
    if preview.problems:
        raise InvalidInput(
            say("No se importó nada: {count} filas no sirven.", count=len(preview.problems)), preview.problems[:200]
        )
    if new or changed:
        with file_import(
            "institutions.imported", by=by, government=government, kind=IMPORT, name=name, content=content
        ) as load:
            preview.lines = []
            new, changed = _compared(government, reads, preview)  # somebody may have changed something meanwhile
            load.counts = outcome_counts(preview.lines)
            Institution.objects.bulk_create([Institution(government=government, code=r.code, **r.fields) for r in new])
            for institution, read in changed:
                for key, value in read.fields.items():
                    setattr(institution, key, value)
                institution.save(update_fields=list(read.fields))
            if mapping:
                remember_columns(
                    by=by, government=government, kind=IMPORT, headers=table.columns, mapping=mapping, at=load.at
                )
        preview.is_applied = True
    return preview


def _compared(
    government: Government, reads: list[_Read], preview: InstitutionPreview
) -> tuple[list[_Read], list[tuple[Institution, _Read]]]:
    """The rows that are new and those that change what there is; the preview is told of every row."""
    held = {each.code.casefold(): each for each in Institution.objects.filter(government=government).select_related("division")}
    new = [read for read in reads if read.key not in held]
    changed = [(held[read.key], read) for read in reads if read.key in held and _differs(held[read.key], read)]
    preview.created = [read.code for read in new]
    preview.changed = [read.code for _, read in changed]
    preview.unchanged = len(reads) - len(new) - len(changed)
    preview.lines = [RowOutcome(p.row, REFUSED, preview.names.get(p.row, ""), (), (p.said,), p.column) for p in preview.problems]
    named = {fold(read_in(each.name, "es").text): each for each in held.values()}
    preview.lines += [_outcome(read, held.get(read.key), named.get(fold(read_in(read.fields["name"], "es").text))) for read in reads]
    return new, changed


def _outcome(read: _Read, held: Institution | None, namesake: Institution | None) -> RowOutcome:
    """What becomes of a row; a new one says what was supposed of it, and whether one of its name is there already."""
    name = f"{read.code} {read_in(read.fields['name'], 'es').text}"
    notes: list[Said] = []
    if read.kind_word:
        notes.append(say("«{word}» se toma como «{kind}».", word=read.kind_word, kind=InstitutionKind(read.fields["kind"]).label))
    if held is None:
        if namesake is not None:
            notes.append(
                say(
                    "ya hay una con ese nombre, de siglas «{code}»: esta sería otra. Si es la misma, ponga aquí esas siglas.",
                    code=namesake.code,
                )
            )
        if read.is_code_made:
            notes.append(say("el archivo no trae sus siglas: se usará «{code}», hecho de su nombre.", code=read.code))
        return RowOutcome(read.row, CREATED, name, (), tuple(notes))
    differences = tuple(
        Difference(_LABELS[key], _shown(getattr(held, key)), _shown(value))
        for key, value in read.fields.items() if getattr(held, key) != value
    )
    return RowOutcome(read.row, CHANGED if differences else UNCHANGED, name, differences, tuple(notes) if differences else ())


_LABELS: Mapping[str, Said] = {
    "name": say("nombre"), "kind": say("clase"), "division": say("territorio"), "mark": say("procedencia"),
    "source_text": say("fuente"),
}


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return " / ".join(str(text) for text in value.values())
    return "" if value is None else str(dict(InstitutionKind.choices).get(value, value))


def _differs(institution: Institution, read: _Read) -> bool:
    return any(getattr(institution, key) != value for key, value in read.fields.items())


def _read_all(
    rows: tuple[Row, ...], columns: Mapping[str, str], preview: InstitutionPreview, *, default_kind: str, mark: str,
    source: str,
) -> list[_Read]:
    index = territory.name_index()
    divisions = {each.pk: each for each in territory.all_divisions().filter(valid_until__isnull=True)}
    kinds = {fold(label): value for value, label in in_every_language(InstitutionKind)} | {v: v for v in InstitutionKind.values}
    labels, kinds = set(kinds), {**KIND_WORDS, **kinds}
    seen: dict[str, int] = {}
    reads = []
    for row in rows:
        cells = dict(zip(HEADERS, texts_of(row.values, [columns.get(key, "") for key in HEADERS]), strict=True))
        preview.names[row.number] = cells["name"] or cells["code"]
        code = code_from(cells["code"]) or code_from(cells["name"].lower() if not cells["code"] else "")
        kind = kinds.get(fold(cells["kind"]), "") if cells["kind"] else default_kind
        found = index.find(cells["division"]) if cells["division"] else set()
        problem = _problem(cells, code, kind, found, seen)
        if problem:
            preview.problems.append(RowProblem(row.number, problem))
            continue
        seen[code.casefold()] = row.number
        division: Division | None = divisions[next(iter(found))] if found else None
        reads.append(_Read(row.number, code, {
            "name": translated(cells["name"], cells["name_en"]), "kind": kind, "division": division, "mark": mark,
            "source_text": cells["source"] or source,
        }, is_code_made=not cells["code"], kind_word=cells["kind"] if fold(cells["kind"]) in KIND_WORDS and fold(cells["kind"]) not in labels else ""))
    return reads


def _problem(cells: Mapping[str, str], code: str, kind: str, found: set[int], seen: Mapping[str, int]) -> Said:
    """Why a row is no institution; empty when it is."""
    if not cells["name"]:
        return say("le falta el nombre.")
    if not code:
        return say("las siglas «{code}» no tienen letras ni cifras.", code=cells["code"])
    if code.casefold() in seen:
        return say("repite las siglas «{code}» de la fila {row}.", code=code, row=seen[code.casefold()])
    if not kind and not cells["kind"]:
        return say("no dice su clase: diga qué columna es la clase, o elija arriba una para las filas que no la traen.")
    if not kind:
        return say(
            "no se conoce la clase «{kind}». Hay: {kinds}.",
            kind=cells["kind"],
            kinds=", ".join(str(label) for label in InstitutionKind.labels),
        )
    if cells["division"] and not found:
        return say("«{division}» no es un territorio conocido.", division=cells["division"])
    if len(found) > 1:
        return say("«{division}» puede ser más de un territorio.", division=cells["division"])
    return ""
