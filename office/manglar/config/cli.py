"""The ``manglar`` command: the same verbs as the pages, errors as sentences, exit code 2 for bad input."""

import os
import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches

import django
from django.conf import settings
from django.core.management import ManagementUtility, get_commands, load_command_class
from django.db import DatabaseError
from django.utils.translation import activate

from manglar.foundation.refusals import Refusal
from manglar.foundation.sentences import SOURCE_LANGUAGE, say

#: Verbs that do not need, or themselves make, the tables.
BEFORE_DATABASE = frozenset(
    {"help", "migrate", "makemigrations", "compilemessages", "makemessages", "restore", "check", "showmigrations"}
)


def main() -> None:
    """Run ``manglar VERB …``; prepare the database first when it is empty."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manglar.config.settings")
    language, told = asked_language(sys.argv[1:], os.environ)
    verb, *rest = told or ["help"]
    verb = verb if verb.startswith("-") else verb.replace("-", "_")
    try:
        django.setup()
        activate(language if language in dict(settings.LANGUAGES) else SOURCE_LANGUAGE)
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
        _say(str(say("La base de datos no responde: {error}", error=error)), 2)
    except KeyboardInterrupt:
        _say(str(say("Interrumpido: no quedó nada a medias.")), 130)


def asked_language(words: list[str], environment: Mapping[str, str]) -> tuple[str, list[str]]:
    """The language in which to answer, and the words without the option that said it.

    ``manglar --language en …`` comes before the order (some orders have a ``--language`` of their own); else
    MANGLAR_LANGUAGE, else what the terminal speaks (LC_ALL, LC_MESSAGES, LANG). A language that Manglar does not know is
    answered in Spanish.
    """
    if words[:1] == ["--language"] and len(words) > 1:
        return words[1].lower(), words[2:]
    if words and words[0].startswith("--language="):
        return words[0].partition("=")[2].lower(), words[1:]
    spoken = (environment.get(name, "") for name in ("MANGLAR_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    first = next((each for each in spoken if each), "")
    return re.split(r"[_.@-]", first)[0].lower(), words


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
    title = say("Órdenes de Manglar («manglar ORDEN --help» dice las opciones):")
    return "\n".join([str(title), "", *lines, ""])


def _unknown(verb: str) -> str:
    """A sentence for a verb that is not there, with the nearest of ours."""
    near = get_close_matches(verb, _ours(), n=1)
    told = [say("No existe la orden «{verb}».", verb=verb.replace("_", "-"))]
    told += [say("¿Quiso decir «{suggestion}»?", suggestion=near[0].replace("_", "-"))] if near else []
    return " ".join(map(str, [*told, say("Vea «manglar help» o docs/cli.md.")]))


def _say(sentence: str, code: int) -> None:
    sys.stderr.write(sentence + "\n")
    raise SystemExit(code)
