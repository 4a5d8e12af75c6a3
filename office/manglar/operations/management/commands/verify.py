from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from manglar.audit.services import seal
from manglar.audit.verification import Verdict, said, verify, verify_exported
from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.operations.selectors import damaged_files

EVERYTHING = 1_000_000_000


class Command(Base):
    help = "Comprueba la bitácora de extremo a extremo, y los registros y los archivos contra ella."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", help="comprobar una bitácora exportada (JSONL) en vez de la de esta instalación")

    def work(self, **options: Any) -> dict[str, Any]:
        verdict = self.judged(options["file"])
        damaged = [] if options["file"] else damaged_files()
        return {
            "ok": verdict.is_sound and not damaged,
            "entries": verdict.entries,
            "chains": verdict.chains,
            "rows": verdict.rows,
            "unsealed": verdict.unsealed,
            "outside": verdict.outside,
            "faults": [
                *({"chain": f.chain, "seq": f.seq, "sentence": str(said(f))} for f in verdict.faults),
                *({"chain": 0, "seq": None, "sentence": str(each)} for each in damaged),
            ],
        }

    def judged(self, path: str | None) -> Verdict:
        """The verdict on a file, or on this installation."""
        if not path:
            with self.bar("Comprobando la bitácora") as report:
                report(0.0, "Sellando lo que espera")
                seal(limit=EVERYTHING)
                report(0.1, "Comprobando la bitácora")
                return verify()
        try:
            with Path(path).open(encoding="utf-8") as lines:
                return verify_exported(lines)
        except FileNotFoundError as error:
            raise InvalidInput(say("No existe el archivo «{path}».", path=path)) from error
        except UnicodeDecodeError as error:
            raise InvalidInput(say("«{path}» no es una bitácora exportada: no es texto.", path=path)) from error

    def words(self, result: dict[str, Any]) -> str:
        told = [say("{entries:,} asientos en {chains} cadenas; {rows:,} filas comparadas.", **result)]
        if result["outside"]:
            told.append(say("Alarma: {outside:,} cambios se hicieron fuera de los servicios.", **result))
        if result["unsealed"]:
            told.append(say("Aún sin sellar: {unsealed:,}.", **result))
        told.append(say("Todo concuerda.") if result["ok"] else say("NO concuerda:"))
        return "\n".join([*map(str, told), *(f"  · {f['sentence']}" for f in result["faults"])])
