"""The words in which a kind of record is declared. A new app declares; it does not copy pages."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import Form
from django.utils.translation import gettext_lazy as _

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import Predicate, may_enter_desk
from manglar.design.shapes import Fact, Figure, Status, Table
from manglar.governments.models import Government

DONE = _("Hecho.")
#: The value that asks for all, of a filter that narrows by itself when nobody says anything.
EVERYTHING = "todas"
Shown = str | Status | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its heading, how a record's cell reads in a language, and what the database orders it by.

    ``order`` is a path of the model; LANGUAGE in it stands for the reader's language (``title__LANGUAGE``). ``key`` is
    its name in an address; the Spanish label when empty. ``plain`` is the value in a file, where dates and amounts are
    for programs too: without it, the file has what the page shows.
    """

    label: Any
    value: Callable[[Any, str], Shown]
    numeric: bool = False
    order: str = ""
    key: str = ""
    plain: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Editable:
    """A value that leaves in the exported file of a list and may come back changed.

    ``name`` is a field of the form of ``action``, which applies the change; with an empty ``action`` the value is only
    said when a record is made. ``value`` is what the record has now, as the form's field would be given it.
    """

    name: str
    value: Callable[[Any], Any]
    action: str = "cambiar"


@dataclass(frozen=True, slots=True)
class Filter:
    """A way to narrow a list: its name in the address, the path of the model, and the values to choose from.

    Where no path says it (what is late depends on the day), ``narrow`` gives the rows of a query set for a value and a day.
    """

    key: str
    label: Any
    where: str
    choices: Callable[[Government, dt.date], Sequence[tuple[str, Any]]]
    #: How a value narrows the rows on a day, where no path of the model says it.
    narrow: Callable[[Any, str, dt.date], Any] | None = None
    #: The value in force while the address says nothing; «todas» asks for everything.
    default: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """How the rows of a kind have a place: paths to a longitude and a latitude, or to the code of their divisions.

    ``filter`` is the key of the filter that narrows the list to a division; empty where a division is the record itself.
    """

    divisions: str
    filter: str = ""
    lon: str = ""
    lat: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does it, for which government, when: what every service wants."""

    by: Actor
    government: Government
    at: dt.datetime
    on: dt.date


@dataclass(frozen=True, slots=True)
class LinkShown:
    """What an action that made a signed link answers: the page shows it once and never again.

    ``about`` is the title of its record; ``mail_leaves`` whether the letter that carries it leaves this machine;
    ``tells_me`` whether who asked is told of the answer.
    """

    url: str
    person: str
    expires: dt.datetime
    email: str = ""
    about: str = ""
    mail_leaves: bool = False
    is_correction: bool = False
    tells_me: bool = False


@dataclass(frozen=True, slots=True)
class GoTo:
    """What an action answers when it made something elsewhere: the page goes there (slug of the kind, identifier)."""

    slug: str
    key: str


@dataclass(frozen=True, slots=True)
class Related:
    """Records of another kind that belong to one: how they are called, and the filters of their list that leave only them.

    ``late`` narrows further to those that press, with the word of their state. ``count`` saves asking where it is known.
    """

    label: Any
    slug: str
    told: Mapping[str, str]
    late: Mapping[str, str] = field(default_factory=dict)
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a record's page below its facts: words, facts, a chart with its table, a table, or how far a job is."""

    title: Any
    text: Any = ""
    facts: Sequence[Fact] = ()
    figure: Figure | None = None
    table: Table | None = None
    lines: Sequence[str] = ()
    job: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that may be done to a record, or that makes one; ``of_many`` when it may be done to several at once.

    One that ``undoes`` goes back by itself: its form, filled with what the record said before, puts it as it was.
    """

    slug: str
    label: Any
    allowed: Predicate
    run: Callable[[Deed, Any, dict[str, Any]], Any]
    form: Callable[..., Form] | None = None
    fits: Callable[[Any], bool] = field(default=lambda record: True)
    done: Any = DONE
    question: Any = ""
    danger: bool = False
    #: What a person must know before doing it to this record; beside ``question``, which is the same for all.
    warning: Callable[[Any], Any] = field(default=lambda record: "")
    of_many: bool = False
    undoes: bool = False
    #: What this record still lacks before it can be done: the page says it where the button would be; empty: nothing.
    lacks: Callable[[Any], str] = field(default=lambda record: "")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. ``views`` are the ways to see its list besides a table; ``board`` the field that a board groups by;
    ``places`` how its rows stand on a map.
    """

    slug: str
    singular: Any
    plural: Any
    rows: Callable[[Government, dt.date], "QuerySet[Any] | Sequence[Any]"]
    find: Callable[[Government, str, dt.date], Model | None]
    title: Callable[[Any, str], str]
    columns: Sequence[Column]
    facts: Callable[[Any, str], Sequence[Fact]]
    key: Callable[[Any], str] = field(default=lambda record: str(record.public_id))
    text: Callable[[Any, str], str] = field(default=lambda record, language: "")
    status: Callable[[Any], Status | None] = field(default=lambda record: None)
    #: What a reader of the record must know before anything else; empty: nothing.
    caution: Callable[[Any, str], str] = field(default=lambda record, language: "")
    read: Predicate = may_enter_desk
    create: Action | None = None
    #: Further ways to make one, each at its own address («nuevo/SLUG»).
    creates: Sequence[Action] = ()
    sections: Callable[[Any, str], Sequence[Section]] = field(default=lambda record, language: ())
    #: What of other kinds belongs to a record, as the government that reads has it: its page counts and leads to their lists.
    related: Callable[[Any, Government, str], Sequence[Related]] = field(default=lambda record, government, language: ())
    #: Like ``sections``, of what depends on the government that reads.
    seen_by: Callable[[Any, Government, str], Sequence[Section]] = field(default=lambda record, government, language: ())
    #: What one record is called where the kind holds several sorts («corregimiento», «distrito»); ``singular`` when empty.
    noun: Callable[[Any], Any] = field(default=lambda record: "")
    actions: Sequence[Action] = ()
    has_chain: bool = False
    #: Whether what it found (its sections) comes before its facts, which only say how it was asked.
    results_first: bool = False
    #: Whether a public copy of its records holds their facts, but those marked ``Internal``.
    is_published: bool = False
    search: Sequence[str] = ()
    title_order: str = ""
    filters: Sequence[Filter] = ()
    views: Sequence[str] = ()
    board: str = ""
    places: Places | None = None
    empty: Any = ""
    help: Any = ""
    #: What may come back in the exported file of the list (see web/roundtrip.py); empty: the file is only to read.
    editable: Sequence[Editable] = ()
    #: Whether search finds its records; those of such a kind are listed by a query set (see web/indexing.py).
    is_found: bool = True
