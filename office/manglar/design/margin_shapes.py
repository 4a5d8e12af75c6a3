"""What the components of the margin show: comments, follow, saved views, notifications (see shapes.py)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommentPiece:
    """A stretch of a comment; a mention stands out."""

    text: str
    is_mention: bool = False


@dataclass(frozen=True, slots=True)
class CommentItem:
    """A comment with its replies; the addresses that are empty are not offered. Anchor is its id on the page."""

    anchor: str
    author: str
    at: dt.datetime
    pieces: Sequence[CommentPiece]
    text: str = ""
    edited_at: dt.datetime | None = None
    withdrawn: bool = False
    replies: Sequence["CommentItem"] = ()
    reply_url: str = ""
    reply_key: str = ""
    change_url: str = ""
    withdraw_url: str = ""


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments beside a record, and the form to write one. Form key is another one each time the page is shown."""

    items: Sequence[CommentItem]
    count: int = 0
    write_url: str = ""
    form_key: str = ""
    draft: str = ""
    error: str = ""
    has_earlier: bool = False
    longest: int = 5_000
    #: Where the names of those who may be mentioned are; empty: none are offered.
    people_url: str = ""


@dataclass(frozen=True, slots=True)
class FollowState:
    """Whether the reader follows a record; the address starts or stops it with the value of the button."""

    following: bool
    url: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class FileBeside:
    """A file beside a record; without an address to withdraw it, the reader may not."""

    anchor: str
    title: str
    name: str
    url: str
    size: str
    author: str
    at: dt.datetime
    withdraw_url: str = ""


@dataclass(frozen=True, slots=True)
class Files:
    """The files beside a record, and where to send another; empty where the reader may not."""

    items: list[FileBeside]
    attach_url: str = ""
    accept: str = ""


@dataclass(frozen=True, slots=True)
class SavedViewItem:
    """A saved view; the addresses that are empty are not offered."""

    name: str
    url: str
    current: bool = False
    shared: bool = False
    rename_url: str = ""
    share_url: str = ""
    delete_url: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class SavedViews:
    """The views of a list, and the form that keeps the one on the screen under a name."""

    items: Sequence[SavedViewItem]
    save_url: str = ""
    query: str = ""
    name: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class NotificationItem:
    """A notification: what happened, on what, when; read_url marks it as read."""

    who: str
    what: str
    title: str
    url: str
    at: dt.datetime
    excerpt: str = ""
    unread: bool = False
    read_url: str = ""


@dataclass(frozen=True, slots=True)
class MailChoice:
    """One of the answers to which notifications also come by mail."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Notifications:
    """A person's notifications, and what they want by mail."""

    items: Sequence[NotificationItem]
    unread: int = 0
    read_all_url: str = ""
    has_more: bool = False
    mails: Sequence[MailChoice] = ()
    mails_url: str = ""
