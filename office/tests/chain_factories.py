"""Legal states of the chain, built through services."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl

from manglar.accounts.actors import program
from manglar.agreements import services as agreements
from manglar.decisions import services as decisions
from manglar.delivery import services as delivery
from manglar.evidence import services as evidence
from manglar.foundation.dates import PartialDate
from manglar.foundation.translated import translated
from manglar.network import services as network
from manglar.strategy import services as strategy
from manglar.territory import services as territory

ON = dt.date(2026, 5, 4)
AT = dt.datetime(2026, 5, 4, 15, 0, tzinfo=dt.UTC)
OFFICE = program("prueba")
PLAN = "código,nivel,título\n1,pilar,Agua\n1.1,objetivo,Ríos sanos\n1.1.1,iniciativa,Limpiar el río\n"


def institution(government, code="obras", name="Obras"):
    return network.record_institution(
        by=OFFICE, government=government, code=code, name=translated(name), kind="municipal"
    )


def person(government, name="Punto focal de Obras", email="obras@example.org", user=None):
    return network.record_person(by=OFFICE, government=government, name=name, email=email, user=user)


def division(government, code="080811", name="Juan Díaz"):
    return territory.record_division(
        by=OFFICE, government=government, code=code, name=name, level="corregimiento"
    )


def finding(government, title="El río se desborda", *, reviewed=True, divisions=()):
    made = evidence.record_finding(
        by=OFFICE,
        government=government,
        said=evidence.FindingText(title=translated(title), found_on=ON, mark="estimacion", divisions=divisions),
    )
    return evidence.review_finding(by=OFFICE, finding=made, on=ON) if reviewed else made


def edition(government, content=PLAN, label="2026", **options):
    made, _ = strategy.import_strategy(
        by=OFFICE,
        government=government,
        name="plan.csv",
        content=content.encode(),
        options=strategy.PlanOptions(strategy_title="Ciudad resiliente", edition_label=label, **options),
    )
    return made


def adopted(government, **given):
    return strategy.adopt_edition(
        by=OFFICE, edition=edition(government, **given), adopted_on=PartialDate(2026, 1), act_text="Acuerdo de prueba"
    )


def node(made, code="1.1.1"):
    return made.nodes.get(code=code)


def note(government, *, node=None, findings=(), by=OFFICE, options=2, submitted=True):
    made = decisions.draft_note(
        by=by, government=government, question=translated("¿Dique o humedal?"), on=ON, node=node, findings=findings
    )
    for number in range(options):
        decisions.add_option(
            by=by,
            note=made,
            title=translated(f"Opción {number + 1}"),
            cost_pab=Decimal("1000.00") * (number + 1),
            cost_mark="estimacion",
        )
    return decisions.submit_note(by=OFFICE, note=made, on=ON) if submitted else made


def decision(made_note, by=OFFICE):
    return decisions.take_decision(
        by=by,
        note=made_note,
        title=translated("Se restaura el humedal"),
        reason=translated("Evita más daño por balboa"),
        decided_on=ON,
        post="Alcaldía",
        option=made_note.options.first(),
    )


def agreement(government, *parties, in_force=True):
    made = agreements.record_agreement(
        by=OFFICE,
        government=government,
        title=translated("Acuerdo por el río"),
        made_on=PartialDate(2026, 4),
        parties=[(each, "") for each in parties],
    )
    return agreements.put_in_force(by=OFFICE, agreement=made) if in_force else made


def commitment(government, who, *, node=None, agreement=None, due_on=None):
    return agreements.record_commitment(
        by=OFFICE,
        government=government,
        institution=who,
        text=translated("Limpiar 5 km de cauce"),
        made_on=ON,
        due_on=due_on or PartialDate(2026, 12),
        node=node,
        agreement=agreement,
    )


def milestone(government, *, node=None, commitment=None, title="Primer kilómetro"):
    return delivery.plan_milestone(
        by=OFFICE,
        government=government,
        title=translated(title),
        on=ON,
        node=node,
        commitment=commitment,
        due_on=PartialDate(2026, 8),
    )


def report(milestone, *, state="in_progress", percent=40, text="Se limpió medio kilómetro.", by=OFFICE, on=ON):
    return delivery.report_milestone(
        by=by, milestone=milestone, report=delivery.Report(state, text, percent), on=on
    )


class WholeChain:
    """One record of each kind, each following from the last."""

    def __init__(self, government):
        self.government = government
        self.place = division(government)
        self.finding = finding(government, divisions=[self.place])
        self.edition = edition(government)
        self.node = node(self.edition)
        self.obras, self.agua = institution(government), institution(government, "agua", "Aguas")
        strategy.assign_responsibles(by=OFFICE, node=self.node, institutions=[self.obras])
        strategy.place_node(by=OFFICE, node=self.node, divisions=[self.place])
        strategy.link_findings(by=OFFICE, node=self.node, findings=[self.finding])
        self.edition = strategy.adopt_edition(
            by=OFFICE, edition=self.edition, adopted_on=PartialDate(2026, 1), act_text="Acuerdo de prueba"
        )
        self.node.refresh_from_db()
        self.note = note(government, node=self.node, findings=[self.finding])
        self.decision = decision(self.note)
        self.agreement = agreement(government, self.obras, self.agua)
        self.commitment = decisions.commit_from_decision(
            by=OFFICE,
            decision=self.decision,
            institution=self.obras,
            text=translated("Limpiar 5 km de cauce", "Clean 5 km of river"),
            made_on=ON,
            due_on=PartialDate(2026, 12),
            agreement=self.agreement,
        )
        self.milestone = milestone(government, commitment=self.commitment)
        self.update = delivery.approve_update(by=OFFICE, update=report(self.milestone), at=AT)

    @property
    def ids(self):
        return [
            self.finding.public_id,
            self.edition.public_id,
            node(self.edition, "1").identity,
            node(self.edition, "1.1").identity,
            self.node.identity,
            self.note.public_id,
            self.decision.public_id,
            self.agreement.public_id,
            self.commitment.public_id,
            self.milestone.public_id,
            self.update.public_id,
        ]


def xlsx(rows, *, merge=(), title="Plan"):
    """A workbook's bytes from rows of values."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cells in merge:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
