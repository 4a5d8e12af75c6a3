"""Texts as people type them: compared without accents, case or marks, and decoded whatever the encoding."""

import re
import unicodedata

from charset_normalizer import from_bytes

from manglar.foundation.sentences import say

_SPACES = re.compile(r"\s+")
#: A Spanish letter in UTF-8 («á» is C3 A1), and one in an encoding of one byte a letter («á» is E1, before a plain letter).
_HALF_UTF8 = re.compile(rb"\xc3[\x80-\xbf]")
_LONE_HIGH = re.compile(rb"[\xe0-\xff](?![\x80-\xbf])")
_SURROGATE = re.compile("[\ud800-\udfff]")


#: What a text of ours has in the encoding of Windows. The same letters in that of DOS (cp850) or of an old Mac read there
#: as other signs, «¢» or «Ž»: such a text is left to be guessed. A short text is not enough to guess by how often letters come.
_WESTERN = re.compile(r"[\x00-\x7f\xa0À-ÖØ-öø-ÿªº°«»¿¡·€–—‘’“”…]*")
_ACCENTED = re.compile(r"[À-ÖØ-öø-ÿ]")


def fold(text: str) -> str:
    """Return ``text`` for comparison: no accents, lower case, single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _SPACES.sub(" ", bare.casefold()).strip()


def is_storable(value: object) -> bool:
    """Whether every text inside a JSON value can be kept and shown again: no lone surrogates, no null characters."""
    if isinstance(value, dict):
        return all(is_storable(key) and is_storable(each) for key, each in value.items())
    if isinstance(value, list):
        return all(is_storable(each) for each in value)
    return not isinstance(value, str) or ("\x00" not in value and not _SURROGATE.search(value))


def decode(content: bytes) -> str:
    """Decode the bytes of a text file: UTF-8 (with or without BOM), UTF-16, else the likeliest encoding.

    Raises ValueError with a sentence when the bytes are no text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\x00" in content:
        raise ValueError(say("El archivo no es texto: guárdelo como CSV UTF-8 y vuelva a intentarlo."))
    if _HALF_UTF8.search(content) and _LONE_HIGH.search(content):
        raise ValueError(
            say("El archivo mezcla dos codificaciones (unas tildes se leerían mal): guárdelo entero como CSV UTF-8.")
        )
    western = content.decode("cp1252", errors="replace")
    if _WESTERN.fullmatch(western) and _ACCENTED.search(western):
        return western
    best = from_bytes(content, cp_isolation=["cp1252", "latin_1", "cp850", "mac_roman"]).best()
    return str(best) if best else content.decode("cp1252", errors="strict")
