"""A list as a file: the same rows, the same columns, nothing that a spreadsheet would run."""

from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from manglar.design.maps import map_svg
from manglar.desk import pages
from manglar.desk.lists import asked_listing
from manglar.desk.maps import PICTURE, list_drawing
from manglar.foundation.spreadsheets import csv_lines, workbook
from manglar.web.access import DeskRequest
from manglar.web.kinds.base import Kind
from manglar.web.listing import Listing, as_lines
from manglar.web.mapping import GEOJSON, geojson_lines

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_file(kind: Kind, request: DeskRequest, wanted: str) -> HttpResponseBase:
    """The list that the address asks for, whole, as CSV or GeoJSON (line by line) or as a workbook."""
    held = asked_listing(kind, request)
    if wanted == PICTURE:
        return _picture(held)
    header, rows = as_lines(held, pages.language(), pages.deed(request))
    name = f"{kind.slug}-{timezone.localdate():%Y-%m-%d}.{wanted}"
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    if wanted == GEOJSON:
        lines = geojson_lines(held, pages.language())
        return StreamingHttpResponse(lines, content_type="application/geo+json", headers=attached)
    if wanted == "csv":
        return StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8", headers=attached)
    return HttpResponse(workbook(str(kind.plural), header, rows), content_type=XLSX, headers=attached)


def record_geojson(kind: Kind, record: Any, request: DeskRequest) -> HttpResponseBase:
    """One record as GeoJSON, with the columns of its list."""
    rows: Any = kind.rows(request.government, timezone.localdate())
    held = Listing(kind, rows.filter(pk=record.pk), "", {}, "", kind.columns, "")
    return StreamingHttpResponse(geojson_lines(held, pages.language()), content_type="application/geo+json")


def _picture(held: Listing) -> HttpResponse:
    """The map of the list drawn on the server, for paper."""
    drawing = list_drawing(held)
    if drawing is None:
        raise Http404
    return HttpResponse(map_svg(drawing), content_type="image/svg+xml")
