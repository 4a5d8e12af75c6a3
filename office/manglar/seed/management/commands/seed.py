import time
from typing import Any

from django.core.management.base import CommandParser

from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say
from manglar.governments.selectors import all_governments
from manglar.seed.loading import load, settle
from manglar.seed.sizes import SEED, SIZES


class Command(Base):
    help = "Una ciudad de prueba, toda ilustrativa y siempre la misma: «manglar seed --size city» en una base vacía."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="small", help="small (segundos) o city (minutos)")
        parser.add_argument("--seed", type=int, default=SEED, help="otra semilla da otra ciudad del mismo tamaño")

    def work(self, **options: Any) -> dict[str, Any]:
        if all_governments().exists():
            raise Conflict(say("La ciudad de prueba se hace en una base vacía: use otra carpeta en MANGLAR_DATA_DIR."))
        began = time.monotonic()
        with self.bar("Haciendo la ciudad") as report:
            made = load(SIZES[options["size"]], seed=options["seed"], report=report)
            report(0.99, "Ordenando la base")
            settle()
        return {
            "ok": True, "size": options["size"], "seed": options["seed"], "entries": made.entries,
            "released": made.released, "buildings": made.buildings, "buildings_file": str(made.buildings_file),
            "seconds": round(time.monotonic() - began, 1),
        }

    def words(self, result: dict[str, Any]) -> str:
        return (
            f"Ciudad de prueba lista en {result['seconds']:,} s: {result['entries']:,} asientos sellados, "
            f"{result['released']:,} registros publicados.\n"
            f"{result['buildings']:,} edificios en {result['buildings_file']}"
        )
