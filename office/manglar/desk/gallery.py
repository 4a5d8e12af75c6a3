"""The gallery: every component of the design once, with made-up contents, for whoever builds or judges a page."""

import datetime as dt
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from manglar.design.margin_shapes import FileBeside, Files
from manglar.design.shapes import (
    Cell,
    ChainItem,
    Column,
    Fact,
    FieldChange,
    Figure,
    FileItem,
    KeyNumber,
    LogEntry,
    MapClass,
    MapSpec,
    MapValue,
    Pages,
    Row,
    Status,
    Step,
    Table,
)
from manglar.risk.selectors import CurvePoint, Interval, PlaceCurve
from manglar.web.kinds.plain import in_plain_words
from manglar.web.kinds.risk_curve import chart_of

#: A bar drawn by hand: the gallery shows the frame of a figure, not a result.
BARS = (
    '<svg viewBox="0 0 400 80" width="400" height="80" role="img" aria-label="Dos barras de muestra">'
    '<rect x="0" y="10" width="280" height="24" fill="#1f5c48"/><rect x="0" y="46" width="120" height="24" fill="#a5421d"/></svg>'
)


class SampleForm(forms.Form):
    """One field of each sort, one of them with a fault."""

    name = forms.CharField(label="Nombre", help_text="Como aparece en el registro.")
    kind = forms.ChoiceField(label="Clase", choices=(("a", "Una"), ("b", "Otra")))
    text = forms.CharField(label="Explicación", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    amount = forms.CharField(label="Costo", help_text="En balboas, por ejemplo 1,234.50")
    agree = forms.BooleanField(label="De acuerdo", required=False)


def gallery_page() -> dict[str, Any]:
    """Every component with a sample."""
    form = SampleForm({"name": "Muestra", "kind": "a", "text": "", "amount": "doce"})
    in_plain_words(form)
    form.add_error("amount", "«doce» no es un importe: escriba un número, por ejemplo 1,234.50.")
    return {
        "form": form,
        "tones": [
            Status("neutro"), Status("en marcha", "info"), Status("cumplido", "ok"), Status("por vencer", "warn"),
            Status("vencido", "late"), Status("borrador", "draft"),
        ],
        "marks": ("fuente", "estimacion", "ilustrativo"),
        "alerts": (("info", "Un aviso."), ("success", "Se guardó."), ("warning", "Revise esto."), ("error", "No se pudo.")),
        "keys": [KeyNumber("Daño esperado", "B/. 1.2 millones", "entre 0.4 y 2.6 millones", mark="ilustrativo")],
        "facts": [Fact("Institución", "Obras"), Fact("Costo", "B/. 18,400", mark="ilustrativo", source="Muestra")],
        "chain": [
            ChainItem("finding", "Hallazgo", "El río se desborda", date="2026-05-04", text="Tres veces en diez años."),
            ChainItem("decision", "Decisión", "Se construye un humedal", status=Status("tomada", "ok"), current=True),
            ChainItem("milestone", "Hito", "Diseño terminado", pending=True),
        ],
        "table": _table(),
        "pages": Pages(3, 9, 430),
        "figure": Figure("La inundación causa la mayor parte del daño esperado.", mark_safe(BARS), _table(), "ilustrativo"),  # a constant of this module
        "curve": Figure("Una vez cada 100 años se pierden B/. 4 millones o más.", mark_safe(BARS), _table(), "ilustrativo", explore=_curve()),  # the same constant
        "steps": [Step("Recibida", "done"), Step("En revisión", "current", "Falta un documento."), Step("Resuelta")],
        "maps": _maps(),
        "files": [FileItem("Plan de muestra", "#archivos", "PDF", "1.2 MB", "Versión 3")],
        "beside_files": Files(
            [
                FileBeside(
                    "adjunto-muestra", "Acta de muestra", "acta.pdf", "#archivos", "1.2 MB", "Especialista",
                    dt.datetime(2026, 5, 4, 15, tzinfo=dt.UTC), "#archivos",
                )
            ],
            "#archivos",
            ".pdf",
        ),
        "entries": [
            LogEntry(
                "4 de mayo de 2026, 10:00", "Especialista", "corrigió un hallazgo", "Llegó el dato oficial.",
                changes=[FieldChange("título", "El río", "El río Juan Díaz")],
            )
        ],
        "crumbs": [],
        "title": _("Galería de componentes"),
    }


def _curve() -> str:
    """Curves to explore: the city, and two places that hold less."""
    periods = ((10, 1e6), (50, 3e6), (100, 4e6), (500, 6e6))
    curves = [
        PlaceCurve(code, name, tuple(CurvePoint(years, Interval(each, each / 2, each * 2)) for years, each in ((y, loss * part) for y, loss in periods)))
        for code, name, part in (("", "", 1.0), ("uno", "Uno", 0.6), ("otro", "Otro", 0.3))
    ]
    return chart_of(curves, language="es")


def _maps() -> list[MapSpec]:
    """Areas by a value, and points that come together: both made up, of no place."""
    rows = [Row([Cell("Uno"), Cell("3")], code="uno"), Row([Cell("Otro"), Cell("12")], code="otro")]
    columns = [Column("Lugar"), Column("Registros", numeric=True)]
    first, second = (Table(f"Tabla del {which} mapa de muestra", columns, rows, stacked=False) for which in ("primer", "segundo"))
    areas, points = static("design/sample-areas.geojson"), static("design/sample-points.geojson")
    box = (-0.1, -0.1, 2.1, 1.1)
    values = {"uno": MapValue(3, "3 registros"), "otro": MapValue(12, "12 registros")}
    classes = [MapClass(5, "menos de 5"), MapClass(None, "5 o más")]
    return [
        MapSpec("Áreas de muestra", areas, box, values, classes, first, legend_title="Registros", none_label="ninguno"),
        MapSpec("Puntos de muestra", points, box, {}, (), second, kind="circle", is_clustered=True, under=areas,
                legend_title="Cada punto es un registro; un círculo con número, varios juntos."),
    ]  # fmt: skip


def _table() -> Table:
    columns = [Column("Territorio", sort_url="#tabla", sorted="ascending"), Column("Personas", numeric=True), Column("Estado")]
    rows = [
        Row([Cell("Uno", url="#tabla"), Cell("1,200"), Cell("", status=Status("a tiempo", "info"))]),
        Row([Cell("Otro", url="#tabla"), Cell("980"), Cell("", status=Status("vencido", "late"))], current=True),
    ]
    return Table("Tabla de muestra", columns, rows, hint="Con su aclaración.", total=Row.of("Total", "2,180", ""))
