"""Writing papers into the index and taking out what is gone. The caller holds the bookmark."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import Exists, Max, OuterRef
from django.utils.dateparse import parse_datetime

from manglar.audit.models import Entry
from manglar.search.choices import Face
from manglar.search.models import Document, Posting, Spelling, Word
from manglar.search.rules.spelling import keys_of
from manglar.search.rules.words import LANGUAGES, stem, words_in
from manglar.search.services.sources import LONGEST_TEXT, Paper

LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
#: Rows of one statement: SQLite takes a limited number of values at once.
AT_ONCE = 500
Key = tuple[int | None, str]


def write(face: Face, record_ids: Collection[str], papers: Iterable[Paper]) -> int:
    """Make the index say of these records what the papers say, and nothing of those without one; return how many changed."""
    held: dict[Key, Document] = {
        (each.desk_id, each.record_id): each for each in Document.objects.filter(face=face, record_id__in=record_ids)
    }
    moments = _moments(record_ids)
    fresh: list[tuple[Document, Paper]] = []
    stale: list[tuple[Document, Paper]] = []
    moved: list[Document] = []
    for key, paper in {(paper.desk_id, paper.record_id): paper for paper in papers}.items():
        document = held.pop(key, None) or Document(face=face, desk_id=paper.desk_id, record_id=paper.record_id)
        moment = moments.get(paper.record_id, LONG_AGO)
        if document.pk is None:
            fresh.append((document, paper))
        elif document.fingerprint != paper.fingerprint:
            stale.append((document, paper))
        elif document.changed_at != moment:
            moved.append(document)
        document.changed_at = moment
    gone = list(held.values())
    words = _take_out([each for each, _ in stale], gone)
    _put_in(fresh, stale)
    Document.objects.bulk_update(moved, ["changed_at"], batch_size=AT_ONCE)
    _forget_words(words)
    return len(fresh) + len(stale) + len(gone)


def _moments(record_ids: Collection[str]) -> dict[str, dt.datetime]:
    """When the log last speaks of each record."""
    rows = Entry.objects.filter(subject__in=record_ids).order_by().values_list("subject").annotate(last=Max("at"))
    read = {subject: parse_datetime(last) for subject, last in rows}
    return {subject: moment.replace(microsecond=0) for subject, moment in read.items() if moment is not None}


def _take_out(stale: list[Document], gone: list[Document]) -> set[int]:
    """Remove what the index says of some documents; return the words that they said."""
    postings = Posting.objects.filter(document__in=[*stale, *gone])
    words = set(postings.values_list("word_id", flat=True))
    postings.delete()
    Document.objects.filter(pk__in=[each.pk for each in gone]).delete()
    return words


def _put_in(fresh: list[tuple[Document, Paper]], stale: list[tuple[Document, Paper]]) -> None:
    for document, paper in [*fresh, *stale]:
        document.government_id, document.kind, document.is_common = paper.owner_id, paper.kind, paper.is_common
        document.title, document.text = dict(paper.title), dict(paper.text)
        document.fingerprint = paper.fingerprint
    Document.objects.bulk_create([each for each, _ in fresh], batch_size=AT_ONCE)
    columns = ["government", "kind", "is_common", "title", "text", "fingerprint", "changed_at"]
    Document.objects.bulk_update([each for each, _ in stale], columns, batch_size=AT_ONCE)
    said = {document: _words_of(paper) for document, paper in [*fresh, *stale]}
    known = _known_words({word for postings in said.values() for word, _ in postings})
    Posting.objects.bulk_create(
        [
            Posting(document_id=document.pk, word_id=known[word], stem=root, in_title=in_title)
            for document, postings in said.items()
            for (word, root), in_title in postings.items()
        ],
        batch_size=AT_ONCE,
    )


def _words_of(paper: Paper) -> dict[tuple[str, str], bool]:
    """(word, stem) → whether the title says it; the unguessable part of the identifier is a word of the title."""
    name = paper.record_id.partition("-")[2] or paper.record_id
    found = {(word, word): True for word in words_in(name)}
    for texts, in_title in ((paper.title, True), (paper.text, False)):
        for code, text in texts.items():
            language = code if code in LANGUAGES else "es"
            for word in words_in(text[:LONGEST_TEXT]):
                found.setdefault((word, stem(word, language)), in_title)
    return found


def _known_words(texts: set[str]) -> dict[str, int]:
    """Word → key, after making those that are new with the keys under which they are looked up."""
    known = dict(Word.objects.filter(text__in=texts).values_list("text", "pk"))
    new = Word.objects.bulk_create([Word(text=text) for text in sorted(texts - known.keys())], batch_size=AT_ONCE)
    Spelling.objects.bulk_create(
        [Spelling(word_id=word.pk, key=key) for word in new for key in sorted(keys_of(word.text))], batch_size=AT_ONCE
    )
    return known | {word.text: word.pk for word in new}


def _forget_words(words: set[int]) -> None:
    """Forget the words that no document says any more: nobody shall be told of them."""
    said = Posting.objects.filter(word=OuterRef("pk"))
    Word.objects.filter(pk__in=words).filter(~Exists(said)).delete()
