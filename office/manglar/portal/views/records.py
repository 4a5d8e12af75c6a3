# ruff: noqa: ARG001  # Django gives its request to every view
"""The pages of one released record: they only translate. What is not released is not found."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from manglar.accounts.permissions import may_read_public
from manglar.portal.chain import timeline
from manglar.portal.copies import copy_of
from manglar.portal.readings import crumbs
from manglar.portal.records import CHECK, record_page
from manglar.publication.choices import Kind
from manglar.publication.selectors import document_of
from manglar.web.access import Request, page


def _record_view(kind: Kind, name: str) -> Callable[..., HttpResponseBase]:
    """The view of a kind of record: all kinds share one page."""

    def view(request: Request, public_id: str = "", identity: str = "") -> HttpResponse:
        return render(request, "portal/record.html", _found(record_page(public_id or identity, kind, is_asked=CHECK in request.GET)))

    view.__name__ = view.__qualname__ = name
    view.__doc__ = f"A released {name}."
    return page(may_read_public)(require_safe(view))


finding = _record_view(Kind.FINDING, "finding")
initiative = _record_view(Kind.INITIATIVE, "initiative")
note = _record_view(Kind.NOTE, "note")
decision = _record_view(Kind.DECISION, "decision")
agreement = _record_view(Kind.AGREEMENT, "agreement")
commitment = _record_view(Kind.COMMITMENT, "commitment")
milestone = _record_view(Kind.MILESTONE, "milestone")


@page(may_read_public)
@require_safe
def release(request: Request, public_id: str) -> HttpResponse:
    """To the page of whatever this identifier names."""
    copy = copy_of(public_id)
    if copy is None or not copy.url:
        raise Http404(_("No hay nada publicado con ese identificador."))
    return redirect(copy.url)


@page(may_read_public)
@require_safe
def release_file(request: Request, public_id: str) -> HttpResponseBase:
    """The exact copy that was published: its SHA-256 is the one that its page shows."""
    copy = copy_of(public_id)
    if copy is None:
        raise Http404(_("No hay nada publicado con ese identificador."))
    response = HttpResponse(document_of(copy.release), content_type="application/json; charset=utf-8")
    response.headers["ETag"] = etag = f'"{copy.release.sha256}"'
    response.headers["Content-Disposition"] = f'attachment; filename="{copy.id}-v{copy.release.version}.json"'
    return get_conditional_response(request, etag=etag, response=response) or response


@page(may_read_public)
@require_safe
def chain(request: Request, public_id: str) -> HttpResponse:
    """The whole chain through a record, a page of what followed at a time."""
    whole = timeline(public_id, page=request.GET.get("pagina", ""))
    if whole is None:
        raise Http404(_("No hay nada publicado con ese identificador."))
    record = f"{whole.kind_label}: {whole.title}", whole.record_url
    return render(request, "portal/chain.html", {"timeline": whole, "crumbs": crumbs(record, _("La cadena"))})


def _found(context: dict[str, Any] | None) -> dict[str, Any]:
    if context is None:
        raise Http404(_("No hay nada publicado con ese identificador."))
    return context
