"""Reading what people type: comments and their mentions, the address of a list, the headers of a file. Pure."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from manglar.foundation.texts import fold

MAX_COMMENT = 5_000
MAX_MENTIONS = 20
MAX_SAID = 250
MAX_NAME = 100
MAX_NAME_KEY = 400
MAX_QUERY = 1_000
MAX_FILTERS = 50
MAX_COLUMNS = 500
MAX_HEADER = 500
ERASED_NAME = "Persona borrada a petición"
ERASED_SAID = "@(persona borrada)"
#: Where a list stands is not part of which list it is.
PLACES_OF_A_LIST = frozenset({"pagina"})

_NOT_IN_A_WORD = r"(?<![\w@.+-])"
_AT = re.compile(_NOT_IN_A_WORD + r"@(?=\w)")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_WORD = re.compile(r"[^\s]+")
_MARKS_AFTER = ".,;:!?…)]}»”’\"'"
#: Characters that a reader does not see and that turn the text around them (Unicode UAX #9).
_TURNERS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_QUERY = re.compile(r"[A-Za-z0-9_.~%+=&,:*-]*")
_HALF_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Named:
    """A person who may be mentioned."""

    key: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who is mentioned in a text, as it was said; and what looks like a mention and is none."""

    found: tuple[tuple[int, str], ...] = ()
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()


def tidy(text: str) -> str:
    """The text as it is kept: one kind of line end, no control, half or text-turning characters, no space around."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in text if c in "\n\t" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _TURNERS))
    return "".join(kept).strip()


def tidy_line(text: str) -> str:
    """A text of one line: as ``tidy``, with single spaces."""
    return " ".join(tidy(text).split())


def read_mentions(text: str, people: Sequence[Named]) -> Mentions:
    """Find ``@name`` (whole, whatever its case and accents) and ``@address``; the longest name that fits wins."""
    by_email = {person.email.casefold(): person.key for person in people if person.email}
    by_name: dict[str, set[int]] = defaultdict(set)
    for person in people:
        if person.name.strip():
            by_name[fold(person.name)].add(person.key)
    longest = max((name.count(" ") + 1 for name in by_name), default=0)
    found: dict[tuple[int, str], None] = {}
    unknown: dict[str, None] = {}
    ambiguous: dict[str, None] = {}
    for at in _AT.finditer(text):
        said, keys = _who(text, at.end(), by_email, by_name, longest)
        if len(keys) == 1:
            found[next(iter(keys)), f"@{said}"] = None
        else:
            (ambiguous if keys else unknown)[f"@{said}"] = None
    return Mentions(tuple(found), tuple(unknown), tuple(ambiguous))


def _who(
    text: str, start: int, by_email: Mapping[str, int], by_name: Mapping[str, set[int]], longest: int
) -> tuple[str, set[int]]:
    """What is said after an @, and whom it may mean."""
    if address := _EMAIL.match(text, start):
        said = address.group()
        return said, {by_email[said.casefold()]} if said.casefold() in by_email else set()
    line_end = text.find("\n", start)
    line = text[start : line_end if line_end >= 0 else len(text)]
    ends = []
    for word in _WORD.finditer(line):
        ends.append(word.end())
        if len(ends) >= max(longest, 1):
            break
    for end in reversed(ends):
        said = line[:end].rstrip(_MARKS_AFTER)
        if len(said) < MAX_SAID and (keys := by_name.get(fold(said))):
            return said, keys
    return line[: ends[0]].rstrip(_MARKS_AFTER), set()


def split_at_mentions(text: str, said: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the mentions that were said."""
    names = sorted({each for each in said if each}, key=len, reverse=True)
    if not names:
        return [(text, False)] if text else []
    wanted = re.compile(_NOT_IN_A_WORD + "(" + "|".join(map(re.escape, names)) + r")(?!\w)")
    return [(piece, number % 2 == 1) for number, piece in enumerate(wanted.split(text)) if piece]


def without_mentions(text: str, said: Iterable[str]) -> str:
    """The text with some mentions made anonymous."""
    return "".join(ERASED_SAID if is_mention else piece for piece, is_mention in split_at_mentions(text, said))


def why_query_is_refused(query: str) -> Literal["", "long", "characters", "filters"]:
    """What keeps the address of a list from being kept; empty when nothing does."""
    if len(query) > MAX_QUERY:
        return "long"
    if not _QUERY.fullmatch(query) or _HALF_PERCENT.search(query):
        return "characters"
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MAX_FILTERS)
    except UnicodeDecodeError:
        return "characters"
    except ValueError:
        return "filters"
    told = "".join(name + value for name, value in pairs)
    return "characters" if any(unicodedata.category(c) in {"Cc", "Cs"} for c in told) else ""


def tidy_query(query: str) -> str:
    """The address of a list as it is kept: without «?» nor the page on which it was."""
    pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MAX_FILTERS)
    return urlencode([(name, value) for name, value in pairs if name not in PLACES_OF_A_LIST])


def header_key(header: str) -> str:
    """A header for comparison: no hidden characters, case, accents or space around."""
    return fold(tidy_line(header))


def header_signature(headers: Sequence[str]) -> str:
    """SHA-256 of the headers of a file, whatever their order, case and accents."""
    return hashlib.sha256("\x1f".join(sorted(header_key(header) for header in headers)).encode()).hexdigest()


def in_these_headers(mapping: Mapping[str, str], headers: Sequence[str]) -> dict[str, str]:
    """A remembered mapping (field → header) in the headers as this file writes them."""
    exact = set(headers)
    alike: dict[str, str] = {}
    for header in headers:
        alike.setdefault(header_key(header), header)
    return {
        field: header if not header or header in exact else alike[header_key(header)]
        for field, header in mapping.items()
    }
