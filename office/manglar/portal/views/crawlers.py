# ruff: noqa: ARG001  # Django gives its request to every view
"""What machines ask for at the root: they only translate."""

from django.contrib.sitemaps.views import sitemap as django_sitemap
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from manglar.accounts.permissions import may_read_public
from manglar.portal import crawlers
from manglar.web.access import Request, page

KEEP_A_DAY = "public, max-age=86400"


@page(may_read_public)
@require_safe
def robots(request: Request) -> HttpResponse:
    """What machines may visit."""
    return HttpResponse(crawlers.robots(), content_type="text/plain; charset=utf-8", headers={"Cache-Control": KEEP_A_DAY})


@page(may_read_public)
@require_safe
def sitemap(request: Request) -> HttpResponseBase:
    """Every public address, in both languages."""
    return django_sitemap(request, sitemaps=crawlers.SITEMAPS)


@page(may_read_public)
@require_safe
def favicon(request: Request) -> HttpResponse:
    """The icon of the site."""
    return HttpResponse(crawlers.icon(), content_type="image/png", headers={"Cache-Control": KEEP_A_DAY})
