"""The colour and the logo of a government, as files whose address changes when they do. They only translate."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from manglar.accounts.permissions import may_read_public
from manglar.identity.selectors import address_of_logo, identity_of, style_of
from manglar.operations.selectors import file_bytes
from manglar.web.access import DeskRequest, page

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


@page(may_read_public)
@require_safe
def style(request: DeskRequest, name: str) -> HttpResponseBase:
    """The government's colour as a stylesheet; under an old address, today's, to be asked for again."""
    held = style_of(request.government)
    if not held.css:
        raise Http404(_("Este gobierno no ha puesto su color."))
    response = HttpResponse(held.css, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = FOR_EVER if name == held.digest else ASK_AGAIN
    response.headers["ETag"] = etag = f'"{held.digest}"'
    return get_conditional_response(request, etag=etag, response=response) or response


@page(may_read_public)
@require_safe
def logo(request: DeskRequest, name: str) -> HttpResponseBase:
    """The government's logo."""
    own = identity_of(request.government)
    if own.logo is None or name != address_of_logo(own):
        raise Http404(_("Ese logo ya no es el de este gobierno."))
    response = HttpResponse(file_bytes(own.logo), content_type=own.logo.media_type)
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["ETag"] = etag = f'"{own.logo.sha256}"'
    return get_conditional_response(request, etag=etag, response=response) or response
