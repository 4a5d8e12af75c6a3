"""Views of the desk: they only translate."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manglar.accounts.selectors import example_users, governments_of
from manglar.audit.selectors import latest_acts, window
from manglar.desk import home as home_page
from manglar.desk import logbook, pages, search, users
from manglar.foundation.refusals import Refusal
from manglar.operations.selectors import job_by_id
from manglar.web.access import DeskRequest, Request
from manglar.web.kinds.base import Action, Kind, LinkShown


@require_GET
def enter(request: Request) -> HttpResponse:
    """Go to the desk of the government in which the person has a role."""
    return redirect("desk:home", governments_of(request.actor)[0].code)


@require_http_methods(["GET", "POST"])
def example_roles(request: Request) -> HttpResponse:
    """Only in an example installation: try the program as one of its roles."""
    if not settings.EXAMPLE:
        raise Http404
    if request.method == "POST":
        user = example_users().filter(public_id=request.POST.get("role", "")).first()
        if user is None:
            raise Http404
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect("desk:enter")
    return render(request, "desk/example_roles.html", {"users": example_users()})


@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """Mi escritorio: what needs me today."""
    return render(request, "desk/home.html", home_page.home_page(request))


def list_view(request: DeskRequest, *, kind: Kind) -> HttpResponse:
    """The list of a kind."""
    return render(request, "desk/list.html", pages.list_page(kind, request))


def record_view(request: DeskRequest, public_id: str, *, kind: Kind) -> HttpResponse:
    """The page of a record."""
    record = _record(request, public_id, kind)
    context = pages.record_page(kind, record, request)
    if kind.has_chain:
        context["chain"] = home_page.chain(kind.key(record), request)
    return render(request, "desk/record.html", context)


def _record(request: DeskRequest, public_id: str, kind: Kind) -> Any:
    record = kind.find(request.government, public_id, timezone.localdate())
    if record is None:
        raise Http404(_("No hay un registro con ese identificador en este gobierno."))
    return record


def action_view(request: DeskRequest, public_id: str = "", *, kind: Kind, action: Action) -> HttpResponse:
    """The form or the question of an action, and doing it."""
    record = _record(request, public_id, kind) if public_id else None
    if record is not None and not action.fits(record):
        messages.warning(request, _("Eso ya no se puede hacer: el registro cambió."))
        return redirect(f"desk:{kind.slug}-record", request.government.code, public_id)
    form = (
        action.form(request.POST or None, request.FILES or None, deed=pages.deed(request), record=record)
        if action.form
        else None
    )
    if request.method == "POST" and (form is None or form.is_valid()):
        answer = _do(request, kind, action, record, form)
        if answer is not None:
            return answer
    return render(request, "desk/form.html", _form_page(request, kind, action, record, form))


def _do(request: DeskRequest, kind: Kind, action: Action, record: Any, form: Form | None) -> HttpResponse | None:
    """Run the service; a refusal stays on the form, in words."""
    try:
        made = action.run(pages.deed(request), record, form.cleaned_data if form else {})
    except Refusal as refusal:
        if form is None:
            raise
        form.add_error(None, refusal.sentence)
        for problem in getattr(refusal, "problems", ()):
            form.add_error(None, str(problem))
        return None
    if isinstance(made, LinkShown):
        return render(request, "desk/link_once.html", _link_page(request, kind, record, made))
    messages.success(request, str(action.done))
    target = made if getattr(made, "public_id", None) and record is None else record
    if target is None:
        return redirect(f"desk:{kind.slug}", request.government.code)
    return redirect(f"desk:{kind.slug}-record", request.government.code, kind.key(target))


def _link_page(request: DeskRequest, kind: Kind, record: Any, link: LinkShown) -> dict[str, Any]:
    code = request.government.code
    return {
        "link": link,
        "back_url": reverse(f"desk:{kind.slug}-record", args=[code, kind.key(record)]),
        "crumbs": pages.crumbs(
            request, (str(kind.plural), reverse(f"desk:{kind.slug}", args=[code])), (_("Enlace creado"), "")
        ),
    }


def _form_page(request: DeskRequest, kind: Kind, action: Action, record: Any, form: Form | None) -> dict[str, Any]:
    code = request.government.code
    back = (
        reverse(f"desk:{kind.slug}-record", args=[code, kind.key(record)])
        if record
        else reverse(f"desk:{kind.slug}", args=[code])
    )
    return {
        "kind": kind,
        "action": action,
        "record": record,
        "form": form,
        "back_url": back,
        "title": kind.title(record, pages.language()) if record else "",
        "crumbs": pages.crumbs(
            request, (str(kind.plural), reverse(f"desk:{kind.slug}", args=[code])), (str(action.label), "")
        ),
    }


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
def log_page(request: DeskRequest) -> HttpResponse:
    """The log of this government, with its values."""
    lines = latest_acts(chains=[request.government.pk], limit=100)
    context = {
        "entries": [logbook.entry(line, pages.language()) for line in lines],
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
        {**users.users_page(request.government), "form": form, "crumbs": pages.crumbs(request, (_("Usuarios"), ""))},
    )


@require_POST
def end_role(request: DeskRequest, membership: int) -> HttpResponse:
    """Take a role away."""
    users.end_role(pages.deed(request), membership)
    messages.success(request, _("El papel terminó."))
    return redirect("desk:users", request.government.code)
