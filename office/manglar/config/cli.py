"""The ``manglar`` command: the same verbs as the pages, errors as sentences, exit code 2 for bad input."""

import os
import sys

import django
from django.core.management import ManagementUtility
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


def _say(sentence: str, code: int) -> None:
    sys.stderr.write(sentence + "\n")
    raise SystemExit(code)
