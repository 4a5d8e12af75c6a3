# ruff: noqa: ARG001  # Django gives its request to every view and to every function of an ETag
"""The files of the portal: tiles, limits, the log, the source. They only translate."""

import gzip
import json
from functools import lru_cache
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from manglar.accounts.permissions import may_read_public
from manglar.portal.crawlers import icon
from manglar.portal.division import division_page, division_picture
from manglar.portal.place_figures import FORMS, file_name, place_figures
from manglar.portal.source import source_archive
from manglar.portal.territory import territory_picture
from manglar.portal.transparency import log_lines
from manglar.territory import selectors as places
from manglar.web.access import Request, page

ASK_AGAIN = "public, no-cache"
KEEP_AN_HOUR = "public, max-age=3600"


def _boundaries_etag(request: HttpRequest) -> str:
    return f'"{places.boundaries_stamp()}"'


@page(may_read_public)
@require_safe
@condition(etag_func=_boundaries_etag)
def boundaries(request: Request) -> HttpResponse:
    """The limits in force of the finest level, as GeoJSON simplified for a page."""
    told = json.dumps(places.boundaries_geojson(), ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(told, content_type="application/geo+json")
    response.headers["Cache-Control"] = ASK_AGAIN
    return response


@page(may_read_public)
@require_safe
def territory_image(request: Request, form: str) -> HttpResponse:
    """The map of the city as a picture: for paper and for where a page is shared."""
    return _picture(territory_picture(form), form)


@page(may_read_public)
@require_safe
def division_image(request: Request, code: str, form: str) -> HttpResponse:
    """The map of a division as a picture."""
    return _picture(division_picture(code, form), form)


@page(may_read_public)
@require_safe
def division_data(request: Request, code: str, form: str) -> HttpResponse:
    """The figures of a division as a file: the rows that its page shows."""
    shown = division_page(code)
    if shown is None:
        raise Http404(_("No hay ningún lugar con ese código."))
    response = HttpResponse(place_figures(shown, form), content_type=FORMS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(shown["division"], form)}"'
    response.headers["Cache-Control"] = ASK_AGAIN
    return response


def _picture(drawn: bytes | str | None, form: str) -> HttpResponse:
    """The picture; where there are no outlines a shared page still has the mark."""
    if drawn is None and form == "png":
        drawn = icon()
    if drawn is None:
        raise Http404(_("No hay límites que dibujar."))
    response = HttpResponse(drawn, content_type="image/png" if form == "png" else "image/svg+xml")
    response.headers["Cache-Control"] = KEEP_AN_HOUR
    return response


def _tile_etag(request: HttpRequest, layer: str, z: int, x: int, y: int) -> str | None:
    info = places.tile_info(layer)
    return f'"{layer}-{info.stamp}-{z}-{x}-{y}"' if info else None


@page(may_read_public)
@require_safe
@condition(etag_func=_tile_etag)
def tile(request: Request, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """One vector tile; 204 where the layer has nothing, 404 where there is no such layer."""
    info = places.tile_info(layer)
    if info is None:
        raise Http404(_("No hay teselas de esa capa."))
    found = places.tile(layer, z, x, y)
    response = HttpResponse(status=204) if found is None else HttpResponse(content_type=info.media_type)
    if found is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content, response.headers["Content-Encoding"] = found, info.encoding
    elif found is not None:
        response.content = gzip.decompress(found)
    response.headers["Cache-Control"] = KEEP_AN_HOUR
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@page(may_read_public)
@require_safe
def log_file(request: Request) -> HttpResponseBase:
    """The whole log, digests without values, a line at a time."""
    response = StreamingHttpResponse(log_lines(), content_type="application/jsonl; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="bitacora-{timezone.localdate()}.jsonl"'
    response.headers["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=1)
def _source_digest() -> str:
    return f'"{sha256(source_archive()).hexdigest()[:32]}"'


def _source_etag(request: HttpRequest) -> str:
    return _source_digest()


@page(may_read_public)
@require_safe
@condition(etag_func=_source_etag)
def source_file(request: Request) -> HttpResponse:
    """The program's own source, as it runs."""
    response = HttpResponse(source_archive(), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="manglar.zip"'
    response.headers["Cache-Control"] = ASK_AGAIN
    return response
