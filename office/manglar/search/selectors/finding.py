"""Finding: the same question gives the same answer in the same order on every database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Exists, F, IntegerField, Max, Q, QuerySet, Value, When, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate, RowNumber

from manglar.search.models import Bookmark, Document, Posting, Spelling
from manglar.search.rules.spelling import beginning_key, misspelling_keys, nearest
from manglar.search.rules.words import Marker, as_written, stems, terms_of, was_cut
from manglar.search.selectors.audience import Audience
from manglar.search.selectors.speech import speech

#: What finding a word is worth: WORD for finding it, TITLE more for finding it in a title, and how well it was found.
#: The worths of the words of a question add up to its rank; no sum of a lesser thing reaches a greater one.
WORD, TITLE = 10_000, 100
EXACT, SYNONYM, BEGINNING, MISSPELT = 4, 3, 2, 1
#: Words that begin so, and words that a misspelt one may have been, that are looked for at once.
MOST_BEGINNINGS, MOST_CORRECTIONS = 60, 5
#: Results of each kind while all kinds are shown.
OF_EACH_KIND = 5


@dataclass(slots=True)
class Term:
    """A word of the question, and everything that counts as finding it."""

    text: str
    exact: frozenset[str]
    synonyms: frozenset[str]
    beginnings: dict[int, str] = field(default_factory=dict)
    corrections: tuple[str, ...] = ()
    is_known: bool = False

    @property
    def ways(self) -> list[tuple[Q, int]]:
        """The postings that find it, the best way first, with how well."""
        meant = frozenset().union(*(stems(word) for word in self.corrections))
        return [
            (Q(stem__in=self.exact), EXACT),
            *([(Q(stem__in=self.synonyms), SYNONYM)] if self.synonyms else []),
            *([(Q(word_id__in=list(self.beginnings)), BEGINNING)] if self.beginnings else []),
            *([(Q(stem__in=meant), MISSPELT)] if meant else []),
        ]

    @property
    def matches(self) -> Q:
        """The postings that find it in any way."""
        found = Q()
        for way, _ in self.ways:
            found |= way
        return found

    @property
    def worth(self) -> Case:
        """What a posting is worth for it: 0 when it does not find it."""
        whens = [
            When(way & Q(in_title=in_title), then=Value(WORD + well + (TITLE if in_title else 0)))
            for in_title in (True, False)
            for way, well in self.ways
        ]
        return Case(*whens, default=Value(0), output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found."""

    document: Document
    words_found: int


@dataclass(frozen=True, slots=True)
class Results:
    """What was found: how many of each kind, the best of them, and what may have been meant."""

    query: str
    terms: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    total: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    marker: Marker = field(default_factory=Marker)
    #: Words of the question that nothing says → the word that was looked for instead; empty when there is none.
    corrected: tuple[tuple[str, str], ...] = ()
    was_cut: bool = False
    is_ready: bool = True

    @property
    def suggestion(self) -> str:
        """The question with its typing errors mended, as the found records write it; empty when there are none."""
        said = [text for hit in self.hits for text in (*hit.document.title.values(), *hit.document.text.values())]
        right = {wrong: as_written(word, said) for wrong, word in self.corrected if word}
        return " ".join(right.get(term, term) for term in self.terms) if right else ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Words of the question that nothing says, not even with an error."""
        return tuple(wrong for wrong, word in self.corrected if not word)


def find(query: str, audience: Audience, *, kind: str = "", offset: int = 0, limit: int = 0) -> Results:
    """Find what the audience may see: the best of each kind or, with ``kind`` or a ``limit``, the best of all from ``offset`` on.

    While only one kind has anything, more of it is shown.

    A question without any word finds nothing. In order: more of its words, more of them in the title, better found
    (as it is, a synonym, a beginning, a typing error), the newest, and the identifier.
    """
    said = speech()
    texts = terms_of(query, said.idle)
    cut = was_cut(query, said.idle)
    if not texts:
        return Results(query, was_cut=cut)
    terms = [Term(text, stems(text), said.synonyms(stems(text))) for text in texts]
    seen = audience.may_see()
    beginning = beginning_key(texts[-1])
    if beginning:
        terms[-1].beginnings = _beginnings(beginning, texts[-1])
    if not _look(terms, seen):
        return Results(query, tuple(texts), was_cut=cut, is_ready=False)
    corrected = _correct([term for term in terms if not term.is_known], seen)
    found = Posting.objects.filter(_any(terms)).filter(seen)
    counts = _counts(found)
    total = sum(count for _, count in counts)
    if kind:
        found, total = found.filter(document__kind=kind), dict(counts).get(kind, 0)
    hits = _best(found, terms, each_kind=len(counts) > 1 and not kind and not limit, offset=offset, limit=limit or 20) if total else []
    return Results(query, tuple(texts), tuple(hits), total, tuple(counts), _marker(terms), corrected, cut)


def _any(terms: Iterable[Term]) -> Q:
    matches = Q()
    for term in terms:
        matches |= term.matches
    return matches


def _beginnings(key: str, text: str) -> dict[int, str]:
    """The words that begin as the last one of the question, the shortest first: it may still be being typed."""
    rows = Spelling.objects.filter(key=key).values_list("word_id", "word__text")
    words = sorted((word, pk) for pk, word in rows if word.startswith(text) and word != text)
    return {pk: word for word, pk in sorted(words, key=lambda each: (len(each[0]), each))[:MOST_BEGINNINGS]}


def _look(terms: Sequence[Term], seen: Q) -> bool:
    """Learn in one query which words are said by something that may be seen; False where the index is not made yet."""
    asked = {f"term_{place}": Exists(Posting.objects.filter(term.matches).filter(seen)) for place, term in enumerate(terms)}
    answer = Bookmark.objects.order_by("pk").values_list(*asked.values()).first()
    for term, is_known in zip(terms, answer or (), strict=False):
        term.is_known = bool(is_known)
    return answer is not None


def _correct(unknown: Sequence[Term], seen: Q) -> tuple[tuple[str, str], ...]:
    """For words that nothing says: the words that were probably meant, among those that may be seen."""
    keys = {key for term in unknown for key in misspelling_keys(term.text)}
    if not keys:
        return tuple((term.text, "") for term in unknown)
    looked_up = dict(Spelling.objects.filter(key__in=keys).values_list("word__text", "word_id"))
    apart = {term.text: nearest(term.text, looked_up) for term in unknown}
    wanted = {looked_up[word] for near in apart.values() for word in near}
    rows = Posting.objects.filter(word_id__in=wanted).filter(seen).order_by().values("word__text")
    said = {row["word__text"]: row["said"] for row in rows.annotate(said=Count("document", distinct=True))}
    corrected = []
    for term in unknown:
        near = sorted((distance, -said[word], word) for word, distance in apart[term.text].items() if word in said)
        best = [word for distance, _, word in near if distance == near[0][0]]
        term.corrections = tuple(best[:MOST_CORRECTIONS])
        corrected.append((term.text, best[0] if best else ""))
    return tuple(corrected)


def _counts(found: "QuerySet[Posting]") -> list[tuple[str, int]]:
    rows = found.order_by().values_list("document__kind").annotate(count=Count("document", distinct=True))
    return sorted((kind, count) for kind, count in rows)


def _best(found: "QuerySet[Posting]", terms: Sequence[Term], *, each_kind: bool, offset: int, limit: int) -> list[Hit]:
    """The documents in their order; of each kind the first few, or of all of them a page."""
    name = Collate("document__record_id", "C" if connection.vendor == "postgresql" else "BINARY")
    rank: Combinable = Value(0)
    for term in terms:
        rank = rank + Max(term.worth)
    columns = ("document_id", "document__kind", "document__changed_at", "document__desk_id")
    ranked: Any = found.order_by().values(*columns, name=name).annotate(rank=rank)
    order = [F("rank").desc(), F("document__changed_at").desc(), F("name").asc(), F("document__desk_id").asc()]
    if each_kind:
        place = Window(RowNumber(), partition_by=F("document__kind"), order_by=order)
        rows = list(ranked.annotate(place=place).filter(place__lte=OF_EACH_KIND).order_by(*order))
    else:
        rows = list(ranked.order_by(*order)[offset : offset + limit])
    documents = Document.objects.select_related("government", "desk").in_bulk([row["document_id"] for row in rows])
    return [Hit(documents[row["document_id"]], row["rank"] // WORD) for row in rows if row["document_id"] in documents]


def _marker(terms: Sequence[Term]) -> Marker:
    begun = {word for term in terms for word in term.beginnings.values()}
    meant = {root for term in terms for word in term.corrections for root in stems(word)}
    exact = frozenset().union(*(term.exact | term.synonyms for term in terms))
    return Marker(exact | meant, frozenset({*begun, *(term.text for term in terms)}))
