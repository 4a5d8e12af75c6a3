"""What a note needs before it is presented, who may not decide it, and how sure an option is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manglar.decisions.choices import NoteState
from manglar.foundation.numbers import rounded
from manglar.foundation.sentences import Said, say, say_many

MIN_OPTIONS = 2
#: From this share of the samples on, a note says no more that the benefit of an option is in doubt.
SURE = 0.95


def why_not_submitted(*, state: str, options: int, has_question: bool) -> Said:
    """Why a note may not be presented; empty when it may."""
    if state != NoteState.DRAFT:
        return say("Solo se presenta una nota en borrador.")
    if not has_question:
        return say("La nota necesita su pregunta.")
    if options < MIN_OPTIONS:
        return say(
            "Una nota se presenta con al menos {min_options} opciones; esta tiene {options}.",
            min_options=MIN_OPTIONS,
            options=options,
        )
    return ""


def why_not_decided(*, state: str, author_ref: str, decider_ref: str) -> Said:
    """Why a note may not be decided by someone; empty when it may."""
    if state == NoteState.DECIDED:
        return say("Esta nota ya está decidida: para cambiar la decisión, sustitúyala.")
    if state != NoteState.SUBMITTED:
        return say("Solo se decide una nota presentada.")
    if author_ref and author_ref == decider_ref:
        return say("Quien escribió la nota no la decide: pídalo a otra persona del despacho.")
    return ""


def missing_options(options: int) -> Said:
    """How many options a draft still needs before it is presented; empty when it has them."""
    missing = MIN_OPTIONS - options
    if missing <= 0:
        return ""
    return say_many(
        "Falta una opción para presentarla: el despacho elige entre al menos dos.",
        "Faltan {count} opciones para presentarla: el despacho elige entre al menos dos.",
        count=missing,
    )


@dataclass(frozen=True, slots=True)
class Worth:
    """What the run behind an option said of it, frozen: benefit per balboa with its 90% interval, and how often it pays.

    ``probability`` is the share (0 to 1) of the samples in which the benefit reaches the cost. None: not computed.
    """

    run: str
    title: str = ""
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    probability: float | None = None


def worth_of(summary: Mapping[str, Any], option: str) -> Worth | None:
    """What was frozen in a note for one of its options (by identifier); None where it rests on no run."""
    held = (summary.get("by_option") or {}).get(option)
    if not held:
        return None
    worth = held.get("worth") or {}
    return Worth(
        run=str(held.get("run", "")),
        title=str(held.get("title", "")),
        ratio=worth.get("ratio"),
        low=worth.get("ratio_low"),
        high=worth.get("ratio_high"),
        probability=worth.get("probability"),
    )


def ratio_in_words(worth: Worth | None) -> Said:
    """Benefit per balboa with its interval: «0.43 (entre 0.094 y 1.1)»; empty where it was not computed."""
    if worth is None or worth.ratio is None:
        return ""
    if worth.low is None or worth.high is None:
        return say("{ratio}, sin intervalo", ratio=rounded(worth.ratio))
    return say(
        "{ratio} (entre {low} y {high})", ratio=rounded(worth.ratio), low=rounded(worth.low), high=rounded(worth.high)
    )


def chance_in_words(worth: Worth | None) -> Said:
    """How often the benefit reaches the cost: «7 de cada 100»; empty where it was not computed."""
    if worth is None or worth.probability is None:
        return ""
    if 0 < worth.probability < 0.01:
        return say("menos de 1 de cada 100")
    if 0.99 < worth.probability < 1:
        return say("más de 99 de cada 100")
    return say("{times} de cada 100", times=round(worth.probability * 100))


def doubt(worth: Worth | None, *, avoids: bool, has_interval: bool) -> Said:
    """Why the benefit of an option is not certain; empty when the run says that it pays almost always."""
    if not avoids:
        return say("No es seguro: no se calculó cuánto daño evita esta opción.")
    if worth is None or worth.probability is None:
        if not has_interval:
            return say("No es seguro: el daño evitado no tiene intervalo y no se calculó si vale lo que cuesta.")
        return say("No es seguro: no se calculó si el daño que evita vale lo que cuesta.")
    if worth.probability >= SURE:
        return ""
    if not (ratio := ratio_in_words(worth)):
        return say("No es seguro: vale lo que cuesta en {chance} cálculos.", chance=chance_in_words(worth))
    return say(
        "No es seguro: vale lo que cuesta en {chance} cálculos; por cada balboa se evitan {ratio} balboas de daño.",
        chance=chance_in_words(worth),
        ratio=ratio,
    )
