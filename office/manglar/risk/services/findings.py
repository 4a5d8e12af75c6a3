"""What a run says becomes evidence: a finding with its sentence, its mark and its sources."""

import datetime as dt

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.evidence.models import Finding, Source
from manglar.evidence.selectors import sources_of
from manglar.evidence.services import FindingText, record_finding, record_source
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.translated import translated
from manglar.risk.choices import RunState
from manglar.risk.models import Dataset, Run, RunFinding, TerritoryRisk
from manglar.risk.permissions import may_run_risk
from manglar.risk.rules.sentences import division_sentence
from manglar.territory.models import Division


def make_finding_from_run(*, by: Actor, run: Run, division: Division | None = None, on: dt.date) -> Finding:
    """Write what a run says of the city, or of one division, as a draft finding; asked twice, it is one finding."""
    require(may_run_risk, by, run.government)
    if run.state != RunState.DONE:
        raise Conflict(say("La corrida no ha terminado: todavía no dice nada."))
    before = RunFinding.objects.filter(run=run, division=division).select_related("finding").first()
    if before is not None:
        return before.finding
    row = _row(run, division) if division is not None else None
    with act("risk_run.told", by=by, government_id=run.government_id, subject=run.public_id):
        source = _source(by=by, run=run, dataset=run.faults) if run.faults else None
        said = FindingText(
            title=_title(row),
            text=_text(run, row),
            hazard=run.hazard,
            divisions=[row.division] if row else [],
            sources=[source] if source else [],
            found_on=on,
            mark=Mark.ESTIMATE,
            source_text=f"Corrida {run.public_id} («{run.title}»), motor {run.engine_version}, semilla {run.seed}, "
            f"{run.samples:,} muestras; manifiesto {run.manifest_digest}.",
        )
        finding = record_finding(by=by, government=run.government, said=said)
        RunFinding.objects.create(government=run.government, run=run, finding=finding, division=division)
    return finding


def _row(run: Run, division: Division) -> TerritoryRisk:
    row = TerritoryRisk.objects.filter(run=run, division=division).select_related("division").first()
    if row is None:
        raise InvalidInput(say("La corrida no dice nada de {division}: no tiene activos ahí.", division=division))
    return row


def _title(row: TerritoryRisk | None) -> dict[str, str]:
    where_es = f"en {row.division.name}" if row else "en la ciudad"
    where_en = f"in {row.division.name}" if row else "in the city"
    return translated(f"Daño esperado por terremotos {where_es}", f"Expected earthquake damage {where_en}")


def _text(run: Run, row: TerritoryRisk | None) -> dict[str, str]:
    if row is None:
        return dict(run.sentence)
    damage = (float(row.ead_mean_pab), float(row.ead_p05_pab), float(row.ead_p95_pab))
    people = (row.affected_mean, row.affected_p05, row.affected_p95)
    es, en = (
        division_sentence(row.division.name, damage=damage, people=people, language=language)
        for language in ("es", "en")
    )
    return translated(es, en)


def _source(*, by: Actor, run: Run, dataset: Dataset) -> Source:
    """The faults of the run as a source; recorded once."""
    title = f"Fallas activas: {dataset.name}"
    found = sources_of(run.government).filter(title=title, file=dataset.file).first()
    return found or record_source(
        by=by,
        government=run.government,
        title=title,
        publisher=dataset.source_text[:200],
        licence=dataset.licence,
        file=dataset.file,
    )
