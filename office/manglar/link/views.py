"""Views of the signed links. Opening one changes nothing: only its form does, once."""

from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from manglar.accounts.actors import actor_for_link
from manglar.accounts.choices import Purpose, Role
from manglar.accounts.models import SignedLink
from manglar.accounts.selectors import link_by_token, why_refused
from manglar.accounts.services import accept_invitation
from manglar.delivery.choices import MilestoneState
from manglar.delivery.models import MilestoneUpdate
from manglar.delivery.selectors import request_of_link, update_by_link
from manglar.delivery.services import report_by_link
from manglar.foundation.refusals import Refusal
from manglar.foundation.translated import read_in
from manglar.identity.selectors import government_with_identity
from manglar.link.forms import PasswordForm, ReportForm
from manglar.link.telling import asking_page, milestone_page, told_page
from manglar.web.access import Request

TRIES, WINDOW_S = 20, 600
#: Most characters of what could not be sent that go back to whoever wrote them.
MAX_UNSENT = 20_000


def _link(request: Request, token: str, purpose: Purpose) -> SignedLink | HttpResponse:
    """The link, or the page that says why it does not open."""
    address = f"link-tries:{request.META.get('REMOTE_ADDR', '')}"
    if cache.get(address, 0) >= TRIES:
        return _closed(
            request, _("Demasiados intentos. Espere diez minutos y abra de nuevo el enlace que recibió."), 429
        )
    link = link_by_token(token, purpose)
    if link is None:
        cache.add(address, 0, WINDOW_S)
        cache.incr(address)
        return _closed(
            request, _("Este enlace no existe. Revise que lo copió completo, o pida uno nuevo a la oficina."), 404
        )
    request.shown_government = government_with_identity(link.government.code)
    sentence = why_refused(link, at=timezone.now())
    return _spent(request, link, purpose, str(sentence)) if sentence else link


def _spent(request: Request, link: SignedLink, purpose: Purpose, sentence: str) -> HttpResponse:
    """What was reported with a link that is no longer good; where nothing was, why it does not open."""
    told = update_by_link(link) if purpose == Purpose.MILESTONE_UPDATE else None
    if told is None:
        return _closed(request, sentence, 410, link)
    unsent = request.POST.get("text", "")[:MAX_UNSENT]
    return render(request, "link/told.html", told_page(link, told, unsent=unsent), status=410)


def _closed(request: Request, sentence: str, status: int, link: SignedLink | None = None) -> HttpResponse:
    page = milestone_page(link) if link is not None and link.purpose == Purpose.MILESTONE_UPDATE else {}
    return render(request, "link/closed.html", {"sentence": sentence, **page}, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
def milestone_report(request: Request, token: str) -> HttpResponse:
    """Report on one milestone, or correct what was reported; going back after sending says that it was sent."""
    link = _link(request, token, Purpose.MILESTONE_UPDATE)
    if isinstance(link, HttpResponse):
        return link
    asked = request_of_link(link)
    corrects = asked.corrects if asked else None
    form = _form(request, link, corrects)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        report = form.report(get_language() or "es")
        try:
            told = report_by_link(link=link, report=report, at=now, on=timezone.localdate(now))
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return render(request, "link/told.html", told_page(link, told, sent_at=now, is_new=True))
    return render(request, "link/report.html", {**milestone_page(link), **asking_page(link, asked), "form": form})


def _form(request: Request, link: SignedLink, corrects: MilestoneUpdate | None) -> ReportForm:
    """The form as it came; else with what is to be corrected, or empty."""
    if request.method == "POST":
        return ReportForm(request.POST, request.FILES, link=link)
    if corrects is None:
        return ReportForm(initial={"state": MilestoneState.IN_PROGRESS}, link=link)
    text = read_in(corrects.text, get_language() or "es").text
    first = {"state": corrects.reported_state, "percent": corrects.percent, "text": text}
    return ReportForm(initial=first, link=link, kept=corrects.file)


@require_http_methods(["GET", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """Accept an invitation with a password."""
    link = _link(request, token, Purpose.INVITATION)
    if isinstance(link, HttpResponse):
        return link
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accept_invitation(
                by=actor_for_link(link), link=link, password=form.cleaned_data["password"], at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("account_login")
    return render(request, "link/invitation.html", _invitation_page(link, form))


def _invitation_page(link: SignedLink, form: PasswordForm) -> dict[str, Any]:
    role = Role(link.payload["role"]).label
    return {"form": form, "link_person": link.person_name, "link_expires": link.expires_at, "role": role, "link": link}
