from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from manglar.accounts.actors import program
from manglar.foundation.management.base import Command as Base
from manglar.foundation.sentences import say
from manglar.operations.backup import restore


class Command(Base):
    help = "Restaura un respaldo en una instalación vacía y compara cada tabla y cada archivo."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="respaldo .zip")

    def work(self, **options: Any) -> dict[str, Any]:
        with self.bar("Restaurando") as report:
            return restore(Path(options["file"]), by=program("línea de comandos"), report=report)

    def words(self, result: dict[str, Any]) -> str:
        told = say("Restauradas y comparadas {rows:,} filas de {tables} tablas y {files:,} archivos.", **result)
        faults = "".join(f"\n  · {fault}" for fault in result["faults"])
        verdict = say("La bitácora no verifica:") if faults else say("La bitácora verifica.")
        return f"{told}\n{verdict}{faults}"
