"""Telling people, on their page and by mail; reading; choosing what comes by mail."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from manglar.accounts.actors import Actor
from manglar.accounts.models import User
from manglar.audit.services import act
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.governments.models import Government
from manglar.margin import selectors
from manglar.margin.choices import Mails, NoticeKind
from manglar.margin.models import Comment, MailPreference, Notification, Record
from manglar.margin.permissions import may_follow
from manglar.margin.services.checks import person
from manglar.operations.services import queue_message

MOST_IN_A_MAIL = 20


def tell_of_comment(
    *,
    by: Actor,
    comment: Comment,
    record: Record,
    people: Sequence[User],
    kind: NoticeKind,
    source: str,
    at: dt.datetime | None = None,
) -> None:
    """Tell some people of a comment, inside the act that wrote it; by mail too, those who want it so."""
    wanted = selectors.mails_wanted(record.government, people) if people else {}
    for user in people:
        Notification.objects.create(
            government=record.government, subject=record.public_id, subject_kind=record.kind, recipient=user,
            kind=kind, title=record.title, event="comment.written", source=source, comment=comment,
            at=at or comment.at,
        )  # fmt: skip
        if wanted.get(user.pk, Mails.NOTHING) != Mails.NOTHING:
            subject, body = _letter_of_comment(record, user, comment.author_name, kind)
            queue_message(
                by=by, government=record.government, to=user.email, subject=subject, body=body, at=at or comment.at
            )


def _letter_of_comment(record: Record, user: User, who: str, kind: NoticeKind) -> tuple[str, str]:
    """Subject and body in the reader's language. The words of the comment stay inside: a mail is read by others too."""
    with override(user.language):
        name = record.title or record.public_id
        if kind == NoticeKind.MENTION:
            subject = _("{who} le mencionó: {name}").format(who=who, name=name)
            told = _("{who} le mencionó en un comentario de «{name}».").format(who=who, name=name)
        else:
            subject = _("{who} le respondió: {name}").format(who=who, name=name)
            told = _("{who} respondió a su comentario de «{name}».").format(who=who, name=name)
        return subject, _letter(user, told, [_address(record, user)])


def letter_of_changes(user: User, records: Sequence[Record]) -> tuple[str, str]:
    """Subject and body that tell a follower of the records that changed since the last time."""
    with override(user.language):
        count = len(records)
        subject = ngettext("Cambió algo que usted sigue", "Cambiaron {count} cosas que usted sigue", count)
        told = ngettext("Hay cambios en algo que usted sigue:", "Hay cambios en {count} cosas que usted sigue:", count)
        lines = [f"{r.title or r.public_id}\n{_address(r, user)}" for r in records[:MOST_IN_A_MAIL]]
        if count > MOST_IN_A_MAIL:
            lines.append(_("Y {count} más, en sus avisos.").format(count=count - MOST_IN_A_MAIL))
        return subject.format(count=count), _letter(user, told.format(count=count), lines)


def _letter(user: User, told: str, lines: Sequence[str]) -> str:
    greeting = _("Hola, {name}:").format(name=user)
    why = _("Recibe este correo porque lo pidió en sus avisos; allí mismo puede dejar de recibirlo.")
    return "\n\n".join([greeting, told, *lines, why]) + "\n"


def _address(record: Record, user: User) -> str:
    """The desk's page of a record, in the reader's language; the desk stands above and knows who may enter."""
    prefix = f"/{user.language}" if user.language in dict(settings.LANGUAGES) else ""
    prefix = "" if user.language == settings.LANGUAGE_CODE else prefix
    return f"{settings.PUBLIC_URL}{prefix}/desk/{record.government.code}/{record.kind}/{record.public_id}/"


def mark_read(*, by: Actor, notification: Notification, at: dt.datetime) -> Notification:
    """Note that a person read one of their notifications; twice changes nothing."""
    if by.user is None or notification.recipient_id != by.user.pk:
        raise NotAllowed(_("Ese aviso es de otra persona."))
    _read(by, notification.government_id, [notification.pk], at)
    notification.refresh_from_db()
    return notification


def mark_all_read(*, by: Actor, government: Government, at: dt.datetime) -> int:
    """Note that a person read every notification of a government; return how many waited."""
    user = person(may_follow, by, government)
    waiting = Notification.objects.filter(recipient=user, government=government, read_at__isnull=True)
    return _read(by, government.pk, list(waiting.values_list("pk", flat=True)), at)


def _read(by: Actor, government_id: int, keys: list[int], at: dt.datetime) -> int:
    waiting = Notification.objects.filter(pk__in=keys, read_at__isnull=True)
    if not waiting.exists():
        return 0
    with act("notifications.read", by=by, government_id=government_id):
        return waiting.update(read_at=at)


def choose_mails(*, by: Actor, government: Government, mails: str) -> MailPreference:
    """Choose which notifications of a government also come by mail."""
    user = person(may_follow, by, government)
    if mails not in Mails.values:
        raise InvalidInput(_("Elija qué avisos quiere por correo: ninguno, menciones y respuestas, o todos."))
    with act("mails.chosen", by=by, government_id=government.pk):
        held, _made = MailPreference.objects.get_or_create(government=government, user=user)
        if held.mails != mails:
            held.mails = mails
            held.save(update_fields=["mails"])
    return held
