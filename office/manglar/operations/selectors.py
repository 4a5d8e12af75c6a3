"""Reads about jobs, messages and files."""

import datetime as dt
import hashlib
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import Sentence, say
from manglar.governments.models import Government
from manglar.operations.choices import ImportState, JobState, MessageState
from manglar.operations.models import FileImport, Job, OutboxMessage, StoredFile
from manglar.operations.rules import SILENCE

#: Ways to send mail that leave it on this machine: for trying the program, or an office without a server of mail.
_STAYS = ("filebased", "console", "dummy")


def mail_leaves() -> bool:
    """Whether what is put in the outbox reaches anybody: whether the installation has a server of mail."""
    return not any(f".{kind}." in settings.EMAIL_BACKEND for kind in _STAYS)


def jobs_of(government: Government) -> QuerySet[Job]:
    """The jobs of a government, newest first."""
    return Job.objects.filter(government=government).select_related("asked_by")


def job_by_id(government: Government, public_id: str) -> Job | None:
    """One job of a government, or None."""
    return jobs_of(government).filter(public_id=public_id).first()


def silent_jobs(*, at: dt.datetime) -> QuerySet[Job]:
    """Running jobs that gave no sign of life for too long."""
    return Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=at - SILENCE)


def is_cancel_asked(job: Job) -> bool:
    """Whether a person asked to stop the job, read afresh."""
    return Job.objects.filter(pk=job.pk, cancel_asked=True).exists()


def messages_due(*, at: dt.datetime) -> QuerySet[OutboxMessage]:
    """Messages that wait and may be tried now."""
    return OutboxMessage.objects.filter(state=MessageState.WAITING, try_at__lte=at)


def file_path(stored: StoredFile) -> Path:
    """Where the bytes of a stored file are."""
    return Path(settings.MEDIA_ROOT) / stored.path


def damaged_files() -> list[Sentence]:
    """What is wrong with the files that are kept: those that are gone, and those whose bytes are not the ones kept."""
    faults = []
    for stored in StoredFile.objects.order_by("pk").iterator(chunk_size=500):
        told = {"name": stored.name, "public_id": stored.public_id}
        try:
            with file_path(stored).open("rb") as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
        except OSError:
            faults.append(say("El archivo «{name}» ({public_id}) no está en el disco.", **told))
            continue
        if found != stored.sha256:
            faults.append(say("El archivo «{name}» ({public_id}) no tiene los bytes que se guardaron.", **told))
    return faults


def file_bytes(stored: StoredFile) -> bytes:
    """The bytes of a stored file; a sentence when they are gone or are no longer those that were kept."""
    try:
        content = file_path(stored).read_bytes()
    except OSError as error:
        raise Conflict(
            say(
                "No se encuentra el archivo «{name}» ({public_id}): restaure un respaldo.",
                name=stored.name,
                public_id=stored.public_id,
            )
        ) from error
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise Conflict(
            say(
                "El archivo «{name}» ({public_id}) cambió en el disco: restaure un respaldo.",
                name=stored.name,
                public_id=stored.public_id,
            )
        )
    return content


def stored_file_by_id(government: Government, public_id: str) -> StoredFile | None:
    """One kept file of a government, or None."""
    return StoredFile.objects.filter(government=government, public_id=public_id).first()


def imports_of(government: Government) -> QuerySet[FileImport]:
    """The imports of a government, newest first."""
    return FileImport.objects.filter(government=government).select_related("asked_by", "undone_by", "government")


def import_by_id(government: Government, public_id: str) -> FileImport | None:
    """One import of a government, or None."""
    return imports_of(government).filter(public_id=public_id).first()


def later_import(load: FileImport) -> FileImport | None:
    """The newest import of the same kind after this one that still holds, or None."""
    return imports_of(load.government).filter(kind=load.kind, pk__gt=load.pk, state=ImportState.APPLIED).first()
