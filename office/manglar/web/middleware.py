"""What every answer carries, and what a refusal looks like. No rules here: only translation."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation

from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed, Refusal

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
            raise BadRequest("null character in the address")
        return self.get_response(request)


class ApiLanguage:
    """The API has no language in its addresses: it answers in the one that the caller accepts."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            translation.activate(translation.get_language_from_request(request))
        return self.get_response(request)


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
        problems = [str(problem) for problem in getattr(exception, "problems", ())]
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": exception.sentence, "problems": problems}, status=status)
        context = {"sentence": exception.sentence, "problems": problems, "status": status}
        return render(request, "web/refusal.html", context, status=status)
