from typing import Any

from django.core.management.base import CommandParser
from django.db import connection
from django.utils import timezone

from manglar.audit.services import publish_heads, seal
from manglar.example import stage, story
from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say
from manglar.governments.selectors import all_governments
from manglar.territory.services import refresh_division_tiles


class Command(Base):
    help = "El ejemplo de Panamá: «manglar example load» en una base vacía."

    def arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("load", help="cargar el ejemplo")

    def work(self, **_: Any) -> dict[str, Any]:
        if all_governments().exists():
            raise Conflict(say("El ejemplo se carga en una base vacía: use otra carpeta en MANGLAR_DATA_DIR."))
        with self.bar("Preparando el ejemplo") as report:
            report(0.02, "Gobiernos, territorio, instituciones y activos")
            built = stage.build()
            story.tell(built, progress=report)
            report(0.95, "Sellando la bitácora")
            refresh_division_tiles()
            seal(limit=1_000_000)
            publish_heads(by=stage.BUILDER, on=timezone.localdate())
            seal(limit=1_000_000)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return {"ok": True, "divisions": len(built.divisions), "sentence": "El ejemplo de Panamá está listo."}
