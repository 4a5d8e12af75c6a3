"""Files beside records: attached, and withdrawn with a reason."""

import datetime as dt

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.margin.models import Attachment, Record
from manglar.margin.permissions import may_attach_files
from manglar.margin.rules import tidy, tidy_line
from manglar.margin.services.checks import checked_record
from manglar.operations.services import store_file

MAX_TITLE = 200
MAX_FILES = 200


def attach_file(
    *, by: Actor, record: Record, name: str, content: bytes, at: dt.datetime, title: str = ""
) -> Attachment:
    """Keep a file beside a record, judged by its content; the same bytes stand beside a record once.

    Raises:
        InvalidInput: the bytes are nothing that Manglar keeps, or the title is too long.
        Conflict: the record has this file already, or has too many.
    """
    require(may_attach_files, by, record.government)
    record, title = checked_record(record), tidy_line(title)
    if len(title) > MAX_TITLE:
        raise InvalidInput(say("El título del archivo pasa de {most} caracteres: acórtelo.", most=MAX_TITLE))
    with act("file.attached", by=by, government_id=record.government.pk, subject=record.public_id):
        kept = store_file(by=by, government=record.government, name=name, content=content)
        beside = Attachment.objects.filter(
            government=record.government, subject=record.public_id, withdrawn_at__isnull=True
        ).select_for_update()
        held = {each.file.sha256: each for each in beside.select_related("file")}
        if same := held.get(kept.sha256):
            raise Conflict(say("Ese archivo ya está aquí, con el título «{title}».", title=same.title))
        if len(held) >= MAX_FILES:
            raise Conflict(say("El registro ya tiene {most} archivos: retire alguno antes.", most=MAX_FILES))
        return Attachment.objects.create(
            government=record.government,
            subject=record.public_id,
            subject_kind=record.kind,
            file=kept,
            title=title or kept.name,
            author=by.user,
            author_name=by.name,
            at=at,
        )


def withdraw_file(*, by: Actor, attachment: Attachment, reason: str, at: dt.datetime) -> Attachment:
    """Take a file away from a record: the log keeps that it was there and why it went; its bytes are read no more."""
    require(may_attach_files, by, attachment.government)
    if not (why := tidy(reason)):
        raise InvalidInput(say("Escriba por qué se retira el archivo."))
    owner = attachment.government.pk
    with act("file.withdrawn", by=by, government_id=owner, subject=attachment.subject, reason=why):
        held = Attachment.objects.select_for_update().get(pk=attachment.pk)
        if held.withdrawn_at is not None:
            raise Conflict(say("Ese archivo ya estaba retirado."))
        held.withdrawn_at, held.withdrawn_reason = at, why
        held.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return held
