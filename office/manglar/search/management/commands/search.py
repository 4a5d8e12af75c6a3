from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say, say_many
from manglar.foundation.translated import in_page_language
from manglar.governments.models import Government
from manglar.governments.selectors import all_governments, government_by_code
from manglar.search.choices import Face
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
        kinds = _kinds()
        if options["kind"] and kinds and options["kind"] not in kinds:
            raise InvalidInput(
                say("No hay una clase «{kind}»; las que hay son: {kinds}.", kind=options["kind"][:40], kinds=", ".join(sorted(kinds)))
            )
        audience = desk_audience([(each, kinds) for each in _governments(options["government"])], on=timezone.localdate())
        found = find(
            " ".join(options["words"]), audience, kind=options["kind"], offset=options["offset"], limit=options["limit"]
        )
        if not found.is_ready:
            raise Conflict(say("El índice no está hecho. Ejecute «manglar search {verb}».", verb=REBUILD))
        return _plain(found)

    def words(self, result: dict[str, Any]) -> str:
        if "rebuilt" in result:
            made = result["rebuilt"]
            return str(say("{records} registros leídos: {documents} documentos, {words} palabras.", **made))
        lines = [f"{each['id']}  {each['government']}  {each['title']}" for each in result["items"]]
        if result["suggestion"]:
            lines.insert(0, str(say("¿Quiso decir «{suggestion}»?", suggestion=result["suggestion"])))
        if result["missing"]:
            lines.insert(0, str(say("Nada dice: {words}.", words=", ".join(result["missing"]))))
        return "\n".join([*lines, str(say_many("{count} encontrado.", "{count} encontrados.", result["total"]))])


def _governments(code: str) -> list[Government]:
    if not code:
        return list(all_governments())
    government = government_by_code(code)
    if government is None:
        raise InvalidInput(say("No hay un gobierno con el código «{code}».", code=code))
    return [government]


def _kinds() -> list[str]:
    """Every kind: whoever runs commands on the server may read its database."""
    return list(Document.objects.filter(face=Face.DESK).order_by().values_list("kind", flat=True).distinct())


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
                "title": in_page_language(hit.document.title),
                "words_found": hit.words_found,
            }
            for hit in found.hits
        ],
    }
