"""Asking the engine, storing what it says, repeating it, telling it."""

import json
from dataclasses import replace

import pytest
from django.utils import timezone

from manglar.accounts.choices import Role
from manglar.assets import services as assets
from manglar.assets.models import Asset
from manglar.audit.choices import Operation
from manglar.audit.models import Entry
from manglar.audit.services import seal
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.operations import selectors as operations
from manglar.operations.models import Job, StoredFile
from manglar.risk import engine_bridge, selectors, services
from manglar.risk.choices import RunState
from manglar.risk.models import AssetRisk, Dataset, Run, RunFinding, TerritoryRisk
from manglar.risk.rules.specs import parse_spec
from tests.risk.conftest import collection, fault

NOW = timezone.now


def ask(office, city, spec, **more):
    return services.run_now(by=office, government=city, spec=spec, at=NOW(), **more)


def nothing_is_left():
    return not (Run.objects.exists() or TerritoryRisk.objects.exists() or AssetRisk.objects.exists())


def test_faults_are_registered_once_with_the_notes_of_their_reading(city, office):
    content = collection(
        fault(1, name="Con tasa", line=[[-79.5, 9.0], [-79.4, 9.2]], slip_rate_mm_yr="1.8"),
        fault(2, name="Sin tasa", line=[[-79.3, 9.0], [-79.2, 9.2]], slip_rate_mm_yr=None),
    )
    first = services.register_faults(by=office, government=city, name="f.geojson", content=content, licence="CC BY 4.0")
    again = services.register_faults(by=office, government=city, name="otro.geojson", content=content)
    assert first == again and Dataset.objects.count() == 1
    assert (
        first.licence == "CC BY 4.0" and first.mark == Mark.SOURCE and first.source_text == "inventada para las pruebas"
    )
    assert any("sin tasa de deslizamiento" in note["es"] for note in first.notes)
    assert operations.file_bytes(first.file) == content
    engine_bridge.check_faults(first.content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vac"),
        (b'{"type": "FeatureCollection", "features": []}', "no tiene ninguna línea"),
        (
            collection(fault(1, name="x", line=[[-79.5, 9.0], [-79.4, 9.2]], slip_rate_mm_yr=None)),
            "tasa de deslizamiento",
        ),
        (collection(fault(1, name="x", line=[[600000, 1000000], [600100, 1000200]])), "EPSG:4326"),
        (b'{"type": "FeatureCollection", "features": [3]}', "no son figuras de GeoJSON"),
        (b"a,b\n1,2\n", "es CSV"),
        (b'{"type": "FeatureCollection", "features": [', "GeoJSON"),
        (b"\x00\x01\x02", "no es un archivo que Manglar lea"),
    ],
)
def test_a_file_that_holds_no_faults_with_rates_is_refused_in_words(city, office, content, words):
    with pytest.raises(InvalidInput) as caught:
        services.register_faults(by=office, government=city, name="f.geojson", content=content)
    assert words in caught.value.sentence
    assert not Dataset.objects.exists()


def test_functions_of_the_city_replace_those_of_the_engine(city, office, spec):
    fragilities = (
        "ID,Demand-Type,Demand-Unit,"
        + ",".join(f"LS{i}-Family,LS{i}-Theta_0,LS{i}-Theta_1" for i in range(1, 5))
        + "\n"
        + "".join(
            f"LF.{code},Peak Ground Acceleration,g," + ",".join(f"lognormal,{0.1 * i},0.6" for i in range(1, 5)) + "\n"
            for code in ("RM1.L.LC", "RM1.L.MC", "S3.LC")
        )
    ).encode()
    repairs = (
        "ID,DS1-Theta_0,DS2-Theta_0,DS3-Theta_0,DS4-Theta_0\n"
        + "".join(
            f"{part}.{use}-Cost,0.01,0.05,0.2,0.33\n" for use in ("EDU1", "COM4") for part in ("STR", "NSA", "NSD")
        )
    ).encode()
    one = services.register_fragilities(by=office, government=city, name="fragilidades.csv", content=fragilities)
    other = services.register_repairs(by=office, government=city, name="reparacion.csv", content=repairs)
    spec["vulnerability"] = {"fragilities": {"dataset": one.public_id}, "repair": {"dataset": other.public_id}}
    run = ask(office, city, spec)
    assert "fragilidades.csv" in operations.file_bytes(run.inputs).decode()
    assert services.repeat_run(by=office, run=run).is_equal
    with pytest.raises(InvalidInput, match="no es un conjunto de fragilidades"):
        ask(
            office,
            city,
            {
                **spec,
                "vulnerability": {"fragilities": {"dataset": other.public_id}, "repair": {"dataset": one.public_id}},
            },
        )


def test_a_run_keeps_its_answer_its_inputs_and_its_rows(run, city):
    run.refresh_from_db()
    assert run.state == RunState.DONE and run.finished_at >= run.asked_at and run.asked_by == "prueba"
    assert TerritoryRisk.objects.filter(run=run).count() == 4
    assert AssetRisk.objects.filter(run=run).count() == 11
    assert json.loads(operations.file_bytes(run.result))["result"]["manifest"] == run.manifest
    assert run.result_sha256 == run.result.sha256 and run.inputs_sha256 == run.inputs.sha256
    assert "B/." in run.sentence["es"] and "expected" in run.sentence["en"]
    assert {"Torre 4"} == {note["row"] for note in run.notes if note["kind"] == "set_aside"}
    assert not any("NaN" in operations.file_bytes(each).decode() for each in (run.result, run.inputs))


def test_every_interval_holds_its_mean_and_the_parts_make_the_whole(run):
    total = selectors.run_page(run).total
    rows = list(TerritoryRisk.objects.filter(run=run))
    assert all(r.ead_p05_pab <= r.ead_mean_pab <= r.ead_p95_pab for r in rows)
    assert all(r.avoided_p05_pab <= r.avoided_mean_pab <= r.avoided_p95_pab for r in rows)
    assert float(sum(r.ead_mean_pab for r in rows)) == pytest.approx(total.ead_pab.mean, rel=1e-6)
    assert float(sum(a.ead_pab for a in AssetRisk.objects.filter(run=run))) == pytest.approx(
        total.ead_pab.mean, rel=1e-4
    )
    assert sum(r.share for r in rows) == pytest.approx(1)


def test_the_same_spec_and_the_same_city_give_the_same_bytes(city, office, spec):
    one, other = ask(office, city, spec), ask(office, city, {**spec, "settings": {"workers": 2}})
    assert one.result_sha256 == other.result_sha256
    assert one.manifest_digest == other.manifest_digest
    assert one.inputs_sha256 == other.inputs_sha256


def test_another_seed_gives_another_answer(city, office, spec, run):
    assert ask(office, city, {**spec, "seed": 8}).result_sha256 != run.result_sha256


def test_the_bytes_do_not_depend_on_our_own_identifiers(city, office, spec, run):
    for place, asset in enumerate(Asset.objects.order_by("pk")):
        Asset.objects.filter(pk=asset.pk).update(public_id=f"activo-{place:010d}")
    assert ask(office, city, spec).result_sha256 == run.result_sha256


def test_repeating_a_run_gives_the_same_bytes(run, office):
    repeat = services.repeat_run(by=office, run=run)
    assert repeat.is_equal and repeat.differences == () and repeat.city_changes == ()
    assert repeat.manifest_digest == run.manifest_digest and run.result_sha256 in repeat.sentence


def test_a_run_repeats_after_the_city_changed_and_it_is_said_what_changed(run, office):
    asset = Asset.objects.get(name="Escuela 0")
    assets.revise_asset(by=office, asset=asset, people=999)
    repeat = services.repeat_run(by=office, run=run)
    assert repeat.is_equal
    assert any("exposure.people[0]: 100.0 → 999.0" in each for each in repeat.city_changes)


def test_a_run_repeats_after_its_assets_are_gone(run, office):
    Asset.objects.all().delete()
    repeat = services.repeat_run(by=office, run=run)
    assert repeat.is_equal and "No hay activos" in repeat.city_changes[0]
    assert selectors.asset_rows(run)[0].name.startswith("Escuela")


def test_a_result_that_another_engine_would_give_is_told_apart(run, office, monkeypatch):
    real = engine_bridge.study

    def other(inputs, **more):
        answer = real(inputs, **more)
        document = json.loads(answer.content)
        document["result"]["manifest"]["engine"] = "9.9"
        return replace(answer, content=json.dumps(document).encode(), engine_version="9.9")

    monkeypatch.setattr(engine_bridge, "study", other)
    repeat = services.repeat_run(by=office, run=run)
    assert not repeat.is_equal and repeat.engine_now == "9.9" and "motor" in repeat.sentence
    assert repeat.differences == ("result.manifest.engine: 0.1.0 → 9.9",)


def test_a_result_that_changed_on_the_disk_is_not_believed(run, office):
    operations.file_path(run.result).write_bytes(b"{}")
    try:
        with pytest.raises(Conflict, match="cambió en el disco"):
            services.repeat_run(by=office, run=run)
    finally:
        operations.file_path(run.result).unlink()
    with pytest.raises(Conflict, match="No se encuentra"):
        services.repeat_run(by=office, run=run)


def test_a_run_cancelled_in_the_middle_leaves_nothing(city, office, spec):
    steps = []
    with pytest.raises(Conflict, match="se anuló"):
        ask(office, city, spec, progress=lambda f, _: steps.append(f), cancelled=lambda: len(steps) >= 2)
    assert steps and nothing_is_left()


def test_a_person_who_interrupts_leaves_nothing(city, office, spec):
    def interrupt(fraction, step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(office, city, spec, progress=interrupt)
    assert nothing_is_left()


def test_a_fault_while_storing_leaves_nothing(city, office, spec, monkeypatch):
    def broken(*_, **__):
        raise OSError("disco lleno")

    files = StoredFile.objects.count()
    monkeypatch.setattr("manglar.risk.services.runs.asset_records", broken)
    with pytest.raises(OSError, match="disco lleno"):
        ask(office, city, spec)
    assert nothing_is_left() and StoredFile.objects.count() == files


def test_progress_grows_and_ends(city, office, spec):
    said = []
    ask(office, city, spec, progress=lambda fraction, step: said.append((fraction, step)))
    fractions = [fraction for fraction, _ in said]
    assert fractions == sorted(fractions) and fractions[-1] == 1
    assert {step for _, step in said} == {"Sismos de cada falla", "Daño de cada activo", "Listo"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"faults": {"dataset": "datos-0000000000"}}, "no es un conjunto de fallas activas"),
        ({"faults": {"file": "f.geojson"}}, "registre el archivo"),
        ({"assets": {"kinds": ["castle"]}}, "No existe la clase de activos «castle»"),
        ({"assets": {"kinds": ["hospital"]}}, "No hay activos"),
        ({"assets": {"territories": ["123456"]}}, "No existe el territorio «123456»"),
        ({"assets": {"territories": ["9904"]}}, "No hay activos"),
        ({"settings": {"max_distance_km": 1.0}}, "demasiado lejos de todas las fallas"),
        ({"settings": {"left_out_styles": ["Dextral"]}}, "de un tipo que el modelo no calcula"),
        (
            {"retrofit": {"id": "r", "name": "R", "to_class": "X9", "cost_share_of_value": 0.1}},
            "sin función de daño: X9",
        ),
        (
            {
                "retrofit": {
                    "id": "r",
                    "name": "R",
                    "to_class": "S3.LC",
                    "cost_share_of_value": 0.1,
                    "kinds": ["bridge"],
                }
            },
            "no están en la corrida",
        ),
        (
            {
                "retrofit": {
                    "id": "r",
                    "name": "R",
                    "to_class": "S3.LC",
                    "cost_share_of_value": 0.1,
                    "occupancies": ["ZZ"],
                }
            },
            "ningún activo tiene: ZZ",
        ),
        (
            {
                "retrofit": {
                    "id": "r",
                    "name": "R",
                    "to_class": "S3.LC",
                    "cost_share_of_value": 1,
                    "territories": ["9904"],
                }
            },
            "no hay ningún activo de la corrida",
        ),
        ({"samples": float("nan")}, "«samples»"),
        ({"semilla": 3}, "No se conoce «semilla»"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words_and_leaves_nothing(city, office, spec, change, words):
    with pytest.raises(InvalidInput) as caught:
        ask(office, city, {**spec, **change})
    assert words in caught.value.sentence
    assert nothing_is_left()


def test_an_asset_whose_kind_has_no_suppositions_names_what_is_missing(city, office, spec):
    from manglar.assets.selectors import kind_by_code

    assets.record_asset(by=office, government=city, kind=kind_by_code("hospital"), name="H", lon=-79.59, lat=9.01)
    with pytest.raises(InvalidInput, match="«hospital»"):
        ask(office, city, {**spec, "assets": {}})
    assets.set_defaults(
        by=office,
        government=city,
        kind=kind_by_code("hospital"),
        defaults=assets.KindDefaults(
            value_pab=1_000_000,
            people=50,
            building_class="RM1.L.LC",
            occupancy="EDU1",
            source_text="juicio de la oficina",
        ),
    )
    run = ask(office, city, {**spec, "assets": {}})
    note = next(n for n in run.notes if n["row"] == "hospital" and n["field"] == "value_pab")
    assert "juicio de la oficina" in note["es"]


def test_a_district_means_all_that_is_part_of_it(city, office, spec, run):
    whole = ask(office, city, {**spec, "assets": {"territories": ["99"]}})
    part = ask(office, city, {**spec, "assets": {"territories": ["9900", "9901"]}})
    assert whole.territories.count() == 4 and part.territories.count() == 2


def test_a_value_that_the_city_gave_is_used_and_its_year_is_said(city, office, spec):
    assets.revise_asset(by=office, asset=Asset.objects.get(name="Escuela 0"), value_pab=5_000_000)
    run = ask(office, city, {**spec, "assets": {"kinds": ["school"], "price_year": 2020}})
    assert any("balboas de 2020" in note["es"] for note in run.notes)
    assert any("2020" in note.text for note in selectors.run_page(run).limits)


def test_a_spec_from_a_file_registers_its_faults_once(city, office, faults_file, tmp_path):
    (tmp_path / "fallas.geojson").write_bytes(faults_file)
    text = 'title = "x"\nhazard = "earthquake"\nsamples = 60\n[faults]\nfile = "fallas.geojson"\n[assets]\nkinds = ["school"]'
    one, other = (ask(office, city, parse_spec(text), base_path=tmp_path) for _ in range(2))
    assert Dataset.objects.count() == 1
    assert one.spec["faults"] == {"dataset": one.faults.public_id} == other.spec["faults"]
    assert one.result_sha256 == other.result_sha256


@pytest.mark.parametrize(("name", "words"), [("no.geojson", "no existe"), (".", "carpeta")])
def test_a_file_that_is_not_there_is_named(city, office, spec, tmp_path, name, words):
    with pytest.raises(InvalidInput, match=words):
        ask(office, city, {**spec, "faults": {"file": name}}, base_path=tmp_path)


def test_who_may_not_run_is_refused(city, spec, someone_with, san_miguelito):
    for role in (Role.READER, Role.COMMUNICATIONS, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            ask(someone_with(city, role), city, spec)
    with pytest.raises(NotAllowed):
        ask(someone_with(san_miguelito, Role.ANALYST), city, spec)
    assert nothing_is_left()


def test_an_analyst_may_run_and_stands_in_the_log(city, spec, someone_with):
    analyst = someone_with(city, Role.ANALYST)
    run = ask(analyst, city, spec)
    seal()
    entry = Entry.objects.get(event="risk_run.done", operation=Operation.EVENT, subject=run.public_id)
    assert entry.payload.values["actor"]["value"] == analyst.name == run.asked_by


def test_a_dataset_of_another_government_is_not_used(city, office, spec, san_miguelito, faults_file):
    other = services.register_faults(by=office, government=san_miguelito, name="f.geojson", content=faults_file)
    with pytest.raises(InvalidInput, match="no es un conjunto"):
        ask(office, city, {**spec, "faults": {"dataset": other.public_id}})


def test_asking_queues_a_job_and_refuses_bad_specs_at_once(city, office, spec):
    run = services.ask_run(by=office, government=city, spec=spec, at=NOW())
    assert run.state == RunState.QUEUED and run.job.arguments == {"run": run.public_id}
    with pytest.raises(InvalidInput):
        services.ask_run(by=office, government=city, spec={**spec, "assets": {"kinds": ["castle"]}}, at=NOW())
    assert Job.objects.count() == 1


def test_a_run_that_waits_is_cancelled_at_once(city, office, spec):
    run = services.ask_run(by=office, government=city, spec=spec, at=NOW())
    run = services.cancel_run(by=office, run=run)
    assert run.state == RunState.CANCELLED and run.job.state == "cancelled"
    with pytest.raises(Conflict, match="ya terminó"):
        services.cancel_run(by=office, run=run)
    with pytest.raises(Conflict, match="pídala de nuevo"):
        services.perform_run(by=office, run=run, at=NOW())


def test_a_run_that_is_done_is_not_done_again(city, office, spec):
    run = services.ask_run(by=office, government=city, spec=spec, at=NOW())
    done = services.perform_run(by=office, run=run, at=NOW())
    again = services.perform_run(by=office, run=run, at=NOW())
    assert done.result_id == again.result_id and AssetRisk.objects.filter(run=run).count() == 11


def test_a_run_whose_worker_died_starts_over(city, office, spec):
    run = services.ask_run(by=office, government=city, spec=spec, at=NOW())
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, started_at=NOW())
    assert services.perform_run(by=office, run=run, at=NOW()).state == RunState.DONE


def test_a_run_that_fails_says_why(city, office, spec):
    run = services.ask_run(by=office, government=city, spec=spec, at=NOW())
    Asset.objects.all().delete()
    with pytest.raises(InvalidInput):
        services.perform_run(by=office, run=run, at=NOW())
    run.refresh_from_db()
    assert run.state == RunState.FAILED and "No hay activos" in run.error


def test_an_error_of_the_program_is_not_shown_raw(city, office, spec, monkeypatch):
    run = services.ask_run(by=office, government=city, spec=spec, at=NOW())

    def broken(*_, **__):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(engine_bridge, "study", broken)
    with pytest.raises(ZeroDivisionError):
        services.perform_run(by=office, run=run, at=NOW())
    run.refresh_from_db()
    assert run.state == RunState.FAILED and "division" not in run.error


def test_a_finding_says_what_the_run_says_and_on_what_it_rests(run, office, divisions):
    finding = services.make_finding_from_run(by=office, run=run, on=NOW().date())
    assert finding.mark == Mark.ESTIMATE and finding.text == run.sentence and finding.state == "draft"
    assert run.public_id in finding.source_text and finding.sources.get().file == run.faults.file
    assert services.make_finding_from_run(by=office, run=run, on=NOW().date()) == finding
    there = services.make_finding_from_run(by=office, run=run, division=divisions[1], on=NOW().date())
    assert list(there.divisions.all()) == [divisions[1]]
    assert "En Corregimiento 1 se esperan" in there.text["es"] and "In Corregimiento 1" in there.text["en"]
    assert there.sources.get() == finding.sources.get()
    assert RunFinding.objects.count() == 2 and len(selectors.run_page(run).findings) == 2


def test_a_finding_is_not_made_where_the_run_says_nothing(run, office, divisions):
    with pytest.raises(InvalidInput, match="no tiene activos ahí"):
        services.make_finding_from_run(by=office, run=run, division=divisions[4], on=NOW().date())


def test_a_finding_is_not_made_of_a_run_that_waits(city, office, spec):
    run = services.ask_run(by=office, government=city, spec=spec, at=NOW())
    with pytest.raises(Conflict, match="no ha terminado"):
        services.make_finding_from_run(by=office, run=run, on=NOW().date())
    with pytest.raises(Conflict, match="no terminó"):
        services.repeat_run(by=office, run=run)


def test_an_answer_whose_mean_is_outside_its_interval_is_not_stored(city, office, spec, monkeypatch):
    real = engine_bridge.study

    def odd(inputs, **more):
        answer = real(inputs, **more)
        document = json.loads(answer.content)
        document["result"]["total"]["ead_pab"]["p95"] = 0
        return replace(answer, content=json.dumps(document).encode())

    monkeypatch.setattr(engine_bridge, "study", odd)
    with pytest.raises(Conflict, match="suba «samples»"):
        ask(office, city, spec)
    assert nothing_is_left()
