"""One chain, told through the services: risk → finding → initiative → advice → decision → commitment → milestone → portal."""

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Purpose
from manglar.accounts.selectors import link_by_token
from manglar.agreements import services as agreements
from manglar.agreements.models import Commitment
from manglar.decisions import services as decisions
from manglar.decisions.models import AdviceNote, Decision
from manglar.delivery import services as delivery
from manglar.delivery.models import Milestone
from manglar.evidence import services as evidence
from manglar.evidence.models import Finding
from manglar.evidence.selectors import hazard_by_code
from manglar.example.floods import tell_floods
from manglar.example.reading import facts, faults_geojson
from manglar.example.stage import BUILDER, Stage
from manglar.foundation.dates import PartialDate
from manglar.foundation.provenance import Mark
from manglar.foundation.translated import translated
from manglar.governments.choices import Scope
from manglar.publication import services as publication
from manglar.risk import selectors as risk_selectors
from manglar.risk import services as risk
from manglar.risk.models import Run
from manglar.strategy import services as strategy
from manglar.strategy.models import Edition, Node

SEED = 20261123


@dataclass(slots=True)
class Clock:
    """The days of the story; each step has its own."""

    day: dt.date

    def after(self, days: int) -> dt.date:
        """Some days later."""
        self.day += dt.timedelta(days=days)
        return self.day

    @property
    def noon(self) -> dt.datetime:
        """Noon of the day."""
        return timezone.make_aware(dt.datetime.combine(self.day, dt.time(12)))


def tell(stage: Stage, *, progress: Any) -> None:
    """Tell the whole chain."""
    clock = Clock(dt.date(2026, 9, 7))
    progress(0.35, "Calculando el riesgo sísmico")
    run = _risk(stage, clock, progress)
    progress(0.75, "Contando la cadena")
    finding, flood = _findings(stage, clock, run)
    nodes = _strategy(stage, clock, {"4.1.3": finding, "4.1.5.1": flood})
    decision = _decision(stage, clock, run, node=nodes["4.1.3"], finding=finding)
    commitment = _commitment(stage, clock, decision)
    milestone = _delivery(stage, clock, commitment)
    _sharing(stage, clock, nodes["4.1.3"])
    progress(0.9, "Publicando")
    _publish(stage, clock, milestone, nodes)


def _risk(stage: Stage, clock: Clock, progress: Any) -> Run:
    analyst, told = stage.actors["analyst"], facts("faults")
    dataset = risk.register_faults(
        by=analyst,
        government=stage.home,
        name="fallas-simplificadas.geojson",
        content=json.dumps(faults_geojson()).encode(),
        licence="CC BY 4.0",
        source=told["source"],
    )
    spec = {
        "title": "Riesgo sísmico de los activos críticos",
        "hazard": "earthquake",
        "seed": SEED,
        "samples": 1000,
        "faults": {"dataset": dataset.public_id},
        "assets": {"kinds": sorted({row[0] for row in facts("assets")["rows"]})},
        "retrofit": {
            "id": "reforzar-escuelas",
            "name": "Reforzar las escuelas de construcción más débil",
            "kinds": ["school"],
            "level_map": {"PC": "MC", "LC": "MC"},
            "cost_share_of_value": 0.15,
        },
    }
    return risk.run_now(
        by=analyst,
        government=stage.home,
        spec=spec,
        at=clock.noon,
        progress=lambda fraction, step: progress(0.35 + 0.4 * fraction, step),
    )


def _findings(stage: Stage, clock: Clock, run: Run) -> tuple[Finding, Finding]:
    analyst, director = stage.actors["analyst"], stage.actors["director"]
    evidence.ensure_hazards(by=BUILDER)
    school = _worst_school_division(run)
    made = risk.make_finding_from_run(by=analyst, run=run, division=stage.divisions[school], on=clock.after(1))
    finding = evidence.review_finding(by=director, finding=made, on=clock.after(2))
    flood = _flood_finding(stage, clock)
    tell_floods(stage, on=clock.day)
    return finding, flood


def _worst_school_division(run: Run) -> str:
    """The corregimiento where reinforcing schools avoids most damage."""
    avoided = risk_selectors.risk_by_division_code(run, measure="avoided")
    return max(avoided, key=lambda code: avoided[code])


def _flood_finding(stage: Stage, clock: Clock) -> Finding:
    editor, director = stage.actors["editor"], stage.actors["director"]
    source = evidence.record_source(
        by=editor,
        government=stage.home,
        title="Inundación de septiembre de 2004 en Juan Díaz: personas afectadas",
        publisher="Observatorio de los ODS, FAP",
        url="http://fapobservatorioods.com/?p=3665",
    )
    said = evidence.FindingText(
        title=translated(
            "La inundación de 2004 en Juan Díaz dejó 13 muertos y 12,986 personas afectadas",
            "The 2004 flood in Juan Díaz left 13 dead and 12,986 people affected",
        ),
        text=translated(
            "La estrategia de 2018 la nombra como la de mayor impacto: 2,770 viviendas, en los límites de entonces (hoy Juan Díaz y Don Bosco).",
            "The 2018 strategy names it as the one with most impact: 2,770 dwellings, within the limits of that time (today Juan Díaz and Don Bosco).",
        ),
        found_on=clock.day,
        hazard=hazard_by_code("flood"),
        divisions=[stage.divisions["080812"], stage.divisions["080826"]],
        sources=[source],
        mark=Mark.SOURCE,
        source_text="fapobservatorioods.com",
    )
    made = evidence.record_finding(by=editor, government=stage.home, said=said)
    return evidence.review_finding(by=director, finding=made, on=clock.day)


def _strategy(stage: Stage, clock: Clock, answered: dict[str, Finding]) -> dict[str, Node]:
    editor, director, told = stage.actors["editor"], stage.actors["director"], facts("strategy")
    made = strategy.create_strategy(
        by=editor,
        government=stage.home,
        title=translated("Estrategia de Resiliencia de Panamá", "Resilience Strategy of Panamá"),
        levels=[
            (translated("pilar", "pillar"), translated("pilares", "pillars")),
            (translated("objetivo", "objective"), translated("objetivos", "objectives")),
            (translated("iniciativa", "initiative"), translated("iniciativas", "initiatives")),
            (translated("acción", "action"), translated("acciones", "actions")),
        ],
    )
    missing = "Solo se conocen los 5 pilares, 4 de los 11 objetivos y 20 de los 45 proyectos; los títulos se leyeron en inglés."
    first = strategy.start_edition(by=editor, strategy=made, label="2018", missing=missing)
    _fill(stage, first, [row for row in told["rows"] if row[3] == Mark.SOURCE])
    strategy.adopt_edition(
        by=director,
        edition=first,
        adopted_on=PartialDate(2019, 1),
        act_text="Adoptada por el Concejo Municipal; enero de 2019 se infiere y el número del acuerdo no se encontró.",
    )
    second = strategy.start_edition(by=editor, strategy=made, label="2026, de ejemplo", copy_of=first, missing=missing)
    nodes = {node.code: node for node in second.nodes.all()}
    nodes.update(_fill(stage, second, [row for row in told["rows"] if row[3] == Mark.ILLUSTRATIVE], nodes))
    for place in told["places"]:
        where = [stage.divisions[code] for code in place["divisions"]]
        strategy.place_node(by=editor, node=nodes[place["code"]], divisions=where)
    strategy.adopt_edition(
        by=director,
        edition=second,
        adopted_on=PartialDate(2026, 3),
        act_text="Acto ilustrativo: esta edición existe solo en el ejemplo.",
    )
    nodes = {node.code: node for node in second.nodes.all()}
    for code, finding in answered.items():
        strategy.link_findings(by=editor, node=nodes[code], findings=[finding])
    clock.after(7)
    return nodes


def _fill(stage: Stage, edition: Edition, rows: list[list[str]], held: dict[str, Node] | None = None) -> dict[str, Node]:
    nodes: dict[str, Node] = dict(held or {})
    source = facts("strategy")["source"]
    placed = {place["code"]: place["source"] for place in facts("strategy")["places"]}
    for code, es, en, mark in sorted(rows, key=lambda row: (row[0].count("."), row[0])):
        is_source = mark == Mark.SOURCE
        nodes[code] = strategy.add_node(
            by=stage.actors["editor"],
            edition=edition,
            parent=nodes.get(code.rpartition(".")[0]),
            code=code,
            title=translated(es, en),
            mark=mark,
            source_text=source if is_source else f"Puesta por los autores del ejemplo; no es de la ciudad. {placed.get(code, '')}".strip(),
            title_is_unofficial_translation=is_source,
        )
    return nodes


def _decision(stage: Stage, clock: Clock, run: Run, *, node: Node, finding: Finding) -> Decision:
    editor, director, mayor = stage.actors["editor"], stage.actors["director"], stage.actors["mayor"]
    note = decisions.draft_note(
        by=editor,
        government=stage.home,
        on=clock.day,
        node=node,
        findings=[finding],
        question=translated(
            "¿Reforzamos primero las escuelas públicas con mayor daño sísmico esperado?",
            "Do we first strengthen the public schools with the highest expected seismic damage?",
        ),
        context=translated(
            "El cálculo dice dónde se concentra el daño esperado. Los montos son ilustrativos; el daño evitado sale del cálculo de riesgo, es una estimación y no es seguro que pague lo que cuesta.",
            "The computation says where expected damage concentrates. Amounts are illustrative; avoided damage comes from the risk computation, is an estimate, and is not certain to pay for the cost.",
        ),
    )
    chosen = _options(stage, note, run, clock.day)
    decisions.recommend_option(by=editor, note=note, option=chosen)
    decisions.submit_note(by=director, note=note, on=clock.after(5))
    decision = decisions.take_decision(
        by=mayor,
        note=note,
        option=chosen,
        decided_on=clock.after(6),
        post="Despacho de la Alcaldía",
        title=translated(
            "Se inspeccionan y refuerzan primero diez escuelas", "Ten schools are inspected and strengthened first"
        ),
        reason=translated(
            "El cálculo dice que lo más probable es que el daño evitado no llegue a lo que cuesta; se hace para proteger a quienes estudian allí, que ese cálculo no cuenta. Decisión ilustrativa, para mostrar la cadena.",
            "The computation says that avoided damage most likely does not reach the cost; it is done to protect those who study there, whom that computation does not count. An illustrative decision, to show the chain.",
        ),
    )
    clock.after(1)
    return decision


def _options(stage: Stage, note: AdviceNote, run: Run, on: dt.date) -> Any:
    editor = stage.actors["editor"]
    page = risk_selectors.run_page(run)
    decisions.take_risk_to_note(
        by=editor,
        government=stage.home,
        note=note,
        question={},
        on=on,
        run_id=run.public_id,
        summary=risk_selectors.frozen_summary(page),
        title=translated("Inspeccionar y reforzar diez escuelas", "Inspect and strengthen ten schools"),
        text=translated(
            "Evaluación estructural, diseño y obra en dos vacaciones escolares.",
            "Structural assessment, design and works over two school holidays.",
        ),
        **{**risk_selectors.option_figures(page), "cost_mark": Mark.ILLUSTRATIVE},
    )
    chosen = note.options.get()
    decisions.add_option(
        by=editor,
        note=note,
        title=translated("Solo inspeccionar y priorizar", "Inspect and prioritise only"),
        text=translated(
            "Inspección de todas; el refuerzo queda para otro presupuesto.",
            "Inspection of all of them; strengthening waits for another budget.",
        ),
        cost_pab=Decimal("600000"),
        cost_mark=Mark.ILLUSTRATIVE,
    )
    return chosen


def _commitment(stage: Stage, clock: Clock, decision: Decision) -> Commitment:
    editor = stage.actors["editor"]
    agreement = agreements.record_agreement(
        by=editor,
        government=stage.home,
        made_on=PartialDate.parse(clock.day.isoformat()),
        mark=Mark.ILLUSTRATIVE,
        title=translated("Acuerdo de escuelas seguras", "Safe schools agreement"),
        text=translated(
            "El Ministerio evalúa la estructura de las escuelas con mayor daño esperado y comparte lo que encuentre; "
            "la Dirección de Resiliencia le da la lista, con lo que se calculó de cada una, y acompaña las visitas.",
            "The Ministry assesses the structure of the schools with the highest expected damage and shares what it finds; "
            "the Resilience Office gives it the list, with what was computed of each, and goes along on the visits.",
        ),
        parties=[(stage.institutions["meduca"], "ejecuta"), (stage.institutions["resiliencia"], "acompaña")],
    )
    agreements.put_in_force(by=editor, agreement=agreement)
    return decisions.commit_from_decision(
        by=editor,
        decision=decision,
        institution=stage.institutions["meduca"],
        agreement=agreement,
        made_on=clock.day,
        due_on=PartialDate(2027, 3),
        mark=Mark.ILLUSTRATIVE,
        text=translated(
            "Entregar la evaluación estructural de las diez escuelas con mayor daño esperado",
            "Deliver the structural assessment of the ten schools with the highest expected damage",
        ),
    )


def _delivery(stage: Stage, clock: Clock, commitment: Commitment) -> Milestone:
    editor, director, person = stage.actors["editor"], stage.actors["director"], stage.focal
    milestone = delivery.plan_milestone(
        by=editor,
        government=stage.home,
        commitment=commitment,
        node=commitment.node,
        on=clock.day,
        due_on=PartialDate(2026, 12),
        title=translated("Lista de escuelas y visitas programadas", "List of schools and scheduled visits"),
        mark=Mark.ILLUSTRATIVE,
    )
    delivery.plan_milestone(
        by=editor,
        government=stage.home,
        commitment=commitment,
        node=commitment.node,
        on=clock.day,
        due_on=PartialDate(2027, 3),
        title=translated("Diez informes estructurales entregados", "Ten structural reports delivered"),
        mark=Mark.ILLUSTRATIVE,
    )
    if person is None:
        raise LookupError("the example has no focal point")
    clock.after(14)
    _request, token = delivery.ask_for_update(by=editor, milestone=milestone, person=person, at=clock.noon)
    link = link_by_token(token, Purpose.MILESTONE_UPDATE)
    if link is None:
        raise LookupError("the example's link was not kept")
    on = clock.after(2)
    update = delivery.report_by_link(
        link=link,
        at=clock.noon,
        on=on,
        report=delivery.Report(
            state="in_progress", percent=60, text="Lista aprobada; seis de diez visitas tienen fecha."
        ),
    )
    clock.after(1)
    delivery.approve_update(by=director, update=update, at=clock.noon)
    return milestone


def _sharing(stage: Stage, clock: Clock, node: Node) -> None:
    other = stage.governments["san-miguelito"]
    accounts.share_record(
        by=stage.actors["director"],
        government=stage.home,
        to=other,
        record_id=node.identity,
        scope=Scope.CONTRIBUTE,
        from_on=clock.day,
        reason="Programa conjunto de evaluación estructural en las laderas de San Miguelito (ilustrativo).",
    )
    strategy.record_contribution(
        by=stage.actors["sm_planner"],
        government=other,
        node=node,
        on=clock.day,
        text=translated(
            "San Miguelito aporta su inventario de viviendas en ladera.",
            "San Miguelito contributes its inventory of hillside dwellings.",
        ),
    )


def _publish(stage: Stage, clock: Clock, milestone: Milestone, nodes: dict[str, Node]) -> None:
    publisher, home = stage.actors["publisher"], stage.home
    edition = nodes["4.1.3"].edition
    publication.release_record(by=publisher, government=home, public_id=edition.public_id, at=clock.noon)
    for node in nodes.values():
        publication.release_record(by=publisher, government=home, public_id=node.identity, at=clock.noon)
    for finding in Finding.objects.filter(government=home, state="reviewed").order_by("pk"):
        publication.release_record(by=publisher, government=home, public_id=finding.public_id, at=clock.noon)
    publication.release_chain(by=publisher, government=home, public_id=milestone.public_id, at=clock.noon)
