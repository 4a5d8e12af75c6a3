"""Views of the desk: they only translate."""

from typing import Any
from urllib.parse import quote

from django.conf import settings as installation
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manglar.accounts.selectors import example_users, governments_of
from manglar.audit.selectors import latest_acts, window
from manglar.desk import beside, logbook, pages, risk_pages, search, settings, users
from manglar.desk import home as home_page
from manglar.desk.acting import act_on
from manglar.desk.exporting import list_file, record_geojson
from manglar.desk.gallery import gallery_page
from manglar.desk.lists import FORMATS, MAP_FORMATS, list_page
from manglar.desk.public_side import public_side
from manglar.desk.related import place_map, related_table
from manglar.desk.undoing import offered
from manglar.identity.selectors import sample_of
from manglar.margin.selectors import is_withdrawn
from manglar.operations.selectors import file_bytes, job_by_id, stored_file_by_id
from manglar.web.access import DeskRequest, Request
from manglar.web.kinds.base import Action, Kind
from manglar.web.mapping import FORMAT, GEOJSON


@require_GET
def enter(request: Request) -> HttpResponse:
    """Go to the desk of the government in which the person has a role."""
    return redirect("desk:home", governments_of(request.actor)[0].code)


@require_http_methods(["GET", "POST"])
def example_roles(request: Request) -> HttpResponse:
    """Only in an example installation: try the program as one of its roles."""
    if not installation.EXAMPLE:
        raise Http404
    if request.method == "POST":
        user = example_users().filter(public_id=request.POST.get("role", "")).first()
        if user is None:
            raise Http404
        login(request, user, backend=installation.AUTHENTICATION_BACKENDS[0])
        return redirect("desk:enter")
    return render(request, "desk/example_roles.html", {"users": example_users()})


@require_GET
def gallery(request: Request) -> HttpResponse:
    """Every component of the design, with made-up contents."""
    return render(request, "desk/gallery.html", gallery_page())


@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """Mi escritorio: what needs me today."""
    return render(request, "desk/home.html", home_page.home_page(request))


def list_view(request: DeskRequest, *, kind: Kind) -> HttpResponseBase:
    """The list of a kind, as a page or as a file of exactly what the page shows."""
    wanted = request.GET.get("formato", "")
    if wanted in FORMATS or (kind.places and wanted in MAP_FORMATS):
        return list_file(kind, request, wanted)
    return render(request, "desk/list.html", list_page(kind, request))


def record_view(request: DeskRequest, public_id: str, *, kind: Kind) -> HttpResponseBase:
    """The page of a record; of one with a place, its point or outline as well, for a map."""
    record = _record(request, public_id, kind)
    if kind.places and request.GET.get(FORMAT) == GEOJSON:
        return record_geojson(kind, record, request)
    context = {**pages.record_page(kind, record, request), **beside.record_context(request, kind, record)}
    context["related"], context["place_map"] = related_table(kind, record, request), place_map(kind, record, request)
    context["undo_url"] = offered(request, kind, record)
    if kind.has_chain:
        context["chain"], context["chain_note"] = home_page.chain(kind.key(record), request)
    return render(request, "desk/record.html", context)


def public_view(request: DeskRequest, public_id: str, *, kind: Kind) -> HttpResponse:
    """What the portal says of a record beside what the office holds now."""
    return render(request, "desk/public_side.html", public_side(request, kind, _record(request, public_id, kind)))


def _record(request: DeskRequest, public_id: str, kind: Kind) -> Any:
    record = kind.find(request.government, public_id, timezone.localdate())
    if record is None:
        raise Http404(_("No hay un registro con ese identificador en este gobierno."))
    return record


def action_view(request: DeskRequest, public_id: str = "", *, kind: Kind, action: Action) -> HttpResponse:
    """The form or the question of an action, and doing it."""
    record = _record(request, public_id, kind) if public_id else None
    return act_on(request, kind, action, record)


@require_GET
def compare_runs(request: DeskRequest) -> HttpResponse:
    """Two runs side by side."""
    return render(request, "desk/compare.html", risk_pages.compare_page(request))


@require_GET
def job_state(request: DeskRequest, public_id: str) -> JsonResponse:
    """How far a job is, for the progress bar."""
    job = job_by_id(request.government, public_id)
    if job is None:
        raise Http404
    url = str(job.result.get("url", ""))
    told = {"state": job.state, "percent": round(job.fraction * 100), "text": job.error or job.step, "url": url}
    return JsonResponse(told)


@require_GET
def file(request: DeskRequest, public_id: str) -> HttpResponse:
    """The bytes of a kept file, to save: never shown inside a page of ours."""
    stored = stored_file_by_id(request.government, public_id)
    if stored is None or is_withdrawn(stored):
        raise Http404
    name = quote(stored.name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(file_bytes(stored), content_type=stored.media_type, headers=headers)


@require_GET
def log_page(request: DeskRequest) -> HttpResponse:
    """The log of this government, with its values."""
    lines = latest_acts(chains=[request.government.pk], limit=100)
    context = {
        "entries": [logbook.entry(line, pages.language(), request.government.code) for line in lines],
        "window": window(),
        "crumbs": pages.crumbs(request, (_("Bitácora"), "")),
    }
    return render(request, "desk/log.html", context)


@require_GET
def search_page(request: DeskRequest) -> HttpResponse:
    """Find records by their words."""
    return render(request, "desk/search.html", search.desk_search(request))


@require_GET
def search_palette(request: DeskRequest) -> JsonResponse:
    """The records for what is being typed in the palette."""
    return JsonResponse(search.palette(request))


@require_http_methods(["GET", "POST"])
def users_page(request: DeskRequest) -> HttpResponse:
    """Who has which role; invite."""
    form = users.InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        shown = users.invite(pages.deed(request), form)
        if shown is not None:
            return render(
                request,
                "desk/link_once.html",
                {
                    "link": shown,
                    "back_url": reverse("desk:users", args=[request.government.code]),
                    "crumbs": pages.crumbs(request, (_("Usuarios"), "")),
                },
            )
    return render(
        request,
        "desk/users.html",
        {**users.users_page(request.government, request.GET.get("q", "").strip()[:200], request.GET.get("pagina", "")), "form": form, "crumbs": pages.crumbs(request, (_("Usuarios"), ""))},
    )


@require_POST
def end_role(request: DeskRequest, membership: int) -> HttpResponse:
    """Take a role away."""
    users.end_role(pages.deed(request), membership)
    messages.success(request, _("El papel terminó."))
    return redirect("desk:users", request.government.code)


@require_GET
def settings_page(request: DeskRequest) -> HttpResponse:
    """The settings of this government."""
    return settings.settings_page(request)


@require_http_methods(["GET", "POST"])
def settings_section(request: DeskRequest, section: str) -> HttpResponse:
    """Save a section of the settings; its address alone leads to the page."""
    if request.method == "GET":
        return redirect("desk:settings", request.government.code)
    return settings.settings_section(request, section)


@require_POST
def remove_logo(request: DeskRequest) -> HttpResponse:
    """Take the logo of this government away."""
    return settings.remove_logo(request)


@require_GET
def settings_sample(request: DeskRequest, colour: str) -> HttpResponse:  # noqa: ARG001  # Django gives it to every view
    """The stylesheet of the samples of a colour."""
    css = sample_of(f"#{colour}")
    if not css:
        raise Http404
    return HttpResponse(css, content_type="text/css; charset=utf-8")
