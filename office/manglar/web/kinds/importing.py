"""The words in which an import is declared: upload, preview, apply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from manglar.accounts.permissions import Predicate
from manglar.design.shapes import Fact, Figure
from manglar.web.kinds.base import Deed
from manglar.web.kinds.forms import DeedForm

IMPORT, LOOK, SEEN = _("Importar"), _("Ver qué cambiaría"), _("Qué cambiaría")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Previewed:
    """What an import would do, or did: counts and lines to read."""

    counts: list[tuple[str, int]]
    lines: list[tuple[str, str]]
    is_clean: bool = True
    facts: Sequence[Fact] = ()
    figure: Figure | None = None
    #: What is said once it is done; the counts, when nothing better is.
    done: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """A kind of import."""

    slug: str
    label: Any
    help: Any
    allowed: Predicate
    form: Callable[..., DeedForm]
    run: Callable[[Deed, Upload, dict[str, Any], bool], Previewed]
    back: str
    verb: Any = IMPORT
    look: Any = LOOK
    seen: Any = SEEN
