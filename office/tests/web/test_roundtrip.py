"""The exported file of a list goes back in: unchanged cells change nothing, changed ones go through the form's service."""

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.utils.translation import override

from manglar.accounts.choices import Role
from manglar.agreements.models import Commitment
from manglar.assets.models import Asset
from manglar.assets.selectors import kind_by_code
from manglar.assets.services import ensure_kinds, record_asset
from manglar.audit.models import Entry
from manglar.audit.services import seal
from manglar.delivery.models import MilestoneUpdate
from manglar.evidence.models import Finding
from manglar.evidence.services import ensure_hazards, review_finding
from manglar.foundation.dates import PartialDate
from manglar.foundation.refusals import InvalidInput, NotAllowed, Refusal
from manglar.foundation.spreadsheets import csv_lines, unescape, workbook
from manglar.network.models import Institution
from manglar.network.services import revise_institution
from manglar.operations.models import FileImport
from manglar.operations.services import undo_import
from manglar.strategy.models import Node
from manglar.territory.models import Division
from manglar.web.importing import IMPORTS, apply_import, prepare
from manglar.web.kinds import KINDS
from manglar.web.kinds.base import Deed
from manglar.web.kinds.importable import Upload
from manglar.web.listing import as_lines, listing
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
LISTS = sorted(slug.removeprefix("lista-") for slug in IMPORTS if slug.startswith("lista-"))


@pytest.fixture
def deed(panama, office):
    return Deed(by=office, government=panama, at=AT, on=AT.date())


class Exported:
    """An exported list as a person has it open: rows by heading."""

    def __init__(self, slug, deed):
        self.slug, self.deed = slug, deed
        header, lines = as_lines(listing(KINDS[slug], deed.government, deed.on, {}, "es"), "es", deed)
        content = b"".join(csv_lines(header, lines)).decode("utf-8-sig")
        self.header, *rows = csv.reader(io.StringIO(content, newline=""))
        self.rows = [dict(zip(self.header, row, strict=True)) for row in rows]

    def csv(self, encoding="utf-8-sig", separator=","):
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=separator)
        writer.writerow(self.header)
        writer.writerows([[row.get(name, "") for name in self.header] for row in self.rows])
        return Upload("lista.csv", out.getvalue().encode(encoding))

    def xlsx(self):
        rows = [[unescape(row.get(name, "")) for name in self.header] for row in self.rows]
        return Upload("lista.xlsx", workbook("x", self.header, rows))

    def preview(self, upload=None, deed=None, **said):
        return prepare(IMPORTS[f"lista-{self.slug}"], deed or self.deed, upload or self.csv(), {"leave_refused": False, **said}, {})

    def apply(self, upload=None, deed=None, **said):
        return apply_import(
            IMPORTS[f"lista-{self.slug}"], deed or self.deed, upload or self.csv(), {"leave_refused": False, **said}, {}
        )


@pytest.fixture
def city(panama, office):
    """At least one record of every list that may come back."""
    ensure_hazards(by=office)
    place = make.division(panama)
    ensure_kinds(by=office)
    record_asset(
        by=office, government=panama, kind=kind_by_code("school"), name="Escuela República", lon=-79.5, lat=9.0,
        value_pab=Decimal("1250000.50"), people=320, source_text="MEDUCA",
    )
    finding = make.finding(panama, title="=1+1 no es una fórmula; es un título", divisions=[place], reviewed=False)
    make.edition(panama)
    commitment = make.commitment(panama, make.institution(panama), due_on=PartialDate(2026, 12))
    make.milestone(panama, commitment=commitment)
    return finding


def outcomes(ready):
    if ready.refusal:
        raise ready.refusal
    return [(line.outcome, *(str(remark) for remark in line.remarks)) for line in ready.preview.lines]


@pytest.mark.parametrize("slug", LISTS)
@pytest.mark.parametrize("shape", ["csv", "xlsx", "semicolons", "windows"])
def test_every_list_comes_back_as_it_left(city, deed, slug, shape):
    sent = Exported(slug, deed)
    upload = {
        "csv": sent.csv, "xlsx": sent.xlsx, "semicolons": lambda: sent.csv(separator=";"),
        "windows": lambda: sent.csv(encoding="cp1252"),
    }[shape]()
    assert sent.rows, slug
    assert {outcome for outcome, *_ in outcomes(sent.preview(upload))} == {"unchanged"}


def test_a_list_that_left_in_one_language_comes_back_in_another(city, deed):
    sent = Exported("hallazgos", deed)
    with override("en"):
        assert {outcome for outcome, *_ in outcomes(sent.preview())} == {"unchanged"}


def test_dates_and_amounts_are_for_programs_in_the_file(city, deed):
    asset = Exported("activos", deed).rows[0]
    assert (asset["Valor de reposición"], asset["Personas"]) == ("1250000.50", "320")
    assert Exported("compromisos", deed).rows[0]["Para cuándo"] == "2026-12"
    assert Exported("hallazgos", deed).rows[0]["Fecha"] == "2026-05-04"


def test_a_changed_cell_becomes_a_change_through_the_service_of_the_form(city, deed):
    sent = Exported("hallazgos", deed)
    sent.rows[0]["Explicación"] = "Lo midió la estación."
    ready = sent.preview()
    assert outcomes(ready) == [("changed",)]
    assert [(d.field, d.before, d.after) for d in ready.preview.lines[0].differences] == [
        ("Explicación", "", "Lo midió la estación.")
    ]
    before = Finding.objects.get()
    assert before.text == {}, "a preview writes nothing"
    sent.apply()
    after = Finding.objects.get()
    assert after.text["es"] == "Lo midió la estación."
    assert (after.version, [d.code for d in after.divisions.all()]) == (before.version + 1, ["080811"])
    seal(limit=1_000)
    assert Entry.objects.filter(event="finding.revised", operation="event").exists()
    assert FileImport.objects.get(kind="lista-hallazgos").counts == {"changed": 1}


def test_a_row_without_identifier_makes_a_record(city, deed):
    sent = Exported("instituciones", deed)
    sent.rows.append({"Siglas o código": "MINSA", "Nombre": "Salud", "Clase": "ministerio"})
    sent.rows.append({})
    assert outcomes(sent.preview())[-1][0] == "created"
    sent.apply()
    assert Institution.objects.get(code="MINSA").kind == "ministry"
    load = FileImport.objects.get(kind="lista-instituciones")
    undo_import(by=deed.by, load=load, at=AT)
    assert not Institution.objects.filter(code="MINSA").exists()


def test_a_word_that_is_no_choice_names_its_column_and_the_words_there_are(city, deed):
    sent = Exported("instituciones", deed)
    sent.rows[0]["Clase"] = "Marciana"
    line = sent.preview().preview.lines[0]
    assert (line.outcome, line.column) == ("refused", "Clase")
    assert "«Marciana»" in str(line.remarks[0])
    assert "ministerio" in str(line.remarks[0])
    with pytest.raises(InvalidInput, match="1 fila no sirve"):
        sent.apply()


def test_what_somebody_changed_meanwhile_is_a_conflict_in_words(city, deed, office):
    sent = Exported("instituciones", deed)
    revise_institution(by=office, institution=Institution.objects.get(), name={"es": "Obras y Vías"})
    assert outcomes(sent.preview())[0][0] == "unchanged", "a row that was not touched puts nothing back"
    sent.rows[0]["Clase"] = "ministerio"
    outcome, why = outcomes(sent.preview())[0]
    assert outcome == "conflict"
    assert "después de exportar" in why
    with pytest.raises(InvalidInput):
        sent.apply()
    sent.rows[0]["versión"] = ""
    sent.apply()
    assert Institution.objects.get().name == {"es": "Obras"}, "who says so puts theirs"


def test_rows_that_are_no_good_may_be_left_out(city, deed):
    sent = Exported("instituciones", deed)
    sent.rows[0]["Nombre"] = "Obras Públicas"
    sent.rows.append({"id": "institucion-no-existe", "Nombre": "Nadie"})
    assert [outcome for outcome, *_ in outcomes(sent.preview())] == ["changed", "refused"]
    sent.apply(leave_refused=True)
    assert Institution.objects.get().name["es"] == "Obras Públicas"


def test_the_same_record_twice_is_refused(city, deed):
    sent = Exported("instituciones", deed)
    sent.rows.append(dict(sent.rows[0]))
    assert "la fila 2 ya trata" in outcomes(sent.preview())[1][1]


def test_what_the_service_refuses_is_seen_in_the_preview(city, deed):
    sent = Exported("compromisos", deed)
    sent.rows[0]["Estado"] = "incumplido"
    ready = sent.preview()
    assert outcomes(ready)[0][0] == "refused", outcomes(ready)
    sent.rows[0]["Motivo o nota"] = "No hubo presupuesto."
    sent.apply()
    held = Commitment.objects.get()
    assert (held.state, held.state_reason) == ("broken", "No hubo presupuesto.")


def test_what_is_only_said_when_a_record_is_made_is_not_changed(city, deed):
    sent = Exported("compromisos", deed)
    sent.rows[0]["A qué se compromete"] = "Otra cosa"
    line = sent.preview().preview.lines[0]
    assert (line.outcome, line.column) == ("refused", "A qué se compromete")


def test_an_initiative_of_a_draft_is_written_again_and_one_of_an_adopted_edition_only_says_how_it_goes(city, deed, panama):
    sent = Exported("iniciativas", deed)
    sent.rows[0] |= {"Título": "Agua limpia", "Costo": "1,000.50", "Procedencia del costo": "estimación", "Empieza": "2027-03"}
    sent.rows[1] |= {"Responsables" if "Responsables" in sent.header else "Instituciones": "Obras"}
    sent.apply()
    node = Node.objects.get(code="1")
    assert (node.title["es"], str(node.cost_pab), node.starts_on.iso) == ("Agua limpia", "1000.50", "2027-03")


def test_a_division_gets_its_population_with_its_year(city, deed):
    sent = Exported("territorio", deed)
    sent.rows[0]["Población"] = "117823"
    line = sent.preview().preview.lines[0]
    assert (line.outcome, line.column) == ("refused", "Año de la población")
    sent.rows[0]["Año de la población"] = "2023"
    sent.apply()
    assert Division.objects.get().population == 117823


def test_an_asset_moves_and_keeps_its_kind(city, deed):
    sent = Exported("activos", deed)
    sent.rows[0] |= {"Latitud": "9.5", "Personas": ""}
    assert outcomes(sent.preview()) == [("changed",)]
    sent.apply()
    asset = Asset.objects.get()
    assert (asset.lat, asset.people, asset.kind.code) == (9.5, None, "school")


def test_a_reviewed_finding_stays_as_it_is(city, deed):
    review_finding(by=deed.by, finding=city, on=AT.date())
    sent = Exported("hallazgos", deed)
    sent.rows[0]["Explicación"] = "x"
    assert outcomes(sent.preview()) == [("refused", "«Cambiar» no se puede hacer: el registro está en otro estado.")]


def test_who_may_not_do_it_in_the_form_may_not_do_it_with_a_file(city, deed, panama, someone_with):
    sent = Exported("hallazgos", deed)
    sent.rows[0]["Explicación"] = "x"
    reader = Deed(by=someone_with(panama, Role.READER), government=panama, at=AT, on=AT.date())
    with pytest.raises(NotAllowed):
        sent.preview(deed=reader)


def test_a_list_of_another_government_changes_nothing_here(city, deed, san_miguelito, office):
    sent = Exported("instituciones", deed)
    sent.rows[0]["Nombre"] = "Ajena"
    there = Deed(by=office, government=san_miguelito, at=AT, on=AT.date())
    assert outcomes(sent.preview(deed=there))[0][0] == "refused"


def test_a_formula_in_the_file_is_named_and_one_that_left_as_text_comes_back_as_text(city, deed):
    book = openpyxl.Workbook()
    sent = Exported("instituciones", deed)
    book.active.append(sent.header)
    book.active.append(["=1+1" if name == "Nombre" else sent.rows[0][name] for name in sent.header])
    out = io.BytesIO()
    book.save(out)
    line = sent.preview(Upload("f.xlsx", out.getvalue())).preview.lines[0]
    assert (line.outcome, line.column) == ("refused", "Nombre")
    assert "fórmula" in str(line.remarks[0])
    assert Exported("hallazgos", deed).rows[0]["Qué se encontró, en una frase"].startswith("'=")


def test_a_file_that_is_no_list_is_refused_in_words(city, deed):
    for name, content, word in (
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "CSV"),
        ("a.csv", b"uno,dos\n1,2\n", "columna"),
        ("a.csv", b"", "vac"),
    ):
        ready = Exported("hitos", deed).preview(Upload(name, content))
        assert isinstance(ready.refusal, Refusal), name
        assert word in ready.refusal.sentence


def test_an_exported_list_is_not_taken_for_another_kind_of_file(city, deed):
    what = IMPORTS["instituciones"]
    ready = prepare(what, deed, Exported("instituciones", deed).csv(), {"default_kind": ""}, {})
    assert "Importar la lista corregida" in ready.refusal.sentence


def test_a_milestone_is_reported_and_waits_for_approval(city, deed):
    sent = Exported("hitos", deed)
    sent.rows[0] |= {"Avance (%)": "40", "¿Qué se hizo?": "Se limpió un tramo."}
    sent.apply()
    assert (MilestoneUpdate.objects.get().percent, MilestoneUpdate.objects.get().state) == (40, "pending")
