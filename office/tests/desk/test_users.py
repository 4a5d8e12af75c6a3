"""Who has which role, from the page: a role is ended with the button that says so."""

import re

import pytest
from django.test import Client

from manglar.accounts.choices import Role
from manglar.accounts.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.ADMINISTRATOR).user)
    return client


def test_the_button_of_a_row_ends_that_role_and_no_other(desk, panama, someone_with):
    leaving = someone_with(panama, Role.READER).user
    row = Membership.objects.get(user=leaving)
    page = desk.get("/desk/panama/usuarios/").content.decode()
    address = f"/desk/panama/usuarios/{row.pk}/terminar/"
    assert address in re.findall(r'action="([^"]*)"', page)
    desk.post(address)
    row.refresh_from_db()
    assert row.ended_at is not None
    assert Membership.objects.filter(ended_at__isnull=True).count() == 1


def test_a_long_list_comes_by_pages_and_is_narrowed_by_name_or_mail(desk, panama, someone_with):
    for _ in range(60):
        someone_with(panama, Role.READER)
    page = desk.get("/desk/panama/usuarios/")
    assert page.context["pages"].last == 2
    assert len(page.context["members"]) == 50
    assert len(desk.get("/desk/panama/usuarios/?q=papel7-panama").context["members"]) == 1


def test_an_invitation_with_faults_says_them_and_invites_nobody(desk, panama):
    page = desk.post("/desk/panama/usuarios/", {"display_name": "", "email": "no-es-correo", "role": "rey"})
    assert "Hay algo que corregir" in page.content.decode()
    assert Membership.objects.count() == 1
