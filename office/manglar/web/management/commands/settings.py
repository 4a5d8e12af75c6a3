from typing import Any

from django.core.management.base import CommandParser

from manglar.accounts.actors import program
from manglar.foundation.management.base import Command as Base
from manglar.foundation.management.base import read_file
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.governments.selectors import government_by_code, home_government
from manglar.identity import services
from manglar.web.adjusting import change_settings, settings_of, told_settings


class Command(Base):
    help = "Ajustes de un gobierno: show, set CLAVE=VALOR…, logo ARCHIVO."

    def arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        shown = verbs.add_parser("show", help="qué hay puesto, por clave")
        changed = verbs.add_parser("set", help="cambiar uno o varios, todos o ninguno")
        changed.add_argument("pairs", nargs="+", metavar="CLAVE=VALOR", help="por ejemplo accent=#0b5c4a")
        logo = verbs.add_parser("logo", help="poner el logo, o quitarlo")
        logo.add_argument("file", nargs="?", default="", help="PNG o JPEG")
        logo.add_argument("--description", default="", help="qué se ve en él, en español")
        logo.add_argument("--description-en", default="", help="lo mismo en inglés")
        logo.add_argument("--remove", action="store_true", help="quitar el que hay")
        for each in (shown, changed, logo):
            each.add_argument("--government", default="", help="código del gobierno (la ciudad de la instalación)")

    def work(self, **options: Any) -> dict[str, Any]:
        code = options["government"]
        government = government_by_code(code) if code else home_government()
        if government is None:
            raise InvalidInput(say("No hay tal gobierno: cree la ciudad con «manglar new-city»."))
        if options["verb"] == "set":
            change_settings(by=program("línea de comandos"), code=government.code, told=_pairs(options["pairs"]))
        elif options["verb"] == "logo":
            _logo(government, options)
        held = settings_of(government.code)
        return {"ok": True, **(told_settings(held) if held else {})}

    def words(self, result: dict[str, Any]) -> str:
        lines = [f"{key}={value}" for key, value in result["values"].items()]
        return "\n".join([*lines, f"logo: {result['logo'] or '—'}"])


def _pairs(pairs: list[str]) -> dict[str, str]:
    told: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise InvalidInput(say("«{pair}» no es CLAVE=VALOR, por ejemplo accent=#0b5c4a.", pair=pair[:80]))
        if key.strip() in told:
            raise InvalidInput(say("«{key}» está dos veces.", key=key.strip()[:80]))
        told[key.strip()] = value
    return told


def _logo(government: Government, options: dict[str, Any]) -> None:
    by = program("línea de comandos")
    if options["remove"] == bool(options["file"]):
        raise InvalidInput(say("Indique el archivo del logo, o «--remove» para quitarlo."))
    if options["remove"]:
        services.remove_logo(by=by, government=government)
        return
    name, content = read_file(options["file"])
    description = {"es": options["description"], "en": options["description_en"]}
    services.set_logo(by=by, government=government, name=name, content=content, description=description)
