"""When a person holds a post, and when two appointments cannot both hold."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
ERASED_NAME = "Persona borrada a petición"


def holds(*, from_on: dt.date, until_on: dt.date | None, on: dt.date) -> bool:
    """Whether an appointment holds on a day; its first and last day count."""
    return from_on <= on and (until_on is None or on <= until_on)


def overlap(
    *, from_on: dt.date, until_on: dt.date | None, other_from: dt.date, other_until: dt.date | None
) -> bool:
    """Whether two appointments share a day."""
    return (other_until is None or from_on <= other_until) and (until_on is None or other_from <= until_on)


def end_of_earlier(*, earlier_from: dt.date, new_from: dt.date) -> dt.date | None:
    """The last day of whoever headed before: the eve of the new one; None when they would begin too late."""
    return new_from - dt.timedelta(days=1) if earlier_from < new_from else None


def code_from(text: str) -> str:
    """Letters, figures and hyphens for an institution's code, in the case given: «IPCT» stays so."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_PLAIN.sub("-", bare).strip("-")[:40]


#: How people call a kind of institution, besides its own words; compared without accents or case.
KIND_WORDS: Mapping[str, str] = {
    word: kind
    for kind, words in {
        "municipal": ("direccion", "municipal", "despacho", "alcaldia", "subdireccion"),
        "ministry": ("ministerios",),
        "agency": ("autoridad", "entidad", "entidad autonoma", "entidad publica", "instituto", "agencia", "autoridades", "secretaria", "estatal"),
        "company": ("empresa", "empresa publica", "empresa privada", "compania", "empresas"),
        "academic": ("universidad", "academica", "centro de investigacion", "instituto de investigacion", "colegio"),
        "civil": ("ong", "o.n.g.", "organizacion no gubernamental", "fundacion", "asociacion", "comite", "comite de vecinos", "sociedad civil", "organizacion comunitaria", "gremio"),
        "partner": ("cooperacion", "cooperacion internacional", "organismo internacional", "agencia de cooperacion", "donante"),
        "junta_comunal": ("jc", "junta"),
    }.items()
    for word in words
}
