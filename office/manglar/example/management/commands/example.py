from typing import Any

from django.core.management.base import CommandParser
from django.db import connection

from manglar.example.loading import load
from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say
from manglar.governments.selectors import all_governments


class Command(Base):
    help = "El ejemplo de Panamá: «manglar example load» en una base vacía."

    works_in_spanish = True  # what it writes is the example's, whoever asks for it

    def arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("load", help="cargar el ejemplo")

    def work(self, **_: Any) -> dict[str, Any]:
        if all_governments().exists():
            raise Conflict(say("El ejemplo se carga en una base vacía: use otra carpeta en MANGLAR_DATA_DIR."))
        with self.bar("Preparando el ejemplo") as report:
            built = load(report)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return {"ok": True, "divisions": len(built.divisions), "sentence": say("El ejemplo de Panamá está listo.")}
