"""What stands beside a record or a list, as the page shows it: comments, following, saved views, notices."""

import secrets
from typing import Any
from urllib.parse import parse_qsl

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manglar.design import margin_shapes as shapes
from manglar.desk.logbook import ACTS, record_url
from manglar.margin import selectors
from manglar.margin.choices import Mails, NoticeKind
from manglar.margin.models import Record
from manglar.margin.permissions import (
    may_attach_files,
    may_comment,
    may_follow,
    may_save_views,
    may_tidy_shared_views,
)
from manglar.operations.filetypes import ENDINGS
from manglar.web.access import DeskRequest
from manglar.web.kinds.base import Kind

FILE_ENDINGS = ",".join(ENDINGS)


def record_context(request: DeskRequest, kind: Kind, found: Any) -> dict[str, Any]:
    """What the page of a record shows beside it; what was written and could not be kept is in its box again."""
    record = Record(request.government, kind.key(found), kind.slug, kind.title(found, get_language() or "es"))
    draft = request.session.pop("comment_draft", None)
    mine = draft if draft and draft["of"] == record.public_id else {"text": "", "error": ""}
    return {
        "comments": comments(request, record, draft=mine["text"], error=mine["error"]),
        "follow": follow(request, record),
        "files": files(request, record),
    }


def files(request: DeskRequest, record: Record) -> shapes.Files:
    """The files beside a record, with the form that adds one where this person may."""
    code = record.government.code
    may = may_attach_files.test(request.actor, record.government)
    items = [
        shapes.FileBeside(
            anchor=each.public_id,
            title=each.title,
            name=each.file.name,
            url=reverse("desk:file", args=[code, each.file.public_id]),
            size=filesizeformat(each.file.size_bytes),
            author=each.author_name,
            at=each.at,
            withdraw_url=reverse("desk:file-withdraw", args=[code, each.public_id]) if may else "",
        )
        for each in selectors.files_of(record)
    ]
    url = reverse("desk:file-attach", args=[code, record.kind, record.public_id]) if may else ""
    return shapes.Files(items, url, FILE_ENDINGS)


def comments(request: DeskRequest, record: Record, *, draft: str = "", error: str = "") -> shapes.Comments:
    """The comments beside a record, with the forms that this person may send."""
    held = selectors.comments_of(record, request.user)
    may = may_comment.test(request.actor, request.government)
    items = [_comment(line, record, may=may, replies=True) for line in held.comments]
    url = reverse("desk:comment", args=[record.government.code, record.kind, record.public_id])
    return shapes.Comments(
        items=items,
        count=held.count,
        write_url=url if may else "",
        form_key=secrets.token_urlsafe(12),
        draft=draft,
        error=error,
        has_earlier=held.has_earlier,
        people_url=reverse("desk:people", args=[record.government.code]) if may else "",
    )


def _comment(line: selectors.CommentLine, record: Record, *, may: bool, replies: bool) -> shapes.CommentItem:
    code, own = record.government.code, may and line.is_own
    return shapes.CommentItem(
        anchor=line.public_id,
        author=line.author,
        at=line.at,
        pieces=[shapes.CommentPiece(piece.text, piece.is_mention) for piece in line.pieces],
        text=line.text,
        edited_at=line.edited_at,
        withdrawn=line.is_withdrawn,
        replies=[_comment(reply, record, may=may, replies=False) for reply in line.replies],
        reply_url=reverse("desk:comment-reply", args=[code, line.public_id]) if may and replies else "",
        reply_key=secrets.token_urlsafe(12),
        change_url=reverse("desk:comment-change", args=[code, line.public_id]) if own else "",
        withdraw_url=reverse("desk:comment-withdraw", args=[code, line.public_id]) if own else "",
    )


def follow(request: DeskRequest, record: Record) -> shapes.FollowState | None:
    """Whether this person follows the record; None where they may not."""
    if not may_follow.test(request.actor, request.government):
        return None
    url = reverse("desk:follow", args=[record.government.code, record.kind, record.public_id])
    is_following, request.unread_notices = selectors.following_and_unread(request.user, record)
    return shapes.FollowState(is_following, url)


def saved_views(request: DeskRequest, kind: Kind, query: str, *, name: str = "", error: str = "") -> shapes.SavedViews:
    """The views of a list; the one on the screen may be kept when its address chose something."""
    code, here = request.government.code, set(parse_qsl(query))
    tidies = may_tidy_shared_views.test(request.actor, request.government)
    items = []
    for line in selectors.saved_views_of(request.user, request.government, kind.slug):
        items.append(
            shapes.SavedViewItem(
                name=line.name,
                url=f"{reverse(f'desk:{kind.slug}', args=[code])}?{line.query}",
                current=bool(here) and set(parse_qsl(line.query)) == here,
                shared=line.is_shared,
                rename_url=reverse("desk:view-rename", args=[code, line.public_id]) if line.is_own else "",
                share_url=reverse("desk:view-share", args=[code, line.public_id]) if line.is_own or tidies else "",
                delete_url=reverse("desk:view-delete", args=[code, line.public_id]) if line.is_own or tidies else "",
                key=line.public_id,
            )
        )
    may = may_save_views.test(request.actor, request.government) and bool(query)
    save = reverse("desk:view-save", args=[code, kind.slug]) if may else ""
    return shapes.SavedViews(items, save, query, name, error)


def notices(request: DeskRequest) -> shapes.Notifications:
    """Everything that this person was told, newest first."""
    inbox, code = selectors.notifications_of(request.user), request.government.code
    wanted = selectors.mails_wanted(request.government, [request.user]).get(request.user.pk)
    return shapes.Notifications(
        items=[_notice(each, code) for each in inbox.notices],
        unread=inbox.unread,
        read_all_url=reverse("desk:notices-read", args=[code]),
        has_more=inbox.has_more,
        mails=[shapes.MailChoice(str(value), str(label), value == wanted) for value, label in Mails.choices],
        mails_url=reverse("desk:notices-mail", args=[code]),
    )


def _notice(each: selectors.Notice, code: str) -> shapes.NotificationItem:
    words = {NoticeKind.CHANGE: str(ACTS.get(each.event, each.event))}
    anchor = f"#{each.comment}" if each.comment else ""
    return shapes.NotificationItem(
        who=each.who,
        what=words.get(each.kind) or _(str(NoticeKind(each.kind).label)),
        title=each.title or each.subject,
        url=f"{record_url(each.subject, each.government)}{anchor}",
        at=each.at,
        excerpt=each.excerpt,
        unread=not each.is_read,
        read_url=reverse("desk:notice-read", args=[code, each.public_id]),
    )
