"""The figures of a division in a sentence for each hazard, and as a file: the same rows that its page shows."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.design.measures import Measure
from manglar.design.shapes import FileItem, Row, Table
from manglar.portal.copies import Copy
from manglar.portal.readings import read, says
from manglar.territory.models import Division

FORMS = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
#: Findings of a hazard that its sentence names.
TITLES = 2
#: What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def hazard_sentences(hazards: Table | None, findings: Sequence[Copy]) -> list[str]:
    """One sentence for each hazard of which a figure or a finding of the place is public.

    It leads to this place in the page of the hazard, or to the findings where no figure is public. ``hazards``: a row
    for each hazard, its name first and then what is expected.
    """
    told: dict[str, list[str]] = {}
    links: dict[str, str] = {}
    for row in hazards.rows if hazards else ():
        name = str(row.cells[0].text)
        links.setdefault(name, row.cells[0].url or "#amenazas")
        told.setdefault(name, []).append(str(row.cells[1].text))
    for name, held in _by_hazard(findings).items():
        links.setdefault(name, "#hallazgos")
        count = ngettext("%(count)s hallazgo", "%(count)s hallazgos", len(held)) % {"count": len(held)}
        titles = format_html_join("; ", _("«{}»"), ((each.heading,) for each in held[:TITLES]))
        told.setdefault(name, []).append(format_html("{}: {}", count, titles))
    return [
        format_html('<a href="{}"><strong>{}</strong></a>: {}.', links[name], name, format_html("; ".join(["{}"] * len(parts)), *parts))
        for name, parts in told.items()
    ]


def _by_hazard(findings: Sequence[Copy]) -> dict[str, list[Copy]]:
    """Findings by the name of their hazard, as the page's reader calls it."""
    held: dict[str, list[Copy]] = {}
    for each in findings:
        hazard = each.fields.get("hazard")
        if hazard and read(hazard["name"]).text:
            held.setdefault(says(hazard["name"]), []).append(each)
    return held


def place_files(division: Division) -> list[FileItem]:
    """The figures of the place as files."""
    return [
        FileItem(_("Bajar estos datos (%(form)s)") % {"form": form.upper()}, reverse("portal:division_data", args=[division.code, form]))
        for form in FORMS
    ]


def place_figures(page: dict[str, Any], form: str) -> str:
    """The tables of figures of a division's page as CSV (a cell a line) or JSON (a table an object)."""
    risk = page["risk"]
    tables = [page["hazards"], risk.losses if risk else None, page["held"]]
    shown = [each for each in tables if each is not None]
    if form == "json":
        whole = {"code": page["division"].code, "name": page["division"].name, "keys": _keys(risk), "tables": [_table(each) for each in shown]}
        return json.dumps(whole, ensure_ascii=False, indent=2)
    return _lines(page["division"], _keys(risk), shown)


def file_name(division: Division, form: str) -> str:
    """What the file of a place is called: «juan-diaz-080812.csv»."""
    return f"{slugify(f'{division.name} {division.code}')}.{form}"


def _keys(risk: Any) -> list[dict[str, Any]]:
    """The large figures, with their intervals and their numbers."""
    return [
        {"label": str(key.label), "value": str(key.value), "interval": str(key.interval), "mark": key.mark, **_numbers(key.measure)}
        for key in (risk.keys if risk else [])
    ]


def _numbers(measure: Measure | None) -> dict[str, Any]:
    """The number behind a text with its range and its unit; all empty where there is none."""
    if measure is None:
        return {"number": None, "low": None, "high": None, "unit": ""}
    return {"number": measure.value, "low": measure.low, "high": measure.high, "unit": str(measure.unit)}


def _table(table: Table) -> dict[str, Any]:
    names = [str(column.label) for column in table.columns]
    rows = [
        {name: {"text": text, **_numbers(cell.measure)} for name, text, cell in zip(names, _texts(row), row.cells, strict=True)}
        for row in table.rows
    ]
    return {"caption": str(table.caption), "rows": rows}


def _texts(row: Row) -> list[str]:
    return [strip_tags(str(cell.text)).strip() or (cell.status.label if cell.status else "") for cell in row.cells]


def _lines(division: Division, keys: list[dict[str, Any]], tables: Sequence[Table]) -> str:
    """One line for each value: place, table, row, column, number and unit; with the mark that spreadsheets read accents by."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    head = [_("código"), _("lugar"), _("tabla"), _("renglón"), _("columna"), _("número"), _("desde (90%)"), _("hasta (90%)"), _("unidad")]
    writer.writerow([*head, _("como se dice")])
    place = [division.code, division.name]
    for key in keys:
        told = ", ".join(part for part in (key["value"], key["interval"]) if part)
        writer.writerow([*_safe([*place, _("En cifras"), key["label"], _("valor")]), *_amounts(key), *_safe([key["unit"], told])])
    for table in tables:
        for row in table.rows:
            texts = _texts(row)
            for column, text, cell in list(zip(table.columns, texts, row.cells, strict=True))[1:]:
                numbers = _numbers(cell.measure)
                writer.writerow([*_safe([*place, str(table.caption), texts[0], str(column.label)]), *_amounts(numbers), *_safe([numbers["unit"], text])])
    return out.getvalue()


def _amounts(numbers: dict[str, Any]) -> list[float | str]:
    """The three numbers of a line as numbers, which a spreadsheet adds up."""
    return ["" if numbers[name] is None else numbers[name] for name in ("number", "low", "high")]


def _safe(cells: Sequence[str]) -> list[str]:
    """Cells that no spreadsheet takes for a formula."""
    return [f"'{cell}" if str(cell).startswith(FORMULA) else str(cell) for cell in cells]
