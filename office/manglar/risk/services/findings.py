"""What a run says becomes evidence: a finding with its sentence, its mark and its sources."""

import datetime as dt
from decimal import Decimal

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
from manglar.risk.choices import DatasetKind, RunState, Study
from manglar.risk.models import Dataset, Run, RunFinding, TerritoryRate, TerritoryRisk
from manglar.risk.permissions import may_run_risk
from manglar.risk.rules.sentences import division_rate_sentence, division_sentence
from manglar.risk.selectors import datasets_named_by
from manglar.risk.services.layer_preparing import damage_by
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
        said = FindingText(
            title=_title(run, division),
            text=_text(run, row),
            hazard=run.hazard,
            divisions=[division] if division else [],
            sources=[_source(by=by, run=run, dataset=each) for each in datasets_named_by(run)],
            found_on=on,
            mark=Mark.ESTIMATE,
            source_text=_cited(run),
        )
        finding = record_finding(by=by, government=run.government, said=said)
        RunFinding.objects.create(government=run.government, run=run, finding=finding, division=division)
    return finding


def _cited(run: Run) -> str:
    drawn = f", semilla {run.seed}, {run.samples:,} muestras" if run.samples else ""
    return (
        f"Corrida {run.public_id} («{run.title}»), motor {run.engine_version}{drawn}; manifiesto {run.manifest_digest}."
    )


def _row(run: Run, division: Division) -> TerritoryRisk | TerritoryRate:
    model = TerritoryRate if run.study == Study.FLOOD_RATES else TerritoryRisk
    row = model.objects.filter(run=run, division=division).select_related("division").first()
    if row is None:
        raise InvalidInput(say("La corrida no dice nada de {division}: no tiene activos ahí.", division=division))
    return row


_TITLES = {
    Study.SEA_LEVEL: ("Niveles extremos del mar", "Extreme sea levels"),
    Study.FLOOD_RATES: ("Sucesos que se esperan al año", "Events expected in a year"),
}


def _title(run: Run, division: Division | None) -> dict[str, str]:
    where_es = f"en {division.name}" if division else "en la ciudad"
    where_en = f"in {division.name}" if division else "in the city"
    by_es, by_en = damage_by(run.hazard.code)
    es, en = _TITLES.get(Study(run.study), (f"Daño esperado por {by_es}", f"Expected {by_en} damage"))
    return translated(f"{es} {where_es}", f"{en} {where_en}")


def _text(run: Run, row: TerritoryRisk | TerritoryRate | None) -> dict[str, str]:
    if row is None:
        return dict(run.sentence)
    if isinstance(row, TerritoryRate):
        rate = (row.mean, row.p05, row.p95)
        return translated(
            *(division_rate_sentence(row.division.name, rate, row.yearly_probability, word) for word in ("es", "en"))
        )
    damage = (float(row.ead_mean_pab), _number(row.ead_p05_pab), _number(row.ead_p95_pab))
    people = (row.affected_mean, row.affected_p05, row.affected_p95) if row.affected_mean is not None else None
    es, en = (
        division_sentence(row.division.name, damage=damage, people=people, hazard=hazard, language=language)
        for language, hazard in zip(("es", "en"), damage_by(run.hazard.code), strict=True)
    )
    return translated(es, en)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _source(*, by: Actor, run: Run, dataset: Dataset) -> Source:
    """What the run was fed with as a source; recorded once."""
    label = str(DatasetKind(dataset.kind).label)
    title = f"{label[:1].upper()}{label[1:]}: {dataset.name}"
    found = sources_of(run.government).filter(title=title, file=dataset.file).first()
    return found or record_source(
        by=by,
        government=run.government,
        title=title,
        publisher=dataset.source_text[:200],
        licence=dataset.licence,
        file=dataset.file,
    )
