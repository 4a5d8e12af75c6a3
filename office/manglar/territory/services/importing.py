"""The import of divisions: read, plan, show, and write all or nothing."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.foundation.outcomes import Headings, outcome_counts
from manglar.foundation.refusals import InvalidInput, RowProblem
from manglar.foundation.sentences import choose, say
from manglar.governments.models import Government
from manglar.margin.selectors import columns_for
from manglar.margin.services import remember_columns
from manglar.operations.filetypes import clean_name
from manglar.operations.services import file_import
from manglar.territory.choices import Level
from manglar.territory.models import Division, DivisionAlias
from manglar.territory.permissions import may_change_territory
from manglar.territory.rules.codes import code_from_name, restored_code
from manglar.territory.rules.columns import population_columns
from manglar.territory.rules.names import name_key
from manglar.territory.services.divisionfile import Ancestor, Reading, read_divisions, wanted_columns
from manglar.territory.services.divisions import Outline, store_boundary
from manglar.territory.services.geofiles import headings_of, read_table
from manglar.territory.services.planning import Planner
from manglar.territory.services.previews import ImportOptions, Plan, RowNote, Step, TerritoryPreview
from manglar.territory.services.tiles import refresh_division_tiles

_ASK_LEAVE = choose(
    page=say("Corríjalas, o marque «Dejar fuera las filas que no sirven»."),
    command=say("Corríjalas, o déjelas fuera con --leave-refused."),
)
#: What the columns of a file of divisions are remembered as, and its imports listed under.
IMPORT = "territorio"
Report = Callable[[float, str], None]


def look_at_divisions(
    *, government: Government, name: str, content: bytes, level: str, options: ImportOptions
) -> Headings:
    """The columns of a file of divisions, and what each was understood as."""
    table = read_table(name, content, crs=options.crs, layer=options.layer)
    remembered = columns_for(government, IMPORT, table.columns)
    found = headings_of(table, wanted_columns(level), asked=options.mapping, remembered=remembered)
    populations = population_columns(table.columns)
    if "population" not in {**remembered, **options.mapping} and populations:
        found = replace(found, columns={**found.columns, "population": populations[0][1]})
    return found


def import_territory(
    *, by: Actor, government: Government, name: str, content: bytes, on: dt.date,
    level: str = Level.CORREGIMIENTO, options: ImportOptions | None = None, dry_run: bool = False,
    report: Report | None = None,
) -> TerritoryPreview:
    """Import the divisions of one level from a file: all or nothing, and the same file twice changes nothing.

    ``on`` is the day from which limits that replace official ones hold. With ``dry_run`` nothing is written.
    """
    require(may_change_territory, by, government)
    options, tell = options or ImportOptions(), report or _silent
    if level not in Level.values:
        raise InvalidInput(
            say("No existe el nivel «{level}». Hay: {values}.", level=level, values=", ".join(Level.values))
        )
    tell(0.1, "Leyendo el archivo")
    table = read_table(name, content, crs=options.crs, layer=options.layer, swap=options.swap)
    reading = read_divisions(
        table, level=level, mapping=options.mapping or columns_for(government, IMPORT, table.columns), code_prefix=options.code_prefix,
        population_year=options.population_year,
    )
    tell(0.5, "Comparando con lo que hay")
    plan = Planner(reading, government=government, level=level, options=options).make()
    if dry_run:
        return plan.preview
    _refuse_all(plan.preview, leave=options.leave_refused)
    if not plan.preview.changes_anything:
        return plan.preview
    tell(0.8, "Guardando")
    with file_import(
        "territory.imported", by=by, government=government, kind=IMPORT, name=name, content=content
    ) as load:
        done = _apply(government, name, reading, level=level, options=options, on=on)
        load.counts = outcome_counts(done.lines)
        if options.mapping:
            remember_columns(
                by=by, government=government, kind=IMPORT, headers=table.columns, mapping=options.mapping, at=load.at
            )
    return done


def _silent(fraction: float, step: str) -> None:
    """Nobody watches."""


def _refuse_all(preview: TerritoryPreview, *, leave: bool) -> None:
    if preview.refused and not leave:
        count = len(preview.refused)
        raise InvalidInput(
            say(
                "No se importó nada: {count} de {rows} filas no sirven. {ask_leave}",
                ask_leave=_ASK_LEAVE,
                count=count,
                rows=preview.rows,
            ),
            [_problem(note) for note in preview.refused[:200]],
        )


def _problem(note: RowNote) -> RowProblem:
    if not note.name:
        return RowProblem(note.row, note.sentence)
    return RowProblem(note.row, say("{name}: {problem}", name=note.name, problem=note.sentence))


def _apply(
    government: Government, name: str, reading: Reading, *, level: str, options: ImportOptions, on: dt.date
) -> TerritoryPreview:
    """Plan again inside the transaction, since somebody may have changed something meanwhile, and write."""
    plan = Planner(reading, government=government, level=level, options=options).make()
    _refuse_all(plan.preview, leave=options.leave_refused)
    _Writer(government, plan, level=level, options=options, on=on, file_name=clean_name(name)).write()
    transaction.on_commit(refresh_division_tiles, robust=True)
    plan.preview.is_applied = True
    return plan.preview


class _Writer:
    """Writes a plan inside the caller's act."""

    def __init__(
        self, government: Government, plan: Plan, *, level: str, options: ImportOptions, on: dt.date, file_name: str
    ) -> None:
        self.government, self.plan, self.level, self.options, self.on = government, plan, level, options, on
        self.source = options.source_text or file_name
        self.parents = {
            division.code: division for division in Division.objects.filter(valid_until__isnull=True).exclude(level=level)
        }

    def write(self) -> None:
        for step in self.plan.steps:
            division = step.division or self._create(step)
            if step.division is not None and step.fields:
                for field, value in self._sourced(step.fields).items():
                    setattr(division, field, value)
                division.save(update_fields=list(step.fields))
            for alias in step.aliases:
                DivisionAlias.objects.get_or_create(
                    division=division, folded=name_key(alias), defaults={"government": self.government, "name": alias})
            if step.writes_outline:
                self._keep_outline(step, division)

    def _sourced(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields.get("population_source") == "":
            return {**fields, "population_source": self.source}
        return fields

    def _create(self, step: Step) -> Division:
        parent = step.parent
        for ancestor in step.ancestors:
            parent = self._ancestor(ancestor, parent)
        return Division.objects.create(
            government=self.government, code=step.read.code, name=step.read.name, level=self.level, parent=parent,
            **self._sourced(step.fields),
        )

    def _ancestor(self, ancestor: Ancestor, above: Division | None) -> Division | None:
        """The division that a row is part of, created when it is not there yet."""
        code = restored_code(ancestor.code, self.parents) or code_from_name(ancestor.name, prefix=self.options.code_prefix)
        if not code:
            return above
        if code not in self.parents:
            self.parents[code] = Division.objects.create(
                government=self.government, code=code, name=ancestor.name or ancestor.code, level=ancestor.level, parent=above)
        return self.parents[code]

    def _keep_outline(self, step: Step, division: Division) -> None:
        outline = Outline(step.read.outline, is_schematic=self.options.is_schematic, mark=self.options.mark,
                          source_text=self.source)
        store_boundary(division, step.read.outline, outline, repaired=step.read.repaired,
                       valid_from=self.on if self._succeeds(division) else None)

    def _succeeds(self, division: Division) -> bool:
        """Whether the new limit takes the place of a real one, which held until the day of the import."""
        return not self.options.is_schematic and division.boundaries.filter(is_current=True, is_schematic=False).exists()
