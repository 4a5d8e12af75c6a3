"""Strategies, their words and their editions."""

from collections.abc import Sequence

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.dates import PartialDate
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.strategy import selectors
from manglar.strategy.choices import EditionState
from manglar.strategy.models import Edition, LevelName, Node, Responsibility, Strategy
from manglar.strategy.permissions import may_adopt_edition, may_edit_strategy
from manglar.strategy.rules.editions import MAX_DEPTH, why_frozen, why_not_adopted

Text = dict[str, str]
Levels = Sequence[tuple[Text, Text]]


def create_strategy(*, by: Actor, government: Government, title: Text, levels: Levels = ()) -> Strategy:
    """Create a strategy; ``levels`` are its words, singular and plural, from the first level down."""
    require(may_edit_strategy, by, government)
    if not any(title.values()):
        raise InvalidInput(say("La estrategia necesita un título."))
    strategy = Strategy(government=government, title=title)
    with act("strategy.created", by=by, government_id=government.pk, subject=strategy.public_id):
        strategy.save()
        _write_levels(strategy, levels)
    return strategy


def name_levels(*, by: Actor, strategy: Strategy, levels: Levels) -> None:
    """Give a strategy its own words; an adopted edition keeps those with which it was adopted."""
    require(may_edit_strategy, by, strategy.government)
    if strategy.editions.filter(state=EditionState.ADOPTED).exists():
        raise Conflict(say("Una edición adoptada ya usa estas palabras: no se pueden cambiar."))
    if not levels:
        raise InvalidInput(say("Escriba al menos el nombre de un nivel."))
    with act("strategy.levels_named", by=by, government_id=strategy.government_id, subject=strategy.public_id):
        _write_levels(strategy, levels)


def _write_levels(strategy: Strategy, levels: Levels) -> None:
    if len(levels) > MAX_DEPTH:
        raise InvalidInput(say("Una estrategia tiene como mucho {max_depth} niveles.", max_depth=MAX_DEPTH))
    for depth, (singular, plural) in enumerate(levels, start=1):
        LevelName.objects.update_or_create(
            strategy=strategy, depth=depth,
            defaults={"government": strategy.government, "singular": singular, "plural": plural},
        )
    LevelName.objects.filter(strategy=strategy, depth__gt=len(levels)).delete()


def start_edition(
    *, by: Actor, strategy: Strategy, label: str, copy_of: Edition | None = None, missing: str = ""
) -> Edition:
    """Open a draft edition, empty or as a copy in which every node keeps its identity.

    ``missing`` says what is not in it when it is a partial copy of something adopted elsewhere.
    """
    require(may_edit_strategy, by, strategy.government)
    if not label.strip():
        raise InvalidInput(say("La edición necesita un nombre, por ejemplo «2018» o «2026, borrador»."))
    if strategy.editions.filter(label=label.strip()).exists():
        raise Conflict(say("Ya hay una edición «{label}» en esta estrategia.", label=label.strip()))
    if copy_of is not None and copy_of.strategy_id != strategy.pk:
        raise InvalidInput(say("La edición que se copia es de otra estrategia."))
    with act("edition.started", by=by, government_id=strategy.government_id, subject=strategy.public_id):
        edition = Edition.objects.create(
            government=strategy.government, strategy=strategy, label=label.strip(), is_partial=bool(missing.strip()),
            note=missing.strip(),
        )
        if copy_of is not None:
            _copy_nodes(copy_of, edition)
    return edition


def _copy_nodes(source: Edition, target: Edition) -> None:
    made: dict[int, Node] = {}
    for old in selectors.nodes_of(source):
        node = Node(
            government=target.government, edition=target, identity=old.identity, depth=old.depth, path=old.path,
            parent=made[old.parent_id] if old.parent_id else None, position=old.position, code=old.code,
            title=old.title, title_is_unofficial_translation=old.title_is_unofficial_translation,
            is_stub=old.is_stub, text=old.text, state=old.state, state_reason=old.state_reason,
            responsible_text=old.responsible_text, starts_on=old.starts_on, ends_on=old.ends_on,
            cost_pab=old.cost_pab, cost_mark=old.cost_mark, mark=old.mark, source_text=old.source_text,
        )
        node.save()
        made[old.pk] = node
        node.divisions.set(old.divisions.all())
        node.findings.set(old.findings.all())
        Responsibility.objects.bulk_create([
            Responsibility(government=target.government, node=node, institution=r.institution)
            for r in old.responsibilities.all()
        ])


def say_edition_is_partial(*, by: Actor, edition: Edition, missing: str) -> Edition:
    """Mark a draft as a partial copy of something adopted, saying what is missing."""
    require(may_edit_strategy, by, edition.government)
    if not missing.strip():
        raise InvalidInput(say("Diga qué falta en esta copia parcial."))
    with act("edition.marked_partial", by=by, government_id=edition.government_id, subject=edition.public_id):
        held = locked_draft(edition)
        held.is_partial, held.note = True, missing.strip()
        held.save(update_fields=["is_partial", "note"])
    return held


def adopt_edition(*, by: Actor, edition: Edition, adopted_on: PartialDate | None, act_text: str) -> Edition:
    """Freeze an edition: its date, its act, and the SHA-256 of everything it says."""
    require(may_adopt_edition, by, edition.government)
    with act("edition.adopted", by=by, government_id=edition.government_id, subject=edition.public_id):
        held = Edition.objects.select_for_update().select_related("strategy").get(pk=edition.pk)
        sentence = why_not_adopted(
            state=held.state, node_count=held.nodes.count(), act=act_text, has_date=adopted_on is not None
        )
        if sentence:
            raise Conflict(sentence)
        held.adopted_on, held.act, held.state = adopted_on, act_text.strip(), EditionState.ADOPTED
        held.sha256 = selectors.edition_digest(held)
        held.save(update_fields=["adopted_on", "act", "state", "sha256"])
    return held


def locked_draft(edition: Edition) -> Edition:
    """The edition, held until the end of the act; refuse one that is frozen."""
    held = Edition.objects.select_for_update().select_related("strategy").get(pk=edition.pk)
    if sentence := why_frozen(held.state):
        raise Conflict(sentence)
    return held
