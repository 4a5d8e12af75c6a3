"""What every command of ours does the same way: ``--json``, a bar where it takes time, exit code 2 with a sentence."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils.translation import override
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from manglar.foundation.refusals import InvalidInput, Refusal
from manglar.foundation.sentences import SOURCE_LANGUAGE, at_the_command_line, say

Report = Callable[[float, str], None]


class Command(BaseCommand):
    """Base of our commands: a subclass returns from ``work`` what happened, as plain data, and words for it."""

    requires_system_checks: list[str] = []
    #: How a command ends whose result is not ``ok``: 1 where a check found something wrong, 2 where the input cannot be used.
    exit_code_when_not_ok = 1
    #: Whether it does its work in the language of the records, whatever language it answers in.
    works_in_spanish = False

    def add_arguments(self, parser: CommandParser) -> None:
        self.arguments(parser)
        for each in _leaves(parser):
            each.add_argument("--json", action="store_true", dest="as_json", help="resultado en JSON")

    def arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""

    def work(self, **options: Any) -> dict[str, Any]:
        """Do it; return what happened."""
        raise NotImplementedError

    def words(self, result: dict[str, Any]) -> str:
        """Say what happened to a person."""
        return str(result.get("sentence") or say("Hecho."))

    def handle(self, *_: Any, **options: Any) -> None:
        with at_the_command_line():
            self._answer(options)

    def _answer(self, options: dict[str, Any]) -> None:
        try:
            with override(SOURCE_LANGUAGE) if self.works_in_spanish else nullcontext():
                result = self.work(**options)
        except Refusal as refusal:
            self._refuse(refusal, as_json=bool(options.get("as_json")))
        except KeyboardInterrupt:
            self.stderr.write(str(say("Interrumpido: no quedó nada a medias.")))
            raise SystemExit(130) from None
        except (OSError, DatabaseError) as error:
            self._refuse(Refusal(say("No se pudo: {error}", error=error)), as_json=bool(options.get("as_json")))
        else:
            if options.get("as_json"):
                self.stdout.write(json.dumps(result, ensure_ascii=False, sort_keys=True, default=str))
            else:
                self.stdout.write(self.words(result))
            if result.get("ok") is False:
                raise SystemExit(self.exit_code_when_not_ok)

    def _refuse(self, refusal: Refusal, *, as_json: bool) -> None:
        problems = [str(p) for p in refusal.problems] if isinstance(refusal, InvalidInput) else []
        if as_json:
            self.stdout.write(
                json.dumps({"ok": False, "error": refusal.sentence, "problems": problems}, ensure_ascii=False)
            )
        else:
            self.stderr.write("\n".join([refusal.sentence, *problems]))
        raise SystemExit(2)

    @contextmanager
    def bar(self, title: str) -> Iterator[Report]:
        """A progress bar on the terminal; silent where there is none."""
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
            task = progress.add_task(title, total=1.0)

            def report(fraction: float, step: str = "") -> None:
                progress.update(task, completed=fraction, description=step or title)

            yield report


def _leaves(parser: CommandParser) -> list[CommandParser]:
    """The parsers to which ``--json`` belongs: the subcommands where there are any, and theirs."""
    groups = parser._subparsers._group_actions if parser._subparsers else []
    found: list[CommandParser] = []
    for action in groups:
        choices: Any = action.choices or {}
        found += [leaf for each in choices.values() for leaf in _leaves(each)]
    return found or [parser]


def read_file(path: str) -> tuple[str, bytes]:
    """Name and bytes of a file that a person named; a sentence when it cannot be read."""
    place = Path(path)
    if not path.strip():
        raise InvalidInput(say("Indique un archivo."))
    if place.is_dir():
        raise InvalidInput(say("«{path}» es una carpeta: indique un archivo.", path=path))
    try:
        return place.name, place.read_bytes()
    except FileNotFoundError as error:
        raise InvalidInput(say("No existe el archivo «{path}».", path=path)) from error
    except OSError as error:
        raise InvalidInput(say("No se puede leer «{path}»: {strerror}.", path=path, strerror=error.strerror)) from error
