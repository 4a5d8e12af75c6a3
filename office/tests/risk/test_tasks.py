"""What the worker does with runs."""

import pytest
from django.utils import timezone

from manglar.foundation.refusals import InvalidInput
from manglar.operations import services as operations
from manglar.operations.choices import JobState
from manglar.risk import engine_bridge, selectors, services, tasks
from manglar.risk.choices import RunState
from manglar.risk.models import AssetRisk, Run, TerritoryRisk


@pytest.fixture
def asked(city, office, spec):
    return services.ask_run(by=office, government=city, spec=spec, at=timezone.now())


def work_once():
    return operations.run_job(operations.take_job(at=timezone.now()))


def test_the_worker_does_a_run_that_was_asked(asked):
    job = work_once()
    run = selectors.run_by_id(asked.public_id)
    assert job.state == JobState.DONE and run.state == RunState.DONE
    assert job.result == {"run": run.public_id, "result_sha256": run.result_sha256}


def test_what_the_worker_computes_is_what_a_person_computes(asked, run):
    work_once()
    assert selectors.run_by_id(asked.public_id).result_sha256 == run.result_sha256


def test_a_run_cancelled_while_it_runs_stops_and_leaves_nothing(asked, office, monkeypatch):
    monkeypatch.setattr(tasks, "REPORT_EVERY_S", 0)
    real = engine_bridge.study

    def watched(inputs, *, progress=None, **more):
        def say(fraction, step):
            services.cancel_run(by=office, run=selectors.run_by_id(asked.public_id))
            progress(fraction, step)

        return real(inputs, progress=say, **more)

    monkeypatch.setattr(engine_bridge, "study", watched)
    job = work_once()
    run = Run.objects.get(pk=asked.pk)
    assert (job.state, run.state, run.result) == (JobState.CANCELLED, RunState.CANCELLED, None)
    assert not TerritoryRisk.objects.exists() and not AssetRisk.objects.exists()


def test_a_run_that_fails_leaves_its_sentence_in_the_job(asked, monkeypatch):
    def refuse(*_, **__):
        raise InvalidInput("No se puede.")

    monkeypatch.setattr(engine_bridge, "study", refuse)
    job = work_once()
    assert (job.state, job.error) == (JobState.FAILED, "No se puede.")
    assert Run.objects.get(pk=asked.pk).error == "No se puede."


def test_a_run_that_is_gone_is_a_sentence(asked):
    job = asked.job
    job.arguments = {"run": "corrida-0000000000"}
    job.save()
    assert "ya no existe" in work_once().error


def test_the_engine_is_not_told_to_the_database_at_every_step():
    told = []
    say = tasks._seldom(lambda fraction, _: told.append(fraction))
    for step in range(1000):
        say(step / 1000, "x")
    say(1.0, "Listo")
    assert 1 < len(told) < 50 and told[-1] == 1.0
