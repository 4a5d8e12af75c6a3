import time

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


class Endless:
    """A body of zeros as long as anybody likes; it counts what was read of it at most at once, and in all."""

    def __init__(self, pause_s=0.0):
        self.read_at_once, self.read_in_all, self.pause_s = 0, 0, pause_s

    def read(self, size=-1):
        assert size > 0, "all of it at once"
        self.read_at_once = max(self.read_at_once, size)
        self.read_in_all += size
        time.sleep(self.pause_s)
        return b"\x00" * size

    readline = read


@pytest.mark.parametrize("address", ["/desk/panama/importar/activos/", "/api/v1/desk/panama/imports/activos", "/"])
def test_three_gigabytes_are_refused_in_a_sentence_and_never_held(address):
    body = Endless()
    told = {"wsgi.input": body, "CONTENT_LENGTH": "3000000000", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = Client(raise_request_exception=False).generic("POST", address, **told)
    assert answer.status_code == 413
    said = answer.json()["detail"] if address.startswith("/api/") else answer.content.decode()
    assert "pesa 3,000 MB" in said
    assert "hasta 60 MB" in said
    assert answer.headers["Connection"] == "close"
    assert body.read_at_once <= 1_000_000


def test_one_who_sends_slowly_is_not_waited_for(monkeypatch):
    monkeypatch.setattr("manglar.web.middleware.DRAIN_S", 0.2)
    body, began = Endless(pause_s=0.05), time.monotonic()
    told = {"wsgi.input": body, "CONTENT_LENGTH": "3000000000", "CONTENT_TYPE": "text/plain"}
    assert Client().generic("POST", "/desk/panama/importar/activos/", **told).status_code == 413
    assert time.monotonic() - began < 3
    assert body.read_in_all < 20_000_000


def test_a_length_that_is_no_number_is_not_a_fault():
    assert Client(raise_request_exception=False).generic("POST", "/", CONTENT_LENGTH="mucho").status_code < 500
