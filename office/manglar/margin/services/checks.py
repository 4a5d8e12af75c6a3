"""What every service of the margin asks first."""

import re
from typing import Any

from django.utils.translation import gettext as _

from manglar.accounts.actors import Actor
from manglar.accounts.models import User
from manglar.accounts.permissions import require
from manglar.foundation.identifiers import PATTERN
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.governments.models import Government
from manglar.margin.models import Record
from manglar.margin.rules import tidy_line

_KIND = re.compile(r"[a-z][a-z0-9_-]{0,39}")
MAX_TITLE = 300


def person(allowed: Any, by: Actor, government: Government) -> User:
    """The person who asks, when the predicate lets them in; a link or a program has no margin of its own."""
    require(allowed, by, government)
    if by.user is None:
        raise NotAllowed(_("Para esto hace falta entrar con una cuenta."))
    return by.user


def checked_kind(kind: str) -> str:
    """The word for a kind of record, list or import."""
    if not _KIND.fullmatch(kind):
        raise InvalidInput(_("«{kind}» no es una clase de registro.").format(kind=tidy_line(kind)[:60]))
    return kind


def checked_record(record: Record) -> Record:
    """The record, when it is named as records are; its title on one line and not too long."""
    checked_kind(record.kind)
    if not PATTERN.fullmatch(record.public_id):
        raise InvalidInput(_("«{name}» no es un registro.").format(name=tidy_line(record.public_id)[:60]))
    return Record(record.government, record.public_id, record.kind, tidy_line(record.title)[:MAX_TITLE])
