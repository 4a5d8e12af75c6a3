"""Public identifiers: stable, unguessable in order, readable aloud, the same in every copy of the data.

A record is known outside the program by its kind and ten characters of Crockford's base 32
(``hallazgo-7k3m9q2xtw``). The integer key never leaves the database.
"""

import random
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.db import models

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PATTERN = re.compile(r"^[a-z]+-[0-9a-hjkmnp-tv-z]{10}$")


#: Where the random bits come from: the system's, except while a made-up city is seeded.
_SYSTEM: random.Random = secrets.SystemRandom()
_DRAWS: ContextVar[random.Random] = ContextVar("draws", default=_SYSTEM)  # it has no state to share


def new_public_id(prefix: str) -> str:
    """Return a new identifier ``prefix-xxxxxxxxxx`` with 50 random bits."""
    return f"{prefix}-" + "".join(_DRAWS.get().choices(ALPHABET, k=10))


@contextmanager
def identifiers_drawn_from(source: random.Random) -> Iterator[None]:
    """Draw new identifiers from a seeded source, so that a made-up city is the same each time that it is made.

    They name records and are no secret: tokens and salts go on coming from the system.
    """
    held = _DRAWS.set(source)
    try:
        yield
    finally:
        _DRAWS.reset(held)


class PublicIdField(models.CharField):  # type: ignore[type-arg]  # django-stubs: not generic at run time
    """The public identifier of a record; ``prefix`` is the Spanish word for its kind."""

    def __init__(self, *, prefix: str = "registro", **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs.update(
            max_length=40,
            unique=True,
            editable=False,
            default=partial(new_public_id, prefix),
            verbose_name="identificador público",
        )
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        for given in ("max_length", "unique", "editable", "default", "verbose_name"):
            kwargs.pop(given, None)
        kwargs["prefix"] = self.prefix
        return name, path, args, kwargs
