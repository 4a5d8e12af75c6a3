"""What the foot of every page shows of the public log (see shapes.py)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogHead:
    """The last entry of a chain of the public log, and whose chain it is."""

    digest: str
    number: int
    chain: str = ""
    at: str = ""
    url: str = ""
