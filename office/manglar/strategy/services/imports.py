"""A plan file becomes an edition: read, previewed, then written in one transaction or not at all."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import ProtectedError

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.foundation.identifiers import new_public_id
from manglar.foundation.outcomes import Headings
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say, say_many
from manglar.foundation.translated import translated
from manglar.governments.models import Government
from manglar.margin.selectors import columns_for_one_of
from manglar.margin.services import remember_columns
from manglar.operations import filetypes
from manglar.operations.models import FileImport
from manglar.operations.services import file_import
from manglar.strategy import selectors
from manglar.strategy.choices import EditionState
from manglar.strategy.models import Edition, LevelName, Node, Responsibility, Strategy
from manglar.strategy.permissions import may_edit_strategy
from manglar.strategy.rules import sheets, words
from manglar.strategy.rules.columns import find_columns, possible_headings
from manglar.strategy.rules.editions import why_frozen
from manglar.strategy.rules.plans import PlanReading, read_plan
from manglar.strategy.rules.previews import PlanPreview
from manglar.strategy.services.matching import Match, Matcher, Plan, default_mark
from manglar.strategy.services.nodes import renumber

#: What the columns of a plan file are remembered as, and its imports listed under.
IMPORT = "estrategia"
#: How many rows show what a column holds.
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How a plan file is read and where it goes.

    ``titles``: names of codes that have no row of their own («1»: «Acceso a oportunidades»).
    ``missing``: what is not in the file, when it is a partial copy of an adopted strategy.
    """

    strategy_title: str = ""
    edition_label: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    language: str = "es"
    titles: Mapping[str, str] = field(default_factory=dict)
    mark: str = Mark.SOURCE.value
    source: str = ""
    missing: str = ""
    remove_missing: bool = False


def look_at_plan(*, government: Government, name: str, content: bytes, options: PlanOptions) -> Headings:
    """The columns of a plan file, and what each was understood as; where no heading is found, its first row is shown."""
    grids = _grids(name, content)
    remembered = columns_for_one_of(
        government, IMPORT, [_named(names) for grid in grids for _, names in possible_headings(grid)]
    )
    try:
        grid, columns = find_columns(grids, options.mapping or remembered)
        names, number, used = columns.names, columns.header_row, columns.used
    except InvalidInput:
        grid = next((grid for grid in grids if grid.rows), None) or grids[0]
        number, names, used = *next(possible_headings(grid), (0, [])), {}
    rows = [cells for row, cells in grid.rows if row > number][:SAMPLES]
    samples = tuple(
        tuple(cells[place].text for cells in rows if place < len(cells) and cells[place].text)
        for place, name in enumerate(names) if name
    )
    return Headings(tuple(_named(names)), samples, used, was_remembered=bool(remembered and not options.mapping))


def preview_plan(
    *, by: Actor, government: Government, name: str, content: bytes, options: PlanOptions | None = None,
    strategy: Strategy | None = None,
) -> PlanPreview:
    """Say row by row what a plan file would do; write nothing."""
    require(may_edit_strategy, by, government)
    options = options or PlanOptions()
    strategy, edition = _target(government, strategy, options)
    reading, remembered = _read(government, strategy, name, content, options)
    return _plan(government, (strategy, edition), reading, name, options, remembered=remembered).preview


def import_strategy(
    *, by: Actor, government: Government, name: str, content: bytes, options: PlanOptions | None = None,
    strategy: Strategy | None = None, at: dt.datetime | None = None,
) -> tuple[Edition, PlanPreview]:
    """Write a plan file into a draft edition, making strategy and edition where there are none; all or nothing."""
    require(may_edit_strategy, by, government)
    options = options or PlanOptions()
    reading, remembered = _read(government, _target(government, strategy, options)[0], name, content, options)
    with transaction.atomic():
        strategy, edition = _target(government, strategy, options)
        if edition is not None:
            edition = Edition.objects.select_for_update().select_related("strategy").get(pk=edition.pk)
        plan = _plan(government, (strategy, edition), reading, name, options, remembered=remembered)
        if plan.preview.problems:
            count = len(plan.preview.problems)
            raise InvalidInput(
                say_many(
                    "El archivo tiene {count} problema por corregir: no se importó nada.",
                    "El archivo tiene {count} problemas por corregir: no se importó nada.",
                    count,
                ),
                plan.preview.problems,
            )
        if edition is not None and not _has_work(plan):
            return edition, plan.preview
        with file_import(
            "strategy.imported", by=by, government=government, kind=IMPORT, name=name, content=content,
            subject=strategy.public_id if strategy else "", at=at,
        ) as load:
            load.counts = {action: count for action, count in plan.preview.counts.items() if count}
            strategy = strategy or _found_strategy(government, name, options)
            _name_levels(strategy, reading, options.language)
            edition = edition or Edition.objects.create(
                government=government, strategy=strategy, label=options.edition_label or _free_label(strategy),
                is_partial=bool(options.missing), note=options.missing,
            )
            _write(edition, plan)
            _remember(by, load, reading, options)
    return edition, plan.preview


def _target(
    government: Government, strategy: Strategy | None, options: PlanOptions
) -> tuple[Strategy | None, Edition | None]:
    """The strategy and the draft edition into which the file goes, where they exist."""
    if strategy is None and options.strategy_title:
        strategy = selectors.strategy_by_title(government, options.strategy_title)
    elif strategy is None:
        found = list(selectors.strategies_of(government)[:2])
        if len(found) > 1:
            raise InvalidInput(say("Hay varias estrategias: diga a cuál va el archivo."))
        strategy = found[0] if found else None
    if strategy is not None and strategy.government_id != government.pk:
        raise InvalidInput(say("Esa estrategia es de otro gobierno."))
    if strategy is None:
        return None, None
    if options.edition_label:
        edition = strategy.editions.filter(label=options.edition_label).first()
    else:
        edition = strategy.editions.order_by("-pk").first()
    if edition is not None and why_frozen(edition.state):
        raise Conflict(
            say(
                "La edición «{label}» está adoptada y congelada: importe el archivo en una edición nueva.",
                label=edition.label,
            )
        )
    return strategy, edition


def _grids(name: str, content: bytes) -> list[sheets.Grid]:
    kind = filetypes.recognise(name, content)
    if kind is filetypes.CSV:
        return sheets.read_csv(content)
    if kind is filetypes.XLSX:
        return sheets.read_xlsx(content)
    raise InvalidInput(
        say(
            "«{file}» es {name}: el plan se importa de un CSV o un XLSX.",
            file=filetypes.clean_name(name),
            name=kind.name,
        )
    )


def _named(headings: Iterable[str]) -> list[str]:
    """The headings that say something: what the columns of a file are remembered by."""
    return [heading for heading in headings if heading]


def _read(
    government: Government, strategy: Strategy | None, name: str, content: bytes, options: PlanOptions
) -> tuple[PlanReading, bool]:
    """Read the file with the mapping given, else with the one remembered for its headings, else by detection."""
    grids = _grids(name, content)
    mapping, remembered = dict(options.mapping), False
    if not mapping:
        headings = [_named(names) for grid in grids for _, names in possible_headings(grid)]
        mapping = columns_for_one_of(government, IMPORT, headings)
        remembered = bool(mapping)
    own = []
    if strategy is not None:
        for level in LevelName.objects.filter(strategy=strategy):
            own += [(level.depth, text) for text in (*level.singular.values(), *level.plural.values())]
    reading = read_plan(grids, mapping=mapping, language=options.language, own_levels=own, titles=options.titles)
    return reading, remembered


def _plan(
    government: Government, target: tuple[Strategy | None, Edition | None], reading: PlanReading, name: str,
    options: PlanOptions, *, remembered: bool,
) -> Plan:
    file_name = filetypes.clean_name(name)
    preview = PlanPreview(
        file_name, reading.sheet, reading.header_row, reading.layout, reading.columns, reading.unused, reading.headings,
        [reading.levels[d] for d in sorted(reading.levels)], [], list(reading.problems), list(reading.warnings), remembered,
    )
    matcher = Matcher(government, *target, reading)
    return matcher.plan(
        preview, mark=default_mark(options.mark), source=options.source or file_name, remove_missing=options.remove_missing
    )


def _has_work(plan: Plan) -> bool:
    return bool(plan.missing) or any(match.node is None or match.changes for match in plan.matches)


def _found_strategy(government: Government, name: str, options: PlanOptions) -> Strategy:
    title = options.strategy_title.strip() or filetypes.clean_name(name).rpartition(".")[0] or "Estrategia"
    return Strategy.objects.create(government=government, title=translated(title))


def _free_label(strategy: Strategy) -> str:
    taken = set(strategy.editions.values_list("label", flat=True))
    number = len(taken) + 1
    while f"edición {number}" in taken:
        number += 1
    return f"edición {number}"


def _name_levels(strategy: Strategy, reading: PlanReading, language: str) -> None:
    """Give a strategy that has no words yet those of the file's headings; an adopted edition keeps what it had."""
    if strategy.levels.exists() or strategy.editions.filter(state=EditionState.ADOPTED).exists():
        return
    for depth, heading in sorted(reading.levels.items()):
        known = words.level_word(words.heading(heading))
        singular = translated(known.es[0], known.en[0]) if known else {language: heading}
        plural = translated(known.es[1], known.en[1]) if known else {language: heading}
        LevelName.objects.create(
            government=strategy.government, strategy=strategy, depth=depth, singular=singular, plural=plural
        )


def _write(edition: Edition, plan: Plan) -> None:
    """Write the nodes level by level, parents first."""
    _remove(plan.missing)
    _free_codes(plan.matches)
    written: dict[str, Node] = {}
    for depth in sorted({match.plan.depth for match in plan.matches}):
        level = [match for match in plan.matches if match.plan.depth == depth]
        made = [match for match in level if match.node is None]
        for match in level:
            _set_values(match, edition, written)
        Node.objects.bulk_create([match.node for match in made if match.node], batch_size=200)
        for match in level:
            node = match.node
            if node is None:
                continue
            if match not in made and match.changes:
                node.version += 1
                node.save()
            written[match.plan.key] = node
    _write_links([match for match in plan.matches if match.node])
    renumber(edition)


def _set_values(match: Match, edition: Edition, written: dict[str, Node]) -> None:
    parent = written.get(match.plan.parent)
    if match.node is None:
        match.node = Node(
            government=edition.government, edition=edition, identity=match.identity or new_public_id("iniciativa"),
            is_stub=match.plan.is_stub,
        )
    elif "título" in match.changes:
        match.node.is_stub = match.plan.is_stub
    match.node.parent, match.node.depth = parent, match.plan.depth
    for name, value in match.values.items():
        setattr(match.node, name, value)


def _remove(missing: list[Node]) -> None:
    for node in sorted(missing, key=lambda n: -n.depth):
        try:
            node.delete()
        except ProtectedError as error:
            raise Conflict(
                say(
                    "«{node}» ya no está en el archivo, pero otros registros dependen de él: no se importó nada.",
                    node=node,
                )
            ) from error


def _free_codes(matches: list[Match]) -> None:
    """Let two nodes exchange codes: those that will change theirs give it up first."""
    moving = [m.node.pk for m in matches if m.node and "código" in m.changes]
    Node.objects.filter(pk__in=moving).update(code="")


def _write_links(matches: list[Match]) -> None:
    for match in matches:
        node = match.node
        if node is None:
            continue
        if match.institutions is not None:
            now = {r.institution_id: r for r in node.responsibilities.all()}
            wanted = {each.pk: each for each in match.institutions}
            for pk in now.keys() - wanted.keys():
                now[pk].delete()
            Responsibility.objects.bulk_create([
                Responsibility(government=node.government, node=node, institution=wanted[pk])
                for pk in sorted(wanted.keys() - now.keys())
            ])
        if match.divisions is not None:
            node.divisions.set(match.divisions)


def _remember(by: Actor, load: FileImport, reading: PlanReading, options: PlanOptions) -> None:
    """Keep an explicit mapping for the next file with the same headings."""
    if options.mapping:
        remember_columns(
            by=by, government=load.government, kind=IMPORT, headers=_named(reading.headings), mapping=options.mapping,
            at=load.at,
        )
