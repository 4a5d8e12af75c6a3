"""The office's synonyms: the program's, and those that the installation adds in its data folder."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from manglar.foundation.sentences import say
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


@dataclass(frozen=True, slots=True)
class AddedWords:
    """The installation's own synonyms: where their file is, the groups in force, and why it is not used when it is not."""

    place: Path
    exists: bool = False
    groups: tuple[tuple[str, ...], ...] = ()
    problem: str = ""


def added_words() -> AddedWords:
    """The synonyms that the installation adds, as a person reads them."""
    place = Path(settings.DATA_DIR) / ADDED
    try:
        content = place.read_text(encoding="utf-8")
    except OSError:
        return AddedWords(place)
    except ValueError:
        return AddedWords(place, exists=True, problem=str(say("El archivo no es texto UTF-8.")))
    try:
        synonyms.read_speech(SHIPPED.read_text(encoding="utf-8"), content)
    except ValueError as error:
        return AddedWords(place, exists=True, problem=str(error))
    return AddedWords(place, exists=True, groups=tuple(synonyms.groups_of(content)))


@lru_cache(maxsize=4)
def _read(added: Path | None, _changed: int) -> synonyms.Speech:
    shipped = SHIPPED.read_text(encoding="utf-8")
    if added is not None:
        try:
            return synonyms.read_speech(shipped, added.read_text(encoding="utf-8"))
        except ValueError as error:  # also bytes that are no text
            log.error("%s no se usa: %s", added, error)
    return synonyms.read_speech(shipped)
