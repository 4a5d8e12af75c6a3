"""Forgetting a person in the margins of a government, at their request (Ley 81 of 2019)."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from manglar.accounts.actors import Actor
from manglar.accounts.models import User
from manglar.accounts.permissions import require
from manglar.audit.services import act, erase_personal_data
from manglar.foundation.refusals import InvalidInput
from manglar.governments.models import Government
from manglar.margin.models import Attachment, Comment, Follow, MailPreference, Mention, Notification, SavedView
from manglar.margin.permissions import may_erase_authors
from manglar.margin.rules import ERASED_NAME, without_mentions


def erase_author(*, by: Actor, government: Government, user: User, on: dt.date, reason: str) -> dict[str, Any]:
    """Take a person's name out of the margins and of what the log holds of them; what they wrote stays, unsigned.

    Goes: the name on their comments and files, their name where others mentioned them, what they follow, their
    notifications, and the views that they did not share. The name on the acts themselves is the account's to
    erase (``audit.services.erase_actor``).
    """
    require(may_erase_authors, by, government)
    if not reason.strip():
        raise InvalidInput(_("Escriba el motivo: la petición de la persona y su fecha."))
    with act("margin.person_erased", by=by, government_id=government.pk, subject=user.public_id, reason=reason):
        fields: dict[tuple[str, int], list[str]] = defaultdict(list)
        for table, key, name in [*_unsign(government, user), *_unname(government, user)]:
            fields[table, key].append(name)
        for model in (Follow, Notification, MailPreference):
            model._default_manager.filter(**{_whose(model): user, "government": government}).delete()
        SavedView.objects.filter(government=government, user=user, is_shared=False).delete()
        for (table, key), names in fields.items():
            erase_personal_data(
                by=by, table=table, row_key=str(key), fields=names, reason=reason, on=on, government_id=government.pk
            )
    return {"person": user.public_id, "rows": len(fields)}


def _whose(model: type[Follow | Notification | MailPreference]) -> str:
    return "recipient" if model is Notification else "user"


def _unsign(government: Government, user: User) -> list[tuple[str, int, str]]:
    """Take the name off a person's comments and files; return the (table, row, column) that held it in the log."""
    held = []
    for model in (Comment, Attachment):
        signed = model._default_manager.filter(government=government, author=user)
        keys = list(signed.values_list("pk", flat=True))
        signed.update(author=None, author_name=ERASED_NAME)
        held += [(model._meta.db_table, key, column) for key in keys for column in ("author_name", "author_id")]
    return held


def _unname(government: Government, user: User) -> list[tuple[str, int, str]]:
    """Take a person's name out of what mentioned them; return the (table, row, column) that held it in the log."""
    said: dict[Comment, list[str]] = defaultdict(list)
    held: list[tuple[str, int, str]] = []
    mentions = Mention.objects.filter(government=government, user=user).select_related("comment")
    for mention in mentions:
        said[mention.comment].append(mention.said)
        held += [(Mention._meta.db_table, mention.pk, column) for column in ("said", "user_id")]
    for comment, words in said.items():
        comment.text = without_mentions(comment.text, words)
        comment.save(update_fields=["text"])
        held.append((Comment._meta.db_table, comment.pk, "text"))
    mentions.delete()
    return held
