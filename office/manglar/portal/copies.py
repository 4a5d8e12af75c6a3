"""A released record as its page reads it: the frozen copy, never the live record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from manglar.design.shapes import Column, Fact, FileItem, Row, Status, Table
from manglar.design.templatetags.design import long_date, moment, partial_date
from manglar.foundation.texts import fold
from manglar.foundation.translated import Reading
from manglar.portal.chain import Words, kind_label, words_for
from manglar.portal.promise_status import promise_status
from manglar.portal.readings import address_of, as_written, read, safe_address, said, says, status_of
from manglar.publication.choices import Kind
from manglar.publication.models import Release
from manglar.publication.selectors import release_by_subject, versions_of


@dataclass(frozen=True, slots=True)
class Copy:
    """The words of a frozen copy in the language of the page."""

    release: Release
    #: What the strategies of initiatives call their levels today.
    words: Words = field(default_factory=dict, repr=False)

    @property
    def kind(self) -> str:
        return self.release.kind

    @property
    def id(self) -> str:
        return self.release.subject_id

    @property
    def said(self) -> dict[str, Any]:
        return dict(self.release.payload)

    @property
    def fields(self) -> dict[str, Any]:
        return dict(self.release.payload.get("fields", {}))

    @property
    def title(self) -> Reading:
        return read(self.release.payload.get("title"))

    @property
    def text(self) -> Reading:
        return read(self.release.payload.get("text"))

    @property
    def heading(self) -> str:
        return said(self.title) or _("(su título no está en la fuente)")

    @property
    def label(self) -> str:
        return kind_label(self.kind, self.fields, self.words)

    @property
    def status(self) -> Status | None:
        state = str(self.release.payload.get("status", ""))
        if self.kind == Kind.COMMITMENT:
            return promise_status(state, str(self.fields.get("due_on") or ""))
        return status_of(self.kind, state)

    @property
    def url(self) -> str:
        if self.kind != Kind.UPDATE:
            return address_of(self.kind, self.id)
        return address_of(self.kind, self.id, {link["kind"]: link["id"] for link in self.release.links})

    @property
    def day(self) -> str:
        return day(self.release.payload.get("date"))

    @property
    def published(self) -> str:
        return _("Publicado el %(day)s") % {"day": long_date(self.release.released_at)}

    @property
    def institutions(self) -> list[str]:
        return [says(each["name"]) for each in self.release.payload.get("institutions", [])]

    @property
    def divisions(self) -> list[tuple[str, str]]:
        return [(each["code"], each["name"]) for each in self.release.payload.get("divisions", [])]


def copy_of(public_id: str, kind: str = "") -> Copy | None:
    """The current public copy of a record (of a kind), or None when it is not public."""
    release = release_by_subject(public_id)
    fits = release is not None and (not kind or release.kind == kind)
    return Copy(release, words_for([release.payload])) if release is not None and fits else None


def copies(releases: Iterable[Release]) -> list[Copy]:
    """Some releases as copies."""
    held = list(releases)
    words = words_for(release.payload for release in held)
    return [Copy(release, words) for release in held]


def facts(*pairs: tuple[str, Any]) -> list[Fact]:
    """A fact list without the lines that have no value."""
    return [value if isinstance(value, Fact) else Fact(label, value) for label, value in pairs if value]


def joined(parts: Sequence[str]) -> str:
    """Safe pieces of HTML, one after the other, with commas."""
    whole = ""
    for part in parts:
        whole = format_html("{}, {}", whole, part) if whole else format_html("{}", part)
    return whole


def division_links(copy: Copy) -> str:
    """The territory of a copy, each a link to its page."""
    return joined(
        [
            format_html('<a href="{}">{}</a>', reverse("portal:division", args=[code]), name)
            for code, name in copy.divisions
        ]
    )


def provenance(copy: Copy) -> Fact | None:
    """Where what a copy says comes from, with its mark."""
    mark, source = str(copy.said.get("mark", "")), str(copy.said.get("source", ""))
    if not source:
        return Fact(_("Procedencia"), "", mark=mark) if mark else None
    return Fact(_("De dónde viene"), _to_source(copy, source), mark=mark)


def _to_source(copy: Copy, source: str) -> str:
    """A source by its words, as a link where they are an address, or where the address of one of its sources has them."""
    known = [safe_address(each.get("url", "")) for each in copy.fields.get("sources", [])]
    url = safe_address(source) or next((each for each in known if each and fold(source) in fold(each)), "")
    return format_html('<a href="{}">{}</a>', url, as_written(source)) if url else as_written(source)


def publication_facts(copy: Copy) -> list[Fact]:
    """What anyone needs to check that the copy is the one that was published."""
    release = copy.release
    return [
        Fact(_("Publicado"), moment(release.released_at)),
        Fact(_("Versión"), str(release.version)),
        Fact(_("Identificador"), format_html("<code>{}</code>", release.subject_id)),
        Fact(_("Huella SHA-256"), format_html('<code class="p-digest">{}</code>', release.sha256)),
    ]


def proof_file(copy: Copy) -> FileItem:
    """The exact copy that was published, for whoever wants to compute its digest."""
    url = reverse("portal:release_file", args=[copy.id])
    detail = _("Su SHA-256 es la huella de arriba: cualquiera puede calcularla.")
    return FileItem(_("La copia exacta que se publicó"), url, kind="JSON", detail=detail)


def versions_table(copy: Copy) -> Table | None:
    """Every version that was ever published, when there is more than one."""
    rows = list(versions_of(copy.id))
    if len(rows) < 2:
        return None
    columns = [Column(_("Versión")), Column(_("Publicada")), Column(_("Cómo está")), Column(_("Huella"))]
    return Table(
        _("Versiones publicadas"),
        columns,
        [Row.of(str(r.version), long_date(r.released_at), _standing(r), r.sha256[:16] + "…") for r in rows],
    )


def _standing(release: Release) -> str:
    if release.is_current:
        return _("vigente")
    return _("retirada") if release.withdrawn_at else _("sustituida")


def day(value: Any) -> str:
    """A date, known to the day, the month or the year, in words; empty when there is none."""
    return partial_date(value) if value else ""
