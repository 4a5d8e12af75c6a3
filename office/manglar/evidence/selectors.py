"""Reads of sources, hazards and findings."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from manglar.evidence.choices import FindingState
from manglar.evidence.models import Finding, HazardType, Source
from manglar.governments.models import Government
from manglar.territory.models import Division


@dataclass(frozen=True, slots=True)
class FindingPage:
    """A finding with all that its page shows."""

    finding: Finding
    divisions: tuple[Division, ...]
    sources: tuple[Source, ...]
    superseded: tuple[Finding, ...]


def hazards() -> QuerySet[HazardType]:
    """The hazards that the installation knows."""
    return HazardType.objects.all()


def hazard_by_code(code: str) -> HazardType | None:
    """The hazard with this code, or None."""
    return HazardType.objects.filter(code=code).first()


def hazards_with_counts(government: Government) -> QuerySet[HazardType]:
    """Hazards with ``count``: how many findings in force of a government are about each."""
    in_force = Q(findings__government=government) & ~Q(findings__state=FindingState.SUPERSEDED)
    return HazardType.objects.annotate(count=Count("findings", filter=in_force)).order_by("code")


def sources_of(government: Government) -> QuerySet[Source]:
    """The sources that a government keeps."""
    return Source.objects.filter(government=government).select_related("file")


def source_by_id(public_id: str) -> Source | None:
    """The source with this public identifier, or None."""
    return Source.objects.select_related("government", "file").filter(public_id=public_id).first()


def findings_of(
    government: Government, *, state: str = "", hazard: str = "", division: Division | None = None
) -> QuerySet[Finding]:
    """The findings of a government: of a state (else all but the superseded), of a hazard, of a division."""
    found = _with_all(Finding.objects.filter(government=government))
    found = found.filter(state=state) if state else found.exclude(state=FindingState.SUPERSEDED)
    if hazard:
        found = found.filter(hazard__code=hazard)
    if division is not None:
        found = found.filter(divisions=division)
    return found


def findings_of_division(division: Division, *, government: Government | None = None) -> QuerySet[Finding]:
    """The findings in force about a division or about what holds it, of one government or of all."""
    places = [division.pk]
    above = division.parent
    while above is not None:
        places.append(above.pk)
        above = above.parent
    found = _with_all(Finding.objects.filter(divisions__in=places).exclude(state=FindingState.SUPERSEDED)).distinct()
    return found.filter(government=government) if government is not None else found


def findings_of_source(source: Source) -> QuerySet[Finding]:
    """The findings that rest on a source."""
    return _with_all(Finding.objects.filter(sources=source))


def finding_by_id(public_id: str) -> Finding | None:
    """The finding with this public identifier, or None."""
    return _with_all(Finding.objects.filter(public_id=public_id)).first()


def finding_page(finding: Finding) -> FindingPage:
    """A finding with its places, its sources and those that it superseded."""
    return FindingPage(
        finding, tuple(finding.divisions.all()), tuple(finding.sources.all()), tuple(finding.supersedes.all())
    )


def _with_all(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    return findings.select_related(
        "government", "hazard", "superseded_by", "recorded_by", "reviewed_by"
    ).prefetch_related("divisions", "sources")
