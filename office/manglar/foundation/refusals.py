"""What a service answers when it will not do what was asked: a sentence that says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass


class Refusal(Exception):
    """The request was understood and refused; the text is for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotAllowed(Refusal):
    """The person may not do this."""


class Conflict(Refusal):
    """The record changed, or is in a state from which this does not follow."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row of a file: where, in which column, and how to mend it."""

    row: int
    sentence: str
    column: str = ""

    def __str__(self) -> str:
        where = f"Fila {self.row}" + (f", columna «{self.column}»" if self.column else "")
        return f"{where}: {self.sentence}"


class InvalidInput(Refusal):
    """The input is wrong; ``problems`` names the rows."""

    def __init__(self, sentence: str, problems: Sequence[RowProblem] = ()) -> None:
        super().__init__(sentence)
        self.problems = tuple(problems)
