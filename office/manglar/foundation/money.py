"""Money: exact decimals in balboas (PAB, at par with the US dollar); the unit is in the field's name."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say

CENT = Decimal("0.01")
DIGITS = 16
#: No amount reaches it: a cell holds DIGITS digits, two of them cents, and what does not fit could not be read again.
TOO_MUCH = Decimal(10) ** (DIGITS - 2)
_NOISE = re.compile(r"^(?:B/\.?|PAB|USD|US\$|\$)\s*", re.IGNORECASE)
_PLAIN = re.compile(r"^-?\d+(\.\d+)?$")
_THOUSANDS = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")

#: Three digits after one point: a thousand in half of the world, a fraction of a cent here.
_CENTS_OR_THOUSANDS = re.compile(r"^-?\d{1,3}\.\d{3}$")


def parse_pab(text: str) -> Decimal:
    """Read an amount as people write it in Panama: ``B/. 1,234.50``.

    Raises ValueError with a sentence when the text can be read in two ways (``1.234,50``, ``12.500``).
    """
    bare = _NOISE.sub("", text.strip()).replace(" ", "").replace("\u00a0", "")
    if _THOUSANDS.match(bare):
        bare = bare.replace(",", "")
    if not _PLAIN.match(bare):
        raise ValueError(
            say("«{text}» no es un importe: escriba por ejemplo 1,234.50 (coma de miles, punto decimal).", text=text)
        )
    if _CENTS_OR_THOUSANDS.match(bare):
        raise ValueError(
            say(
                "«{text}» se puede leer de dos maneras: escriba {thousands} o {cents}.",
                text=text, thousands=f"{int(bare.replace('.', '')):,}", cents=f"{Decimal(bare).quantize(CENT):,}",
            )
        )
    try:
        amount = Decimal(bare).quantize(CENT)
    except InvalidOperation as error:
        raise ValueError(say("«{text}» es un importe demasiado grande.", text=text)) from error
    if abs(amount) >= TOO_MUCH:
        raise ValueError(say("«{text}» es un importe demasiado grande.", text=text))
    return amount


class PabField(models.DecimalField):  # type: ignore[type-arg]  # django-stubs: not generic at run time
    """An amount in balboas; name the field ``…_pab``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", DIGITS)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Refuse, whoever writes, what the database would keep and nobody could read."""
        if isinstance(value, Decimal) and not (value.is_finite() and abs(value) < TOO_MUCH):
            raise InvalidInput(say("El importe {value} no cabe: es demasiado grande o no es un número.", value=value))
        return super().get_db_prep_save(value, connection)
