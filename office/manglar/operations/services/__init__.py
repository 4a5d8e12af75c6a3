"""Use cases of operations, by noun."""

from manglar.operations.services import jobs
from manglar.operations.services.files import store_bytes, store_file
from manglar.operations.services.imports import (
    Undone,
    file_import,
    undo_import,
    what_undoing_does,
    why_not_first,
    why_not_undone,
)
from manglar.operations.services.jobs import (
    CHORES,
    WORKS,
    JobCancelled,
    Reporter,
    ask_job,
    cancel_job,
    chore,
    do_chores,
    queue_message,
    reap_jobs,
    run_job,
    send_messages,
    take_job,
    work,
)

__all__ = [
    "CHORES", "WORKS", "JobCancelled", "Reporter", "Undone", "ask_job", "cancel_job", "chore", "do_chores",
    "file_import", "jobs", "queue_message", "reap_jobs", "run_job", "send_messages", "store_bytes", "store_file",
    "take_job", "undo_import", "what_undoing_does", "why_not_first", "why_not_undone", "work",
]
