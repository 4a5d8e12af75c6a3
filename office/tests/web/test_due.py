"""What falls due: the database and the rule agree on every day, and page, file, API and command narrow to the late ones."""

import csv
import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from manglar.accounts.choices import Role
from manglar.agreements import selectors as agreements
from manglar.agreements.choices import DueStatus
from manglar.agreements.models import Commitment
from manglar.agreements.rules import due_status
from manglar.delivery.selectors import milestones_of
from manglar.foundation.dates import PartialDate
from manglar.web.kinds import KINDS
from manglar.web.listing import listing
from tests import chain_factories as make

pytestmark = pytest.mark.django_db

DATES = (
    None, PartialDate(2025), PartialDate(2026), PartialDate(2027), PartialDate(2026, 4), PartialDate(2026, 5),
    PartialDate(2026, 6), PartialDate(2026, 12), PartialDate(2026, 5, 3), PartialDate(2026, 5, 4), PartialDate(2026, 5, 5),
    PartialDate(2026, 6, 3), PartialDate(2026, 6, 4), PartialDate(2027, 1, 1),
)  # fmt: skip
DAYS = (dt.date(2026, 5, 4), dt.date(2026, 5, 31), dt.date(2026, 12, 31), dt.date(2027, 1, 1), dt.date(2026, 1, 1))


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR, Role.APPROVER).user)
    return client


def promise(government, who, due_on, text="Limpiar", made_on=dt.date(2020, 1, 1)):
    return make.agreements.record_commitment(
        by=make.OFFICE, government=government, institution=who, text=make.translated(text), made_on=made_on, due_on=due_on
    )


@pytest.fixture
def promises(panama):
    who = make.institution(panama)
    made = [promise(panama, who, due, f"Promesa {due}") for due in DATES]
    closed = promise(panama, who, PartialDate(2021), "Cerrada")
    make.agreements.report_commitment(by=make.OFFICE, commitment=closed, state="fulfilled", on=make.ON)
    return [*made, closed]


@pytest.mark.parametrize("on", DAYS)
def test_the_database_says_of_every_promise_what_the_rule_says(panama, promises, on):
    for status in DueStatus:
        held = listing(KINDS["compromisos"], panama, on, {"contra-su-fecha": status.value}, "es")
        told = {each.pk for each in Commitment.objects.all() if due_status(state=each.state, due_on=each.due_on, on=on) == status}
        assert {each.pk for each in held.rows} == told


def test_in_the_order_of_its_date_what_is_late_longest_comes_first_and_the_rest_last(panama, promises):
    held = listing(KINDS["compromisos"], panama, make.ON, {"orden": "contra-su-fecha"}, "es")
    assert [each.due_on.iso for each in held.rows[:3]] == ["2025", "2026-04", "2026-05-03"]
    assert {each.late_since for each in held.rows[3:]} == {None}


def test_the_list_says_by_how_many_days_each_is_late(desk, panama):
    who, today = make.institution(panama), timezone.localdate()
    late = today - dt.timedelta(days=5)
    promise(panama, who, PartialDate(late.year, late.month, late.day), "Tarde")
    promise(panama, who, PartialDate(today.year + 2), "A tiempo")
    page = desk.get("/desk/panama/compromisos/")
    told = {row.cells[0].text: next(c.status.label for c in row.cells if c.status) for row in page.context["table"].rows}
    assert told == {"Tarde": "vencido hace 5 días", "A tiempo": "a tiempo"}
    narrowed = desk.get("/desk/panama/compromisos/?contra-su-fecha=late")
    assert [row.cells[0].text for row in narrowed.context["table"].rows] == ["Tarde"]
    answer = desk.get("/desk/panama/compromisos/?contra-su-fecha=late&formato=csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))
    assert len(rows) == 2
    assert "vencido hace 5 días" in rows[1]
    assert "Prometido el" in rows[0]
    told = desk.get("/api/v1/desk/panama/compromisos?contra-su-fecha=late").json()
    assert [each["title"] for each in told["items"]] == ["Tarde"]
    out = io.StringIO()
    call_command("records", "list", "compromisos", "contra-su-fecha=late", government="panama", stdout=out)
    assert "Tarde" in out.getvalue()
    assert "A tiempo" not in out.getvalue()
    record = Commitment.objects.get(text__es="Tarde")
    assert "vencido hace 5 días" in desk.get(f"/desk/panama/compromisos/{record.public_id}/").content.decode()


def test_the_board_and_the_map_hold_the_late_ones_too(desk, panama, promises):
    assert sum(lane.count for lane in desk.get("/desk/panama/compromisos/?contra-su-fecha=late&vista=tablero").context["lanes"]) > 0
    assert desk.get("/desk/panama/compromisos/?contra-su-fecha=late&vista=mapa").status_code == 200


def test_a_milestone_says_whose_it_is_and_how_it_stands(desk, panama):
    plan = make.adopted(panama)
    node = make.node(plan)
    obras, agua = make.institution(panama), make.institution(panama, code="agua", name="Agua")
    node.responsibilities.create(government=panama, institution=agua)
    make.milestone(panama, commitment=make.commitment(panama, obras), title="De Obras")
    make.milestone(panama, node=node, title="De Agua")
    on = dt.date(2026, 9, 10)
    for who, title in ((obras, "De Obras"), (agua, "De Agua")):
        held = listing(KINDS["hitos"], panama, on, {"institucion": who.public_id, "contra-su-fecha": "late"}, "es")
        assert [each.title["es"] for each in held.rows] == [title]
        whose, mark = (c.value(held.rows[0], "es") for c in KINDS["hitos"].columns if c.label in {"Institución", "Contra su fecha"})
        assert (whose, mark.label) == (str(who), "vencido hace 10 días")
    assert not listing(KINDS["hitos"], panama, dt.date(2026, 8, 31), {"contra-su-fecha": "late"}, "es").rows
    assert milestones_of(panama).count() == 2


def test_a_promise_that_is_already_late_is_recorded_with_the_day_it_was_made(desk, panama):
    who = make.institution(panama)
    told = {"institution": who.public_id, "text": "Limpiar", "mark": "estimacion", "due_on": "2024-09", "made_on": "2024-01-15"}
    assert desk.post("/desk/panama/compromisos/nuevo/", told).status_code == 302
    made = Commitment.objects.get()
    assert (made.made_on, made.due_on) == (dt.date(2024, 1, 15), PartialDate(2024, 9))
    assert [each.commitment for each in agreements.late_promises(panama, timezone.localdate())] == [made]


def test_a_wrong_date_of_a_promise_is_said_beside_its_field(desk, panama):
    who = make.institution(panama)
    told = {"institution": who.public_id, "text": "Limpiar", "mark": "estimacion", "due_on": "2024-09"}
    form = desk.post("/desk/panama/compromisos/nuevo/", told).context["form"]
    assert list(form.errors) == ["due_on"]
    assert "septiembre de 2024" in form.errors["due_on"][0]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    form = desk.post("/desk/panama/compromisos/nuevo/", {**told, "made_on": tomorrow.isoformat()}).context["form"]
    assert list(form.errors) == ["made_on"]
    form = desk.post("/desk/panama/compromisos/nuevo/", {**told, "made_on": "ayer"}).context["form"]
    assert "made_on" in form.errors
    assert not Commitment.objects.exists()
    assert desk.get("/desk/panama/compromisos/nuevo/").context["form"]["made_on"].value() == timezone.localdate()
