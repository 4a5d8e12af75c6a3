"""Views of the city's map: they only translate."""

import gzip

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from manglar.desk.atlas import atlas_page
from manglar.territory.selectors import layer_by_slug
from manglar.territory.selectors import layer_tile as tile_of
from manglar.web.access import DeskRequest


@require_GET
def atlas(request: DeskRequest) -> HttpResponse:
    """The city's map with its layers, and what a place holds."""
    return render(request, "desk/atlas.html", atlas_page(request))


@require_GET
def layer_tile(request: DeskRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile of a layer of this government; 204 where the layer has nothing there."""
    held = layer_by_slug(request.government, layer)
    if held is None:
        raise Http404(_("No hay una capa con ese nombre."))
    found = tile_of(held, z, x, y)
    if found is None:
        return HttpResponse(status=204)
    response = HttpResponse(found, content_type="application/vnd.mapbox-vector-tile")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.content = gzip.decompress(found)
    response.headers["Cache-Control"] = "private, max-age=3600"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response
