"""When a job is taken for dead, and when a message is tried again."""

import datetime as dt

SILENCE = dt.timedelta(seconds=60)
MAX_ATTEMPTS = 3
MAX_SENDS = 5


def is_silent(*, heartbeat_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether a running job has given no sign of life for too long."""
    return heartbeat_at is None or at - heartbeat_at > SILENCE


def next_send_at(*, attempts: int, at: dt.datetime) -> dt.datetime:
    """When a message that failed is tried again: 1, 4, 9, 16 minutes later."""
    return at + dt.timedelta(minutes=attempts * attempts)
