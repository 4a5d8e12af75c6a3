"""What every answer carries, and what a refusal looks like. No rules here: only translation."""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.defaults import bad_request

from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed, Refusal
from manglar.foundation.sentences import say
from manglar.operations.filetypes import MAX_BYTES

#: A file of the largest size, and the form around it.
MAX_BODY = MAX_BYTES + 5_000_000
#: For how long, and in what pieces, a body that is refused is read and thrown away.
DRAIN_S, DRAIN_BYTES = 10.0, 1_000_000
Answer = Callable[[HttpRequest], HttpResponse]
STATUS: dict[type, int] = {NotAllowed: 403, Conflict: 409, InvalidInput: 422}


class ContentSecurityPolicy:
    """Nothing from elsewhere, nothing inline."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class NoNullCharacters:
    """An address with a null character is nobody's: one of the two databases cannot even be asked about it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request, BadRequest("null character in the address"))  # an answer, not a fault to log
        return self.get_response(request)


class ApiLanguage:
    """The API has no language in its addresses: it answers in the one that the caller accepts."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            translation.activate(translation.get_language_from_request(request))
        return self.get_response(request)


class NothingTooLarge:
    """A body larger than any file that Manglar reads is answered before anything takes it in: nothing of it is kept.

    What had been announced is read for some seconds and thrown away, so that the browser gets to read the answer;
    of what is left then, the server closes the connection.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = _length(request)
        if length <= MAX_BODY:
            return self.get_response(request)
        _throw_away(request, length)
        said = say(
            "Lo que envió pesa {size:,.0f} MB; se reciben archivos de hasta {limit:,.0f} MB. No se guardó nada: divida el "
            "archivo, o impórtelo en el servidor con la orden manglar.",
            size=length / 1e6,
            limit=MAX_BYTES / 1e6,
        )
        response = _refused(request, InvalidInput(said), 413)
        response.headers["Connection"] = "close"
        return response


def _length(request: HttpRequest) -> int:
    told = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(told) if told.isdigit() else 0


def _throw_away(request: HttpRequest, length: int) -> None:
    body, until = request.META.get("wsgi.input"), time.monotonic() + DRAIN_S
    while body is not None and length > 0 and time.monotonic() < until:
        piece = body.read(min(length, DRAIN_BYTES))
        if not piece:
            return
        length -= len(piece)


class RefusalsInWords:
    """A refusal of a service becomes a page with its sentence."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render the sentence with the status that fits."""
        if not isinstance(exception, Refusal):
            return None
        status = next((STATUS[each] for each in type(exception).__mro__ if each in STATUS), 400)
        return _refused(request, exception, status)


def _refused(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    """A refusal as a page, or as JSON to who asked the API."""
    problems = [str(problem) for problem in getattr(refusal, "problems", ())]
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": refusal.sentence, "problems": problems}, status=status)
    context = {"sentence": refusal.sentence, "problems": problems, "status": status}
    return render(request, "web/refusal.html", context, status=status)
