"""What the worker does in each of its rounds: follow the log, and read what waits."""

from manglar.operations.services import every_round
from manglar.search.services import follow_log, read_waiting

#: Records of a round: jobs and messages wait no longer than this takes.
A_ROUND = 300


@every_round
def index_what_changed() -> None:
    """Bring the index a step closer to the log."""
    follow_log()
    read_waiting(A_ROUND)
