import signal
import time
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from manglar.accounts.actors import program
from manglar.audit.services import publish_heads, seal
from manglar.foundation.management.base import Command as Base
from manglar.foundation.sentences import say
from manglar.operations.services import do_chores, reap_jobs, run_job, send_messages, take_job


class Command(Base):
    help = "Hace los trabajos pedidos, envía los mensajes, sella la bitácora, publica su cabeza cada día y pone al día la búsqueda."
    stopping = False

    works_in_spanish = True  # what jobs keep is in the language of the records

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="una sola vuelta")

    def work(self, **options: Any) -> dict[str, Any]:
        signal.signal(signal.SIGTERM, self.stop)
        done = {"jobs": 0, "messages": 0}
        while True:
            try:
                self.turn(done)
            except DatabaseError as error:
                self.stderr.write(f"La base de datos no responde; se intenta de nuevo: {error}")
                close_old_connections()
            if options["once"] or self.stopping:
                return {"ok": True, **done}
            time.sleep(1)

    def turn(self, done: dict[str, int]) -> None:
        """One round of everything that waits."""
        now, by = timezone.now(), program("proceso de fondo", door="task")
        reap_jobs(at=now)
        seal()
        publish_heads(by=by, on=timezone.localdate(now))
        do_chores(by=by, at=now)
        done["messages"] += send_messages(by=by, at=now)
        job = take_job(at=now)
        if job is not None:
            run_job(job)
            done["jobs"] += 1

    def stop(self, *_: object) -> None:
        """Finish the round, then end."""
        self.stopping = True

    def words(self, result: dict[str, Any]) -> str:
        return str(say("{jobs} trabajos hechos, {messages} mensajes enviados.", **result))
