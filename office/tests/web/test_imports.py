"""What an import says before it happens, through the steps that page, API and command share."""

import datetime as dt

import pytest

from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.margin.selectors import columns_for
from manglar.network.models import Institution
from manglar.network.services import record_institution
from manglar.operations.models import FileImport
from manglar.web.importing import IMPORTS, apply_import, mapping_from, newest, prepare
from manglar.web.kinds.base import Deed
from manglar.web.kinds.importable import Upload
from tests.chain_factories import xlsx
from tests.territory.conftest import feature, geojson, square

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def deed(panama, office):
    return Deed(by=office, government=panama, at=AT, on=AT.date())


def told(slug, deed, **said):
    """What the form of an import says, with what is said."""
    form = IMPORTS[slug].form({**said}, deed=deed)
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_the_preview_says_where_on_earth_a_first_file_of_limits_lies(deed):
    upload = Upload("mapa.geojson", geojson(feature(square(0, 0), codigo="1", nombre="Uno")))
    ready = prepare(IMPORTS["territorio"], deed, upload, told("territorio", deed, level="zone"), {})
    assert any("entre 79.5°O" in str(note) for note in ready.preview.notes)
    assert [(line.row, line.outcome, line.record) for line in ready.preview.lines] == [(1, "created", "Uno (1)")]


def test_the_preview_says_which_sheet_of_a_plan_was_read(deed):
    upload = Upload("plan.xlsx", xlsx([["código", "título"], ["1", "Agua"]], title="Plan 2026"))
    said = told("estrategia", deed, strategy_title="Ciudad", edition_label="2026", language="es")
    ready = prepare(IMPORTS["estrategia"], deed, upload, said, {})
    assert "Se leyó la hoja «Plan 2026»." in [str(note) for note in ready.preview.notes]
    assert ready.headings.columns == {"code": "código", "title": "título"}
    assert ready.headings.samples == (("1",), ("Agua",))


def test_a_file_whose_columns_nobody_knows_shows_them_all_the_same(deed):
    upload = Upload("red.csv", b"a,b,c\nMOP,Obras,ministerio\n")
    what, said = IMPORTS["instituciones"], told("instituciones", deed)
    ready = prepare(what, deed, upload, said, {})
    assert "Qué es cada columna" in ready.refusal.sentence
    assert "--map" not in ready.refusal.sentence
    assert (ready.headings.names, ready.headings.columns) == (("a", "b", "c"), {})
    mapping = mapping_from(what, said, ready.headings, {"a": "code", "b": "name", "c": "kind"})
    assert prepare(what, deed, upload, said, mapping).preview.counts == {"created": 1}


def test_the_columns_that_were_said_are_remembered_for_the_next_file(deed, panama):
    what, said = IMPORTS["instituciones"], told("instituciones", deed)
    mapping = {"code": "a", "name": "b", "kind": "c"}
    apply_import(what, deed, Upload("1.csv", b"a,b,c\nMOP,Obras,ministerio\n"), said, mapping)
    ready = prepare(what, deed, Upload("2.csv", b"C,B,A\nministerio,Salud,MINSA\n"), said, {})
    assert ready.headings.was_remembered
    assert [line.record for line in ready.preview.lines] == ["MINSA Salud"]
    assert columns_for(panama, "instituciones", ["A", "B", "C"]) == {"code": "A", "name": "B", "kind": "C"}
    changed = mapping_from(what, said, ready.headings, {"B": "name", "C": "kind"})
    assert changed["code"] == ""
    assert changed["name"] == "B"


def test_two_columns_cannot_be_the_same(deed):
    what, said = IMPORTS["instituciones"], told("instituciones", deed)
    ready = prepare(what, deed, Upload("1.csv", b"a,b\nMOP,Obras\n"), said, {})
    with pytest.raises(InvalidInput, match=r"«Nombre»: «a» y «b»"):
        mapping_from(what, said, ready.headings, {"a": "name", "b": "name"})


def test_what_is_no_longer_as_it_was_previewed_is_not_imported(deed, office, panama):
    what, said = IMPORTS["instituciones"], told("instituciones", deed, default_kind="ministry")
    upload = Upload("1.csv", b"siglas,nombre\nMOP,Obras\n")
    ready = prepare(what, deed, upload, said, {})
    record_institution(by=office, government=panama, code="mop", name={"es": "Obras Públicas"}, kind="ministry")
    with pytest.raises(Conflict, match="Algo cambió"):
        apply_import(what, deed, upload, said, {}, seen=ready.stamp)
    assert Institution.objects.get().name == {"es": "Obras Públicas"}
    apply_import(what, deed, upload, said, {}, seen=prepare(what, deed, upload, said, {}).stamp)
    assert Institution.objects.get().name == {"es": "Obras"}


def test_rows_that_are_no_good_stop_the_whole_file(deed):
    what, said = IMPORTS["instituciones"], told("instituciones", deed)
    upload = Upload("1.csv", b"siglas,nombre,clase\nMOP,Obras,ministerio\nX,Equis,marciana\n")
    ready = prepare(what, deed, upload, said, {})
    assert ready.preview.counts == {"refused": 1, "created": 1}
    with pytest.raises(InvalidInput, match="1 fila no sirve") as refusal:
        apply_import(what, deed, upload, said, {})
    assert "marciana" in str(refusal.value.problems[0])
    assert not Institution.objects.exists()
    assert not FileImport.objects.exists()


def test_faults_are_previewed_one_by_one_before_they_are_registered(deed, panama):
    content = geojson(
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [[-79.6, 9.0], [-79.4, 9.1]]},
            "properties": {
                "name": "Pedro Miguel", "slip_type": "Dextral", "net_slip_rate": "(5.0,3.0,7.0)", "average_dip": "(90,,)",
            },
        },
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [[-79.6, 9.2], [-79.4, 9.3]]},
            "properties": {"name": "Sin tasa", "slip_type": "Dextral"},
        },
    )
    what, said = IMPORTS["fallas"], told("fallas", deed, source="GEM", licence="CC BY 4.0")
    ready = prepare(what, deed, Upload("fallas.geojson", content), said, {})
    told_of = {line.record: (line.row, line.outcome) for line in ready.preview.lines}
    assert told_of["Pedro Miguel"][1] == "created"
    assert told_of["Sin tasa"][1] == "left"
    assert "5 mm al año" in str(next(x for x in ready.preview.lines if x.record == "Pedro Miguel").remarks[0])
    assert newest(panama, what) is None
    apply_import(what, deed, Upload("fallas.geojson", content), said, {})
    assert newest(panama, what).counts == {"left": 1, "created": 1}
    again = prepare(what, deed, Upload("fallas.geojson", content), said, {})
    assert not again.preview.changes_anything


def test_a_broken_file_of_faults_is_refused_before_anything(deed):
    ready = prepare(IMPORTS["fallas"], deed, Upload("f.geojson", b"{\"type\": \"Fea"), told("fallas", deed, source="x", licence="x"), {})
    assert "incompleto" in ready.refusal.sentence
