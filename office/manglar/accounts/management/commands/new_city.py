import re
import sys
from typing import Any

from django.core.management.base import CommandParser

from manglar.accounts import services
from manglar.accounts.actors import program
from manglar.accounts.management.prompts import ask, ask_administrator
from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.texts import fold
from manglar.foundation.translated import translated
from manglar.governments.choices import GovernmentKind


class Command(Base):
    help = "Funda la ciudad de esta instalación y, si se quiere, su primera administradora."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help="nombre del gobierno, por ejemplo «Municipio de Panamá»")
        parser.add_argument("--name-en", default="", help="nombre en inglés")
        parser.add_argument("--code", help="código corto para las direcciones (se deduce del nombre)")
        parser.add_argument("--kind", default="municipality", choices=GovernmentKind.values)
        parser.add_argument("--beside", action="store_true", help="es otro gobierno de la misma instalación")
        parser.add_argument("--no-input", action="store_true", help="no preguntar nada")

    def work(self, **options: Any) -> dict[str, Any]:
        asks = sys.stdin.isatty() and not options["no_input"] and not options["as_json"]
        name = (options["name"] or (ask("Nombre del gobierno") if asks else "")).strip()
        if not name:
            raise InvalidInput(say("Diga cómo se llama: manglar new-city «Municipio de Panamá»."))
        code = options["code"] or re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:40].strip("-")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code or ""):
            raise InvalidInput(say("El código lleva letras sin acento, números y guiones: por ejemplo --code panama."))
        by = program("línea de comandos")
        government = services.found_government(
            by=by,
            code=code,
            name=translated(name, options["name_en"]),
            kind=options["kind"],
            is_home=not options["beside"],
        )
        administrator = ask_administrator(by=by, government=government, at_terminal=asks)
        return {"ok": True, "government": code, "name": name, "administrator": administrator}

    def words(self, result: dict[str, Any]) -> str:
        told = say("«{name}» está lista con el código «{code}».", name=result["name"], code=result["government"])
        if result["administrator"]:
            return f"{told} {say('Administradora: {email}.', email=result['administrator'])}"
        order = f"manglar administrator {result['government']}"
        return f"{told} {say('Cree su primera administradora con: {order}', order=order)}"
