"""Reads about strategies: trees, shared nodes, what an edition says and whether it still says it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from manglar.foundation.canonical import digest
from manglar.foundation.spreadsheets import csv_lines, workbook
from manglar.foundation.translated import Reading, read_in
from manglar.governments.choices import Scope
from manglar.governments.models import Government, SharingGrant
from manglar.governments.selectors import grants_in_force, shared_record_ids
from manglar.strategy.choices import EditionState
from manglar.strategy.models import Contribution, Edition, LevelName, Node, Responsibility, Strategy

EXPORT_COLUMNS = (
    "codigo", "nivel", "titulo_es", "titulo_en", "titulo_no_oficial", "texto_es", "texto_en", "inicio", "fin",
    "costo_pab", "costo_procedencia", "procedencia", "fuente", "estado", "responsables", "corregimientos",
    "codigo padre", "identidad",
)


def strategies_of(government: Government) -> QuerySet[Strategy]:
    """The strategies of a government with their editions and level names."""
    return Strategy.objects.filter(government=government).prefetch_related("editions", "levels")


@dataclass(frozen=True, slots=True)
class Levels:
    """A strategy with its levels: those that have a word, and those that are written and have none yet."""

    strategy: Strategy
    deepest: int

    @property
    def depths(self) -> range:
        """The levels, counted from one."""
        return range(1, self.deepest + 1)


def strategies_with_levels(government: Government) -> list[Levels]:
    """The strategies of a government, each with how deep it goes."""
    written = Coalesce(Max("editions__nodes__depth"), 0)
    return [
        Levels(each, max([each.written, *(level.depth for level in each.levels.all())]))
        for each in strategies_of(government).annotate(written=written)
    ]


def strategy_by_id(government: Government, public_id: str) -> Strategy | None:
    """One strategy of a government, or None."""
    return strategies_of(government).filter(public_id=public_id).first()


def strategy_by_title(government: Government, title: str) -> Strategy | None:
    """The strategy with this title in any language, or None."""
    wanted = title.strip().casefold()
    return next((s for s in strategies_of(government) if wanted in {t.casefold() for t in s.title.values()}), None)


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition in a list, with how many nodes it has."""

    edition: Edition
    node_count: int


def editions_of(strategy: Strategy) -> list[EditionLine]:
    """The editions of a strategy, newest first."""
    editions = Edition.objects.filter(strategy=strategy).annotate(held=Count("nodes")).order_by("-pk")
    return [EditionLine(edition, edition.held) for edition in editions]


def edition_by_id(government: Government, public_id: str) -> Edition | None:
    """One edition of a government, or None."""
    return Edition.objects.filter(government=government, public_id=public_id).select_related("strategy").first()


def current_edition(strategy: Strategy) -> Edition | None:
    """The edition in force: the last adopted, else the last one written."""
    adopted = strategy.editions.filter(state=EditionState.ADOPTED).order_by("-adopted_on", "-pk").first()
    return adopted or strategy.editions.order_by("-pk").first()


def level_names(strategy: Strategy) -> dict[int, LevelName]:
    """The strategy's own words by depth."""
    return {level.depth: level for level in LevelName.objects.filter(strategy=strategy)}


def level_words(strategies: Iterable[str]) -> dict[tuple[str, int], LevelName]:
    """The words of some strategies by public identifier and depth, in one query."""
    named = LevelName.objects.filter(strategy__public_id__in=set(strategies)).select_related("strategy")
    return {(level.strategy.public_id, level.depth): level for level in named}


def with_level_words(nodes: QuerySet[Node]) -> QuerySet[Node]:
    """The nodes, each with what its strategy calls its level today as ``level_word``: in the same query."""
    named = LevelName.objects.filter(strategy=OuterRef("edition__strategy"), depth=OuterRef("depth"))
    return nodes.annotate(level_word=Subquery(named.values("singular")[:1]))


def words_of(edition: Edition) -> list[dict[str, Any]]:
    """The words that an edition speaks: those with which it was adopted, else those of its strategy now."""
    if edition.level_words is not None:
        return list(edition.level_words)
    levels = level_names(edition.strategy)
    return [{"depth": d, "singular": n.singular, "plural": n.plural} for d, n in sorted(levels.items())]


def nodes_of(edition: Edition) -> QuerySet[Node]:
    """The nodes of an edition in reading order, with responsibles and territory."""
    return _with_everything(Node.objects.filter(edition=edition)).order_by("position", "pk")


def _with_everything(nodes: QuerySet[Node]) -> QuerySet[Node]:
    responsibilities = Prefetch("responsibilities", Responsibility.objects.select_related("institution"))
    return nodes.select_related("edition__strategy", "government", "parent").prefetch_related(
        responsibilities, "divisions", "findings"
    )


@dataclass(slots=True)
class Branch:
    """A node with what hangs from it."""

    node: Node
    title: Reading
    level: str
    children: list["Branch"] = field(default_factory=list)


def tree_of(edition: Edition, *, language: str = "es") -> list[Branch]:
    """The whole edition as a tree, in four queries whatever its size."""
    names = {d: read_in(n.singular, language).text for d, n in level_names(edition.strategy).items()}
    branches: dict[int, Branch] = {}
    roots: list[Branch] = []
    for node in nodes_of(edition):
        branch = Branch(node, read_in(node.title, language), names.get(node.depth, ""))
        branches[node.pk] = branch
        above = branches.get(node.parent_id or 0)
        (above.children if above else roots).append(branch)
    return roots


def newest_first(nodes: QuerySet[Node]) -> QuerySet[Node]:
    """Adopted editions before drafts, the last adopted first."""
    return nodes.order_by("edition__state", "-edition__adopted_on", "-edition_id")


def in_force(nodes: QuerySet[Node]) -> QuerySet[Node]:
    """Of the nodes, those of the edition in force of their strategy: the last adopted, else the newest draft."""
    newest = Edition.objects.filter(strategy=OuterRef("edition__strategy")).order_by(
        "state", "-is_partial", "-adopted_on", "-pk"
    )
    return nodes.filter(edition=Subquery(newest.values("pk")[:1]))


def node_by_identity(government: Government, identity: str) -> Node | None:
    """The node of an identity in the edition in force, else in the newest draft; None where there is none."""
    return newest_first(_with_everything(Node.objects.filter(government=government, identity=identity))).first()


def node_in_edition(edition: Edition, identity: str) -> Node | None:
    """The node of an identity in one edition, or None."""
    return nodes_of(edition).filter(identity=identity).first()


def ancestors_of(node: Node) -> list[Node]:
    """From the first level down to the parent of a node, in one query."""
    above = node.path.split("/")[:-1]
    return list(Node.objects.filter(edition=node.edition_id, identity__in=above).order_by("depth"))


def history_of(government: Government, identity: str) -> QuerySet[Node]:
    """The same initiative in every edition, newest first."""
    return newest_first(Node.objects.filter(government=government, identity=identity).select_related("edition"))


def visible_nodes(government: Government, on: dt.date) -> QuerySet[Node]:
    """A government's own nodes, and those that others share with it on a day.

    Of a shared node it sees what was adopted (or published as partial); a draft only while there is nothing else.
    """
    settled = Q(edition__state=EditionState.ADOPTED) | Q(edition__is_partial=True)
    others = Node.objects.filter(settled, identity=OuterRef("identity"))
    shared = Q(identity__in=shared_record_ids(to=government, on=on)) & (settled | ~Exists(others))
    return _with_everything(Node.objects.filter(Q(government=government) | shared)).order_by("edition_id", "position")


def node_names(government: Government, *, language: str) -> list[tuple[str, str]]:
    """Identity and name of a government's own nodes in reading order: what a list to choose from needs, and no more."""
    rows = Node.objects.filter(government=government).order_by("edition_id", "position")
    names = {
        identity: f"{code} {read_in(title, language).text}".strip()
        for identity, code, title in rows.values_list("identity", "code", "title")
    }
    return list(names.items())


def titles_of(identities: Iterable[str]) -> dict[str, tuple[str, dict[str, str]]]:
    """Identity → code and title in the newest edition that has it, in one query."""
    rows = newest_first(Node.objects.filter(identity__in=set(identities))).values_list("identity", "code", "title")
    return {identity: (code, title) for identity, code, title in reversed(list(rows))}


def shared_nodes(government: Government, on: dt.date) -> QuerySet[Node]:
    """Only the nodes that others share with a government on a day."""
    return visible_nodes(government, on).exclude(government=government)


def contribution_grant(*, to: Government, identity: str, on: dt.date) -> SharingGrant | None:
    """The grant with which a government may add to a node on a day, or None."""
    return grants_in_force(to=to, on=on).filter(record_id=identity, scope=Scope.CONTRIBUTE).first()


def contributions_to(identity: str) -> QuerySet[Contribution]:
    """What other governments added to an initiative, in any edition."""
    return Contribution.objects.filter(node__identity=identity).select_related("government", "node")


def deepest_level(edition: Edition) -> int:
    """The level of the actions: the deepest one that the edition or its words have."""
    depths = list(edition.nodes.order_by("-depth").values_list("depth", flat=True)[:1])
    named = list(edition.strategy.levels.order_by("-depth").values_list("depth", flat=True)[:1])
    return max(depths + named, default=0)


def edition_content(edition: Edition) -> dict[str, Any]:
    """Everything that the adoption freezes: the text, not how each thing stands nor the evidence found later."""
    return {
        "strategy": edition.strategy.public_id,
        "title": edition.strategy.title,
        "edition": edition.public_id,
        "label": edition.label,
        "adopted_on": str(edition.adopted_on or ""),
        "act": edition.act,
        "is_partial": edition.is_partial,
        "note": edition.note,
        "levels": words_of(edition),
        "nodes": [_frozen(node) for node in nodes_of(edition)],
    }


def _frozen(node: Node) -> dict[str, Any]:
    return {
        "id": node.identity, "code": node.code, "depth": node.depth, "path": node.path, "title": node.title,
        "title_is_unofficial_translation": node.title_is_unofficial_translation, "is_stub": node.is_stub,
        "text": node.text, "starts_on": str(node.starts_on or ""), "ends_on": str(node.ends_on or ""),
        "cost_pab": None if node.cost_pab is None else f"{node.cost_pab:.2f}", "cost_mark": node.cost_mark,
        "mark": node.mark, "source": node.source_text, "responsible_text": node.responsible_text,
        "responsibles": sorted(r.institution.public_id for r in node.responsibilities.all()),
        "divisions": sorted(d.public_id for d in node.divisions.all()),
    }


def edition_digest(edition: Edition) -> str:
    """SHA-256 of what an edition says now."""
    return digest(edition_content(edition))


def altered_editions(government: Government | None = None) -> list[Edition]:
    """Adopted editions that no longer say what they said when they were adopted."""
    adopted = Edition.objects.filter(state=EditionState.ADOPTED).select_related("strategy")
    if government is not None:
        adopted = adopted.filter(government=government)
    return [edition for edition in adopted.order_by("pk") if edition_digest(edition) != edition.sha256]


def export_rows(edition: Edition) -> list[dict[str, str]]:
    """The edition as rows that the import reads back unchanged."""
    names = {d: read_in(n.singular, "es").text for d, n in level_names(edition.strategy).items()}
    nodes = list(nodes_of(edition))
    codes = {node.pk: node.code for node in nodes}
    return [_row(node, names.get(node.depth) or str(node.depth), codes) for node in nodes]


def _row(node: Node, level: str, codes: dict[int, str]) -> dict[str, str]:
    responsibles = [r.institution.code for r in node.responsibilities.all()]
    texts = [part for part in node.responsible_text.split("; ") if part]
    values = (
        node.code, level, node.title.get("es", ""), node.title.get("en", ""),
        "sí" if node.title_is_unofficial_translation else "no", node.text.get("es", ""), node.text.get("en", ""),
        str(node.starts_on or ""), str(node.ends_on or ""), "" if node.cost_pab is None else f"{node.cost_pab:.2f}",
        node.cost_mark, node.mark, node.source_text, node.state, "; ".join([*responsibles, *texts]),
        "; ".join(division.code for division in node.divisions.all()), codes.get(node.parent_id or 0, ""),
        node.identity,
    )
    return dict(zip(EXPORT_COLUMNS, values, strict=True))


def export_csv(edition: Edition) -> bytes:
    """The edition as CSV UTF-8 with a mark that Excel understands; no cell can run as a formula."""
    return b"".join(csv_lines(EXPORT_COLUMNS, _export_cells(edition)))


def export_xlsx(edition: Edition) -> bytes:
    """The edition as a workbook whose cells are all text, so that 1.10 stays 1.10."""
    return workbook("Estrategia", EXPORT_COLUMNS, _export_cells(edition))


def _export_cells(edition: Edition) -> Iterator[list[str]]:
    return ([row[name] for name in EXPORT_COLUMNS] for row in export_rows(edition))
