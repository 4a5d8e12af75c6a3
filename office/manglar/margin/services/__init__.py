"""Use cases of the margin, by noun."""

from manglar.margin.services.columns import remember_columns
from manglar.margin.services.comments import Written, change_comment, withdraw_comment, write_comment
from manglar.margin.services.erasure import erase_author
from manglar.margin.services.files import attach_file, withdraw_file
from manglar.margin.services.follows import follow, stop_following, tell_followers
from manglar.margin.services.notices import choose_mails, mark_all_read, mark_read
from manglar.margin.services.views import change_view, delete_view, rename_view, save_view, share_view

__all__ = [
    "Written",
    "attach_file",
    "change_comment",
    "change_view",
    "choose_mails",
    "delete_view",
    "erase_author",
    "follow",
    "mark_all_read",
    "mark_read",
    "remember_columns",
    "rename_view",
    "save_view",
    "share_view",
    "stop_following",
    "tell_followers",
    "withdraw_comment",
    "withdraw_file",
    "write_comment",
]
