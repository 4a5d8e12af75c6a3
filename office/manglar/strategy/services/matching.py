"""What a plan file would change in an edition: matching by identity, then code, then place and title."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from manglar.foundation.outcomes import CHANGED, CREATED, KEPT, REMOVED, UNCHANGED, Difference
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import RowProblem
from manglar.foundation.sentences import Sentence, say, sayable
from manglar.foundation.texts import fold
from manglar.foundation.translated import read_in
from manglar.governments.models import Government
from manglar.network.models import Institution
from manglar.strategy import selectors
from manglar.strategy.models import Edition, Node, Strategy
from manglar.strategy.rules.plans import PlanNode, PlanReading, in_order
from manglar.strategy.rules.previews import PlanPreview, RowChange
from manglar.territory.models import Division

#: Field of the file → what it is called where a person reads what changed.
LABELS = {
    "code": sayable("código"), "title": sayable("título"), "text": sayable("texto"), "title_is_unofficial_translation": sayable("título no oficial"),
    "starts_on": sayable("inicio"), "ends_on": sayable("fin"), "cost_pab": sayable("costo"), "cost_mark": sayable("procedencia del costo"),
    "mark": sayable("procedencia"), "source_text": sayable("fuente"), "state": sayable("estado"), "responsible_text": sayable("responsables"),
    "division": sayable("territorio"), "parent": sayable("lugar en el árbol"),
}


@dataclass(slots=True)
class Match:
    """A node of the file, the node of the edition that it is, and what it would write."""

    plan: PlanNode
    node: Node | None
    identity: str
    identity_from: str
    values: dict[str, Any]
    institutions: list[Institution] | None
    divisions: list[Division] | None
    changes: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """Everything that an import would do."""

    matches: list[Match]
    missing: list[Node]
    preview: PlanPreview


class Names:
    """Institutions and divisions by every name under which a file may call them."""

    def __init__(self, government: Government, reading: PlanReading) -> None:
        self.institutions: dict[str, Institution] = {}
        self.divisions: dict[str, list[Division]] = {}
        if any(node.responsibles for node in reading.nodes):
            for each in Institution.objects.filter(government=government):
                for name in (each.code, *each.name.values()):
                    self.institutions.setdefault(fold(name), each)
        if any(node.divisions for node in reading.nodes):
            living = Division.objects.filter(valid_until__isnull=True).prefetch_related("aliases")
            for division in living.order_by("pk"):
                for name in {fold(n) for n in (division.code, division.name, *(a.name for a in division.aliases.all()))}:
                    self.divisions.setdefault(name, []).append(division)

    def find_institutions(self, plan: PlanNode, warnings: list[RowProblem]) -> tuple[list[Institution], str]:
        """The institutions that a row names, and the names that the register does not have."""
        found = [self.institutions[fold(n)] for n in plan.responsibles if fold(n) in self.institutions]
        unknown = [n for n in plan.responsibles if fold(n) not in self.institutions]
        warnings += [
            RowProblem(
                plan.row, say("«{name}» no está en el registro de instituciones: se guarda como texto.", name=name)
            )
            for name in unknown
        ]
        return list({each.pk: each for each in found}.values()), "; ".join(unknown)

    def find_divisions(self, plan: PlanNode, problems: list[RowProblem]) -> list[Division]:
        """The divisions that a row names; a name that is none, or two, is a problem."""
        found: dict[int, Division] = {}
        for name in plan.divisions:
            there = self.divisions.get(fold(name), [])
            if len(there) == 1:
                found[there[0].pk] = there[0]
            elif there:
                codes = ", ".join(each.code for each in there)
                problems.append(
                    RowProblem(
                        plan.row,
                        say("«{name}» puede ser varios lugares: escriba el código ({codes}).", name=name, codes=codes),
                    )
                )
            else:
                problems.append(
                    RowProblem(plan.row, say("No existe el lugar «{name}» en el territorio registrado.", name=name))
                )
        return list(found.values())


class Matcher:
    """Compares a file with an edition and with the identities of the editions before it."""

    def __init__(
        self, government: Government, strategy: Strategy | None, edition: Edition | None, reading: PlanReading
    ) -> None:
        self.reading = reading
        self.names = Names(government, reading)
        self.provided = {key.partition(":")[0] for key in reading.columns}
        self.here = _Known(selectors.nodes_of(edition) if edition else ())
        self.taken = set(self.here.by_code) | {node.code for node in reading.nodes if not node.code_is_made}
        earlier = None
        if strategy is not None:
            others = strategy.editions.exclude(pk=edition.pk) if edition else strategy.editions.all()
            earlier = others.order_by("state", "-adopted_on", "-pk").first()
        self.earlier_label = earlier.label if earlier else ""
        self.before = _Known(selectors.nodes_of(earlier) if earlier else ())
        self.all_identities = set(
            Node.objects.filter(edition__strategy=strategy).values_list("identity", flat=True)
        ) if strategy else set()

    def plan(self, preview: PlanPreview, *, mark: str, source: str, remove_missing: bool) -> Plan:
        """Match every node of the file; fill in the rows of the preview."""
        matches: dict[str, Match] = {}
        for each in in_order(self.reading.nodes):
            above = matches.get(each.parent)
            match = self._match(each, above, preview)
            matches[each.key] = match
            self._fill(match, above, preview, mark=mark, source=source)
            preview.rows.append(_row(match))
        matched = {m.node.pk for m in matches.values() if m.node}
        missing = [node for node in self.here.nodes if node.pk not in matched]
        action = REMOVED if remove_missing else KEPT
        preview.rows += [
            RowChange(0, n.code, n.depth, read_in(n.title, "es").text, action, identity=n.identity) for n in missing
        ]
        self._check_codes(matches.values(), [] if remove_missing else missing, preview)
        return Plan(list(matches.values()), missing if remove_missing else [], preview)

    def _match(self, plan: PlanNode, above: Match | None, preview: PlanPreview) -> Match:
        parent = above.identity if above else ""
        node = self.here.find(plan, parent)
        old = self.before.find(plan, parent) if node is None else None
        identity, origin = "", ""
        if node is not None:
            identity = node.identity
        elif old is not None:
            identity, origin = old.identity, self.earlier_label
        elif plan.identity in self.all_identities:
            identity, origin = plan.identity, "columna de identidad"
        elif plan.identity:
            preview.warnings.append(
                RowProblem(
                    plan.row,
                    say(
                        "La identidad {identity} no es de esta estrategia: se le dará una nueva.",
                        identity=plan.identity,
                    ),
                )
            )
        return Match(plan, node, identity, origin, {}, None, None)

    def _fill(self, match: Match, above: Match | None, preview: PlanPreview, *, mark: str, source: str) -> None:
        plan, node = match.plan, match.node
        values: dict[str, Any] = {}
        if not plan.code_is_made:
            values["code"] = plan.code
        elif node is None:
            values["code"] = self._free_code(above)
        if node is None or not plan.is_stub:
            values["title"] = {**(node.title if node else {}), **plan.title}
            values["title_is_unofficial_translation"] = plan.unofficial
        self._fill_figures(plan, node, values, mark=mark)
        self._fill_source(plan, node, values, mark=mark, source=source)
        if "responsible" in self.provided:
            match.institutions, values["responsible_text"] = self.names.find_institutions(plan, preview.warnings)
        if "division" in self.provided:
            match.divisions = self.names.find_divisions(plan, preview.problems)
        match.values = values
        match.differences = _differences(match, above)
        match.changes = [each.field.template for each in match.differences if isinstance(each.field, Sentence)]

    def _fill_figures(self, plan: PlanNode, node: Node | None, values: dict[str, Any], *, mark: str) -> None:
        """Text, dates, cost and state: only those of which the file has the column."""
        if "text" in self.provided or "text_en" in self.provided:
            values["text"] = {**(node.text if node else {}), **plan.text}
        for key in ("starts_on", "ends_on"):
            if key in self.provided:
                values[key] = getattr(plan, key)
        if "cost_pab" in self.provided:
            values["cost_pab"] = plan.cost_pab
            kept_mark = plan.cost_mark or (node.cost_mark if node else "") or mark
            values["cost_mark"] = kept_mark if plan.cost_pab is not None else ""
        if plan.state:
            values["state"] = plan.state

    def _free_code(self, above: Match | None) -> str:
        """The next number under a parent that no node of the edition has."""
        prefix = "" if above is None else f"{above.values.get('code') or (above.node.code if above.node else '')}."
        number = 1
        while f"{prefix}{number}" in self.taken:
            number += 1
        self.taken.add(f"{prefix}{number}")
        return f"{prefix}{number}"

    def _fill_source(self, plan: PlanNode, node: Node | None, values: dict[str, Any], *, mark: str, source: str) -> None:
        if plan.mark or node is None:
            values["mark"] = plan.mark or mark
        if "source" in self.provided:
            if plan.source_text or node is None:
                values["source_text"] = plan.source_text or source
        elif node is None or (plan.source_text and not node.source_text.endswith(plan.source_text)):
            values["source_text"] = ", ".join(part for part in (source, plan.source_text) if part)

    @staticmethod
    def _check_codes(matches: Iterable[Match], kept: Sequence[Node], preview: PlanPreview) -> None:
        """A code of the file may be that of a node that stays though the file does not have it."""
        staying = {node.code for node in kept if node.code}
        for match in matches:
            if match.values.get("code") in staying:
                preview.problems.append(
                    RowProblem(
                        match.plan.row,
                        say(
                            "El código {code} ya es de otro elemento de la edición, que no está en el archivo.",
                            code=match.plan.code,
                        ),
                    )
                )


class _Known:
    """The nodes of an edition by what a file may know of them."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = list(nodes)
        self.by_identity = {node.identity: node for node in self.nodes}
        self.by_code = {node.code: node for node in self.nodes if node.code}
        self.by_title: dict[tuple[str, str], Node] = {}
        for node in self.nodes:
            above = node.path.split("/")[-2] if node.depth > 1 else ""
            for title in node.title.values():
                self.by_title.setdefault((above, fold(title)), node)

    def find(self, plan: PlanNode, parent: str) -> Node | None:
        """The node that a row of the file is, or None."""
        if plan.identity in self.by_identity:
            return self.by_identity[plan.identity]
        if plan.identity:
            return None
        by_title = (self.by_title.get((parent, fold(title))) for title in plan.title.values())
        if plan.code_is_made:
            return next((node for node in by_title if node), None)
        return self.by_code.get(plan.code)


def _differences(match: Match, above: Match | None) -> list[Difference]:
    """What a row would change of the node that it is, field by field."""
    node = match.node
    if node is None:
        return []
    found = [
        _difference(key, getattr(node, key), value)
        for key, value in match.values.items() if (getattr(node, key) or None) != (value or None)
    ]
    parent_identity = node.path.split("/")[-2] if node.depth > 1 else ""
    if parent_identity != (above.identity if above else "") or (above and above.node is None):
        found.append(_difference("parent", node.parent.code if node.parent else "", above.plan.code if above else ""))
    if match.institutions is not None:
        now = {r.institution_id: r.institution.code for r in node.responsibilities.select_related("institution")}
        new = {each.pk: each.code for each in match.institutions}
        if now.keys() != new.keys() and "responsible_text" not in {k for k in match.values if getattr(node, k) != match.values[k]}:
            found.append(_difference("responsible_text", "; ".join(now.values()), "; ".join(new.values())))
    if match.divisions is not None:
        places, wanted = ({d.pk: d.name for d in some} for some in (node.divisions.all(), match.divisions))
        if places.keys() != wanted.keys():
            found.append(_difference("division", "; ".join(places.values()), "; ".join(wanted.values())))
    return found


def _difference(key: str, before: Any, after: Any) -> Difference:
    return Difference(Sentence(LABELS[key], {}), _shown(before), _shown(after))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return read_in(value, "es").text
    if isinstance(value, bool):
        return "sí" if value else "no"
    return "" if value is None else str(value)


def _row(match: Match) -> RowChange:
    action = CREATED if match.node is None else (CHANGED if match.changes else UNCHANGED)
    title = read_in(match.values.get("title") or (match.node.title if match.node else {}), "es").text
    code = match.values.get("code") or (match.node.code if match.node else "")
    return RowChange(
        match.plan.row, code, match.plan.depth, title, action, tuple(match.changes), match.identity, match.identity_from,
        tuple(match.differences),
    )


def default_mark(mark: str) -> str:
    """The mark of what a file brings, checked."""
    return mark if mark in Mark.values else Mark.SOURCE.value
