"""An error is told where the person was: at the desk with the desk's navigation, at the portal with the portal's."""

import pytest
from django.test import Client

from manglar.accounts.choices import Role

pytestmark = pytest.mark.django_db
LOST = "/desk/panama/hallazgos/fnd_no_hay/"


def test_a_lost_page_of_the_desk_keeps_the_desk_around_it(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR).user)
    answer = client.get(LOST)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Ir a Mi escritorio" in page and 'href="/desk/panama/hallazgos/"' in page


def test_what_a_role_may_not_do_is_refused_with_the_desk_around_it(panama, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.READER).user)
    answer = client.get("/desk/panama/hallazgos/nuevo/")
    assert answer.status_code == 403
    assert 'href="/desk/panama/"' in answer.content.decode()


def test_a_lost_page_of_the_portal_and_one_of_anothers_desk_show_no_desk(panama, san_miguelito, someone_with):
    client = Client()
    client.force_login(someone_with(panama, Role.EDITOR).user)
    for address in ("/territorio/no-hay/", "/desk/san-miguelito/hallazgos/"):
        page = client.get(address).content.decode()
        assert "/hallazgos/nuevo/" not in page
        assert ">Ir al inicio<" in page or ">Volver al inicio<" in page, address
        assert "Ir a Mi escritorio" not in page


def test_a_form_without_its_token_is_told_in_the_shell_of_who_sent_it(panama, someone_with):
    client = Client(enforce_csrf_checks=True)
    client.force_login(someone_with(panama, Role.EDITOR).user)
    answer = client.post("/desk/panama/hallazgos/nuevo/", {"title": "x"})
    assert answer.status_code == 403
    assert "La página caducó antes de enviarse" in answer.content.decode()
