"""The words in which an import is declared: a new app declares what it reads; page, API and command serve it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from manglar.accounts.permissions import Predicate
from manglar.design.shapes import Fact, Figure
from manglar.foundation.outcomes import CHANGED, CONFLICT, CREATED, OUTCOMES, REFUSED, REMOVED, Headings, RowOutcome
from manglar.foundation.sentences import Said
from manglar.governments.models import Government
from manglar.web.kinds.base import Deed
from manglar.web.kinds.forms import DeedForm

IMPORT, ASK, SEEN = _("Importar"), _("Ver qué cambiaría"), _("Qué cambiaría")
Told = dict[str, Any]
Mapped = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Previewed:
    """What an import would do, or did: one line for each row, remarks on the whole, and whether it may be applied.

    Rows refused stop the import unless ``leaves_refused``. A file that is kept whole has ``facts`` and a ``figure``
    of what was read instead of rows; it ``is_new`` unless it was registered already. ``done`` is what is said at
    the end; the counts, where nothing better is.
    """

    lines: list[RowOutcome]
    notes: list[Said] = field(default_factory=list)
    leaves_refused: bool = False
    facts: Sequence[Fact] = ()
    figure: Figure | None = None
    is_new: bool = False
    done: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """Outcome → how many rows, what stops the import first."""
        found = Counter(line.outcome for line in self.lines)
        return {outcome: found[outcome] for outcome in OUTCOMES if found[outcome]}

    @property
    def is_clean(self) -> bool:
        """Whether no row stops the import."""
        return self.leaves_refused or not any(line.outcome in {REFUSED, CONFLICT} for line in self.lines)

    @property
    def changes_anything(self) -> bool:
        """Whether there is something to apply."""
        return self.is_new or any(line.outcome in {CREATED, CHANGED, REMOVED} for line in self.lines)


Run = Callable[[Deed, Upload, Told, Mapped, bool], Previewed]
Look = Callable[[Deed, Upload, Told, Mapped], Headings]


@dataclass(frozen=True, slots=True)
class Import:
    """A kind of import. ``run`` previews (its last argument true) or applies; ``look`` says how the columns are read.

    ``columns`` are the fields that a column may be, with their labels; ``more`` the fields of the form that few need.
    """

    slug: str
    label: Any
    help: Any
    allowed: Predicate
    form: Callable[..., DeedForm]
    run: Run
    back: str
    look: Look | None = None
    columns: Callable[[Told], Mapping[str, Any]] = field(default=lambda told: {})
    more: tuple[str, ...] = ()
    #: Of which list, where the label alone does not say it.
    of: Any = ""
    after_undo: Callable[[Government], object] = field(default=lambda government: None)
    #: What the buttons and the preview are called, where «importar» is not the word.
    verb: Any = IMPORT
    ask: Any = ASK
    seen: Any = SEEN


#: Every import by its slug; ``web/kinds/imports.py`` fills it, which the kinds below it need not know.
REGISTRY: dict[str, Import] = {}
