"""Public identifiers: stable, unguessable in order, readable aloud, the same in every copy of the data.

A record is known outside the program by its kind and ten characters of Crockford's base 32
(``hallazgo-7k3m9q2xtw``). The integer key never leaves the database.
"""

import re
import secrets
from functools import partial
from typing import Any

from django.db import models

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PATTERN = re.compile(r"^[a-z]+-[0-9a-hjkmnp-tv-z]{10}$")


def new_public_id(prefix: str) -> str:
    """Return a new identifier ``prefix-xxxxxxxxxx`` with 50 random bits."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(10))


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
