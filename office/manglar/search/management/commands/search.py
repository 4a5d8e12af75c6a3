from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.translated import read_in
from manglar.governments.models import Government
from manglar.governments.selectors import all_governments, government_by_code
from manglar.search.models import Document
from manglar.search.selectors import Results, desk_audience, find
from manglar.search.services import follow_log, read_waiting, rebuild

REBUILD = "rebuild"


class Command(Base):
    help = "Busca entre los registros internos: «manglar search PALABRAS». «manglar search rebuild» hace el índice de nuevo."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="+", help=f"lo que se busca, o solo «{REBUILD}»")
        parser.add_argument("--government", default="", help="solo lo que ve el escritorio de este gobierno (su código)")
        parser.add_argument("--kind", default="", help="solo esta clase, por ejemplo «hallazgos»")
        parser.add_argument("--limit", type=int, default=20, help="cuántos resultados (1 a 200)")
        parser.add_argument("--offset", type=int, default=0, help="desde cuál")

    def work(self, **options: Any) -> dict[str, Any]:
        if options["words"] == [REBUILD]:
            with self.bar("Haciendo el índice") as report:
                return {"ok": True, "rebuilt": rebuild(report)}
        if not 1 <= options["limit"] <= 200 or not 0 <= options["offset"] <= 100_000:
            raise InvalidInput(say("«--limit» va de 1 a 200 y «--offset» de 0 a 100000."))
        follow_log()
        read_waiting(1_000)
        audience = desk_audience([(each, _kinds()) for each in _governments(options["government"])], on=timezone.localdate())
        found = find(
            " ".join(options["words"]), audience, kind=options["kind"], offset=options["offset"], limit=options["limit"]
        )
        if not found.is_ready:
            raise Conflict(say("El índice no está hecho. Ejecute «manglar search {verb}».", verb=REBUILD))
        return _plain(found)

    def words(self, result: dict[str, Any]) -> str:
        if "rebuilt" in result:
            made = result["rebuilt"]
            return f"{made['records']} registros leídos: {made['documents']} documentos, {made['words']} palabras."
        lines = [f"{each['id']}  {each['government']}  {each['title']}" for each in result["items"]]
        if result["suggestion"]:
            lines.insert(0, f"¿Quiso decir «{result['suggestion']}»?")
        if result["missing"]:
            lines.insert(0, f"Nada dice: {', '.join(result['missing'])}.")
        return "\n".join([*lines, f"{result['total']} encontrados."])


def _governments(code: str) -> list[Government]:
    if not code:
        return list(all_governments())
    government = government_by_code(code)
    if government is None:
        raise InvalidInput(say("No hay un gobierno con el código «{code}».", code=code))
    return [government]


def _kinds() -> list[str]:
    """Every kind: whoever runs commands on the server may read its database."""
    return list(Document.objects.order_by().values_list("kind", flat=True).distinct())


def _plain(found: Results) -> dict[str, Any]:
    return {
        "ok": True,
        "query": found.query,
        "terms": list(found.terms),
        "total": found.total,
        "kinds": dict(found.counts),
        "suggestion": found.suggestion,
        "missing": list(found.missing),
        "items": [
            {
                "id": hit.document.record_id,
                "kind": hit.document.kind,
                "government": hit.document.government.code,
                "title": read_in(hit.document.title, "es").text,
                "words_found": hit.words_found,
            }
            for hit in found.hits
        ],
    }
