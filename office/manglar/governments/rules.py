"""When a sharing grant holds."""

import datetime as dt


def is_in_force(*, from_on: dt.date, until_on: dt.date | None, revoked_on: dt.date | None, on: dt.date) -> bool:
    """Say whether a grant holds on a day: it has begun, has not ended and was not revoked."""
    if on < from_on or (until_on is not None and on > until_on):
        return False
    return revoked_on is None or on < revoked_on
