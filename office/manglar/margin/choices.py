from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """Why a person is told."""

    MENTION = "mention", _("le mencionó")
    REPLY = "reply", _("le respondió")
    CHANGE = "change", _("cambió algo que sigue")


class Mails(models.TextChoices):
    """Which notifications also arrive by mail."""

    NOTHING = "nothing", _("ninguno")
    MENTIONS = "mentions", _("menciones y respuestas")
    EVERYTHING = "everything", _("todos")


#: Acts that say nothing new of a record to whoever follows it.
QUIET_ACTS = frozenset({"follow.started", "follow.ended", "comment.changed", "comment.withdrawn"})
