"""Reads of the margin: each returns everything that its page needs, in at most three queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from manglar.accounts.models import Membership, User
from manglar.accounts.selectors import members_of
from manglar.audit.selectors import who_acted
from manglar.governments.models import Government
from manglar.margin.choices import Mails, NoticeKind
from manglar.margin.models import (
    Attachment,
    ColumnMapping,
    Comment,
    Follow,
    MailPreference,
    Mention,
    Notification,
    Reading,
    Record,
    SavedView,
)
from manglar.margin.rules import Named, header_signature, in_these_headers, split_at_mentions
from manglar.operations.models import StoredFile

MOST_ROOTS = 200
EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comment; a mention is shown apart from the rest."""

    text: str
    is_mention: bool = False


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment as a page shows it, with the replies to it, oldest first."""

    public_id: str
    author: str
    at: dt.datetime
    pieces: tuple[Piece, ...]
    text: str
    is_own: bool
    is_withdrawn: bool
    edited_at: dt.datetime | None
    replies: tuple["CommentLine", ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The comments beside a record, oldest first; ``has_earlier`` when the oldest were left out."""

    comments: tuple[CommentLine, ...]
    count: int
    has_earlier: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification as a page shows it; ``event`` is the act in the log, for the page to put in words."""

    public_id: str
    kind: NoticeKind
    government: str
    subject: str
    subject_kind: str
    title: str
    who: str
    event: str
    excerpt: str
    comment: str
    at: dt.datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """A person's notifications, newest first, and how many wait to be read in all."""

    unread: int
    notices: tuple[Notice, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A saved view as a list offers it."""

    public_id: str
    name: str
    query: str
    is_shared: bool
    is_own: bool


def people_of(government: Government) -> list[Named]:
    """Who may be mentioned in a government: those who have a role there now and may sign in."""
    users = {m.user_id: m.user for m in members_of(government).filter(user__is_active=True).order_by("pk")}
    return [Named(key=pk, name=str(user), email=user.email) for pk, user in users.items()]


def comments_of(record: Record, viewer: User | None = None, *, limit: int = MOST_ROOTS) -> Conversation:
    """The comments beside a record and their replies: the newest ``limit`` threads, in the order they were written."""
    beside = Comment.objects.filter(government=record.government, subject=record.public_id)
    newest = list(beside.filter(parent__isnull=True).order_by("-at", "-pk")[: limit + 1])
    roots = newest[:limit][::-1]
    replies = list(beside.filter(parent__in=roots).order_by("at", "pk"))
    said: dict[int, list[str]] = defaultdict(list)
    for comment_id, words in Mention.objects.filter(comment__in=[*roots, *replies]).values_list("comment_id", "said"):
        said[comment_id].append(words)
    under: dict[int, list[CommentLine]] = defaultdict(list)
    for reply in replies:
        under[reply.parent_id or 0].append(_line(reply, viewer, said[reply.pk]))
    lines = tuple(_line(root, viewer, said[root.pk], tuple(under[root.pk])) for root in roots)
    count = sum(comment.withdrawn_at is None for comment in [*roots, *replies])
    return Conversation(comments=lines, count=count, has_earlier=len(newest) > limit)


def _line(
    comment: Comment, viewer: User | None, said: Sequence[str], replies: tuple[CommentLine, ...] = ()
) -> CommentLine:
    return CommentLine(
        public_id=comment.public_id,
        author=comment.author_name,
        at=comment.at,
        pieces=tuple(Piece(text, is_mention) for text, is_mention in split_at_mentions(comment.text, said)),
        text=comment.text,
        is_own=viewer is not None and comment.author_id == viewer.pk,
        is_withdrawn=comment.withdrawn_at is not None,
        edited_at=comment.edited_at,
        replies=replies,
    )


def files_of(record: Record) -> list[Attachment]:
    """The files beside a record that were not withdrawn, oldest first, each with its file."""
    beside = Attachment.objects.filter(
        government=record.government, subject=record.public_id, withdrawn_at__isnull=True
    )
    return list(beside.select_related("file").order_by("at", "pk"))


def attachment_by_id(government: Government, public_id: str) -> Attachment | None:
    """One file beside a record of a government, withdrawn or not, or None."""
    return Attachment.objects.select_related("government", "file").filter(
        government=government, public_id=public_id
    ).first()


def is_withdrawn(stored: StoredFile) -> bool:
    """Whether a kept file stood beside a record and was taken away."""
    return Attachment.objects.filter(file=stored, withdrawn_at__isnull=False).exists()


def comment_by_id(government: Government, public_id: str) -> Comment | None:
    """One comment of a government, or None."""
    return (
        Comment.objects.select_related("government", "parent", "author")
        .filter(government=government, public_id=public_id)
        .first()
    )


def _own_notices(user: User) -> QuerySet[Notification]:
    """The notifications of a person in the governments where they still have a role."""
    held = Membership.objects.filter(user=user, ended_at__isnull=True, government=OuterRef("government"))
    return Notification.objects.filter(Exists(held), recipient=user)


def notifications_of(user: User, *, limit: int = 50) -> Inbox:
    """A person's newest notifications, of the governments where they still have a role."""
    found = list(_own_notices(user).select_related("comment", "government")[: limit + 1])
    acted = who_acted([n.source for n in found if n.kind == NoticeKind.CHANGE])
    return Inbox(
        unread=unread_count(user),
        notices=tuple(_notice(n, acted.get(n.source, "")) for n in found[:limit]),
        has_more=len(found) > limit,
    )


def _notice(made: Notification, acted: str) -> Notice:
    comment = made.comment
    return Notice(
        public_id=made.public_id,
        kind=NoticeKind(made.kind),
        government=made.government.code,
        subject=made.subject,
        subject_kind=made.subject_kind,
        title=made.title,
        who=comment.author_name if comment else acted,
        event=made.event,
        excerpt=_excerpt(comment.text) if comment else "",
        comment=comment.public_id if comment else "",
        at=made.at,
        is_read=made.read_at is not None,
    )


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1]}…"


def unread_count(user: User) -> int:
    """How many notifications a person has not read."""
    return _own_notices(user).filter(read_at__isnull=True).count()


def following_and_unread(user: User, record: Record) -> tuple[bool, int]:
    """Whether a person follows a record, and how many notifications they have not read, in one query."""
    follows = Follow.objects.filter(government=record.government, subject=record.public_id, user=OuterRef("pk"))
    waiting = _own_notices(user).filter(read_at__isnull=True).order_by().values("recipient")
    counted = Subquery(waiting.annotate(n=Count("pk")).values("n"))
    found = User.objects.filter(pk=user.pk).values_list(Exists(follows), counted).first()
    return (bool(found[0]), found[1] or 0) if found else (False, 0)


def unread_mentions(user: User, *, limit: int) -> list[Notification]:
    """The mentions and replies that a person has not read, newest first."""
    kinds = [NoticeKind.MENTION, NoticeKind.REPLY]
    waiting = _own_notices(user).filter(read_at__isnull=True, kind__in=kinds)
    return list(waiting.select_related("government", "comment")[:limit])


def notification_by_id(user: User, public_id: str) -> Notification | None:
    """One notification of a person, or None."""
    return _own_notices(user).select_related("government").filter(public_id=public_id).first()


def mails_wanted(government: Government, users: Iterable[User]) -> dict[int, Mails]:
    """What some people want by mail from a government; who never chose wants nothing."""
    held = MailPreference.objects.filter(government=government, user__in=list(users))
    return {user_id: Mails(mails) for user_id, mails in held.values_list("user_id", "mails")}


def is_following(user: User, record: Record) -> bool:
    """Whether a person follows a record."""
    return Follow.objects.filter(government=record.government, subject=record.public_id, user=user).exists()


def follower_count(record: Record) -> int:
    """How many people follow a record."""
    return Follow.objects.filter(government=record.government, subject=record.public_id).count()


def follows_of(user: User, government: Government) -> QuerySet[Follow]:
    """What a person follows in a government, newest first."""
    return Follow.objects.filter(user=user, government=government)


def followers_of(subjects: Iterable[str]) -> dict[tuple[int, str], list[Follow]]:
    """(government, record) → its followers who still have a role there and may sign in."""
    held = Membership.objects.filter(
        user=OuterRef("user"), government=OuterRef("government"), ended_at__isnull=True, user__is_active=True
    )
    found: dict[tuple[int, str], list[Follow]] = defaultdict(list)
    for follow in Follow.objects.filter(Exists(held), subject__in=set(subjects)).select_related("user", "government"):
        found[follow.government_id, follow.subject].append(follow)
    return found


def told_already(sources: Iterable[str]) -> set[tuple[int, str, str]]:
    """(person, record, act) of the notifications that some acts already made."""
    found = Notification.objects.filter(source__in=set(sources))
    return set(found.values_list("recipient_id", "subject", "source"))


def read_until(name: str) -> int:
    """The last entry of the log that a reader has read."""
    return Reading.objects.filter(name=name).values_list("entry", flat=True).first() or 0


def first_entry_followed() -> int | None:
    """The entry from which the oldest follow runs; None when nobody follows anything."""
    return Follow.objects.order_by("from_entry").values_list("from_entry", flat=True).first()


def saved_views_of(user: User, government: Government, kind: str) -> list[ViewLine]:
    """The views of a list that a person may use: their own, then those shared with the government."""
    held = Membership.objects.filter(user=user, ended_at__isnull=True, government=OuterRef("government"))
    found = SavedView.objects.filter(
        Exists(held), Q(user=user) | Q(is_shared=True), government=government, kind=kind
    ).order_by("name_key", "pk")
    lines = [ViewLine(v.public_id, v.name, v.query, v.is_shared, v.user_id == user.pk) for v in found]
    return sorted(lines, key=lambda line: not line.is_own)


def saved_view_by_id(government: Government, public_id: str) -> SavedView | None:
    """One saved view of a government, or None."""
    return SavedView.objects.select_related("government").filter(government=government, public_id=public_id).first()


def columns_for(government: Government, kind: str, headers: Sequence[str]) -> dict[str, str]:
    """Field → column of the last import with these headers, as this file writes them; empty when there was none."""
    return columns_for_one_of(government, kind, [headers])


def columns_for_one_of(government: Government, kind: str, candidates: Sequence[Sequence[str]]) -> dict[str, str]:
    """As ``columns_for``, where several rows of a file could be its headers: of the last one that was imported."""
    by_signature = {header_signature(headers): headers for headers in candidates if headers}
    held = (
        ColumnMapping.objects.filter(government=government, kind=kind, signature__in=by_signature)
        .order_by("-used_at", "-pk")
        .first()
    )
    return in_these_headers(held.columns, by_signature[held.signature]) if held else {}
