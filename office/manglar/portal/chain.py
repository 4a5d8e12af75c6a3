"""The chain of a record as one timeline: why it is being done, the record itself, what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from manglar.design.shapes import ChainItem, Pages, Status
from manglar.foundation.translated import Reading
from manglar.portal.promise_status import promise_status
from manglar.portal.readings import address_of, language, language_note, said, says, status_of
from manglar.publication.choices import Kind
from manglar.publication.models import Release
from manglar.publication.selectors import Chain, Point, chain_of, released_in
from manglar.strategy.models import LevelName
from manglar.strategy.selectors import level_words

#: The words of strategies by public identifier and depth.
Words = Mapping[tuple[str, int], LevelName]
#: Kind of record → the word with which the timeline draws it.
DRAWN: dict[str, str] = {Kind.EDITION: "plan", Kind.NOTE: "advice", Kind.UPDATE: "evidence"}
#: A record's own page shows as many; the page of the chain shows them all.
SHORT = 24
PAGE_SIZE = 50
EXCERPT = 220


@dataclass(frozen=True, slots=True)
class Timeline:
    """The three parts of the timeline, and how many were left for the page of the chain."""

    title: str
    heading: str
    upstream: list[ChainItem]
    current: list[ChainItem]
    downstream: list[ChainItem]
    left_out: int
    pages: Pages
    url: str
    note: str
    #: The finding from which it follows, as a link in a sentence; empty where none is public.
    because: str
    kind_label: str
    record_url: str


def timeline(public_id: str, *, page: str | None = None) -> Timeline | None:
    """The public chain of a record, or None when it is not public; ``page`` of what followed, else only its beginning."""
    chain = chain_of(public_id, on=timezone.localdate(), language=language())
    if chain is None:
        return None
    parts = Paginator(chain.downstream, SHORT if page is None else PAGE_SIZE)
    chosen = parts.get_page(page or 1)
    shown: Sequence[Point] = list(chosen.object_list)
    copies = released_in(point.id for point in (*chain.upstream, chain.start, *shown))
    words = words_for(copy.payload for copy in copies.values())
    current = _item(chain.start, copies.get(chain.start.id), words, current=True)
    return Timeline(
        title=chain.start.title.text,
        heading=said(chain.start.title),
        upstream=[_item(point, copies.get(point.id), words) for point in chain.upstream],
        current=[current],
        downstream=[_item(point, copies.get(point.id), words) for point in shown] or _nothing_yet(chain),
        left_out=len(chain.downstream) - len(shown) if page is None else 0,
        pages=Pages(chosen.number, parts.num_pages, len(chain.downstream)),
        url=reverse("portal:chain", args=[public_id]),
        because=_because(chain),
        kind_label=current.kind_label,
        record_url=current.url,
        note=language_note(reading for point in (*chain.upstream, chain.start, *shown) for reading in (point.title, point.text)),
    )


def _item(point: Point, copy: Release | None, words: Words, *, current: bool = False) -> ChainItem:
    fields = copy.payload["fields"] if copy else {}
    return ChainItem(
        kind=DRAWN.get(point.kind, point.kind),
        kind_label=kind_label(point.kind, fields, words),
        title=_title(point, fields),
        url=address_of(point.kind, point.id, {link.kind: link.id for link in point.links}),
        date=point.date,
        institution=said(point.institution),
        text="" if current or point.kind == Kind.UPDATE else said(_excerpt(point.text)),
        status=_status(point, fields),
        current=current,
        is_cut=not current and _excerpt(point.text).text != point.text.text,
    )


def _because(chain: Chain) -> str:
    """Why it is being done: the nearest finding above, as a link."""
    finding = next((point for point in reversed(chain.upstream) if point.kind == Kind.FINDING), None)
    if finding is None or not finding.title.text:
        return ""
    return format_html('<a href="{}">{}</a>', address_of(finding.kind, finding.id), said(finding.title))


def words_for(payloads: Iterable[Mapping[str, Any]]) -> Words:
    """The words that the strategies of some copies use today, in one query; none for copies of anything else."""
    named = {each["fields"]["strategy"]["id"] for each in payloads if each.get("kind") == Kind.INITIATIVE}
    return level_words(named) if named else {}


def kind_label(kind: str, fields: Mapping[str, Any], words: Words) -> str:
    """The word for a record: the strategy's own of today for what is in it (pilar, objetivo), else its kind.

    A copy keeps the word with which it was published; it is what the exact copy says, not how the office calls it now.
    """
    if kind != Kind.INITIATIVE:
        return Kind(kind).label.capitalize()
    today = words.get((fields.get("strategy", {}).get("id", ""), fields.get("depth", 0)))
    own = says(today.singular if today else fields.get("level"))
    return own or Kind(kind).label.capitalize()


def _title(point: Point, fields: dict[str, object]) -> str:
    if point.kind == Kind.UPDATE:
        return said(_excerpt(point.text)) or said(point.title)
    if not point.title.text:
        return _("(su título no está en la fuente)")
    code = fields.get("code") if point.kind == Kind.INITIATIVE else ""
    return format_html("{} {}", code, said(point.title)) if code else said(point.title)


def _status(point: Point, fields: dict[str, object]) -> Status | None:
    percent = fields.get("percent")
    if point.kind == Kind.UPDATE and percent is not None:
        return Status(_("avance: %(percent)s%%") % {"percent": percent}, "info")
    if point.kind == Kind.COMMITMENT:
        return promise_status(point.status, str(fields.get("due_on") or ""))
    return status_of(point.kind, point.status)


def _excerpt(text: Reading) -> Reading:
    """The beginning of a text, cut between two words."""
    short = Truncator(text.text).chars(EXCERPT, truncate="")
    if short == text.text or text.text[len(short)].isspace():
        kept = short.rstrip()
    else:
        kept = short.rpartition(" ")[0].rstrip() or short
    return text if short == text.text else Reading(f"{kept.rstrip('.,;:')}…", text.language)


def _nothing_yet(chain: Chain) -> list[ChainItem]:
    """An honest end of the timeline: what would come next is not public yet."""
    if chain.start.kind == Kind.UPDATE:
        return []
    return [
        ChainItem(
            kind="event",
            kind_label=_("Lo que sigue"),
            title=_("Todavía no se ha publicado nada que siga de aquí."),
            pending=True,
        )
    ]
