"""Reads about milestones, reports and requests."""

import datetime as dt
from dataclasses import dataclass
from itertools import count

from django.db.models import Min, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from manglar.accounts.models import SignedLink, User
from manglar.delivery.choices import OVER, Freshness, UpdateState
from manglar.delivery.models import Milestone, MilestoneUpdate, UpdateRequest
from manglar.delivery.rules import DEFAULT_DAYS, freshness, is_late
from manglar.governments.models import Government
from manglar.network.models import Appointment, Institution
from manglar.strategy.models import Responsibility, Strategy


def milestones_of(government: Government) -> QuerySet[Milestone]:
    """The milestones of a government with what they belong to, the next to fall due first."""
    return Milestone.objects.filter(government=government).select_related(
        "node__edition__strategy", "commitment__institution"
    )


def milestone_by_id(government: Government, public_id: str) -> Milestone | None:
    """One milestone of a government, or None."""
    return milestones_of(government).filter(public_id=public_id).first()


def milestones_of_node(identity: str) -> QuerySet[Milestone]:
    """The milestones of an initiative in any edition, of what hangs from it, and of its commitments."""
    below = Q(node__path__contains=identity) | Q(commitment__node__path__contains=identity)
    return Milestone.objects.filter(below).select_related("node", "commitment__institution").order_by("due_on", "pk")


OPEN_MILESTONES = ~Q(state__in=OVER)


def with_institutions(milestones: QuerySet[Milestone]) -> QuerySet[Milestone]:
    """The milestones with who answers for the initiative of each, in one more query."""
    return milestones.prefetch_related(
        Prefetch("node__responsibilities", Responsibility.objects.select_related("institution"))
    )


def answered_by(milestones: QuerySet[Milestone], institution: str) -> QuerySet[Milestone]:
    """The milestones of an institution (public identifier): of its commitments, or of the initiatives it answers for."""
    nodes = Responsibility.objects.filter(institution__public_id=institution).values("node")
    return milestones.filter(Q(commitment__institution__public_id=institution) | Q(node__in=nodes))


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone and how it stands on a day."""

    milestone: Milestone
    freshness: Freshness
    is_late: bool
    days_since_report: int
    last_word_on: dt.date


def line_on(milestone: Milestone, on: dt.date) -> MilestoneLine:
    """How a milestone stands on a day; the days are those of its strategy."""
    last = milestone.last_approved_on or milestone.created_on
    days = DEFAULT_DAYS
    if milestone.node is not None:
        strategy = milestone.node.edition.strategy
        days = (strategy.due_after_days, strategy.late_after_days, strategy.stale_after_days)
    return MilestoneLine(
        milestone, freshness(state=milestone.state, last_on=last, on=on, days=days),
        is_late(state=milestone.state, due_on=milestone.due_on, on=on), max((on - last).days, 0), last,
    )


def milestone_lines(government: Government, on: dt.date) -> list[MilestoneLine]:
    """Every milestone of a government and how it stands on a day."""
    return [line_on(each, on) for each in milestones_of(government)]


def stale_lines(government: Government, on: dt.date, *, limit: int = 200) -> list[MilestoneLine]:
    """The milestones that need an update on a day, the oldest word first; no more than ``limit``.

    Ten years leave thousands of open milestones: which are oldest is asked of the database, and only those are loaded.
    """
    soonest = Strategy.objects.aggregate(days=Min("due_after_days"))["days"]
    due = min(DEFAULT_DAYS[0], DEFAULT_DAYS[0] if soonest is None else soonest)
    waiting = milestones_of(government).exclude(state__in=OVER).annotate(
        last_word_on=Coalesce("last_approved_on", "created_on")
    ).filter(last_word_on__lte=on - dt.timedelta(days=due)).order_by("last_word_on", "due_on", "pk")
    found: list[MilestoneLine] = []
    for start in count(0, limit):
        page = [line_on(each, on) for each in waiting[start : start + limit]]
        found += [each for each in page if each.freshness != Freshness.FRESH]
        if len(found) >= limit or len(page) < limit:
            return found[:limit]
    return found


def updates_of(milestone: Milestone) -> QuerySet[MilestoneUpdate]:
    """The reports of a milestone, newest first."""
    return milestone.updates.select_related("file", "approved_by")


def update_by_id(government: Government, public_id: str) -> MilestoneUpdate | None:
    """One report of a government, or None."""
    found = MilestoneUpdate.objects.filter(government=government, public_id=public_id)
    return found.select_related("milestone__node", "milestone__commitment", "file__government", "link", "government").first()


def updates_waiting(government: Government) -> QuerySet[MilestoneUpdate]:
    """The reports that wait for approval, the oldest first."""
    return MilestoneUpdate.objects.filter(government=government, state=UpdateState.PENDING).select_related(
        "milestone", "file", "link"
    ).order_by("reported_on", "pk")


def updates_of_government(government: Government) -> QuerySet[MilestoneUpdate]:
    """Every report of a government, newest first."""
    return MilestoneUpdate.objects.filter(government=government).select_related("milestone", "file", "link").order_by(
        "-reported_on", "-pk"
    )


def requests_open(government: Government, at: dt.datetime) -> QuerySet[UpdateRequest]:
    """The requests whose link still works, the oldest first."""
    return UpdateRequest.objects.filter(
        government=government, link__used_at__isnull=True, link__revoked_at__isnull=True, link__expires_at__gt=at
    ).select_related("milestone", "person", "link").order_by("asked_at")


def requests_of(milestone: Milestone) -> QuerySet[UpdateRequest]:
    """Who was asked about a milestone, newest first."""
    return milestone.requests.select_related("person", "link")


def milestone_of_link(link: SignedLink) -> Milestone | None:
    """The milestone for which a link was sent, or None."""
    return Milestone.objects.filter(public_id=link.subject_id, government=link.government_id).select_related(
        "node__edition__strategy", "commitment__institution", "government"
    ).first()


def update_by_link(link: SignedLink) -> MilestoneUpdate | None:
    """What was already reported or corrected with a link, or None."""
    told = Q(link=link) | Q(corrections__link=link, corrections__link__used_at__isnull=False)
    return MilestoneUpdate.objects.filter(told).select_related("milestone", "file", "link").first()


def request_of_link(link: SignedLink) -> UpdateRequest | None:
    """Who was asked what with a link, by whom; None for a link that asked for no report."""
    return UpdateRequest.objects.filter(link=link).select_related("corrects__file", "person").first()


def live_requests(milestone: Milestone, at: dt.datetime) -> QuerySet[UpdateRequest]:
    """The requests about a milestone whose link still works, the oldest first."""
    return requests_open(milestone.government, at).filter(milestone=milestone)


def live_correction(update: MilestoneUpdate, at: dt.datetime) -> UpdateRequest | None:
    """The request whose link still lets a person correct a report, or None."""
    return requests_open(update.government, at).filter(corrects=update).last()


def milestones_with_waiting(government: Government) -> set[int]:
    """Which milestones have a report that waits for approval (primary keys)."""
    return set(updates_waiting(government).order_by().values_list("milestone_id", flat=True))


def waiting_beside(update: MilestoneUpdate) -> int:
    """How many other reports of the same milestone wait for approval."""
    waiting = MilestoneUpdate.objects.filter(milestone=update.milestone_id, state=UpdateState.PENDING)
    return waiting.exclude(pk=update.pk).count()


def institutions_of(milestone: Milestone) -> set[int]:
    """Which institutions answer for a milestone."""
    found: set[int] = set()
    if milestone.node_id:
        found |= set(Responsibility.objects.filter(node=milestone.node_id).values_list("institution_id", flat=True))
    if milestone.commitment is not None:
        found.add(milestone.commitment.institution_id)
    return found


def institutions_of_user(user: User, on: dt.date) -> QuerySet[Institution]:
    """Where a user holds a post on a day."""
    held = Appointment.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on), person__user=user, from_on__lte=on
    )
    return Institution.objects.filter(pk__in=held.values("post__institution"))
