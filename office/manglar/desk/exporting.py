"""A list as a file: the same rows, the same columns, nothing that a spreadsheet would run."""

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from manglar.desk import pages
from manglar.desk.lists import asked_listing
from manglar.foundation.spreadsheets import csv_lines, workbook
from manglar.web.access import DeskRequest
from manglar.web.kinds.base import Kind
from manglar.web.listing import as_lines

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_file(kind: Kind, request: DeskRequest, wanted: str) -> HttpResponseBase:
    """The list that the address asks for, whole, as CSV (line by line) or as a workbook."""
    header, rows = as_lines(asked_listing(kind, request), pages.language(), pages.deed(request))
    name = f"{kind.slug}-{timezone.localdate():%Y-%m-%d}.{wanted}"
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    if wanted == "csv":
        return StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8", headers=attached)
    return HttpResponse(workbook(str(kind.plural), header, rows), content_type=XLSX, headers=attached)
