"""What the worker does in every round."""

import datetime as dt

from manglar.accounts.actors import Actor
from manglar.margin.services import tell_followers
from manglar.operations.services import chore


@chore("followers")
def followers(by: Actor, at: dt.datetime) -> int:
    """Tell followers what the log says since the last round."""
    return tell_followers(by=by, at=at)
