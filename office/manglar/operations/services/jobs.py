"""Jobs that cannot be lost or run twice, and messages."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.core.mail import send_mail
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from manglar.accounts.actors import Actor
from manglar.audit.services import act
from manglar.foundation.refusals import Conflict, Refusal
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.operations import selectors
from manglar.operations.choices import FINISHED, JobState, MessageState
from manglar.operations.models import Job, OutboxMessage
from manglar.operations.rules import MAX_ATTEMPTS, MAX_SENDS, next_send_at

log = logging.getLogger("manglar.operations")
Work = Callable[["Reporter", dict[str, Any]], dict[str, Any]]
#: Kind of job → what does it; upper floors register theirs when they are loaded (``tasks.py``).
WORKS: dict[str, Work] = {}

Chore = Callable[[Actor, dt.datetime], int]
#: What the worker does in every round beside jobs and messages; upper floors register theirs like works.
CHORES: dict[str, Chore] = {}


class JobCancelled(Exception):
    """A person asked the job to stop."""


class Reporter:
    """What a work gets to say how far it is; it learns here that it must stop."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __call__(self, fraction: float, step: str = "") -> None:
        """Report progress between 0 and 1; raise JobCancelled when a person asked to stop."""
        Job.objects.filter(pk=self.job.pk).update(
            fraction=max(0.0, min(1.0, fraction)), step=step[:200], heartbeat_at=timezone.now()
        )
        if selectors.is_cancel_asked(self.job):
            raise JobCancelled


def work(kind: str) -> Callable[[Work], Work]:
    """Register the function that does a kind of job."""

    def register(function: Work) -> Work:
        WORKS[kind] = function
        return function

    return register


def chore(name: str) -> Callable[[Chore], Chore]:
    """Register what the worker does in every round; it is given who and when, and returns how much it did."""

    def register(function: Chore) -> Chore:
        CHORES[name] = function
        return function

    return register


def do_chores(*, by: Actor, at: dt.datetime) -> int:
    """Do every chore; one that fails is logged and does not stop the others, a database that is away stops all."""
    done = 0
    for name, function in CHORES.items():
        try:
            done += function(by, at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("chore %s failed", name)
    return done


def ask_job(*, by: Actor, government: Government, kind: str, title: str, arguments: dict[str, Any]) -> Job:
    """Queue a job; the worker takes it after the commit."""
    if kind not in WORKS:
        raise Conflict(say("No hay quien haga trabajos de la clase «{kind}».", kind=kind))
    with act("job.asked", by=by, government_id=government.pk):
        return Job.objects.create(government=government, kind=kind, title=title, arguments=arguments, asked_by=by.user)


def cancel_job(*, by: Actor, job: Job) -> None:
    """Ask a job to stop: at once when it waits, at its next report when it runs."""
    with act("job.cancel_asked", by=by, government_id=job.government_id):
        held = Job.objects.select_for_update().get(pk=job.pk)
        if held.state in FINISHED:
            raise Conflict(say("El trabajo ya terminó."))
        held.cancel_asked = True
        if held.state == JobState.QUEUED:
            held.state, held.finished_at = JobState.CANCELLED, timezone.now()
        held.save(update_fields=["cancel_asked", "state", "finished_at"])


def take_job(*, at: dt.datetime) -> Job | None:
    """Take the oldest waiting job for this worker; two workers never take the same one."""
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=_can_skip()).filter(state=JobState.QUEUED).order_by("pk").first()
        )
        if job is None:
            return None
        taken = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
            state=JobState.RUNNING, heartbeat_at=at, attempts=job.attempts + 1
        )
    job.refresh_from_db()
    return job if taken else None


def _can_skip() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)


def run_job(job: Job) -> Job:
    """Do a job that was taken, and keep what came of it."""
    try:
        job.result = WORKS[job.kind](Reporter(job), job.arguments)
        job.state, job.fraction = JobState.DONE, 1.0
    except JobCancelled:
        job.state = JobState.CANCELLED
    except Refusal as refusal:
        job.state, job.error = JobState.FAILED, refusal.kept
    except Exception:
        log.exception("job %s failed", job.public_id)
        job.state = JobState.FAILED
        job.error = "El trabajo falló por un error del programa; quedó anotado en el registro del servidor."
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "result", "error", "fraction", "finished_at"])
    return job


def reap_jobs(*, at: dt.datetime) -> int:
    """Put jobs whose worker died back in the queue, or give them up after the last attempt."""
    with transaction.atomic():
        silent = selectors.silent_jobs(at=at)
        given_up = silent.filter(attempts__gte=MAX_ATTEMPTS).update(
            state=JobState.FAILED,
            finished_at=at,
            error=f"Se interrumpió {MAX_ATTEMPTS} veces. Revise la memoria del servidor y pídalo de nuevo.",
        )
        return given_up + silent.update(state=JobState.QUEUED, heartbeat_at=None)


def queue_message(
    *, by: Actor, government: Government, to: str, subject: str, body: str, at: dt.datetime
) -> OutboxMessage:
    """Write a message in the caller's transaction; it leaves only if that commits."""
    with act("message.queued", by=by, government_id=government.pk):
        return OutboxMessage.objects.create(
            government=government, to=to, subject=subject.replace("\n", " ")[:200], body=body, try_at=at
        )


def send_messages(*, by: Actor, at: dt.datetime, limit: int = 50) -> int:
    """Send what waits; a failure is kept with its reason and tried again later."""
    sent = 0
    for message in selectors.messages_due(at=at)[:limit]:
        claimed = OutboxMessage.objects.filter(pk=message.pk, attempts=message.attempts, state=MessageState.WAITING)
        with act("message.tried", by=by, government_id=message.government_id, subject=message.public_id):
            if not claimed.update(
                attempts=message.attempts + 1, try_at=next_send_at(attempts=message.attempts + 1, at=at)
            ):
                continue
        message.refresh_from_db()
        sent += _send(message, by=by, at=at)
    return sent


def _send(message: OutboxMessage, *, by: Actor, at: dt.datetime) -> int:
    try:
        send_mail(message.subject, message.body, None, [message.to])
        message.state, message.sent_at, message.error = MessageState.SENT, at, ""
    except OSError as error:
        message.error = str(error)
        if message.attempts >= MAX_SENDS:
            message.state = MessageState.FAILED
    with act("message.tried", by=by, government_id=message.government_id, subject=message.public_id):
        message.save(update_fields=["state", "sent_at", "error"])
    return int(message.state == MessageState.SENT)
