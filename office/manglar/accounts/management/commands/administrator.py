import sys
from typing import Any

from django.core.management.base import CommandParser

from manglar.accounts import services
from manglar.accounts.actors import program
from manglar.accounts.choices import Role
from manglar.accounts.management.prompts import ask, ask_password
from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.selectors import government_by_code, home_government


class Command(Base):
    help = "Crea una administradora; la contraseña se pide en la terminal o llega por la entrada estándar."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("government", nargs="?", help="código del gobierno (la ciudad de la instalación)")
        parser.add_argument("--email")
        parser.add_argument("--name", default="")

    def work(self, **options: Any) -> dict[str, Any]:
        code = options["government"]
        government = government_by_code(code) if code else home_government()
        if government is None:
            raise InvalidInput(say("No hay tal gobierno: cree la ciudad con «manglar new-city»."))
        at_terminal = sys.stdin.isatty()
        email = options["email"] or (ask("Correo") if at_terminal else "")
        password = ask_password() if at_terminal else sys.stdin.readline().rstrip("\n")
        if not email or not password:
            raise InvalidInput(
                say("Hacen falta --email y la contraseña (en la terminal, o una línea por la entrada estándar).")
            )
        user = services.create_user(
            by=program("línea de comandos"),
            government=government,
            email=email,
            display_name=options["name"],
            roles=[Role.ADMINISTRATOR],
            password=password,
        )
        return {"ok": True, "user": user.public_id, "email": user.email, "government": government.code}

    def words(self, result: dict[str, Any]) -> str:
        return str(say("{email} administra «{government}».", email=result["email"], government=result["government"]))
