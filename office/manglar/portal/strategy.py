"""The strategy as it was published: its edition with act and digest, and its tree in its own words."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.design.shapes import Cell, Column, Fact, Row, Status, Table
from manglar.design.templatetags.design import number
from manglar.foundation.translated import Reading
from manglar.portal.copies import Copy, copies, day, facts, proof_file, publication_facts
from manglar.portal.readings import as_written, crumbs, language_note, read, said, says
from manglar.publication.choices import Kind
from manglar.publication.selectors import released, released_initiatives
from manglar.strategy.selectors import level_words

#: A longer strategy shows its last level as a count that leads to the page of what holds it, where all of it is listed.
MOST_BRANCHES = 150


@dataclass(slots=True)
class Branch:
    """A place of the tree with what hangs from it; one that is not public itself has no address."""

    id: str
    code: str
    title: Reading
    level: str = ""
    url: str = ""
    status: Status | None = None
    mark: str = ""
    is_unofficial: bool = False
    held: str = ""
    children: list["Branch"] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return said(self.title) or _("(su título no está en la fuente)")


def strategy_page(edition_id: str = "") -> dict[str, Any] | None:
    """The page of an edition, or of the newest one; None when the one asked for is not public."""
    editions = sorted(copies(released(kind=Kind.EDITION)), key=_newest_first)
    chosen = (
        next((each for each in editions if each.id == edition_id), None) if edition_id else next(iter(editions), None)
    )
    if edition_id and chosen is None:
        return None
    nodes = [each for each in copies(released_initiatives()) if chosen is None or _is_in(each, chosen)]
    roots = folded(tree(nodes), _plurals(chosen))
    title = chosen.title.text if chosen else _("La estrategia")
    return {
        "title": title,
        "heading": chosen.heading if chosen else title,
        "edition": chosen,
        "is_partial": bool(chosen and chosen.fields.get("is_partial")),
        "missing": says(chosen.said.get("text")) if chosen else "",
        "facts": _facts(chosen, nodes) if chosen else [],
        "published": publication_facts(chosen) if chosen else [],
        "files": [proof_file(chosen)] if chosen else [],
        "roots": roots,
        "others": _others([each for each in editions if chosen and each.id != chosen.id]),
        "has_unofficial": any(each.fields.get("title_is_unofficial_translation") for each in nodes),
        "language_note": language_note([*(each.title for each in nodes)]),
        "crumbs": crumbs(_("Estrategia")),
    }


def _newest_first(copy: Copy) -> tuple[bool, list[int], int]:
    """Adopted before partial copies; then the last adopted; then the last published."""
    adopted = str(copy.fields.get("adopted_on", ""))
    digits = [-int(part) for part in adopted.split("-")] if adopted else [0]
    return copy.said.get("status") != "adopted", digits, -copy.release.pk


def _is_in(node: Copy, edition: Copy) -> bool:
    return bool(node.fields.get("edition", {}).get("id") == edition.id)


def _facts(edition: Copy, nodes: list[Copy]) -> list[Fact]:
    fields = edition.fields
    state = edition.status
    held: list[dict[str, Any]] = fields.get("levels", [])
    words = level_words([fields["strategy"]])
    today = [
        {**level, "singular": now.singular, "plural": now.plural}
        if (now := words.get((fields["strategy"], level["depth"])))
        else level
        for level in held
    ]
    counts = _counted(today)
    return facts(
        (_("Edición"), as_written(fields.get("label", ""))),
        (_("Estado"), _("copia parcial") if fields.get("is_partial") else (state.label if state else "")),
        (_("Adoptada"), day(fields.get("adopted_on"))),
        (_("Acto de adopción"), as_written(fields.get("act", ""))),
        (_("Contiene"), counts),
        (_("Con las palabras de cuando se adoptó"), was if (was := _counted(held)) != counts else ""),
        (_("Publicado aquí"), number(len(nodes))),
        (_("Huella de la edición (SHA-256)"), _code(fields.get("edition_sha256", ""))),
    )


def _counted(levels: list[dict[str, Any]]) -> str:
    """How many there are of each level, in words."""
    return "; ".join(
        f"{number(level['count'])} {read(level['plural'] if level['count'] != 1 else level['singular']).text}"
        for level in levels
        if level.get("count")
    )


def _code(digest: str) -> str:
    return format_html('<code class="p-digest">{}</code>', digest) if digest else ""


def _others(editions: list[Copy]) -> Table | None:
    if not editions:
        return None
    columns = [Column(_("Edición")), Column(_("Adoptada")), Column(_("Huella"))]
    rows = [
        Row(
            [
                Cell(each.heading, url=reverse("portal:edition", args=[each.id])),
                Cell(day(each.fields.get("adopted_on")) or _("copia parcial")),
                Cell(str(each.fields.get("edition_sha256", ""))[:16]),
            ]
        )
        for each in editions
    ]
    return Table(_("Otras ediciones"), columns, rows)


def tree(nodes: list[Copy]) -> list[Branch]:
    """The public nodes as a tree, in the order of the strategy; what is above them stands there by name."""
    made: dict[str, Branch] = {}
    roots: list[Branch] = []
    public = {node.id: node for node in nodes}
    for node in nodes:
        above: Branch | None = None
        for step in [
            *node.fields.get("path", []),
            {"id": node.id, "code": node.fields.get("code", ""), "title": node.said["title"]},
        ]:
            branch = made.get(step["id"])
            if branch is None:
                branch = made[step["id"]] = _branch(step, public.get(step["id"]))
                (above.children if above else roots).append(branch)
            above = branch
    return roots


def folded(roots: list[Branch], plurals: dict[str, str]) -> list[Branch]:
    """The tree with its last level as counts when it is too long to read at once; ``plurals`` by the word for one."""
    if sum(1 + _size(root) for root in roots) > MOST_BRANCHES:
        for root in roots:
            _fold(root, plurals)
    return roots


def _size(branch: Branch) -> int:
    return sum(1 + _size(child) for child in branch.children)


def _fold(branch: Branch, plurals: dict[str, str]) -> None:
    """Say how many leaves hang from a branch that has its own page; what has none keeps them in sight."""
    for child in branch.children:
        _fold(child, plurals)
    leaves = branch.children
    if not branch.url or not leaves or not all(child.url and not child.children and not child.held for child in leaves):
        return
    levels = {child.level for child in leaves}
    one = levels.pop().lower() if len(levels) == 1 else ""
    count = len(leaves)
    if count == 1 and one:
        branch.held = f"1 {one}"
    elif one in plurals:
        branch.held = f"{number(count)} {plurals[one]}"
    else:
        branch.held = ngettext("%(count)s parte", "%(count)s partes", count) % {"count": number(count)}
    branch.children = []


def _plurals(edition: Copy | None) -> dict[str, str]:
    """The edition's own words for one and for several of each level."""
    levels = edition.fields.get("levels", []) if edition else []
    return {read(level["singular"]).text.lower(): read(level["plural"]).text for level in levels}


def _branch(step: dict[str, Any], copy: Copy | None) -> Branch:
    branch = Branch(step["id"], step.get("code", ""), read(step.get("title")))
    if copy is not None:
        branch.level, branch.url, branch.status = copy.label, copy.url, copy.status
        branch.mark = str(copy.said.get("mark", ""))
        branch.is_unofficial = bool(copy.fields.get("title_is_unofficial_translation"))
    return branch
