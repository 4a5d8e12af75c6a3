"""How data of risk are written on a page: what was seen in a file, its picture, the notes of its reading."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manglar.design.shapes import Column, Fact, Figure, Row, Table
from manglar.design.templatetags.design import number, pab
from manglar.risk.choices import DatasetKind
from manglar.risk.selectors import picture_svg

#: More lines than this would be a list, not a look.
SHOWN = 30


def figure_of(value: float) -> str:
    """A number with four figures."""
    return f"{float(f'{value:.4g}'):,.10g}"


def dataset_facts(
    kind: str, *, crs: str, unit: str, summary: Mapping[str, Any], content: Sequence[Mapping[str, Any]]
) -> list[Fact]:
    """What was seen in a file, as facts."""
    pairs: list[tuple[str, str]] = [(_("Sistema de coordenadas"), crs), (_("Unidad"), unit)]
    if "bounds" in summary:
        west, south, east, north = (figure_of(each) for each in summary["bounds"])
        words = _("oeste %(west)s, sur %(south)s, este %(east)s, norte %(north)s")
        pairs.append((_("Límites"), words % {"west": west, "south": south, "east": east, "north": north}))
    if "cell" in summary:
        wide, tall = (figure_of(each) for each in summary["cell"])
        rows, columns = summary["shape"]
        pairs.append((_("Celdas"), _("%(columns)s × %(rows)s, de %(wide)s × %(tall)s") % {"columns": number(columns), "rows": number(rows), "wide": wide, "tall": tall}))
    for layer in summary.get("layers", ()):
        label = _("Una vez cada %(years)s años") % {"years": figure_of(layer["years"])}
        told = _("de %(least)s a %(most)s; %(touched)s celdas alcanzadas, %(missing)s sin dato")
        pairs.append((label, told % {"least": figure_of(layer["least"]), "most": figure_of(layer["most"]), "touched": number(layer["touched"]), "missing": number(layer["missing"])}))
    pairs += _of_kind(DatasetKind(kind), summary, content)
    return [Fact(label, value) for label, value in pairs if value not in ("", None)]


def _events(summary: Mapping[str, Any], content: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:  # one shape
    return [
        (_("Sucesos y sitios"), f"{number(summary['events'])} · {number(summary['sites'])}"),
        (_("Intensidad"), _("de %(least)s a %(most)s") % {"least": figure_of(summary["least"]), "most": figure_of(summary["most"])}),
        (_("El más raro"), _("una vez cada %(years)s años") % {"years": figure_of(summary["rarest_years"])}),
        (_("Escenarios"), ", ".join(summary["scenarios"])),
    ]


def _gauge(summary: Mapping[str, Any], content: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:  # one shape
    return [
        (_("Valores"), _("%(count)s, de %(first)s a %(last)s") % {"count": number(summary["values"]), "first": summary["first"], "last": summary["last"]}),
        (_("Años observados"), figure_of(summary["observed_years"])),
        (_("Niveles"), _("de %(least)s a %(most)s m") % {"least": figure_of(summary["least"]), "most": figure_of(summary["most"])}),
        (_("Sobre"), summary["datum"]),
        (_("Años apartados"), number(summary["set_aside"])),
    ]


def _records(summary: Mapping[str, Any], content: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:  # one shape
    perils = ", ".join(f"{name}: {count}" for name, count in summary["perils"].items())
    return [
        (_("Sucesos"), number(summary["events"])),
        (_("Por amenaza"), perils),
        (_("Entre"), f"{summary['first']} – {summary['last']}"),
        (_("Sin verificar"), number(summary["unverified"])),
        (_("Sin corregimiento"), number(summary["without_place"])),
    ]


def _functions(summary: Mapping[str, Any], content: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:  # one shape
    with_bounds, without = _("con límites"), _("sin límites: no dan intervalo")
    return [
        (f"{row['peril']} · {row['asset_class']}", f"{row['source']} ({row['mark']}), {with_bounds if row['has_bounds'] else without}")
        for row in content[:SHOWN]
    ]


def _exposure(summary: Mapping[str, Any], content: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:  # one shape
    classes = ", ".join(f"{name}: {number(count)}" for name, count in list(summary["classes"].items())[:SHOWN])
    return [
        (_("Activos"), number(summary["assets"])),
        (_("Por clase"), classes),
        (_("Territorios"), number(len(summary["territories"]))),
        (_("Valor total"), pab(summary["value"])),
        (_("Personas"), number(round(summary["people"]))),
        (_("Precios de"), str(summary["price_year"])),
    ]


def _seismic(summary: Mapping[str, Any], content: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:  # one shape
    return [(_("Registros leídos"), number(len(content)))]


def _elevation(summary: Mapping[str, Any], content: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:  # one shape
    rows, columns = summary["shape"]
    return [
        (_("Celdas"), f"{rows:,} × {columns:,}"),
        (_("Sin altura"), number(summary["missing"])),
        (_("Alturas"), f"{figure_of(summary['least'])} – {figure_of(summary['most'])} m"),
    ]


_KINDS = {
    DatasetKind.ELEVATION: _elevation,
    DatasetKind.EVENTS: _events,
    DatasetKind.GAUGE: _gauge,
    DatasetKind.RECORDS: _records,
    DatasetKind.FUNCTIONS: _functions,
    DatasetKind.EXPOSURE: _exposure,
    DatasetKind.FAULTS: _seismic,
    DatasetKind.FRAGILITIES: _seismic,
    DatasetKind.REPAIRS: _seismic,
}


def _of_kind(kind: DatasetKind, summary: Mapping[str, Any], content: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What only this kind of data has to say; a data set of before has no summary."""
    read = _KINDS.get(kind)
    return read(summary, content) if read is not None and (summary or content) else []


def dataset_notes(notes: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """The notes of a reading, as lines: what they are about, and what was done."""
    word = "en" if (get_language() or "es").startswith("en") else "es"
    return [(note["row"] or note["field"], note[word]) for note in notes]


def dataset_figure(summary: Mapping[str, Any]) -> Figure | None:
    """A small picture of the rarest layer with what it says and its table; None for what is no map."""
    if "picture" not in summary:
        return None
    rare = summary["layers"][-1]
    sentence = _("El mapa de una vez cada %(years)s años llega a %(most)s; más oscuro es más.") % {
        "years": figure_of(rare["years"]), "most": figure_of(rare["most"])
    }  # fmt: skip
    columns = [Column(_("Cada cuántos años"), numeric=True), Column(_("Menor"), numeric=True), Column(_("Mayor"), numeric=True)]
    rows = [Row.of(figure_of(each["years"]), figure_of(each["least"]), figure_of(each["most"])) for each in summary["layers"]]
    table = Table(_("Lo que trae cada mapa"), columns, rows)
    return Figure(sentence, SafeString(picture_svg(summary["picture"], label=sentence)), table)
