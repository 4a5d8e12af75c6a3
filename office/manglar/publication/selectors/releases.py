"""Reads about what is public: lists, versions, and whether each copy is still what it was and still up to date."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from manglar.agreements.choices import DueStatus
from manglar.agreements.selectors import stand_on
from manglar.foundation.canonical import canonical, digest
from manglar.foundation.dates import PartialDate
from manglar.foundation.sentences import Said, say
from manglar.foundation.texts import fold
from manglar.foundation.translated import Reading, read_in
from manglar.governments.models import Government
from manglar.publication.choices import Kind, Relation
from manglar.publication.models import Release, ReleaseLink
from manglar.publication.rules import Link, same_content
from manglar.publication.selectors.registry import Reader, reader_of


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be released of a record now: its public content and what it follows from."""

    reader: Reader
    record: Any
    content: dict[str, Any]
    links: list[Link]

    @property
    def why_internal(self) -> Said:
        """Why it may not be public yet; empty when it may."""
        return self.reader.why_internal(self.record)


def public_draft(public_id: str, government: Government) -> Draft | None:
    """What would be released now of a government's record; None where there is no such record."""
    reader = reader_of(public_id)
    if reader is None:
        return None
    rows = [row for row in reader.rows(reader.mine({public_id}), full=True) if row.government_id == government.pk]
    # An initiative may be in an adopted edition and in a newer draft: what may be public comes first.
    record = next((row for row in rows if not reader.why_internal(row)), rows[0] if rows else None)
    if record is None:
        return None
    facts = reader.facts(record)
    content = {
        "kind": facts.kind, "id": facts.id, "government": facts.government.code, "title": facts.title,
        "text": facts.text, "date": facts.date, "status": facts.status, "mark": facts.mark, "source": facts.source,
        "institutions": [{"id": key, "name": name} for key, name in facts.institutions],
        "divisions": [{"code": code, "name": name} for code, name in facts.divisions],
        "order": facts.order, "fields": reader.fields(record),
    }
    return Draft(reader, record, content, sorted(set(reader.links(record))))


def release_by_subject(public_id: str) -> Release | None:
    """The current release of a record, or None."""
    return Release.objects.filter(subject_id=public_id, is_current=True).select_related("government").first()


def release_by_id(public_id: str) -> Release | None:
    """One release by its own identifier, whether current or not, or None."""
    return Release.objects.filter(public_id=public_id).select_related("government").first()


def versions_of(public_id: str) -> QuerySet[Release]:
    """Every release there ever was of a record, newest first."""
    return Release.objects.filter(subject_id=public_id).order_by("-version")


def released(
    *, kind: str = "", government: Government | None = None, division: str = "", text: str = ""
) -> QuerySet[Release]:
    """What is public now, newest first: of a kind, of a government, in a division (its code), with a text."""
    found = Release.objects.filter(is_current=True).select_related("government")
    if kind:
        found = found.filter(kind=kind)
    if government is not None:
        found = found.filter(government=government)
    if division:
        found = found.filter(division_codes__contains=f"|{division}|")
    for word in fold(text).split():
        found = found.filter(folded__contains=word)
    return found


def latest_releases(limit: int = 10) -> list[Release]:
    """The last things made public."""
    return list(released()[:limit])


def released_initiatives(*, division: str = "", status: str = "", text: str = "") -> list[Release]:
    """The initiatives that are public, in the order of the strategy."""
    rows = released(kind=Kind.INITIATIVE, division=division, text=text).defer("folded")
    kept = [row for row in rows if not status or row.payload.get("status") == status]
    return sorted(kept, key=lambda row: (row.payload["fields"]["strategy"]["id"], _place(row)))


def _place(release: Release) -> str:
    """The place in the tree: the second half of the order is the position in reading order."""
    return str(release.payload.get("order", "")).partition(" ")[2]


def released_in(public_ids: Iterable[str]) -> dict[str, Release]:
    """The current releases of some records, by the record's identifier."""
    found = Release.objects.filter(is_current=True, subject_id__in=set(public_ids)).select_related("government")
    return {release.subject_id: release for release in found.order_by("pk")}


@dataclass(frozen=True, slots=True)
class ReleasedPromise:
    """A public commitment and how it stands on a day."""

    release: Release
    title: Reading
    institution: Reading
    due_on: str
    status: DueStatus
    days_late: int


def released_promises(
    on: dt.date, *, language: str = "es", government: Government | None = None, among: set[str] | None = None
) -> list[ReleasedPromise]:
    """The commitments that are public, or those ``among`` some identifiers, the latest and then the next due first."""
    rows = released(kind=Kind.COMMITMENT, government=government).defer("folded")
    if among is not None:
        rows = rows.filter(subject_id__in=among)
    found = [_promise(row, on, language) for row in rows]
    return sorted(found, key=lambda p: (-p.days_late, p.due_on or "9999", p.release.subject_id))


def promises_by_agreement(
    agreements: Iterable[str], on: dt.date, *, language: str = "es"
) -> dict[str, list[ReleasedPromise]]:
    """The public commitments that were made in each of some agreements."""
    links = ReleaseLink.objects.filter(
        to_id__in=list(agreements), relation=Relation.AGREED_IN, release__is_current=True, release__kind=Kind.COMMITMENT
    ).values_list("to_id", "release__subject_id")
    agreed = defaultdict(set)
    for agreement, commitment in links:
        agreed[commitment].add(agreement)
    found: dict[str, list[ReleasedPromise]] = defaultdict(list)
    for promise in released_promises(on, language=language, among=set(agreed)) if agreed else ():
        for agreement in sorted(agreed[promise.release.subject_id]):
            found[agreement].append(promise)
    return dict(found)


def _promise(release: Release, on: dt.date, language: str) -> ReleasedPromise:
    said = release.payload
    due = said["fields"].get("due_on", "")
    status, days = stand_on(state=said["status"], due_on=PartialDate.parse(due) if due else None, on=on)
    names = [read_in(each["name"], language) for each in said.get("institutions", [])]
    return ReleasedPromise(release, read_in(said["title"], language), names[0] if names else Reading("", language), due,
                           status, days)


def has_changed_since_release(public_id: str, government: Government) -> bool:
    """Whether a record says now something else than its public copy; False when it was never released."""
    release = release_by_subject(public_id)
    draft = public_draft(public_id, government) if release else None
    if release is None or draft is None:
        return False
    rows = ReleaseLink.objects.filter(release=release).order_by("pk")
    links = sorted(Link(row.to_kind, row.to_id, row.relation) for row in rows)
    return not same_content(release.payload, draft.content) or links != draft.links


def says_the_same(release: Release, draft: Draft) -> bool:
    """Whether a public copy says what the record says now, whatever their versions and links."""
    return same_content(release.payload, draft.content)


def document_of(release: Release) -> str:
    """The exact text whose SHA-256 the release shows: anyone can compute it again."""
    return canonical(release.payload)


@dataclass(frozen=True, slots=True)
class ReleaseFault:
    """A release that is not what it was."""

    release: Release
    sentence: Said


def verify_releases(government: Government | None = None) -> list[ReleaseFault]:
    """Compute every digest again; name the copies that were altered, or that say another record's name."""
    rows = Release.objects.prefetch_related("links_up").order_by("pk")
    if government is not None:
        rows = rows.filter(government=government)
    found = (release_fault(release) for release in rows.iterator(chunk_size=500))
    return [fault for fault in found if fault is not None]


def release_fault(release: Release) -> ReleaseFault | None:
    """Compute the digest of one stored copy again: what does not agree in it, or None."""
    told = {"subject_id": release.subject_id, "version": release.version}
    if digest(release.payload) != release.sha256:
        return ReleaseFault(release, say("{subject_id} v{version}: su contenido ya no da su huella.", **told))
    if _named(release) != (release.kind, release.subject_id, release.version):
        return ReleaseFault(release, say("{subject_id} v{version}: su contenido es de otro registro.", **told))
    if not _links_stand(release):
        return ReleaseFault(release, say("{subject_id} v{version}: sus enlaces fueron alterados.", **told))
    return None


def _named(release: Release) -> tuple[Any, Any, Any]:
    return release.payload.get("kind"), release.payload.get("id"), release.payload.get("version")


def _links_stand(release: Release) -> bool:
    held = {(row.to_kind, row.to_id, row.relation) for row in release.links_up.all()}
    return all((link["kind"], link["id"], link["relation"]) in held for link in release.links)
