"""What search is told of the records: each declared kind as every desk shows it, and what the portal shows.

No kind is named here: what a change touches is read from the models' own relations, so that a new kind is found
because it is declared.
"""

import datetime as dt
import html
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.db.models import ForeignKey, ManyToManyField, Model, Q, QuerySet
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.safestring import SafeData

from manglar.audit.choices import Operation
from manglar.governments.models import Government, SharingGrant
from manglar.governments.selectors import all_governments
from manglar.publication.choices import Kind as ReleaseKind
from manglar.publication.models import Release
from manglar.search.choices import Face
from manglar.search.services import Change, Paper, register
from manglar.web.kinds import KINDS
from manglar.web.kinds.base import Kind

log = logging.getLogger("manglar.search")
LANGUAGES = [code for code, _ in settings.LANGUAGES]
#: Kinds that every government sees, whoever owns them.
COMMON = {"territorio"}
#: How the words of a record say that they are in another language (see kinds/words.py): not a word to find.
ANOTHER_LANGUAGE = tuple(f" [{code}]" for code in LANGUAGES)


def found_kinds() -> list[Kind]:
    """The kinds that search finds."""
    return [kind for kind in KINDS.values() if kind.is_found]


def model_of(kind: Kind) -> type[Model]:
    """The model of a kind's records."""
    rows = kind.rows(Government(pk=0), timezone.localdate())
    if not isinstance(rows, QuerySet):
        raise TypeError(f"The kind «{kind.slug}» is found by search: its rows must be a query set.")
    return rows.model


@cache
def kinds_by_model() -> dict[type[Model], Kind]:
    """Model → its kind, for the kinds that search finds."""
    return {model_of(kind): kind for kind in found_kinds()}


def key_of(model: type[Model]) -> str:
    """The column that holds the public identifier of a model's records."""
    names = {field.name for field in model._meta.concrete_fields}
    return "public_id" if "public_id" in names else "identity"


class DeskSource:
    """The records of every kind, as each desk that may see them shows them."""

    face = Face.DESK

    def touched(self, changes: Sequence[Change]) -> set[str]:
        """The changed records, those that the changed rows are parts of, and those that name them."""
        found = {each.subject for each in changes if each.subject}
        rows: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            rows[change.table].append(change)
        for model in apps.get_models(include_auto_created=True):
            if here := rows.get(model._meta.db_table):
                found |= _touched_in(model, here)
        return found

    def read(self, record_ids: Collection[str]) -> Iterable[Paper]:
        """Each record as its owner's desk shows it, and as the desks with which it is shared do."""
        on = timezone.localdate()
        governments = {each.pk: each for each in all_governments()}
        grants = _grants_on(record_ids, on)
        for model, kind in kinds_by_model().items():
            key = key_of(model)
            owners = dict(model._base_manager.filter(**{f"{key}__in": record_ids}).values_list(key, "government_id"))
            for owner in sorted(set(owners.values())):
                mine = {each for each, held in owners.items() if held == owner}
                yield from _own_papers(kind, governments[owner], mine, on)
            yield from _shared_papers(kind, [each for each in grants if each.record_id in owners], on)

    def everything(self) -> Iterator[str]:
        """The identifiers of all records of all kinds."""
        for model in kinds_by_model():
            yield from model._base_manager.values_list(key_of(model), flat=True).iterator(chunk_size=2_000)


class PortalSource:
    """The frozen copies that are public now."""

    face = Face.PORTAL

    def touched(self, changes: Sequence[Change]) -> set[str]:
        """The copies that came, went or were superseded."""
        return {each.subject for each in changes if each.table == Release._meta.db_table and each.subject}

    def read(self, record_ids: Collection[str]) -> Iterable[Paper]:
        """What each copy says; a copy that is no longer the one in force says nothing."""
        for release in Release.objects.filter(public_id__in=record_ids, is_current=True):
            title, text = release.payload.get("title", {}), _said_in_public(release)
            yield Paper(self.face, release.kind, release.public_id, release.government_id, title, text)

    def everything(self) -> Iterator[str]:
        """The copies in force."""
        yield from Release.objects.filter(is_current=True).values_list("public_id", flat=True).iterator()


def _touched_in(model: type[Model], changes: Sequence[Change]) -> set[str]:
    """What the changed rows of one table touch."""
    keys = [each.row_key for each in changes]
    found: set[str] = set()
    if model in kinds_by_model():
        found |= {str(value) for each in changes for value in each.values.get(key_of(model), ()) if value}
        found |= _keys(model, Q(pk__in=keys))
    for field in _leading_to_found(model):
        named = {value for each in changes for value in each.values.get(field.column, ()) if value}
        named |= set(model._base_manager.filter(pk__in=keys).values_list(field.attname, flat=True))
        found |= _keys(field.related_model, Q(pk__in=named - {None}))
    changed = [each.row_key for each in changes if each.operation == Operation.UPDATE]
    for other, lookup in _named_by_found(model) if changed else ():
        found |= _keys(other, Q(**{f"{lookup}__in": changed}))
    if model is SharingGrant:
        found |= set(SharingGrant.objects.filter(pk__in=keys).values_list("record_id", flat=True))
    return found


def _keys(model: type[Model], condition: Q) -> set[str]:
    return set(model._base_manager.filter(condition).values_list(key_of(model), flat=True))


@cache
def _leading_to_found(model: type[Model]) -> list[Any]:
    """The foreign keys of a model to a kind of record: a row of it is a part of that record."""
    links = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    return [field for field in links if field.related_model in kinds_by_model()]


@cache
def _named_by_found(model: type[Model]) -> list[tuple[type[Model], str]]:
    """The ways in which a record names a row of this model: directly, or through a table that joins them."""
    ways: list[tuple[type[Model], str]] = []
    for other in kinds_by_model():
        for field in (*other._meta.concrete_fields, *other._meta.many_to_many):
            if isinstance(field, ForeignKey | ManyToManyField) and field.related_model is model:
                ways.append((other, field.name))
        for relation in other._meta.related_objects:
            joint = relation.related_model
            if isinstance(joint, type) and joint not in kinds_by_model() and not relation.hidden:
                ways += [
                    (other, f"{relation.field.related_query_name()}__{field.name}")
                    for field in joint._meta.concrete_fields
                    if isinstance(field, ForeignKey) and field.related_model is model and field is not relation.field
                ]
    return [] if model is Government else ways


def _grants_on(record_ids: Collection[str], on: dt.date) -> list[SharingGrant]:
    """The grants that hold, or will; whether one holds on a day is asked again at every search."""
    ended = Q(until_on__lt=on) | Q(revoked_on__lte=on)
    return list(SharingGrant.objects.filter(record_id__in=record_ids).exclude(ended).select_related("to").order_by("pk"))


def _own_papers(kind: Kind, government: Government, record_ids: set[str], on: dt.date) -> Iterator[Paper]:
    rows: Any = kind.rows(government, on)
    listed = rows.filter(**{f"{key_of(rows.model)}__in": record_ids})
    records: dict[str, Any] = {}
    for record in listed:
        if record.government_id == government.pk:
            records.setdefault(kind.key(record), record)
    for public_id in sorted(record_ids):
        record = records.get(public_id) or kind.find(government, public_id, on)
        if record is not None:
            yield _paper(kind, record, desk=government)


def _shared_papers(kind: Kind, grants: Iterable[SharingGrant], on: dt.date) -> Iterator[Paper]:
    for grant in grants:
        record: Any = kind.find(grant.to, grant.record_id, max(on, grant.from_on))
        if record is not None and record.government_id != grant.to_id:
            yield _paper(kind, record, desk=grant.to)


def _paper(kind: Kind, record: Any, *, desk: Government) -> Paper:
    title: dict[str, str] = {}
    text: dict[str, str] = {}
    for code in LANGUAGES:
        with translation.override(code):
            try:
                named, told = kind.title(record, code), _told(kind, record, code)
            except DatabaseError:
                raise
            except Exception:  # one record that cannot say itself must not keep the others from being found
                log.exception("the record %s cannot be indexed whole", kind.key(record))
                named, told = kind.key(record), str(kind.singular)
        if not named.endswith(ANOTHER_LANGUAGE):
            title[code] = named
        text[code] = told
    return Paper(
        Face.DESK, kind.slug, kind.key(record), record.government_id, _once(title) or {"es": kind.key(record)}, _once(text),
        desk_id=desk.pk, is_common=kind.slug in COMMON,
    )  # fmt: skip


def _told(kind: Kind, record: Any, language: str) -> str:
    """The words of a record and the values of its facts, without their labels, which every record of its kind has."""
    facts = [fact.value for fact in kind.facts(record, language) if fact is not None]
    parts = [kind.text(record, language), " · ".join(filter(None, map(_plain, facts))), str(kind.singular)]
    told = "\n".join(part for part in parts if part)
    for mark in ANOTHER_LANGUAGE:
        told = told.replace(mark, "")
    return told


def _plain(value: Any) -> str:
    text = html.unescape(strip_tags(str(value))) if isinstance(value, SafeData) else str(value)
    return text if any(letter.isalnum() for letter in text) else ""


def _once(texts: dict[str, str]) -> dict[str, str]:
    """A text that is the same in every language stands once."""
    return {code: text for code, text in texts.items() if code == LANGUAGES[0] or text != texts.get(LANGUAGES[0])}


def _said_in_public(release: Release) -> dict[str, str]:
    """Every text of a frozen copy, by language; what has no language (names, codes) is said in the first."""
    said: dict[str, list[str]] = defaultdict(list)
    payload = release.payload
    for texts in (payload.get("text", {}), *_texts_in(payload.get("institutions", [])), *_texts_in(payload.get("fields", {}))):
        for code, text in texts.items():
            said[code].append(text)
    code = payload.get("fields", {}).get("code", "")
    places = [each["name"] for each in payload.get("divisions", [])]
    said[LANGUAGES[0]] += [*places, str(code or ""), str(payload.get("source", "")), release.subject_id]
    for language in LANGUAGES:
        with translation.override(language):
            said[language].append(str(dict(ReleaseKind.choices).get(release.kind, release.kind)))
    return {language: "\n".join(dict.fromkeys(part for part in parts if part)) for language, parts in said.items()}


def _texts_in(value: Any) -> Iterator[Mapping[str, str]]:
    """The translated texts inside a frozen value."""
    if isinstance(value, dict):
        if value and set(value) <= set(LANGUAGES) and all(isinstance(each, str) for each in value.values()):
            yield value
        else:
            for each in value.values():
                yield from _texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts_in(each)


register(DeskSource())
register(PortalSource())
