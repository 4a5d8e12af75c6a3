"""Jobs are not lost or run twice; messages wait; files are what they say."""

import datetime as dt
import io
import zipfile

import pytest
from django.core import mail
from django.utils import timezone

from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.operations import filetypes, services
from manglar.operations.choices import JobState, MessageState
from manglar.operations.models import Job
from manglar.operations.selectors import file_path

NOW = timezone.make_aware(dt.datetime(2026, 11, 23, 9, 0))


@pytest.fixture
def counting(monkeypatch):
    done = []

    def count(report, arguments):
        for step in range(arguments["steps"]):
            report(step / arguments["steps"], f"paso {step}")
            done.append(step)
            if arguments.get("stop_at") == step:
                Job.objects.update(cancel_asked=True)
            if arguments.get("break_at") == step:
                raise RuntimeError("se rompió")
        return {"counted": len(done)}

    monkeypatch.setitem(services.WORKS, "count", count)
    return done


def ask(office, panama, **arguments):
    return services.ask_job(
        by=office, government=panama, kind="count", title="Contar", arguments={"steps": 3, **arguments}
    )


@pytest.mark.django_db
def test_a_job_runs_and_keeps_its_result(panama, office, counting):
    ask(office, panama)
    done = services.run_job(services.take_job(at=NOW))
    assert (done.state, done.result, done.fraction) == (JobState.DONE, {"counted": 3}, 1.0)


@pytest.mark.django_db
def test_two_workers_never_take_the_same_job(panama, office, counting):
    ask(office, panama)
    assert services.take_job(at=NOW) is not None
    assert services.take_job(at=NOW) is None


@pytest.mark.django_db
def test_a_cancelled_job_stops_at_its_next_report(panama, office, counting):
    ask(office, panama, stop_at=0)
    assert services.run_job(services.take_job(at=NOW)).state == JobState.CANCELLED
    assert counting == [0]
    waiting = ask(office, panama)
    services.cancel_job(by=office, job=waiting)
    assert services.take_job(at=NOW) is None
    with pytest.raises(Conflict):
        services.cancel_job(by=office, job=waiting)


@pytest.mark.django_db
def test_a_job_that_breaks_says_so_without_its_entrails(panama, office, counting):
    ask(office, panama, break_at=1)
    failed = services.run_job(services.take_job(at=NOW))
    assert failed.state == JobState.FAILED
    assert "se rompió" not in failed.error


@pytest.mark.django_db
def test_a_job_whose_worker_died_is_taken_again_three_times(panama, office, counting):
    ask(office, panama)
    at = NOW
    for _attempt in range(3):
        assert services.take_job(at=at) is not None
        assert services.reap_jobs(at=at + dt.timedelta(seconds=30)) == 0
        at += dt.timedelta(minutes=2)
        assert services.reap_jobs(at=at) == 1
    job = Job.objects.get()
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert "3 veces" in job.error


@pytest.mark.django_db
def test_an_unknown_kind_of_job_is_refused(panama, office):
    with pytest.raises(Conflict):
        services.ask_job(by=office, government=panama, kind="nada", title="x", arguments={})


@pytest.mark.django_db
def test_a_message_leaves_once_and_is_tried_again_when_the_server_is_away(panama, office, monkeypatch):
    message = services.queue_message(
        by=office, government=panama, to="a@example.org", subject="Hola\nBcc: x", body="…", at=NOW
    )
    assert "\n" not in message.subject

    def away(*_args, **_kwargs):
        raise ConnectionRefusedError("el servidor de correo no responde")

    with monkeypatch.context() as patch:
        patch.setattr(services.jobs, "send_mail", away)
        assert services.send_messages(by=office, at=NOW) == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.WAITING, 1)
    assert services.send_messages(by=office, at=NOW) == 0
    assert services.send_messages(by=office, at=NOW + dt.timedelta(minutes=2)) == 1
    assert services.send_messages(by=office, at=NOW + dt.timedelta(minutes=9)) == 0
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_stored_file_is_kept_by_its_content(panama, office, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    one = services.store_file(by=office, government=panama, name="../../etc/actas.csv", content=b"a,b\n1,2\n")
    two = services.store_file(by=office, government=panama, name="otra.csv", content=b"a,b\n1,2\n")
    assert (one.name, one.path) == ("actas.csv", two.path)
    assert file_path(one).read_bytes() == b"a,b\n1,2\n"
    with pytest.raises(InvalidInput, match="mande PDF"):
        services.store_file(by=office, government=panama, name="a.csv", content=b"a,b\n", accepted=(filetypes.PDF,))


def zipped(**members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("vacio.csv", b"", "vacío"),
        ("virus.exe", b"MZ\x90\x00\x03", "no es un archivo"),
        ("dibujo.svg", b"<svg onload='alert(1)'/>", "no es un archivo"),
        ("bomba.xml", b"<!DOCTYPE lolz [<!ENTITY lol 'lol'>]><a/>", "no es un archivo"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "incompleto"),
        ("a.json", b'{"hola": 1}', "no es un archivo"),
        ("bomba.zip", zipped(**{"a.shp": b"\x00" * 30_000_000}), "se expande"),
        ("escape.zip", zipped(**{"../../a.shp": b"x"}), "fuera"),
        ("anidado.zip", zipped(**{"a.zip": zipped(b="c")}), "dentro de otro"),
        ("roto.zip", b"PK\x03\x04nada", "dañado"),
        ("grande.csv", b"a," * (filetypes.MAX_BYTES // 2 + 1), "límite"),
    ],
)
def test_a_hostile_file_is_refused_in_words(name, content, word):
    with pytest.raises(InvalidInput, match=word):
        filetypes.recognise(name, content)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", "código;nombre\n1;Año".encode("cp1252"), filetypes.CSV),
        ("a.csv", "a\tb".encode("utf-16"), filetypes.CSV),
        ("a.json", b' {"type": "FeatureCollection", "features": []}', filetypes.GEOJSON),
        ("a.bin", b"%PDF-1.7", filetypes.PDF),
        ("mapa.zip", zipped(**{"a.shp": b"x", "a.dbf": b"x"}), filetypes.SHAPEFILE_ZIP),
        ("a.xlsx", zipped(**{"xl/workbook.xml": b"<x/>"}), filetypes.XLSX),
    ],
)
def test_a_file_is_known_by_its_content(name, content, kind):
    assert filetypes.recognise(name, content) == kind
