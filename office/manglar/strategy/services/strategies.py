"""Strategies, their words and their editions."""

from collections.abc import Sequence

from django.db.models import Max

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.dates import PartialDate
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.translated import translated
from manglar.governments.models import Government
from manglar.strategy import selectors
from manglar.strategy.choices import EditionState
from manglar.strategy.models import Edition, LevelName, Node, Responsibility, Strategy
from manglar.strategy.permissions import may_adopt_edition, may_edit_strategy
from manglar.strategy.rules.editions import MAX_DEPTH, why_days_refused, why_frozen, why_not_adopted

Text = dict[str, str]
Levels = Sequence[tuple[Text, Text]]
#: Longest word for a level, in letters: it stands before titles and heads columns.
MAX_WORD = 60


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
    """Give a strategy its own words, from now on and everywhere; an adopted edition keeps, frozen, those it was adopted with."""
    require(may_edit_strategy, by, strategy.government)
    clean = [_checked_words(depth, *told) for depth, told in enumerate(levels, start=1)]
    if not clean:
        raise InvalidInput(say("Escriba al menos el nombre de un nivel."))
    deepest = Node.objects.filter(edition__strategy=strategy).aggregate(depth=Max("depth"))["depth"] or 0
    if len(clean) < deepest:
        raise InvalidInput(
            say("La estrategia tiene {deepest} niveles escritos: nómbrelos todos ({given} dados).", deepest=deepest, given=len(clean))
        )
    with act("strategy.levels_named", by=by, government_id=strategy.government_id, subject=strategy.public_id):
        for edition in strategy.editions.select_for_update().filter(state=EditionState.ADOPTED, level_words__isnull=True):
            edition.level_words = selectors.words_of(edition)
            edition.save(update_fields=["level_words"])
        _write_levels(strategy, clean)


def _checked_words(depth: int, singular: Text, plural: Text) -> tuple[Text, Text]:
    """The words of a level without spaces at their ends; both are needed in Spanish, and they are short."""
    one, many = (translated(told.get("es", ""), told.get("en", "")) for told in (singular, plural))
    if not one.get("es") or not many.get("es"):
        raise InvalidInput(say("Al nivel {depth} le falta su nombre en español, en singular o en plural.", depth=depth))
    for word in (*one.values(), *many.values()):
        if len(word) > MAX_WORD:
            raise InvalidInput(say("«{word}» es muy largo para llamar a un nivel: caben {most} letras.", word=word[:80], most=MAX_WORD))
    return one, many


def set_days(*, by: Actor, strategy: Strategy, due: int, late: int, stale: int) -> Strategy:
    """Say after how many days without news a figure is due, late and stale."""
    require(may_edit_strategy, by, strategy.government)
    if sentence := why_days_refused(due=due, late=late, stale=stale):
        raise InvalidInput(sentence)
    with act("strategy.days_set", by=by, government_id=strategy.government_id, subject=strategy.public_id):
        held = Strategy.objects.select_for_update().get(pk=strategy.pk)
        held.due_after_days, held.late_after_days, held.stale_after_days = due, late, stale
        held.save(update_fields=["due_after_days", "late_after_days", "stale_after_days"])
    return held


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
        held.level_words = selectors.words_of(held)
        held.sha256 = selectors.edition_digest(held)
        held.save(update_fields=["adopted_on", "act", "state", "level_words", "sha256"])
    return held


def locked_draft(edition: Edition) -> Edition:
    """The edition, held until the end of the act; refuse one that is frozen."""
    held = Edition.objects.select_for_update().select_related("strategy").get(pk=edition.pk)
    if sentence := why_frozen(held.state):
        raise Conflict(sentence)
    return held
