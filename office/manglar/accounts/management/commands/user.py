from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from manglar.accounts import services
from manglar.accounts.actors import program
from manglar.accounts.choices import Role
from manglar.accounts.models import User
from manglar.accounts.selectors import members_of
from manglar.foundation.management.base import Command as Base
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.governments.selectors import government_by_code, home_government


class Command(Base):
    help = "Usuarios: list, invite, token (para la API)."

    def arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, about in (
            ("list", "quién tiene qué papel"),
            ("invite", "invitar"),
            ("token", "una llave de la API por 90 días"),
        ):
            each = verbs.add_parser(verb, help=about)
            each.add_argument("--government", help="código del gobierno (la ciudad de la instalación)")
            if verb != "list":
                each.add_argument("email")
            if verb == "invite":
                each.add_argument("--name", required=True)
                each.add_argument("--role", required=True, choices=Role.values)

    def work(self, **options: Any) -> dict[str, Any]:
        code = options["government"]
        government = government_by_code(code) if code else home_government()
        if government is None:
            raise InvalidInput(say("No hay tal gobierno: cree la ciudad con «manglar new-city»."))
        return {"list": self.listed, "invite": self.invited, "token": self.token}[options["verb"]](government, options)

    def listed(self, government: Government, _: dict[str, Any]) -> dict[str, Any]:
        """Who has which role."""
        held = [{"name": str(m.user), "email": m.user.email, "role": m.role} for m in members_of(government)]
        return {
            "ok": True,
            "users": held,
            "sentence": "\n".join(f"{h['email']}  {h['role']}  {h['name']}" for h in held),
        }

    def invited(self, government: Government, options: dict[str, Any]) -> dict[str, Any]:
        """An invitation, its address shown once."""
        link, token = services.invite(
            by=program("línea de comandos"),
            government=government,
            email=options["email"],
            display_name=options["name"],
            role=Role(options["role"]),
            at=timezone.now(),
        )
        url = f"{settings.PUBLIC_URL}/enlace/invitacion/{token}/"
        return {
            "ok": True,
            "url": url,
            "expires_at": link.expires_at,
            "sentence": say("Enlace de un solo uso, siete días: {url}", url=url),
        }

    def token(self, government: Government, options: dict[str, Any]) -> dict[str, Any]:
        """A key of the API for a user, shown once."""
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise InvalidInput(say("No hay una cuenta con el correo {email}.", email=options["email"]))
        token = services.issue_api_token(
            by=program("línea de comandos"), government=government, user=user, at=timezone.now()
        )
        return {"ok": True, "token": token, "sentence": say("Llave de la API (no se vuelve a mostrar): {token}", token=token)}
