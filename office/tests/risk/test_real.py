"""The real city: limits, schools, towers and the 21 faults."""

import pytest
from django.utils import timezone

from manglar.assets import services as assets
from manglar.assets.models import Asset
from manglar.assets.selectors import kind_by_code
from manglar.foundation.refusals import InvalidInput
from manglar.risk import selectors, services
from manglar.risk.choices import DatasetKind
from manglar.risk.models import AssetRisk
from manglar.territory import services as territory

pytestmark = pytest.mark.real


@pytest.fixture
def real_run(real_data, panama, office):
    limits = real_data / "territory" / "corregimientos_2023.geojson"
    now = timezone.now()
    territory.import_territory(
        by=office,
        government=panama,
        name=limits.name,
        content=limits.read_bytes(),
        on=now.date(),
        options=territory.ImportOptions(only=("0808", "0810"), create_parents=True),
    )
    assets.ensure_kinds(by=office)
    for name, kind in (("schools", "school"), ("telecom_towers", "telecom_tower")):
        file = real_data / "assets" / f"{name}.geojson"
        assets.import_assets(
            by=office, government=panama, name=file.name, content=file.read_bytes(), kind=kind_by_code(kind), at=now
        )
    spec = {
        "title": "Escuelas y torres",
        "hazard": "earthquake",
        "seed": 20261123,
        "samples": 1000,
        "faults": {"file": "faults.geojson"},
        "assets": {"kinds": ["school", "telecom_tower"]},
        "retrofit": {
            "id": "r",
            "name": "Reforzar escuelas",
            "level_map": {"PC": "MC", "LC": "MC"},
            "kinds": ["school"],
            "cost_share_of_value": 0.25,
        },
    }
    return services.run_now(by=office, government=panama, spec=spec, base_path=real_data / "hazard", at=now)


def test_every_corregimiento_with_assets_has_its_risk_with_an_interval_that_holds_the_mean(real_run, office):
    page = selectors.run_page(real_run)
    with_assets = set(Asset.objects.filter(division__isnull=False).values_list("division__code", flat=True))
    assert {row.code for row in page.territories} == with_assets and len(with_assets) == 35
    for row in page.territories:
        assert row.ead_pab.low <= row.ead_pab.mean <= row.ead_pab.high
        assert row.affected.low <= row.affected.mean <= row.affected.high
        assert row.ead_pab.mean > 0
    assert page.total.assets == Asset.objects.filter(division__isnull=False).count()
    aside = [note for note in page.notes if note.kind == "set_aside" and note.field == "territory"]
    assert len(aside) == Asset.objects.filter(is_outside=True).count() == 2
    assert 0 < page.retrofit.total.avoided_pab.mean < page.total.ead_pab.mean
    assert page.faults[0].name == "Pedro Miguel Fault"


def test_the_shaking_is_plausible(real_run):
    """Beyond these limits something is wrong with the sites, the faults or the units."""
    shaking = sorted(AssetRisk.objects.filter(run=real_run).values_list("intensity_often", flat=True))
    assert shaking[0] > 0.05 and shaking[-1] < 1.2
    assert 0.15 < shaking[len(shaking) // 2] < 0.8


def test_the_real_run_repeats_to_the_byte(real_run, office):
    repeat = services.repeat_run(by=office, run=real_run)
    assert repeat.is_equal and repeat.city_changes == ()


def test_the_levels_of_balboa_rise_with_the_period_and_name_the_years_set_aside(real_data, panama, office):
    """Four years with too few days are set aside, as docs/method/sea-level.md says; the fit is the engine's own."""
    file = real_data / "series" / "balboa_annual_maxima.csv"
    gauge = services.register_dataset(
        by=office, government=panama, kind=DatasetKind.GAUGE, name=file.name, content=file.read_bytes(),
        about=services.About(source="UHSLC 302, Wong et al. 2018, 10.1088/1748-9326/aacb3d", licence="con cita"),
        terms=services.FileTerms(
            extremes="maxima", value_column="annual_max_mm_above_running_annual_mean", unit="mm", datum="la media del año"
        ),
    )  # fmt: skip
    assert [note["row"] for note in gauge.notes] == ["1907", "1979", "1989", "2003"]
    spec = {"study": "sea_level", "title": "Balboa", "samples": 1000, "gauge": {"dataset": gauge.public_id}}
    page = selectors.run_page(services.run_now(by=office, government=panama, spec=spec, at=timezone.now()))
    levels = [row.level_m for row in page.levels]
    assert [row.mean for row in levels] == sorted(row.mean for row in levels)
    assert all(2.5 < row.low < row.mean < row.high < 4.5 for row in levels)


def record(panama, office, content):
    return services.register_dataset(
        by=office, government=panama, kind=DatasetKind.RECORDS, name="events.csv", content=content,
        about=services.About(source="prensa y estudios, cada suceso con su dirección", licence="hechos"),
        terms=services.FileTerms(),
    )  # fmt: skip


def test_the_row_of_the_record_whose_quotation_marks_are_not_doubled_is_named(real_data, panama, office):
    with pytest.raises(InvalidInput) as caught:
        record(panama, office, (real_data / "hazard" / "events.csv").read_bytes())
    assert "filas: 8" in str(caught.value.sentence)


def test_the_recorded_floods_give_rates_to_the_real_corregimientos(real_run, real_data, panama, office):
    text = (real_data / "hazard" / "events.csv").read_text(encoding="utf-8-sig")
    mended = text.replace('("almost a million")', '(""almost a million"")')
    records = record(panama, office, mended.encode())
    window = {"first": "2004-01-01", "last": "2024-12-31", "reason": "prensa digital (estimación)"}
    spec = {
        "study": "flood_rates", "title": "Inundaciones", "peril": "flood", "records": {"dataset": records.public_id},
        "windows": [window],
    }  # fmt: skip
    page = selectors.run_page(services.run_now(by=office, government=panama, spec=spec, at=timezone.now()))
    assert len(page.rates) == 35 and page.rates[0].code == "080812" and page.rates[0].events == 2
    assert all(row.rate.low < row.rate.mean < row.rate.high for row in page.rates)
