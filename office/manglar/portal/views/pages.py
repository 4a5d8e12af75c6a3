"""The pages that are not one record: they only translate."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from manglar.accounts.permissions import may_read_public
from manglar.portal.agreements import PAGE, STATE, agreements_page
from manglar.portal.commitments import commitments_page
from manglar.portal.division import LIST, division_list, division_page
from manglar.portal.hazards import hazard_page, risk_index
from manglar.portal.home import home_page
from manglar.portal.readings import crumbs
from manglar.portal.search import portal_search
from manglar.portal.strategy import strategy_page
from manglar.portal.territory import place_asked, territory_page
from manglar.portal.transparency import COPY, LOG, check_upload, transparency_page
from manglar.web.access import Request, page


@page(may_read_public)
@require_safe
def home(request: Request) -> HttpResponse:
    """Who this is, what the city is exposed to, and every place of it."""
    return render(request, "portal/home.html", home_page())


@page(may_read_public)
@require_safe
def strategy(request: Request) -> HttpResponse:
    """The strategy in force as it was published."""
    return render(request, "portal/strategy.html", strategy_page())


@page(may_read_public)
@require_safe
def edition(request: Request, public_id: str) -> HttpResponse:
    """One published edition of the strategy."""
    return render(request, "portal/strategy.html", _found(strategy_page(public_id)))


@page(may_read_public)
@require_safe
def risk(request: Request) -> HttpResponse:
    """Every hazard of which something is public."""
    return render(request, "portal/risk.html", risk_index())


@page(may_read_public)
@require_safe
def hazard(request: Request, slug: str) -> HttpResponse:
    """What is public of one hazard."""
    return render(request, "portal/hazard.html", _found(hazard_page(slug)))


@page(may_read_public)
@require_safe
def territory(request: Request) -> HttpResponse:
    """The territory, with its map; a name that means one place goes to it."""
    asked = request.GET.get("nombre", "").strip()
    found = place_asked(asked) if asked else ""
    return redirect(found) if found else render(request, "portal/territory.html", territory_page(asked))


@page(may_read_public)
@require_safe
def division(request: Request, code: str) -> HttpResponse:
    """One division; or one of its lists whole, as the address asks."""
    wanted = request.GET.get(LIST, "")
    if wanted:
        context = _found(division_list(code, wanted, request.GET.get("pagina", "")))
        return render(request, "portal/division_list.html", context)
    return render(request, "portal/division.html", _found(division_page(code)))


@page(may_read_public)
@require_safe
def agreements(request: Request) -> HttpResponse:
    """What institutions agreed, and how what they promised in it stands."""
    asked = request.GET.dict()
    return render(request, "portal/agreements.html", agreements_page(asked.get(STATE, ""), asked.get(PAGE, "")))


@page(may_read_public)
@require_safe
def commitments(request: Request) -> HttpResponse:
    """What was promised and how it stands today."""
    return render(request, "portal/commitments.html", commitments_page(request.GET.dict()))


@page(may_read_public)
@require_http_methods(["GET", "HEAD", "POST"])
def transparency(request: Request) -> HttpResponse:
    """The public log; a POST checks a file that the visitor has, and keeps nothing."""
    context = transparency_page()
    if request.method != "POST":
        return render(request, "portal/transparency.html", context)
    which = COPY if COPY in (request.POST.get("que"), *request.FILES) else LOG
    context |= check_upload(which, request.FILES.get(which))
    return render(request, "portal/transparency.html", context, status=422 if "refused" in context else 200)


@page(may_read_public)
@require_safe
def search(request: Request) -> HttpResponse:
    """What is public and says some words."""
    return render(request, "portal/search.html", portal_search(request.GET.dict()))


@page(may_read_public)
@require_safe
def accessibility(request: Request) -> HttpResponse:
    """How this site may be used, and what to do when it may not."""
    return render(request, "portal/accessibility.html", {"crumbs": crumbs(_("Accesibilidad"))})


@page(may_read_public)
@require_safe
def privacy(request: Request) -> HttpResponse:
    """What is kept of people."""
    return render(request, "portal/privacy.html", {"crumbs": crumbs(_("Privacidad"))})


@page(may_read_public)
@require_safe
def source(request: Request) -> HttpResponse:
    """The program's source, which the licence gives to every visitor."""
    return render(request, "portal/source.html", {"crumbs": crumbs(_("Código fuente"))})


def _found(context: dict[str, Any] | None) -> dict[str, Any]:
    if context is None:
        raise Http404(_("No hay nada publicado con ese identificador."))
    return context
