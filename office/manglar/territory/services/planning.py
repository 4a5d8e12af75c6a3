"""What an import of divisions would do, before it does it."""

from typing import Any

import shapely

from manglar.foundation.outcomes import CHANGED, CREATED, LEFT, REFUSED, UNCHANGED, Difference, RowOutcome
from manglar.foundation.sentences import Said, Sentence, choose, listed, say
from manglar.governments.models import Government
from manglar.territory import selectors
from manglar.territory.choices import Level
from manglar.territory.models import Boundary, Division
from manglar.territory.rules.codes import parent_in_code, restored_code
from manglar.territory.rules.geometry import Box, Geometry, box_around, overlaps
from manglar.territory.rules.names import is_same_name, name_key
from manglar.territory.services.divisionfile import Ancestor, Read, Reading
from manglar.territory.services.previews import ImportOptions, Plan, RowNote, Step, TerritoryPreview
from manglar.territory.services.systems import place_of_file

LEVELS = list(Level.values)


class Planner:
    """Compares a reading with what the installation has.

    Divisions of every government count, for a code names one of them and a part may stand in another's whole; those
    of another government are never written. A grant does not change that: the widest lets a government add its own
    to a record («leer y aportar»), not write the record.
    """

    def __init__(self, reading: Reading, *, government: Government, level: str, options: ImportOptions) -> None:
        self.reading, self.government, self.level, self.options = reading, government, level, options
        living = selectors.all_divisions().filter(valid_until__isnull=True)
        living = living.select_related("government", "parent").prefetch_related("aliases")
        self.by_code = {division.code: division for division in living}
        self.by_id = {division.pk: division for division in self.by_code.values()}
        self.is_empty = not self.by_code
        self.names = selectors.name_index(level=level)
        self.wider = {above: selectors.name_index(level=above) for above in LEVELS[: LEVELS.index(level)]}
        self.limits: dict[int, Boundary] = {
            limit.division_id: limit
            for limit in Boundary.objects.filter(is_current=True, division__level=level, division__valid_until__isnull=True)
        }
        self.plan = Plan(TerritoryPreview(level, rows=len(reading.rows), columns=reading.columns, notes=list(reading.notes)))
        self.seen: dict[int, int] = {}

    def make(self) -> Plan:
        """The plan for all rows."""
        self._refuse_swapped()
        for read in self.reading.rows:
            self._row(read)
        self._measure_overlaps()
        self.plan.preview.lines = _outcomes(self.plan, self.reading)
        return self.plan

    def _note(self, place: list[RowNote], read: Read, sentence: Said) -> None:
        place.append(RowNote(read.number, read.code, read.name, sentence))

    def _row(self, read: Read) -> None:
        preview = self.plan.preview
        problem = read.problem
        if not problem and not self._is_asked(read):
            return self._note(preview.left, read, say("no es de {only}.", only=", ".join(self.options.only)))
        division: Division | None = None
        if not problem:
            division, problem = self._match(read)
        if problem:
            return self._note(preview.refused, read, problem)
        if division is not None and division.government_id != self.government.pk:
            return self._note(preview.left, read, _whose(division))
        parent = self._parent(read)
        if division is None and parent is None and read.ancestors and not self._may_create(read):
            return self._note(
                preview.left,
                read,
                say(
                    "es parte de {ancestors}, que no está en esta instalación. {ask_parents}",
                    ask_parents=_ASK_PARENTS,
                    ancestors=read.ancestors[-1],
                ),
            )
        step = Step(read, division, parent=parent)
        if division is None:
            self._creation(step)
        else:
            self._revision(step, division)
        return None

    def _is_asked(self, read: Read) -> bool:
        if not self.options.only:
            return True
        return any(
            asked in {above.code, read.code} or (above.name and is_same_name(asked, above.name))
            for above in read.ancestors[-1:] or (Ancestor("", "", ""),) for asked in self.options.only
        )

    def _match(self, read: Read) -> tuple[Division | None, Said]:
        """The division that a row is about, or why it cannot be said."""
        read.code = restored_code(read.code, self.by_code)
        held = self.by_code.get(read.code)
        if held is None:
            held, problem = self._match_by_name(read)
        else:
            problem = self._why_another(read, held)
        if held is not None and not problem:
            if held.pk in self.seen:
                problem = say("la fila {row} ya trata de «{name}».", row=self.seen[held.pk], name=held.name)
            self.seen.setdefault(held.pk, read.number)
        return held, problem

    def _match_by_name(self, read: Read) -> tuple[Division | None, Said]:
        found = [self.by_id[key] for key in self.names.find(read.name)]
        parent = self._parent(read)
        if parent is not None:
            found = [each for each in found if each.parent_id in {None, parent.pk}]
        elif read.ancestors:  # part of something that is not known here: a namesake elsewhere
            return None, ""
        found = [each for each in found if each.government_id == self.government.pk] or found
        if not found:
            return None, ""
        if len(found) > 1:
            codes = ", ".join(sorted(f"{each.name} ({each.code})" for each in found))
            return None, say("su nombre puede ser de varios territorios: {codes}. Añada el código.", codes=codes)
        if not read.code_is_made:
            return None, (
                say(
                    "«{name}» ya existe con el código {code}; el archivo dice {said}. Use los códigos de esta instalación, o importe sin columna de código.",
                    name=found[0].name,
                    code=found[0].code,
                    said=read.code,
                )
            )
        return found[0], ""

    def _why_another(self, read: Read, held: Division) -> Said:
        """Why a row with a known code is not about the division that has it; empty when it is."""
        if held.level != self.level:
            return say(
                "el código {code} ya es de «{name}», que es {level}. Elija otro nivel, o anteponga algo a los códigos. {ask_prefix}",
                ask_prefix=_ASK_PREFIX,
                code=read.code,
                name=held.name,
                level=held.get_level_display(),
            )
        if self._knows_name(read, held):
            return ""
        limit = self.limits.get(held.pk)
        if read.outline is not None and limit is not None:
            west, south, east, north = read.outline.bounds
            if not Box(west, south, east, north).meets(Box(limit.west, limit.south, limit.east, limit.north)):
                return say(
                    "el código {code} ya es de «{name}», que está en otro lugar. ¿Es el archivo de otra ciudad? Anteponga algo a los códigos. {ask_prefix}",
                    ask_prefix=_ASK_PREFIX,
                    code=read.code,
                    name=held.name,
                )
        return ""

    def _knows_name(self, read: Read, held: Division) -> bool:
        return any(is_same_name(read.name, name) for name in (held.name, *(a.name for a in held.aliases.all())))

    def _parent(self, read: Read) -> Division | None:
        if read.ancestors:
            return self._known(read.ancestors[-1])
        code = parent_in_code(read.code, {c for c, d in self.by_code.items() if LEVELS.index(d.level) < LEVELS.index(self.level)})
        return self.by_code.get(code)

    def _known(self, ancestor: Ancestor) -> Division | None:
        if ancestor.code:
            held = self.by_code.get(restored_code(ancestor.code, self.by_code))
            if held is not None and LEVELS.index(held.level) < LEVELS.index(self.level):
                return held
            if ancestor.name:  # the code is official and unknown here: a namesake is another division
                return None
        for level in reversed(LEVELS[: LEVELS.index(self.level)]):  # the narrowest that has the name
            found = self.wider[level].find(ancestor.name or ancestor.code)
            if len(found) == 1:
                return self.by_id[next(iter(found))]
        return None

    def _may_create(self, read: Read) -> bool:
        return (self.is_empty or self.options.create_parents) and bool(read.ancestors[-1].name or read.ancestors[-1].code)

    def _creation(self, step: Step) -> None:
        preview, read = self.plan.preview, step.read
        if step.parent is None and read.ancestors:
            step.ancestors = read.ancestors
            for above in read.ancestors:
                if self._known(above) is None and str(above) not in preview.parents_created:
                    preview.parents_created.append(str(above))
        step.fields = self._values(read, None)
        step.aliases = list(read.aliases)
        step.writes_outline = read.outline is not None
        self._note(preview.created, read, say("se crea.") if step.writes_outline else say("se crea, sin límite."))
        self._note_repair(read)
        self.plan.steps.append(step)

    def _note_repair(self, read: Read) -> None:
        if read.repaired:
            said = read.repair or say("su geometría se reparó: compárela con el original.")
            self._note(self.plan.preview.repaired, read, said)

    def _revision(self, step: Step, division: Division) -> None:
        preview, read = self.plan.preview, step.read
        step.fields = self._values(read, division)
        step.aliases = [alias for alias in read.aliases if not self._has_alias(division, alias)]
        if not self._knows_name(read, division):
            step.fields["name"] = read.name
            step.aliases.append(division.name)
        elif name_key(read.name) != name_key(division.name) and not self._has_alias(division, read.name):
            step.aliases.append(read.name)
        if step.parent is not None and division.parent_id != step.parent.pk:
            if division.parent_id is None:
                step.fields["parent"] = step.parent
            else:
                preview.notes.append(
                    say(
                        "{name} ({code}) es parte de {parent} y el archivo dice {said}: no se cambió.",
                        name=division.name,
                        code=division.code,
                        parent=division.parent,
                        said=step.parent,
                    )
                )
        self._outline(step, division)
        if step.fields or step.aliases:
            self._note(preview.changed, read, _what_changes(division, step))
        if step.fields or step.aliases or step.writes_outline:
            self.plan.steps.append(step)
        else:
            preview.unchanged += 1

    def _has_alias(self, division: Division, name: str) -> bool:
        return name_key(name) in {name_key(division.name), *(alias.folded for alias in division.aliases.all())}

    def _values(self, read: Read, division: Division | None) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        held_area = division.area_km2 if division else None
        takes_area = read.area_km2 is not None and not (self.options.is_schematic and read.outline is not None)
        if takes_area and (not held_area or abs((read.area_km2 or 0) / held_area - 1) > 0.01):
            fields["area_km2"] = read.area_km2
        held = (division.population_year or 0, division.population) if division else (0, None)
        newer = read.people_year is not None and (read.people_year > held[0] or read.people_year == held[0])
        if read.people is not None and newer and (read.people_year, read.people) != held:
            fields |= {
                "population": read.people, "population_year": read.people_year, "population_mark": self.options.mark,
                "population_source": read.source or self.options.source_text,
            }
        return fields

    def _outline(self, step: Step, division: Division) -> None:
        preview, read = self.plan.preview, step.read
        if read.outline is None:
            return
        limit = self.limits.get(division.pk)
        if limit is None:
            step.writes_outline = True
            self._note(preview.replaced, read, say("recibe su primer límite."))
        elif self.options.is_schematic and not limit.is_schematic:
            preview.notes.append(
                say(
                    "{name} ({code}) conserva su límite oficial: el archivo es un esquema.",
                    name=division.name,
                    code=division.code,
                )
            )
        elif bytes(limit.geometry) != shapely.to_wkb(read.outline) or limit.is_schematic != self.options.is_schematic:
            step.writes_outline = True
            takes_place = limit.is_schematic and not self.options.is_schematic
            self._note(
                preview.replaced,
                read,
                say("el esquema deja su lugar al límite.")
                if takes_place
                else say("el límite cambia; el anterior se conserva."),
            )
        if step.writes_outline:
            self._note_repair(read)

    def _measure_overlaps(self) -> None:
        """Neighbours of the level as they would be after the import."""
        shapes: dict[str, Geometry] = {
            self.by_id[key].code: shapely.from_wkb(bytes(limit.geometry)) for key, limit in self.limits.items()
        }
        refused = {note.row for note in (*self.plan.preview.refused, *self.plan.preview.left)}
        taken = {read.code: read.outline for read in self.reading.rows if read.outline is not None and read.number not in refused}
        self.plan.preview.overlaps = overlaps({**shapes, **taken}, of=frozenset(taken))

    def _refuse_swapped(self) -> None:
        """A file whose latitudes and longitudes changed places falls elsewhere on Earth: say so before anything."""
        there = box_around([read.outline for read in self.reading.rows if read.outline is not None])
        if there is None:
            return
        here = selectors.box_of_level()
        said = place_of_file(there, here)
        if here is None:  # nothing to compare it with: let a person see it
            self.plan.preview.notes.append(said)


_ASK_PARENTS = choose(
    page=say("Marque «Crear lo que está por encima»."), command=say("Créelo con --create-parents.")
)
_ASK_PREFIX = choose(page=say("Está en «Anteponer a los códigos»."), command=say("Es --code-prefix."))
_LABELS = {
    "name": say("nombre"),
    "area_km2": say("superficie"),
    "population": say("población"),
    "parent": say("parte de"),
}


def _whose(division: Division) -> Sentence:
    """Why a row about a division of another government is left out."""
    return say(
        "«{name}» ({code}) es de {owner}: solo ese gobierno puede cambiarlo.",
        name=division.name,
        code=division.code,
        owner=division.government,
    )


def _differences(division: Division, step: Step) -> list[Difference]:
    """Each value that an import changes, with what it was."""
    return [
        Difference(_LABELS[key], _plain(getattr(division, key)), _plain(value))
        for key, value in step.fields.items()
        if key in _LABELS
    ]


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _what_changes(division: Division, step: Step) -> Sentence:
    """What an import changes of a division, in one sentence."""
    step.differences = tuple(_differences(division, step))
    changes = [
        say("{label}: {before} → {after}", label=each.field, before=each.before or say("nada"), after=each.after)
        for each in step.differences
    ]
    names = [say("también se llama {alias}", alias=alias) for alias in step.aliases]
    return say("{changes}.", changes=listed([*changes, *names], separator="; "))


def _outcomes(plan: Plan, reading: Reading) -> list[RowOutcome]:
    """What becomes of each row of the file, in its order."""
    preview = plan.preview
    told: dict[int, tuple[str, list[Said]]] = {}
    for outcome, notes in (
        (REFUSED, preview.refused), (LEFT, preview.left), (CREATED, preview.created), (CHANGED, preview.changed),
        (CHANGED, preview.replaced), ("", preview.repaired),
    ):
        for note in notes:
            first, remarks = told.setdefault(note.row, (outcome, []))
            told[note.row] = (first or outcome, [*remarks, note.sentence])
    differences = {step.read.number: step.differences for step in plan.steps}
    return [
        RowOutcome(
            read.number, told.get(read.number, (UNCHANGED, []))[0], f"{read.name} ({read.code})".strip(),
            differences.get(read.number, ()), tuple(told.get(read.number, (UNCHANGED, []))[1]),
        )
        for read in reading.rows
    ]
