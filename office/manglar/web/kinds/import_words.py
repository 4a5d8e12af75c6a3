"""The words of what becomes of a row, and how many of each."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from manglar.design.shapes import Status, Tone
from manglar.foundation import outcomes

#: Outcome → the word for one row, the word for several, and how it looks.
OUTCOMES: dict[str, tuple[object, object, Tone]] = {
    outcomes.REFUSED: (_("no sirve"), _("no sirven"), "late"),
    outcomes.CONFLICT: (_("en conflicto"), _("en conflicto"), "late"),
    outcomes.LEFT: (_("se deja fuera"), _("se dejan fuera"), "warn"),
    outcomes.CHANGED: (_("cambia"), _("cambian"), "info"),
    outcomes.CREATED: (_("nueva"), _("nuevas"), "ok"),
    outcomes.REMOVED: (_("se quita"), _("se quitan"), "warn"),
    outcomes.REPEATED: (_("repetida"), _("repetidas"), "neutral"),
    outcomes.KEPT: (_("no está en el archivo"), _("no están en el archivo"), "neutral"),
    outcomes.UNCHANGED: (_("igual"), _("iguales"), "neutral"),
}


def status_of(outcome: str) -> Status:
    """What becomes of a row, as a tag."""
    one, _many, tone = OUTCOMES[outcome]
    return Status(str(one), tone)


def many_of(outcome: str) -> str:
    """The word for several rows that come to it."""
    return str(OUTCOMES[outcome][1])


def counted(counts: Mapping[str, int]) -> str:
    """How many rows came to what, in one line."""
    said = [
        f"{count:,} {many_of(outcome) if count != 1 else status_of(outcome).label}"
        for outcome, count in counts.items()
        if count and outcome in OUTCOMES
    ]
    return ", ".join(said)
