"""What the worker does in each of its rounds: follow the log, and read what waits."""

import datetime as dt

from manglar.accounts.actors import Actor
from manglar.operations.services import chore
from manglar.search.services import follow_log, read_waiting

#: Records of a round: jobs and messages wait no longer than this takes.
A_ROUND = 300


@chore("search")
def index_what_changed(by: Actor, at: dt.datetime) -> int:  # noqa: ARG001  # the index has no author: it repeats the log
    """Bring the index a step closer to the log."""
    follow_log()
    return read_waiting(A_ROUND)
