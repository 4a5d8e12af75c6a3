"""Mi escritorio: what waits for this person, by role; and the chain of a record as the page shows it."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from manglar.accounts.permissions import may_read_log
from manglar.agreements.selectors import late_promises
from manglar.audit.selectors import latest_acts
from manglar.decisions.choices import NoteState
from manglar.decisions.permissions import may_decide, may_draft_notes, may_follow_decisions
from manglar.decisions.selectors import decisions_without_follow_up, notes_of, notes_waiting
from manglar.delivery.models import MilestoneUpdate
from manglar.delivery.permissions import may_approve_updates
from manglar.delivery.selectors import milestones_with_waiting, stale_lines, updates_waiting
from manglar.design.shapes import ChainItem, Status
from manglar.desk import logbook, pages
from manglar.evidence.choices import FindingState
from manglar.evidence.permissions import may_review_evidence
from manglar.evidence.selectors import findings_of
from manglar.governments.models import Government
from manglar.margin.models import Notification
from manglar.margin.selectors import unread_mentions
from manglar.publication.selectors import Point, chain_of
from manglar.web.access import DeskRequest
from manglar.web.kinds.ask import first_words
from manglar.web.kinds.reports import sent
from manglar.web.kinds.words import TONES, day, in_its_language, said, state

#: Kind of the chain → slug of its record page.
SLUGS = {
    "finding": "hallazgos",
    "initiative": "iniciativas",
    "note": "notas",
    "decision": "decisiones",
    "agreement": "acuerdos",
    "commitment": "compromisos",
    "milestone": "hitos",
    "update": "reportes",
    "run": "corridas",
}
SHOWN = 8
#: Acts that say nothing of the office's work: they are in the log, and not among its news.
HOUSEKEEPING = ("message.", "notifications.", "followers.", "follow.", "view.", "file.", "mails.")


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits."""

    title: str
    url: str
    text: str = ""
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What waits, of one kind."""

    label: str
    todo: list[Todo]
    #: What is said where nothing waits; without it the group is not shown then.
    nothing: str = ""


def home_page(request: DeskRequest) -> dict[str, Any]:
    """What waits for the person who asks, most urgent first."""
    groups = [
        group
        for wanted in (_decisions, _follow_ups, _mentions, _updates, _reviews, _drafts, _late, _stale)
        if (group := wanted(request)) and (group.todo or group.nothing)
    ]
    recent = []
    if may_read_log.test(request.actor, request.government):
        lines = latest_acts(chains=[request.government.pk], limit=10 * SHOWN)
        told = [line for line in lines if not line.event.startswith(HOUSEKEEPING)][:SHOWN]
        recent = [logbook.entry(line, pages.language(), request.government.code) for line in told]
    return {"groups": groups, "recent": recent}


def _to(government: Government, slug: str, public_id: str) -> str:
    return reverse(f"desk:{slug}-record", args=[government.code, public_id])


def _decisions(request: DeskRequest) -> Group | None:
    if not may_decide.test(request.actor, request.government):
        return None
    waiting = notes_waiting(request.government)[:SHOWN]
    lang = pages.language()
    return Group(
        _("Esperan su decisión"),
        [Todo(said(n.question, lang), _to(request.government, "notas", n.public_id), status=state(n)) for n in waiting],
        nothing=_("Ninguna nota espera su decisión."),
    )


def _follow_ups(request: DeskRequest) -> Group | None:
    """Decisions from which nothing follows yet: nobody has promised to do what was decided."""
    if not may_follow_decisions.test(request.actor, request.government):
        return None
    lang = pages.language()
    return Group(
        _("Decisiones sin un compromiso que siga"),
        [
            Todo(said(d.title, lang), _to(request.government, "decisiones", d.public_id), day(d.decided_on))
            for d in decisions_without_follow_up(request.government)[:SHOWN]
        ],
    )


def _mentions(request: DeskRequest) -> Group | None:
    told = unread_mentions(request.user, limit=SHOWN)
    return Group(_("Le hablaron"), [_mention(each) for each in told])


def _mention(each: Notification) -> Todo:
    comment = each.comment
    url = f"{logbook.record_url(each.subject, each.government.code)}{f'#{comment.public_id}' if comment else ''}"
    text = _("%(who)s %(what)s") % {"who": comment.author_name if comment else "", "what": each.get_kind_display()}
    return Todo(each.title or each.subject, url, text.strip())


def _updates(request: DeskRequest) -> Group | None:
    if not may_approve_updates.test(request.actor, request.government):
        return None
    lang = pages.language()
    return Group(
        _("Reportes por aprobar"),
        [
            Todo(
                said(u.milestone.title, lang),
                _to(request.government, "reportes", u.public_id),
                " · ".join(part for part in (_percent(u), u.author_name, sent(u), first_words(u, lang)) if part),
                state(u, "reported_state"),
            )
            for u in updates_waiting(request.government)[:SHOWN]
        ],
    )


def _percent(update: MilestoneUpdate) -> str:
    return f"{update.percent}%" if update.percent is not None else ""


def _reviews(request: DeskRequest) -> Group | None:
    if not may_review_evidence.test(request.actor, request.government):
        return None
    lang = pages.language()
    drafts = findings_of(request.government, state=FindingState.DRAFT)[:SHOWN]
    return Group(
        _("Hallazgos por revisar"),
        [Todo(said(f.title, lang), _to(request.government, "hallazgos", f.public_id), status=state(f)) for f in drafts],
    )


def _drafts(request: DeskRequest) -> Group | None:
    if not may_draft_notes.test(request.actor, request.government):
        return None
    lang = pages.language()
    drafts = notes_of(request.government).filter(state=NoteState.DRAFT)[:SHOWN]
    return Group(
        _("Notas en borrador"),
        [Todo(said(n.question, lang), _to(request.government, "notas", n.public_id), status=state(n)) for n in drafts],
    )


def _late(request: DeskRequest) -> Group:
    lang, on = pages.language(), timezone.localdate()
    return Group(
        _("Promesas vencidas"),
        [
            Todo(
                said(p.commitment.text, lang),
                _to(request.government, "compromisos", p.commitment.public_id),
                said(p.commitment.institution.name, lang),
                Status(_("%(n)s días tarde") % {"n": p.days_late}, "late"),
            )
            for p in late_promises(request.government, on)[:SHOWN]
        ],
    )


def _stale(request: DeskRequest) -> Group:
    """The milestones without news; one whose report only waits for approval says so."""
    lang, on = pages.language(), timezone.localdate()
    lines = stale_lines(request.government, on)[:SHOWN]
    reported = milestones_with_waiting(request.government) if lines else set()
    return Group(
        _("Hitos sin noticias"),
        [
            Todo(
                said(line.milestone.title, lang),
                _to(request.government, "hitos", line.milestone.public_id),
                _("para %(due)s · sin noticias desde el %(last)s") % {"due": day(line.milestone.due_on) or _("una fecha por decir"), "last": day(line.last_word_on)},
                Status(_("hay un reporte por aprobar"), "info")
                if line.milestone.pk in reported
                else Status(str(line.freshness.label), TONES.get(line.freshness.value, "neutral")),
            )
            for line in lines
        ],
    )


def chain(public_id: str, request: DeskRequest) -> tuple[list[ChainItem], str]:
    """The chain of a record with its drafts, as this government sees it; and what of it is too long to stand here."""
    found = chain_of(public_id, audience=request.government, on=timezone.localdate(), language=pages.language())
    if found is None:
        return [], ""
    cut = ", ".join(sorted(kind_label(kind) for kind in found.cut))
    note = _("Aquí están solo los más recientes de: %(kinds)s. Los demás están en sus listas.") % {"kinds": cut}
    return [_item(point, request.government) for point in found.points], note if cut else ""


def _item(point: Point, government: Government) -> ChainItem:
    slug = SLUGS.get(point.kind)
    url = ""
    if slug and point.position != "start":
        try:
            url = _to(government, slug, point.id)
        except NoReverseMatch:
            url = ""
    status = Status(point.status_label, TONES.get(point.status, "neutral")) if point.status_label else None
    return ChainItem(
        kind="advice" if point.kind == "note" else "evidence" if point.kind == "update" else point.kind,
        kind_label=point.noun.capitalize() or kind_label(point.kind),
        title=in_its_language(point.title, pages.language()),
        url=url,
        date=point.date,
        institution=in_its_language(point.institution, pages.language()),
        text=in_its_language(point.text, pages.language()),
        status=status,
        current=point.position == "start",
    )


def kind_label(kind: str) -> str:
    """What a kind of the chain is called on the page."""
    labels = {
        "finding": _("Hallazgo"),
        "initiative": _("Iniciativa"),
        "note": _("Nota de asesoría"),
        "decision": _("Decisión"),
        "commitment": _("Compromiso"),
        "milestone": _("Hito"),
        "update": _("Reporte"),
        "run": _("Corrida de riesgo"),
        "agreement": _("Acuerdo"),
        "edition": _("Edición"),
    }
    return labels.get(kind, kind)
