"""What the worker does in every round: follow the log, and read what waits."""

import datetime as dt

from manglar.accounts.actors import Actor
from manglar.operations.services import chore
from manglar.search.services import follow_log, read_waiting

#: Records of a round: jobs and messages wait no longer than this takes.
A_ROUND = 300


@chore("search.index")
def index_what_changed(by: Actor, at: dt.datetime) -> int:  # noqa: ARG001  # every chore is given both
    """Bring the index a step closer to the log; return how many records were read."""
    follow_log()
    return read_waiting(A_ROUND)
