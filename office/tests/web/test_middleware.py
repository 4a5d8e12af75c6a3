import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/?q=%00", "/buscar/?q=a%00b", "/territorio/%00/", "/api/v1/releases?division=%00", "/en/%00/", "/?a=%2500"]
)
def test_an_address_with_a_null_character_is_refused_and_one_that_only_looks_like_it_is_not(address):
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == (200 if "%25" in address else 400)


def test_every_answer_carries_the_policy_also_a_refused_one():
    for address in ("/", "/?q=%00", "/no-existe/"):
        answer = Client(raise_request_exception=False).get(address)
        assert "default-src" in answer.headers["Content-Security-Policy"]


def test_a_null_character_leaves_no_traceback_in_the_servers_log(caplog):
    """It is what robots send all day: a line, not a fault of ours."""
    assert Client().get("/buscar/?q=a%00b").status_code == 400
    assert not [each for each in caplog.records if each.exc_info]
