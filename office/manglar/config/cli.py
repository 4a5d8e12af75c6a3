"""The ``manglar`` command: the same verbs as the pages, errors as sentences, exit code 2 for bad input."""

import os
import sys
from difflib import get_close_matches

import django
from django.core.management import ManagementUtility, get_commands, load_command_class
from django.db import DatabaseError
from django.utils.translation import activate

from manglar.foundation.refusals import Refusal

#: Verbs that do not need, or themselves make, the tables.
BEFORE_DATABASE = frozenset(
    {"help", "migrate", "makemigrations", "compilemessages", "makemessages", "restore", "check", "showmigrations"}
)


def main() -> None:
    """Run ``manglar VERB …``; prepare the database first when it is empty."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manglar.config.settings")
    verb, *rest = sys.argv[1:] or ["help"]
    verb = verb if verb.startswith("-") else verb.replace("-", "_")
    try:
        django.setup()
        activate(os.environ.get("MANGLAR_LANGUAGE", "es"))
        if verb in {"help", "-h", "--help"} and not rest:
            sys.stdout.write(_verbs())
            return
        if not verb.startswith("-") and verb not in {"help", *get_commands()}:
            _say(_unknown(verb), 2)
        if verb not in BEFORE_DATABASE and not verb.startswith("-") and not {"-h", "--help"} & set(rest):
            _prepare()
        ManagementUtility(["manglar", verb, *rest]).execute()
    except Refusal as refusal:
        _say(refusal.sentence, 2)
    except DatabaseError as error:
        _say(f"La base de datos no responde: {error}", 2)
    except KeyboardInterrupt:
        _say("Interrumpido: no quedó nada a medias.", 130)


def _prepare() -> None:
    from manglar.operations.preparation import prepare_database  # noqa: PLC0415  # models exist only after setup()

    prepare_database()


def _ours() -> dict[str, str]:
    """Our verbs with the app of each; Django's own stay reachable by their names."""
    return {name: app for name, app in sorted(get_commands().items()) if app.startswith("manglar.")}


def _verbs() -> str:
    """What ``manglar`` can be asked, a line each."""
    lines = [
        f"  manglar {name.replace('_', '-'):<15} {load_command_class(app, name).help}" for name, app in _ours().items()
    ]
    return "\n".join(["Órdenes de Manglar («manglar ORDEN --help» dice las opciones):", "", *lines, ""])


def _unknown(verb: str) -> str:
    """A sentence for a verb that is not there, with the nearest of ours."""
    near = get_close_matches(verb, _ours(), n=1)
    hint = f" ¿Quiso decir «{near[0].replace('_', '-')}»?" if near else ""
    return f"No existe la orden «{verb.replace('_', '-')}».{hint} Vea «manglar help» o docs/cli.md."


def _say(sentence: str, code: int) -> None:
    sys.stderr.write(sentence + "\n")
    raise SystemExit(code)
