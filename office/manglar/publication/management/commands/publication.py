"""``manglar publication chain|release|withdraw|verify``: the chain and what is public of it."""

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from manglar.accounts import actors
from manglar.foundation.management.base import Command as BaseCommand
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.governments.selectors import government_by_code, home_government
from manglar.publication import selectors, services


class Command(BaseCommand):
    """The chain of a record and its public copies."""

    help = "Lee la cadena de un registro, publica, retira y verifica."

    def arguments(self, parser: CommandParser) -> None:
        """Declare the verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="chain|release|withdraw|verify")
        for verb, words in (("chain", "lee la cadena"), ("release", "publica un registro"),
                            ("withdraw", "retira una publicación"), ("verify", "comprueba las huellas")):
            leaf = verbs.add_parser(verb, help=words)
            leaf.add_argument("--government", default="", metavar="CÓDIGO")
            if verb != "verify":
                leaf.add_argument("record", metavar="REGISTRO", help="por ejemplo iniciativa-7k3m9q2xtw")
            if verb == "chain":
                leaf.add_argument("--public", action="store_true", help="como la ve el público")
                leaf.add_argument("--language", default="es", choices=["es", "en"])
            if verb == "release":
                leaf.add_argument("--chain", action="store_true", help="publica toda la cadena")
            if verb == "withdraw":
                leaf.add_argument("--reason", required=True, metavar="MOTIVO")

    def work(self, **options: Any) -> dict[str, Any]:
        """Do the verb."""
        government = _government(options["government"])
        verbs = {"chain": _chain, "release": _release, "withdraw": _withdraw, "verify": _verify}
        return {"verb": options["verb"], **verbs[options["verb"]](government, options, timezone.now())}

    def words(self, result: dict[str, Any]) -> str:
        """Say what happened."""
        return "\n".join(result["lines"])


def _government(code: str) -> Government:
    found = government_by_code(code) if code else home_government()
    if found is None:
        raise InvalidInput(
            say("No hay un gobierno «{code}».", code=code) if code else say("Esta instalación aún no tiene su ciudad.")
        )
    return found


def _chain(government: Government, options: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    audience = selectors.PUBLIC if options["public"] else government
    chain = selectors.chain_of(
        options["record"], audience=audience, on=timezone.localdate(at), language=options["language"], latest=None
    )
    if chain is None:
        if options["public"]:
            raise InvalidInput(say("«{record}» no está publicado.", record=options["record"]))
        raise InvalidInput(say("No hay un registro «{record}».", record=options["record"]))
    points = [
        {"position": p.position, "kind": p.kind, "id": p.id, "title": p.title.text, "date": p.date,
         "institution": p.institution.text, "status": p.status_label, "mark": p.mark, "relation": p.relation}
        for p in chain.points
    ]
    lines = [f"{'→' if p['position'] == 'start' else ' '} {p['date'] or '—':10} {p['kind']:10} {p['title']} ({p['status']})"
             for p in points]
    return {"ok": True, "points": points, "lines": lines}


def _release(government: Government, options: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    by = actors.program("línea de comandos")
    given: dict[str, Any] = {"by": by, "government": government, "public_id": options["record"], "at": at}
    if not options["chain"]:
        release = services.release_record(**given)
        return {"ok": True, "released": [release.subject_id], "lines": [_line(release.subject_id, release.version, release.sha256)]}
    result = services.release_chain(**given)
    lines = [_line(r.subject_id, r.version, r.sha256) for r in result.released]
    lines += [f"No se publicó {point.id}: {why}" for point, why in result.skipped]
    return {
        "ok": True,
        "released": [r.subject_id for r in result.released],
        "skipped": [{"id": point.id, "why": str(why)} for point, why in result.skipped],
        "lines": lines,
    }


def _line(subject: str, version: int, sha256: str) -> str:
    return f"Publicado {subject}, versión {version}, SHA-256 {sha256}."


def _withdraw(government: Government, options: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    release = selectors.release_by_subject(options["record"])
    if release is None or release.government_id != government.pk:
        raise InvalidInput(say("«{record}» no está publicado.", record=options["record"]))
    services.withdraw_release(by=actors.program("línea de comandos"), release=release, at=at, reason=options["reason"])
    return {"ok": True, "lines": [f"Retirado {release.subject_id}, versión {release.version}."]}


def _verify(government: Government, options: dict[str, Any], at: dt.datetime) -> dict[str, Any]:  # noqa: ARG001  # one shape for all verbs
    faults = [str(fault.sentence) for fault in selectors.verify_releases(government)]
    return {"ok": not faults, "faults": faults, "lines": faults or ["Todas las publicaciones dan su huella."]}
