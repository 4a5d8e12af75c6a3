"""The same act on several records of a kind: what each would say afterwards, then all of them or none.

What would change is not guessed: the act is done to every record in a transaction that is taken back. So the preview
shows what the services would leave, and refuses what they would refuse.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manglar.audit.services import act
from manglar.design.shapes import FieldChange
from manglar.foundation.canonical import digest
from manglar.foundation.refusals import Conflict, InvalidInput, Refusal
from manglar.foundation.sentences import say, say_many
from manglar.foundation.texts import is_storable
from manglar.web.doing import checked, row, whole_form
from manglar.web.kinds.base import Action, Deed, Kind
from manglar.web.listing import shown_text

#: How many at once: more is an import.
MOST = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """A record that was chosen: whether the act fits its state and, after a trial, what it would say differently."""

    record: Any
    key: str
    title: str
    fits: bool
    changes: Sequence[FieldChange] = field(default_factory=tuple)


def chosen_of(kind: Kind, action: Action, deed: Deed, keys: Sequence[str]) -> list[Chosen]:
    """The records of some identifiers, each once; those that are gone stay out, those of others do not fit.

    Raises:
        InvalidInput: there are more than may be done at once.
    """
    named = list(dict.fromkeys(keys))
    if len(named) > MOST:
        raise InvalidInput(say("Son {count} y se hacen hasta {most} a la vez: elija menos, o importe la lista corregida.", count=len(named), most=MOST))
    found = []
    for key in named:
        record = kind.find(deed.government, key, deed.on)
        if record is not None:
            own = getattr(record, "government_id", deed.government.pk) == deed.government.pk
            found.append(Chosen(record, key, row(kind, record)["title"], fits=bool(own and action.fits(record))))
    return found


def tried(kind: Kind, action: Action, deed: Deed, chosen: Sequence[Chosen], told: Mapping[str, Any]) -> list[Chosen]:
    """Those that the act fits, with what each would say differently; nothing stays done.

    Raises:
        Conflict: one of them is refused; the sentence names it.
    """
    fitting = [each for each in chosen if each.fits]
    before = [_shown(kind, each.record) for each in fitting]
    with transaction.atomic():
        _run(action, deed, fitting, told)
        after = [_shown(kind, kind.find(deed.government, each.key, deed.on)) for each in fitting]
        transaction.set_rollback(True)
    return [
        Chosen(
            # The act may have written on what was read: the trial is over, so is what it read.
            kind.find(deed.government, each.key, deed.on), each.key, each.title, each.fits, tuple(_differences(was, then)),
        )
        for each, was, then in zip(fitting, before, after, strict=True)
    ]  # fmt: skip


def stamp_of(trial: Sequence[Chosen]) -> str:
    """A digest of everything that a trial showed."""
    return digest([[each.key, *([c.label, c.before, c.after] for c in each.changes)] for each in trial])[:32]


def do_together(action: Action, deed: Deed, trial: Sequence[Chosen], told: Mapping[str, Any]) -> int:
    """Do the act to every record of a trial, in one transaction and one event; return how many there were.

    Raises:
        Conflict: one of them is refused, and none changed; the sentence names it.
    """
    with act("records.changed_together", by=deed.by, government_id=deed.government.pk):
        _run(action, deed, trial, told)
    return len(trial)


def together_with(
    deed: Deed, kind: Kind, action: Action, keys: Sequence[str], told: Mapping[str, Any], *, is_for_good: bool, seen: str = ""
) -> dict[str, Any]:
    """The act on several, with plain data: what would change, or, for good, what changed.

    ``seen`` is the ``stamp`` of the answer that was read before: when the records no longer say what they said, nothing
    is done.

    Raises:
        InvalidInput: there are too many, none that fits, or the form does not accept what was told.
        Conflict: one of them is refused, or the records are no longer what was seen.
    """
    if not is_storable([list(keys), dict(told)]):
        raise InvalidInput(say("Lo enviado tiene caracteres que no son texto (medio carácter o nulos): quítelos."))
    chosen = chosen_of(kind, action, deed, keys)
    if missing := [key for key in dict.fromkeys(keys) if key not in {each.key for each in chosen}]:
        raise InvalidInput(say("En {government} no hay registros con estos identificadores: {ids}.", government=deed.government, ids=", ".join(missing)))
    if not any(each.fits for each in chosen):
        raise InvalidInput(say("Ninguno de los elegidos admite esto en el estado en que está."))
    if action.form is None and told:
        raise InvalidInput(say("Este acto no lleva datos, y vinieron: {strange}.", strange=", ".join(sorted(told))))
    cleaned = {} if action.form is None else checked(action.form(whole_form(action, deed, None, told), None, deed=deed, record=None))
    trial = tried(kind, action, deed, chosen, cleaned)
    stamp = stamp_of(trial)
    if seen and seen != stamp:
        raise Conflict(say("Los registros ya no dicen lo que decían: mire otra vez lo que cambiaría."))
    done = do_together(action, deed, trial, cleaned) if is_for_good else 0
    return {
        "changes": [
            {
                "id": each.key,
                "title": each.title,
                "changes": [{"label": c.label, "before": c.before, "after": c.after} for c in each.changes],
            }
            for each in trial
        ],
        "left": [{"id": each.key, "title": each.title} for each in chosen if not each.fits],
        "stamp": stamp,
        "applied": bool(is_for_good),
        "done": str(
            say_many("Hecho en {count} registro.", "Hecho en {count} registros.", done)
            if is_for_good
            else say_many("Cambiaría {count} registro; no se ha hecho nada.", "Cambiarían {count} registros; no se ha hecho nada.", len(trial))
        ),
    }


def _run(action: Action, deed: Deed, fitting: Sequence[Chosen], told: Mapping[str, Any]) -> None:
    for each in fitting:
        try:
            action.run(deed, each.record, dict(told))
        except Refusal as refusal:
            raise Conflict(say("«{title}»: {why} No se cambió ninguno.", title=each.title, why=refusal.said)) from refusal


def _shown(kind: Kind, record: Any) -> dict[str, str]:
    """What a record says of itself, by label: its state, the columns of its list, the facts of its page."""
    language = get_language() or "es"
    status = kind.status(record)
    told = {_("Estado"): status.label} if status is not None else {}
    for column in kind.columns:
        told.setdefault(str(column.label), shown_text(column.value(record, language)))
    for fact in kind.facts(record, language):
        told.setdefault(str(fact.label), str(fact.value))
    return told


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[FieldChange]:
    labels = dict.fromkeys([*before, *after])
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [FieldChange(label, was, now) for label, was, now in pairs if was != now]
