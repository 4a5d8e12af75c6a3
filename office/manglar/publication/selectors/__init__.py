"""Reads of publication: chains, releases, and the registry of the kinds of record that both know."""

from manglar.publication.selectors import readers_act as _readers_act
from manglar.publication.selectors import readers_know as _readers_know
from manglar.publication.selectors.chain import PUBLIC, Chain, Point, chain_of, facts_of_release, status_label
from manglar.publication.selectors.registry import READERS, Facts, Reader, in_rank, reader_of, reader_of_kind, register
from manglar.publication.selectors.releases import (
    Draft,
    ReleasedPromise,
    ReleaseFault,
    document_of,
    has_changed_since_release,
    latest_releases,
    promises_by_agreement,
    public_draft,
    release_by_id,
    release_by_subject,
    release_fault,
    released,
    released_in,
    released_initiatives,
    released_promises,
    says_the_same,
    verify_releases,
    versions_of,
)

#: Loading them registers their kinds; another module of readers is added to this line.
READER_MODULES = (_readers_know, _readers_act)

__all__ = [
    "PUBLIC",
    "READERS",
    "READER_MODULES",
    "Chain",
    "Draft",
    "Facts",
    "Point",
    "Reader",
    "ReleaseFault",
    "ReleasedPromise",
    "chain_of",
    "document_of",
    "facts_of_release",
    "has_changed_since_release",
    "in_rank",
    "latest_releases",
    "promises_by_agreement",
    "public_draft",
    "reader_of",
    "reader_of_kind",
    "register",
    "release_by_id",
    "release_by_subject",
    "release_fault",
    "released",
    "released_in",
    "released_initiatives",
    "released_promises",
    "says_the_same",
    "status_label",
    "verify_releases",
    "versions_of",
]
