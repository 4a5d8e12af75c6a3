from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from manglar.foundation.management.base import Command as Base
from manglar.foundation.sentences import say
from manglar.operations.backup import backup


class Command(Base):
    help = "Hace un respaldo de toda la instalación en un archivo .zip, también mientras la gente trabaja."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="archivo .zip que se escribe")
        parser.add_argument("--overwrite", action="store_true", help="reemplazar el archivo si ya existe")

    def work(self, **options: Any) -> dict[str, Any]:
        with self.bar("Respaldando") as report:
            place = Path(options["file"]).absolute()
            return backup(place, at=timezone.now(), report=report, overwrite=options["overwrite"])

    def words(self, result: dict[str, Any]) -> str:
        return str(say("Respaldo en {file}: {rows:,} filas, {files:,} archivos.", **result))
