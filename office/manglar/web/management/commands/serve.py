import os
import signal
import subprocess
import sys
from typing import Any

from django.core.management.base import CommandParser
from django.db import connection

from manglar.audit.triggers import compare
from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say


class Command(Base):
    help = "Sirve las páginas y hace los trabajos de fondo, hasta Ctrl-C."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-worker", action="store_true", help="solo las páginas")

    def work(self, **options: Any) -> dict[str, Any]:
        faults = compare(connection)
        if faults:
            raise Conflict(
                say(
                    "La bitácora no está guardada por sus disparadores: {faults} Ejecute «manglar migrate».",
                    faults=" ".join(faults),
                )
            )
        connection.close()
        signal.signal(signal.SIGTERM, self.stop)
        commands = [self.server(options["host"], options["port"])]
        if not options["no_worker"]:
            commands.append([sys.executable, "-m", "manglar", "work"])
        running = [subprocess.Popen(command) for command in commands]
        try:
            code = running[0].wait()
        except KeyboardInterrupt:
            code = 0
        finally:
            self.end(running)
        return {"ok": code == 0, "sentence": say("Servidor detenido.")}

    def stop(self, *_: object) -> None:
        """Told to end: the same as Ctrl-C, so that nothing that was started stays behind."""
        raise KeyboardInterrupt

    def end(self, running: "list[subprocess.Popen[bytes]]") -> None:
        """End the server and the worker, asking first."""
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()

    def server(self, host: str, port: int) -> list[str]:
        """The command of the web server: gunicorn, waitress on Windows."""
        bound = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if os.name == "nt":
            return [sys.executable, "-m", "waitress", f"--listen={bound}", "manglar.config.wsgi:application"]
        return [
            sys.executable,
            "-m",
            "gunicorn",
            "manglar.config.wsgi:application",
            "--bind",
            bound,
            "--workers",
            "2",
            "--threads",
            "8",
            "--worker-class",
            "gthread",
            "--log-level",
            "warning",
            "--timeout",
            "120",
        ]
