"""The office's synonyms: the program's, and those that the installation adds in its data folder."""

import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from manglar.search.rules import synonyms

SHIPPED = Path(synonyms.__file__).with_name("speech.toml")
ADDED = "sinonimos.toml"
log = logging.getLogger("manglar.search")


def speech() -> synonyms.Speech:
    """The words of this installation, read again when its file changes; a bad file is named in the server's log and left out."""
    added = Path(settings.DATA_DIR) / ADDED
    try:
        return _read(added, added.stat().st_mtime_ns)
    except OSError:
        return _read(None, 0)


@lru_cache(maxsize=4)
def _read(added: Path | None, _changed: int) -> synonyms.Speech:
    shipped = SHIPPED.read_text(encoding="utf-8")
    if added is not None:
        try:
            return synonyms.read_speech(shipped, added.read_text(encoding="utf-8"))
        except ValueError as error:
            log.error("%s no se usa: %s", added, error)
    return synonyms.read_speech(shipped)
