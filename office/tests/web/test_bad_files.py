"""Files as real people send them: huge, in another encoding, with formulas, made to burst. A sentence, nothing lost."""

import datetime as dt
import io
import resource
import time
import tracemalloc
import zipfile

import openpyxl
import pytest

from manglar.network.models import Institution
from manglar.operations.models import FileImport
from manglar.web.importing import IMPORTS, prepare
from manglar.web.kinds.base import Deed
from manglar.web.kinds.importable import Upload

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
MILLION = 1_000_000
TEXT = "siglas,nombre,clase\nMOP,Obras Públicas,ministerio\nMIAMB,Ambiente,ministerio\n"


@pytest.fixture
def deed(panama, office):
    return Deed(by=office, government=panama, at=AT, on=AT.date())


@pytest.fixture
def seen(deed):
    def of(content, name="red.csv", slug="instituciones", **told):
        form = IMPORTS[slug].form(told, deed=deed)
        assert form.is_valid(), form.errors
        return prepare(IMPORTS[slug], deed, Upload(name, content), form.cleaned_data, {})

    return of


STRATEGY = {"strategy_title": "Ciudad", "edition_label": "2026", "language": "es"}
EVERY = [
    ("instituciones", {}), ("territorio", {"level": "corregimiento"}), ("estrategia", STRATEGY), ("lista-hallazgos", {}),
]


def million_rows_csv():
    return b"codigo,nombre\n" + b"".join(b"%d,x\n" % number for number in range(MILLION))


def million_rows_xlsx():
    """A sheet of a million rows, made by hand: openpyxl would take minutes."""
    book = openpyxl.Workbook()
    book.active.append(["codigo", "nombre"])
    kept = io.BytesIO()
    book.save(kept)
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n * 7919 % 999_983}</t></is></c>'
        f'<c r="B{n}" t="inlineStr"><is><t>{n * 104_729 % 999_979}</t></is></c></row>'
        for n in range(1, MILLION + 1)
    )
    sheet = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{rows}</sheetData></worksheet>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            is_sheet = member.filename == "xl/worksheets/sheet1.xml"
            new.writestr(member.filename, sheet if is_sheet else old.read(member.filename))
    return out.getvalue()


@pytest.mark.parametrize(("slug", "told"), EVERY)
def test_a_csv_of_a_million_rows_is_refused_in_a_sentence_with_bounded_memory(seen, slug, told):
    content = million_rows_csv()
    tracemalloc.start()
    ready = seen(content, "millón.csv", slug, **told)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "filas" in ready.refusal.sentence
    assert "divídal" in ready.refusal.sentence
    assert peak < 400_000_000, f"{peak / 1e6:.0f} MB"


def test_a_workbook_of_a_million_rows_is_refused_in_a_sentence_with_bounded_memory(seen):
    content = million_rows_xlsx()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    ready = seen(content, "millón.xlsx", "lista-hallazgos")
    assert time.process_time() - began < 10, "it is not read to find out"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1_000
    assert "300,000 filas" in ready.refusal.sentence
    assert grown < 700, f"{grown:.0f} MB"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_is_read_in_whatever_encoding_and_separator_it_was_saved(seen, encoding, separator):
    ready = seen(TEXT.replace(",", separator).encode(encoding))
    assert [line.record for line in ready.preview.lines] == ["MOP Obras Públicas", "MIAMB Ambiente"]


def test_bytes_that_are_no_text_are_refused(seen):
    assert "no es un archivo que Manglar lea" in seen(bytes(range(256)) * 20).refusal.sentence


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("slug", "told", "head", "row"),
    [
        ("instituciones", {}, ["siglas", "nombre", "clase"], ["MOP", "=A1&B1", "ministerio"]),
        ("territorio", {"level": "zone"}, ["codigo", "nombre", "poblacion_2023"], ["1", "Uno", "=1+1"]),
        ("estrategia", STRATEGY, ["código", "título", "costo"], ["1", "Agua", "=SUM(A1:A9)"]),
        ("lista-instituciones", {}, ["Siglas o código", "Nombre", "Clase"], ["MOP", "=A1", "ministerio"]),
    ],
)
def test_a_formula_without_its_value_is_named_with_its_row_and_column(seen, slug, told, head, row):
    ready = seen(workbook(head, row), "f.xlsx", slug, **told)
    wrong = [line for line in ready.preview.lines if line.outcome == "refused"]
    said = f"{wrong[0].column} {' '.join(str(remark) for remark in wrong[0].remarks)}"
    assert wrong[0].row == 2
    assert "fórmula" in said
    assert next(name for name, cell in zip(head, row, strict=True) if str(cell).startswith("=")) in said
    assert not ready.preview.is_clean


def test_a_formula_in_a_file_of_assets_is_named(seen):
    from manglar.assets.services import ensure_kinds
    from tests.chain_factories import OFFICE

    ensure_kinds(by=OFFICE)
    ready = seen(
        workbook(["nombre", "lon", "lat", "matricula"], ["Escuela", -79.5, 9.0, "=2+2"]), "f.xlsx", "activos", kind="school"
    )
    assert "fórmula" in " ".join(str(remark) for line in ready.preview.lines for remark in line.remarks)


def test_a_workbook_made_to_burst_is_not_opened(seen):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"0" * 10)
        bomb.writestr("xl/worksheets/sheet1.xml", b"\x00" * 500_000_000)
    assert len(out.getvalue()) < 1_000_000
    assert "se expande demasiado" in seen(out.getvalue(), "bomba.xlsx").refusal.sentence


def test_xml_that_multiplies_itself_is_not_expanded(seen):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    sheet = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ja">{laughs}]><worksheet>&l8;</worksheet>'
    kept = workbook(["siglas", "nombre", "clase"], ["A", "b", "ministerio"])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(kept)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = sheet if member.filename == "xl/worksheets/sheet1.xml" else old.read(member.filename)
            new.writestr(member.filename, content)
    ready = seen(out.getvalue(), "risa.xlsx")
    assert ready.refusal is not None


@pytest.mark.parametrize("slug", ["instituciones", "lista-instituciones"])
def test_nothing_of_a_bad_file_is_kept(seen, slug):
    for content in (b"", b"x", b"\xff\xfe", b"a,b\n1,2,3,4\n", b"siglas,nombre,clase\n,,\n"):
        ready = seen(content, slug=slug)
        assert ready.refusal is not None or not ready.preview.changes_anything
    assert not FileImport.objects.exists()
    assert not Institution.objects.exists()
