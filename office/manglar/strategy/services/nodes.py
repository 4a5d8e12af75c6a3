"""Nodes: written while the edition is a draft; their state and their evidence also afterwards."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import ProtectedError

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.evidence.models import Finding
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.network.models import Institution
from manglar.strategy import selectors
from manglar.strategy.choices import NodeState
from manglar.strategy.models import Contribution, Edition, Node, Responsibility
from manglar.strategy.permissions import may_contribute, may_edit_strategy
from manglar.strategy.rules.editions import MAX_DEPTH, code_order
from manglar.strategy.services.strategies import locked_draft
from manglar.territory.models import Division

Text = dict[str, str]
#: What ``change_node`` may change.
CHANGEABLE = frozenset({
    "code", "title", "title_is_unofficial_translation", "text", "starts_on", "ends_on", "cost_pab", "cost_mark",
    "mark", "source_text", "responsible_text",
})


def renumber(edition: Edition) -> None:
    """Put the nodes of an edition in reading order and write down their paths, inside the caller's act."""
    nodes = list(Node.objects.filter(edition=edition))
    children: dict[int | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent_id, []).append(node)
    changed: list[Node] = []
    stack = [(node, "") for node in _siblings(children.get(None, []))]
    position = 0
    while stack:
        node, above = stack.pop()
        position += 1
        path = f"{above}/{node.identity}" if above else node.identity
        if (node.position, node.path) != (position, path):
            node.position, node.path = position, path
            changed.append(node)
        stack += [(child, path) for child in _siblings(children.get(node.pk, []))]
    Node.objects.bulk_update(changed, ["position", "path"], batch_size=200)


def _siblings(nodes: list[Node]) -> list[Node]:
    return sorted(nodes, key=lambda n: (code_order(n.code), n.pk), reverse=True)


def add_node(
    *, by: Actor, edition: Edition, parent: Node | None, code: str, title: Text, mark: str = Mark.SOURCE, **values: Any
) -> Node:
    """Add a node to a draft, under another or at the first level; ``values`` as in ``change_node``."""
    require(may_edit_strategy, by, edition.government)
    _check_names(values)
    with act("node.added", by=by, government_id=edition.government_id, subject=edition.public_id):
        held = locked_draft(edition)
        _check_place(held, parent)
        node = Node(
            government=held.government, edition=held, parent=parent, depth=parent.depth + 1 if parent else 1,
            code=code.strip(), title=title, mark=mark, **values,
        )
        _check_values(node)
        node.save()
        renumber(held)
    node.refresh_from_db()
    return node


def _check_names(values: dict[str, Any]) -> None:
    if unknown := values.keys() - CHANGEABLE:
        raise InvalidInput(say("No se puede cambiar: {unknown}.", unknown=", ".join(sorted(unknown))))


def _check_place(edition: Edition, parent: Node | None) -> None:
    if parent is not None and parent.edition_id != edition.pk:
        raise InvalidInput(say("El elemento superior es de otra edición."))
    if parent is not None and parent.depth >= MAX_DEPTH:
        raise InvalidInput(say("Una estrategia tiene como mucho {max_depth} niveles.", max_depth=MAX_DEPTH))


def _check_values(node: Node) -> None:
    if not any(node.title.values()):
        raise InvalidInput(say("Falta el título."))
    same_code = Node.objects.filter(edition=node.edition, code=node.code).exclude(pk=node.pk)
    if node.code and same_code.exists():
        raise Conflict(say("El código {code} ya está en esta edición.", code=node.code))
    if node.starts_on and node.ends_on and node.ends_on.last_day < node.starts_on.first_day:
        raise InvalidInput(
            say("Termina ({ends_on}) antes de empezar ({starts_on}).", ends_on=node.ends_on, starts_on=node.starts_on)
        )
    if node.cost_pab is not None and (node.cost_pab < 0 or node.cost_mark not in Mark.values):
        raise InvalidInput(
            say("El costo no puede ser negativo y lleva su procedencia: fuente, estimación o ilustrativo.")
        )
    if node.cost_pab is None:
        node.cost_mark = ""
    if node.mark not in Mark.values:
        raise InvalidInput(say("La procedencia es fuente, estimación o ilustrativo."))


def change_node(*, by: Actor, node: Node, seen_version: int | None = None, **values: Any) -> Node:
    """Change values of a node in a draft; refuse when someone changed it after ``seen_version``."""
    require(may_edit_strategy, by, node.government)
    _check_names(values)
    with act("node.changed", by=by, government_id=node.government_id, subject=node.identity):
        held_edition = locked_draft(node.edition)
        held = _locked(node, seen_version)
        for name, value in values.items():
            setattr(held, name, value)
        if "title" in values:
            held.is_stub = False
        _check_values(held)
        held.version += 1
        held.save()
        if "code" in values:
            renumber(held_edition)
    return held


def _locked(node: Node, seen_version: int | None) -> Node:
    held = Node.objects.select_for_update().select_related("edition__strategy", "government").get(pk=node.pk)
    if seen_version is not None and held.version != seen_version:
        raise Conflict(
            say("Otra persona cambió este elemento mientras usted lo editaba: vuelva a abrirlo y repita su cambio.")
        )
    return held


def remove_node(*, by: Actor, node: Node) -> None:
    """Take a node out of a draft when nothing hangs from it."""
    require(may_edit_strategy, by, node.government)
    with act("node.removed", by=by, government_id=node.government_id, subject=node.identity):
        held = locked_draft(node.edition)
        try:
            Node.objects.get(pk=node.pk).delete()
        except ProtectedError as error:
            raise Conflict(say("«{node}» no se puede quitar: otros registros dependen de él.", node=node)) from error
        renumber(held)


def set_node_state(*, by: Actor, node: Node, state: str, reason: str) -> Node:
    """Say how a node stands, with the reason; the adopted text is not touched."""
    require(may_edit_strategy, by, node.government)
    if state not in NodeState.values:
        raise InvalidInput(say("«{state}» no es un estado.", state=state))
    if not reason.strip():
        raise InvalidInput(say("Un estado puesto a mano necesita su motivo."))
    with act("node.state_set", by=by, government_id=node.government_id, subject=node.identity, reason=reason.strip()):
        held = _locked(node, None)
        held.state, held.state_reason = state, reason.strip()
        held.version += 1
        held.save(update_fields=["state", "state_reason", "version"])
    return held


def link_findings(*, by: Actor, node: Node, findings: Sequence[Finding]) -> None:
    """Say which findings argue for a node; also after adoption, for evidence goes on arriving."""
    require(may_edit_strategy, by, node.government)
    if any(finding.government_id != node.government_id for finding in findings):
        raise InvalidInput(say("Un hallazgo de otro gobierno no se puede enlazar."))
    with act("node.findings_linked", by=by, government_id=node.government_id, subject=node.identity):
        node.findings.set(findings)


def assign_responsibles(*, by: Actor, node: Node, institutions: Sequence[Institution]) -> None:
    """Say which institutions answer for a node of a draft."""
    require(may_edit_strategy, by, node.government)
    with act("node.responsibles_assigned", by=by, government_id=node.government_id, subject=node.identity):
        locked_draft(node.edition)
        node.responsibilities.exclude(institution__in=institutions).delete()
        for institution in institutions:
            Responsibility.objects.get_or_create(
                node=node, institution=institution, defaults={"government": node.government}
            )


def place_node(*, by: Actor, node: Node, divisions: Sequence[Division]) -> None:
    """Say in which divisions a node of a draft happens."""
    require(may_edit_strategy, by, node.government)
    with act("node.placed", by=by, government_id=node.government_id, subject=node.identity):
        locked_draft(node.edition)
        node.divisions.set(divisions)


def record_contribution(*, by: Actor, government: Government, node: Node, text: Text, on: dt.date) -> Contribution:
    """Add, for ``government``, to a node that another government shares with it to contribute."""
    require(may_contribute, by, government)
    if not any(value.strip() for value in text.values()):
        raise InvalidInput(say("Escriba el aporte."))
    if node.government_id == government.pk:
        raise InvalidInput(say("Este elemento es de su propio gobierno: edítelo directamente."))
    grant = selectors.contribution_grant(to=government, identity=node.identity, on=on)
    if grant is None or grant.government_id != node.government_id:
        raise NotAllowed(
            say("Su gobierno no tiene hoy un permiso para aportar a este elemento: pídalo a quien lo dirige.")
        )
    with act("contribution.recorded", by=by, government_id=government.pk, subject=node.identity):
        return Contribution.objects.create(
            government=government, node=node, grant=grant, text=text, author_name=by.name, contributed_on=on
        )
