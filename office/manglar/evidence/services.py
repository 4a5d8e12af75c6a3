"""Use cases of evidence: hazards, sources, findings."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.evidence.choices import FindingState
from manglar.evidence.models import Finding, HazardType, Source
from manglar.evidence.permissions import may_review_evidence, may_write_evidence
from manglar.evidence.rules import lacks_source, may_become, may_revise
from manglar.foundation.dates import PartialDate
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.translated import translated
from manglar.governments.models import Government
from manglar.operations.models import StoredFile
from manglar.territory.models import Division

#: Code → Spanish, English: our own words for what other classifications call in theirs.
HAZARDS = {
    "flood": ("Inundación", "Flood"),
    "flash_flood": ("Crecida repentina", "Flash flood"),
    "earthquake": ("Terremoto", "Earthquake"),
    "tsunami": ("Tsunami", "Tsunami"),
    "extreme_sea_level": ("Mar extraordinario", "Extreme sea level"),
    "sea_level_rise": ("Ascenso del mar", "Sea-level rise"),
    "landslide": ("Deslizamiento", "Landslide"),
    "heat": ("Calor", "Heat"),
    "drought": ("Sequía", "Drought"),
    "wind": ("Vendaval", "Windstorm"),
    "wildfire": ("Incendio de vegetación", "Wildfire"),
    "urban_fire": ("Incendio urbano", "Urban fire"),
    "blackout": ("Apagón", "Blackout"),
    "water_outage": ("Corte de agua", "Water outage"),
    "epidemic": ("Epidemia", "Epidemic"),
    "chemical_spill": ("Derrame químico", "Chemical spill"),
}


@dataclass(frozen=True, slots=True)
class FindingText:
    """What a finding says, where, and on what it rests."""

    title: Mapping[str, str]
    found_on: dt.date
    text: Mapping[str, str] = field(default_factory=dict)
    hazard: HazardType | None = None
    divisions: Sequence[Division] = ()
    sources: Sequence[Source] = ()
    mark: str = Mark.SOURCE
    source_text: str = ""


def ensure_hazards(*, by: Actor) -> int:
    """Record the hazards that every installation knows; those that are there stay as they were edited."""
    lacking = HAZARDS.keys() - set(HazardType.objects.values_list("code", flat=True))
    if lacking:
        with act("hazards.recorded", by=by):
            HazardType.objects.bulk_create(
                HazardType(code=code, name=translated(*names)) for code, names in HAZARDS.items() if code in lacking
            )
    return len(lacking)


def record_source(
    *, by: Actor, government: Government, title: str, publisher: str = "", url: str = "",
    published_on: str | PartialDate = "", licence: str = "", file: StoredFile | None = None,
) -> Source:
    """Record where something was read."""
    require(may_write_evidence, by, government)
    if not title.strip():
        raise InvalidInput(say("Escriba el título de la fuente."))
    if url and not url.startswith(("http://", "https://")):
        raise InvalidInput(say("«{url}» no es una dirección: debe empezar por https:// o http://.", url=url))
    source = Source(
        government=government, title=title.strip()[:300], publisher=publisher.strip(), url=url.strip(),
        published_on=_date(published_on), licence=licence.strip(), file=file,
    )
    with act("source.recorded", by=by, government_id=government.pk, subject=source.public_id):
        source.save()
    return source


def _date(given: str | PartialDate) -> PartialDate | None:
    if isinstance(given, PartialDate) or not given:
        return given or None
    try:
        return PartialDate.parse(given)
    except ValueError as error:
        raise InvalidInput(str(error)) from error


def record_finding(*, by: Actor, government: Government, said: FindingText) -> Finding:
    """Record a finding as a draft; one that says «fuente» names its source."""
    require(may_write_evidence, by, government)
    _check(said)
    finding = Finding(government=government, recorded_by=by.user)
    with act("finding.recorded", by=by, government_id=government.pk, subject=finding.public_id):
        _write(finding, said)
    return finding


def _check(said: FindingText) -> None:
    if not any(text.strip() for text in said.title.values()):
        raise InvalidInput(say("Escriba en una frase qué se encontró."))
    if said.mark not in Mark.values:
        raise InvalidInput(
            say("No existe la procedencia «{mark}». Hay: {values}.", mark=said.mark, values=", ".join(Mark.values))
        )
    if lacks_source(mark=said.mark, sources=len(said.sources), source_text=said.source_text):
        raise InvalidInput(
            say("El hallazgo está marcado «fuente» y no nombra ninguna: añada la fuente, o márquelo «estimación».")
        )


def _write(finding: Finding, said: FindingText) -> None:
    finding.title, finding.text = dict(said.title), dict(said.text)
    finding.hazard, finding.found_on = said.hazard, said.found_on
    finding.mark, finding.source_text = said.mark, said.source_text.strip()
    finding.save()
    finding.divisions.set(said.divisions)
    finding.sources.set(said.sources)


def said_by(finding: Finding) -> FindingText:
    """What a finding says now, to change one thing of it."""
    return FindingText(
        title=finding.title, found_on=finding.found_on, text=finding.text, hazard=finding.hazard,
        divisions=tuple(finding.divisions.all()), sources=tuple(finding.sources.all()), mark=finding.mark,
        source_text=finding.source_text,
    )


def revise_finding(
    *, by: Actor, finding: Finding, said: FindingText, version: int | None = None, reason: str = ""
) -> Finding:
    """Change a draft. ``version`` is the one that the person saw: a change that they did not see is not lost."""
    require(may_write_evidence, by, finding.government)
    _check(said)
    with act("finding.revised", by=by, government_id=finding.government_id, subject=finding.public_id, reason=reason):
        held = Finding.objects.select_for_update().get(pk=finding.pk)
        if not may_revise(held.state):
            raise Conflict(say("Un hallazgo revisado ya no se cambia: anote otro que lo sustituya."))
        if version is not None and version != held.version:
            raise Conflict(
                say("Otra persona cambió este hallazgo mientras usted lo editaba: vuelva a abrirlo para ver su cambio.")
            )
        held.version += 1
        held.revised_by = by.user
        _write(held, said)
    return held


def review_finding(*, by: Actor, finding: Finding, on: dt.date) -> Finding:
    """A second person says that the finding holds."""
    require(may_review_evidence, by, finding.government)
    if by.user is not None and by.user.pk in {finding.recorded_by_id, finding.revised_by_id}:
        raise Conflict(say("Lo revisa otra persona: quien lo anotó o lo corrigió por última vez no puede."))
    with act("finding.reviewed", by=by, government_id=finding.government_id, subject=finding.public_id):
        held = _moved(finding, FindingState.REVIEWED)
        held.reviewed_by, held.reviewed_on = by.user, on
        held.save(update_fields=["state", "reviewed_by", "reviewed_on", "version"])
    return held


def _moved(finding: Finding, state: FindingState) -> Finding:
    held = Finding.objects.select_for_update().get(pk=finding.pk)
    if not may_become(held.state, state):
        raise Conflict(
            say(
                "El hallazgo está {state}: no puede pasar a {wanted}.", state=held.get_state_display(), wanted=state.label
            )
        )
    held.state, held.version = state, held.version + 1
    return held


def supersede_finding(
    *, by: Actor, finding: Finding, successor: Finding | None = None, said: FindingText | None = None, reason: str = ""
) -> Finding:
    """Put another finding in the place of a reviewed one: an existing one, or a new one; return the successor."""
    require(may_review_evidence, by, finding.government)
    if successor is not None and successor.pk == finding.pk:
        raise InvalidInput(say("Un hallazgo no se sustituye a sí mismo."))
    if successor is None and said is None:
        raise InvalidInput(say("Indique el hallazgo que lo sustituye."))
    with act("finding.superseded", by=by, government_id=finding.government_id, subject=finding.public_id, reason=reason):
        held = _moved(finding, FindingState.SUPERSEDED)
        if successor is None and said is not None:
            successor = record_finding(by=by, government=finding.government, said=said)
        held.superseded_by = successor
        held.save(update_fields=["state", "superseded_by", "version"])
    return held.superseded_by or held
