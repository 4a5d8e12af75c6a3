"""What a service answers when it will not do what was asked: a sentence that says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from manglar.foundation.sentences import Said, Sentence, say


class Refusal(Exception):
    """The request was understood and refused; the text is for the person who asked, in their language."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said

    @property
    def sentence(self) -> str:
        """The sentence in the language that is active now."""
        return str(self.said)

    @property
    def kept(self) -> str:
        """The sentence in the language of the records, for what stays: the error of a job, of a run."""
        return self.said.in_spanish() if isinstance(self.said, Sentence) else self.said


class NotAllowed(Refusal):
    """The person may not do this."""


class Conflict(Refusal):
    """The record changed, or is in a state from which this does not follow."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row of a file: where, in which column, and how to mend it."""

    row: int
    said: Said
    column: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong, in the language that is active now."""
        return str(self.said)

    def as_data(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return {"row": self.row, "column": self.column, "sentence": self.sentence}

    def __str__(self) -> str:
        if self.column:
            return str(
                say("Fila {row}, columna «{column}»: {problem}", row=self.row, column=self.column, problem=self.said)
            )
        return str(say("Fila {row}: {problem}", row=self.row, problem=self.said))


class InvalidInput(Refusal):
    """The input is wrong; ``problems`` names the rows."""

    def __init__(self, said: Said, problems: Sequence[RowProblem] = ()) -> None:
        super().__init__(said)
        self.problems = tuple(problems)
