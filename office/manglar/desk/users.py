"""Users of a government: the list, the invitation, the end of a role."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from manglar.accounts import selectors, services
from manglar.accounts.choices import Role
from manglar.accounts.models import Membership
from manglar.design.shapes import Cell, Column, Pages, Row, Table
from manglar.foundation.refusals import Refusal
from manglar.governments.models import Government
from manglar.operations.selectors import mail_leaves
from manglar.operations.services import queue_message
from manglar.web.kinds.base import Deed, LinkShown

PAGE_SIZE = 50


class InvitationForm(forms.Form):
    """Whom to invite, and to which role."""

    display_name = forms.CharField(label=_("Nombre"), max_length=200)
    email = forms.EmailField(label=_("Correo"))
    role = forms.ChoiceField(label=_("Papel"), choices=Role.choices)


def users_page(government: Government, words: str, page_number: str) -> dict[str, Any]:
    """The members of a government, a page at a time, narrowed to a name or a mail."""
    found = selectors.members_of(government).order_by("user__display_name", "pk")
    if words:
        found = found.filter(Q(user__display_name__icontains=words) | Q(user__email__icontains=words))
    paginator = Paginator(found, PAGE_SIZE)
    page = paginator.get_page(page_number)
    members = list(page.object_list)
    rows = [Row([Cell(str(m.user)), Cell(m.user.email), Cell(m.get_role_display())]) for m in members]
    columns = [Column(str(_("Persona"))), Column(str(_("Correo"))), Column(str(_("Papel")))]
    return {
        "table": Table(caption=str(_("Usuarios")), columns=columns, rows=rows),
        "members": members,
        "words": words,
        "pages": Pages(
            page.number, paginator.num_pages, paginator.count, f"{urlencode({'q': words})}&" if words else ""
        ),
    }


def invite(deed: Deed, form: InvitationForm) -> LinkShown | None:
    """Send an invitation; the link is shown once too, for offices without mail."""
    told = form.cleaned_data
    try:
        link, token = services.invite(
            by=deed.by,
            government=deed.government,
            email=told["email"],
            display_name=told["display_name"],
            role=Role(told["role"]),
            at=deed.at,
        )
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return None
    url = settings.PUBLIC_URL + reverse("link:invitation", args=[token])
    with override(deed.government.language):  # whoever is invited has not chosen a language yet
        subject = gettext("Invitación a Manglar")
        body = gettext("Le invitaron a Manglar. Cree su acceso antes de siete días en:") + f"\n\n{url}\n"
    queue_message(by=deed.by, government=deed.government, to=link.email, subject=subject, body=body, at=deed.at)
    return LinkShown(
        url=url, person=link.person_name, expires=link.expires_at, email=link.email, mail_leaves=mail_leaves()
    )


def end_role(deed: Deed, membership: int) -> None:
    """End a role of this government."""
    held = Membership.objects.filter(pk=membership, government=deed.government, ended_at__isnull=True).first()
    if held is None:
        raise Http404
    services.end_role(by=deed.by, membership=held, at=deed.at)
