"""The finding form: the day of what was found is said, today is only what is taken when nobody says it."""

import pytest
from django.test import Client
from django.utils import timezone

from manglar.accounts.choices import Role
from manglar.evidence.models import Finding
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
NEW = "/desk/panama/hallazgos/nuevo/"


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR).user)
    return client


def told(**more):
    return {"title": "El agua llegó a la escuela", "mark": "estimacion", **more}


@pytest.mark.parametrize(("said", "kept"), [("2025-10-03", "2025-10-03"), ("", None)])
def test_the_day_is_the_one_said_or_today(desk, said, kept):
    before = timezone.localdate()
    assert desk.post(NEW, told(found_on=said)).status_code == 302
    found = str(Finding.objects.get().found_on)
    assert found == kept if kept else str(before) <= found <= str(timezone.localdate())


@pytest.mark.parametrize(("said", "words"), [("2999-01-01", "Todavía no llega ese día"), ("ayer", "found_on_error")])
def test_a_day_that_has_not_come_or_is_none_is_refused_on_its_field(desk, said, words):
    page = desk.post(NEW, told(found_on=said)).content.decode()
    assert words in page and 'id="id_found_on_error"' in page
    assert not Finding.objects.exists()


def test_a_finding_that_already_has_a_later_day_may_still_be_corrected(panama, desk):
    held = make.finding(panama, reviewed=False)
    held.found_on = timezone.localdate().replace(year=2999, month=1, day=1)
    held.save()
    held.refresh_from_db()
    page = f"/desk/panama/hallazgos/{held.public_id}/cambiar/"
    assert 'value="2999-01-01"' in desk.get(page).content.decode()
    assert desk.post(page, told(title="Con otro título", found_on="2999-01-01")).status_code == 302
    held.refresh_from_db()
    assert held.title["es"] == "Con otro título" and held.found_on.year == 2999
