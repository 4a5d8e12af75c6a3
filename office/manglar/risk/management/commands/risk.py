"""``manglar risk``: run, list, show, repeat, and register faults."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import get_language

from manglar.accounts.actors import program
from manglar.foundation.management.base import Command as Base
from manglar.foundation.management.base import read_file
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.texts import decode
from manglar.risk import selectors, services
from manglar.risk.management import dataset_verbs
from manglar.risk.management.naming import government_named, run_named
from manglar.risk.management.words import said_of_run, shown
from manglar.risk.models import Run
from manglar.risk.rules.specs import parse_spec

BY = program("línea de comandos")
MAX_TOML_BYTES = 1_000_000


class Command(Base):
    help = "El riesgo: calcularlo con el motor, ver lo que dijo y repetirlo byte por byte."

    def arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="run|list|show|repeat|compare|faults|dataset|measures")
        running = verbs.add_parser("run", help="calcular una corrida")
        running.add_argument("file", help="lo que se pide, en TOML (docs/oficina/riesgo.md)")
        listing = verbs.add_parser("list", help="ver las corridas")
        listing.add_argument("--limit", type=int, default=50, help="cuántas, de la más nueva a la más vieja")
        showing = verbs.add_parser("show", help="ver una corrida, por corregimiento, con intervalos del 90%%")
        showing.add_argument("id", help="identificador «corrida-…», o «latest» para la última")
        repeating = verbs.add_parser("repeat", help="repetir una corrida y comparar byte por byte")
        repeating.add_argument("id", help="identificador «corrida-…», o «latest» para la última")
        registering = verbs.add_parser("faults", help="registrar un archivo de fallas activas y ver cómo se leyó")
        registering.add_argument("file", help="GeoJSON de líneas con tasas de deslizamiento")
        registering.add_argument("--licence", default="", help="licencia del archivo")
        registering.add_argument("--source", default="", help="de dónde sale")
        comparing = verbs.add_parser("compare", help="poner dos corridas lado a lado")
        comparing.add_argument("one", help="la primera: identificador «corrida-…»")
        comparing.add_argument("other", help="la segunda")
        dataset_verbs.arguments(verbs.add_parser("dataset", help="registrar, listar y ver datos de cualquier amenaza"))
        verbs.add_parser("measures", help="ver la biblioteca de medidas, con sus fuentes")
        for each in (running, listing, showing, repeating, registering, comparing):
            each.add_argument("--government", default="", help="código del gobierno (si no, el de la casa)")

    def work(self, **options: Any) -> dict[str, Any]:
        verbs = {
            "run": self._run,
            "list": self._list,
            "show": self._show,
            "repeat": self._repeat,
            "faults": self._faults,
            "compare": self._compare,
            "dataset": dataset_verbs.work,
            "measures": self._measures,
        }
        return verbs[options["verb"]](options)

    def _run(self, options: dict[str, Any]) -> dict[str, Any]:
        government = government_named(options["government"])
        _, content = read_file(options["file"])
        spec = parse_spec(toml_text(content))
        with self.bar("Preparando") as report:
            run = services.run_now(
                by=BY,
                government=government,
                spec=spec,
                base_path=Path(options["file"]).resolve().parent,
                at=timezone.now(),
                progress=report,
            )
        page = selectors.run_page(run, language=get_language() or "es")
        return {"ok": True, **run_data(run), "notes": len(page.notes), "sentence": said_of_run(page)}

    def _list(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["limit"] < 1:
            raise InvalidInput(say("«--limit» es un número de 1 en adelante."))
        rows = selectors.run_rows(government_named(options["government"]), language=get_language() or "es", limit=options["limit"])
        lines = [f"{row.public_id}  {row.state_label:<10} {row.asked_at:%Y-%m-%d %H:%M}  {row.title}" for row in rows]
        return {
            "runs": [asdict(row) for row in rows],
            "sentence": "\n".join(lines) or say("No hay corridas: pida una con «manglar risk run ARCHIVO.toml»."),
        }

    def _show(self, options: dict[str, Any]) -> dict[str, Any]:
        run = run_named(options["id"], options["government"])
        page = selectors.run_page(run, language=get_language() or "es")
        if not page.is_done:
            why = f" {run.error}" if run.error else ""
            return {**run_data(run), "sentence": say("{run} está {state}.{why}", run=run.public_id, state=page.state_label, why=why)}
        return {
            **run_data(run),
            "study": run.study,
            "levels": [asdict(row) for row in page.levels],
            "rates": [asdict(row) for row in page.rates],
            "measures": [asdict(row) for row in page.measures],
            "total": asdict(page.total) if page.total else None,
            "territories": [asdict(row) for row in page.territories],
            "curve": [asdict(point) for point in page.curve],
            "faults": [asdict(row) for row in page.faults],
            "defaults": [asdict(row) for row in page.defaults],
            "retrofit": asdict(page.retrofit) if page.retrofit else None,
            "notes": [asdict(row) for row in (*page.limits, *page.notes)],
            "sentence": shown(page),
        }

    def _repeat(self, options: dict[str, Any]) -> dict[str, Any]:
        run = run_named(options["id"], options["government"])
        with self.bar("Repitiendo") as report:
            repeat = services.repeat_run(by=BY, run=run, progress=report)
        lines = [repeat.sentence, *(f"- {each}" for each in repeat.differences)]
        if repeat.city_changes:
            lines += [
                str(say("Los datos de la ciudad cambiaron desde entonces:")),
                *(f"- {each}" for each in repeat.city_changes),
            ]
        return {"ok": repeat.is_equal, "id": run.public_id, **asdict(repeat), "sentence": "\n".join(lines)}

    def _compare(self, options: dict[str, Any]) -> dict[str, Any]:
        one, other = (run_named(options[name], options["government"]) for name in ("one", "other"))
        found = selectors.compare(one, other)
        if found.why_not is not None:
            raise InvalidInput(found.why_not)
        lines = [f"{one.title}  →  {other.title}", *(f"- {each}" for each in found.differs)]
        pairs = [found.total, *found.rows] if found.total else list(found.rows)
        lines += [f"{pair.name or say('Toda la ciudad')!s:<28} {pair.change:>+15,.4g}" for pair in pairs if pair.change is not None]
        return {
            "one": one.public_id,
            "other": other.public_id,
            "total": asdict(found.total) if found.total else None,
            "rows": [{**asdict(pair), "change": pair.change, "is_apart": pair.is_apart} for pair in found.rows],
            "differs": [str(each) for each in found.differs],
            "sentence": "\n".join(lines),
        }

    def _measures(self, options: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002  # one shape for every verb
        rows = services.measures_offered()
        lines = [f"{m.id:<30} {m.peril:<14} {m.es}: {m.effect_es} ({m.effect_mark})" for m in rows]
        return {"measures": [asdict(row) for row in rows], "sentence": "\n".join(lines)}

    def _faults(self, options: dict[str, Any]) -> dict[str, Any]:
        name, content = read_file(options["file"])
        dataset = services.register_faults(
            by=BY,
            government=government_named(options["government"]),
            name=name,
            content=content,
            licence=options["licence"],
            source=options["source"],
        )
        count = len(dataset.content)
        lines = [str(say("{dataset}: {count} fallas con tasa de deslizamiento.", dataset=dataset.public_id, count=count))]
        lines += [f"- {note['row']}, {note['field']}: {note['es']}" for note in dataset.notes]
        return {
            "ok": True,
            "id": dataset.public_id,
            "sha256": dataset.sha256,
            "faults": len(dataset.content),
            "notes": dataset.notes,
            "sentence": "\n".join(lines),
        }


def toml_text(content: bytes) -> str:
    """The text of a TOML file, whatever wrote it."""
    if len(content) > MAX_TOML_BYTES:
        raise InvalidInput(say("El archivo es demasiado grande para ser la especificación de una corrida."))
    try:
        return decode(content)
    except (ValueError, UnicodeError) as error:
        raise InvalidInput(
            say("El archivo no es texto: escriba la corrida en TOML (vea «docs/oficina/riesgo.md»).")
        ) from error


def run_data(run: Run) -> dict[str, Any]:
    """A run as plain data."""
    return {
        "id": run.public_id,
        "title": run.title,
        "state": run.state,
        "seed": run.seed,
        "samples": run.samples,
        "engine_version": run.engine_version,
        "result_sha256": run.result_sha256,
        "inputs_sha256": run.inputs_sha256,
        "manifest_digest": run.manifest_digest,
        "said": dict(run.sentence),
        "error": run.error,
    }
