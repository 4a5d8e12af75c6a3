"""Whose name, colour and logo a page wears."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.foundation.translated import translated
from manglar.identity import services as identity
from manglar.identity.selectors import government_with_identity
from manglar.web.looks import look_of

pytestmark = pytest.mark.django_db


def test_a_page_before_there_is_a_government_wears_the_programs_name(db):
    text = Client().get("/").content.decode()
    assert "Manglar" in text
    assert "/identidad/" not in text
    assert look_of(None).stylesheet_url == ""


def test_a_government_that_said_nothing_wears_the_programs_colours(panama):
    look = look_of(government_with_identity("panama"))
    assert (look.city_name, look.office_name, look.stylesheet_url, look.logo_url) == ("Municipio de Panamá", "Oficina de Resiliencia", "", "")


def test_a_signed_link_wears_its_own_government_and_not_the_installations(panama, san_miguelito, office):
    identity.change_identity(by=office, government=panama, accent="#0b5c4a", office_name=translated("La de Panamá"))
    identity.change_identity(
        by=office, government=san_miguelito, accent="#1d4f91", office_name=translated("La de San Miguelito", "San Miguelito's"),
        contact=translated("plan@example.org <b>"),
    )  # fmt: skip
    _link, token = accounts.invite(
        by=office, government=san_miguelito, email="ana@example.org", display_name="Ana", role=Role.READER, at=timezone.now()
    )
    with CaptureQueriesContext(connection) as captured:
        text = Client().get(f"/enlace/invitacion/{token}/").content.decode()
    assert "La de San Miguelito" in text
    assert "La de Panamá" not in text
    assert "/identidad/san-miguelito/" in text
    assert "plan@example.org</a> &lt;b&gt;" in text
    asked = [each["sql"] for each in captured if 'FROM "governments_government"' in each["sql"]]
    assert len(asked) == 1, asked
    assert "San Miguelito&#x27;s" in Client().get(f"/en/enlace/invitacion/{token}/").content.decode()


def test_the_footer_says_how_to_write_and_no_more_than_was_said(panama, office):
    assert "m-foot__contact" not in Client().get("/").content.decode()
    identity.change_identity(by=office, government=panama, contact=translated("Vía España 1 <script>"), website="https://mupa.example.org/")
    text = Client().get("/").content.decode()
    assert "Vía España 1 &lt;script&gt;" in text
    assert 'href="https://mupa.example.org/"' in text


def test_today_on_the_desk_is_the_governments(panama, someone_with, office):
    """An hour before midnight UTC it is tomorrow in Kiritimati: the API and the page count the same day."""
    from manglar.web.access import hours_of

    identity.change_government(by=office, government=panama, time_zone="Pacific/Kiritimati")
    moment = dt.datetime(2026, 11, 24, 23, 0, tzinfo=dt.UTC)
    with hours_of(government_with_identity("panama")):
        assert timezone.localdate(moment) == dt.date(2026, 11, 25)
    with hours_of(None):
        assert timezone.localdate(moment) == dt.date(2026, 11, 24)
