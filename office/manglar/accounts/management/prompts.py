"""Questions at the terminal; a password is typed twice, never given on the command line."""

import getpass

from django.contrib.auth.password_validation import password_validators_help_texts

from manglar.accounts import services
from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.foundation.refusals import InvalidInput, Refusal
from manglar.governments.models import Government


def ask(question: str) -> str:
    """Ask for a line."""
    return input(f"{question}: ").strip()


def ask_password() -> str:
    """Ask for a password twice until both agree."""
    while True:
        first = getpass.getpass("Contraseña: ")
        if first == getpass.getpass("Otra vez la contraseña: "):
            return first
        print("No coinciden; escríbalas de nuevo.")  # noqa: T201  # a conversation at the terminal


def ask_administrator(*, by: Actor, government: Government, at_terminal: bool) -> str:
    """Create the first administrator from what a person types; an empty address leaves it for later."""
    if not at_terminal:
        return ""
    email = ask("Correo de la primera administradora (vacío: más tarde)")
    if not email:
        return ""
    name = ask("Su nombre o cargo")
    while True:
        try:
            user = services.create_user(
                by=by,
                government=government,
                email=email,
                display_name=name,
                roles=[Role.ADMINISTRATOR],
                password=ask_password(),
            )
        except InvalidInput as refusal:
            print(refusal.sentence, *password_validators_help_texts(), sep="\n  ")  # noqa: T201  # a conversation
        except Refusal as refusal:
            print(refusal.sentence)  # noqa: T201  # a conversation at the terminal
            return ""
        else:
            return user.email
