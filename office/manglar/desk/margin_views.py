"""Writing beside records and keeping lists: each form of the margin, and back to where it was sent from."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manglar.design.templatetags.placed import beside as beside_tag
from manglar.desk import beside, pages
from manglar.desk.logbook import record_url
from manglar.foundation.refusals import Refusal
from manglar.margin import selectors, services
from manglar.margin.models import Comment, Record, SavedView
from manglar.operations.filetypes import MAX_BYTES
from manglar.web.access import DeskRequest
from manglar.web.kinds import KINDS


def record_beside(request: DeskRequest, kind: str, public_id: str) -> Record:
    """The record that a form is beside, if this government may see it."""
    declared = KINDS.get(kind)
    found = declared.find(request.government, public_id, pages.deed(request).on) if declared else None
    if declared is None or found is None:
        raise Http404
    return Record(request.government, public_id, kind, declared.title(found, pages.language()))


def _told(request: DeskRequest, do: Callable[[], Any], back: str, said: str = "") -> HttpResponse:
    """Do it and go back; a refusal is said there, in words."""
    anchor = back.partition("#")[2]
    where = beside_tag(anchor) if anchor else ""
    try:
        done = do()
    except Refusal as refusal:
        messages.error(request, refusal.sentence, extra_tags=where)
        return redirect(back)
    for remark in getattr(done, "remarks", ()):
        messages.warning(request, str(remark), extra_tags=where)
    if said:
        messages.success(request, said, extra_tags=where or request.path)
    return redirect(back)


@require_POST
def write(request: DeskRequest, kind: str, public_id: str) -> HttpResponse:
    """Comment on a record; what cannot be kept comes back in the box it was written in."""
    record, deed = record_beside(request, kind, public_id), pages.deed(request)
    text, key = request.POST.get("text", ""), request.POST.get("form_key", "")[:40]
    try:
        written = services.write_comment(by=deed.by, record=record, text=text, at=deed.at, form_key=key)
    except Refusal as refusal:
        request.session["comment_draft"] = {"of": public_id, "text": text[:6_000], "error": refusal.sentence}
        return redirect(f"{record_url(public_id, request.government.code)}#comentarios")
    anchor = written.comment.public_id
    messages.success(request, _("Comentario guardado."), extra_tags=beside_tag(anchor))
    for remark in written.remarks:
        messages.warning(request, str(remark), extra_tags=beside_tag(anchor))
    return redirect(f"{record_url(public_id, request.government.code)}#{anchor}")


@require_POST
def attach(request: DeskRequest, kind: str, public_id: str) -> HttpResponse:
    """Put a file beside a record."""
    record, deed = record_beside(request, kind, public_id), pages.deed(request)
    back, sent = f"{record_url(public_id, request.government.code)}#archivos", request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Elija el archivo que quiere adjuntar."), extra_tags=beside_tag("archivos"))
        return redirect(back)
    name, title = sent.name or "archivo", request.POST.get("title", "")

    def do() -> Any:
        content = sent.read(MAX_BYTES + 1)
        return services.attach_file(by=deed.by, record=record, name=name, content=content, title=title, at=deed.at)

    return _told(request, do, back, _("El archivo quedó junto al registro."))


@require_POST
def withdraw_file(request: DeskRequest, public_id: str) -> HttpResponse:
    """Take a file away from a record, saying why."""
    held, deed = selectors.attachment_by_id(request.government, public_id), pages.deed(request)
    if held is None:
        raise Http404
    back, reason = f"{record_url(held.subject, request.government.code)}#archivos", request.POST.get("reason", "")
    return _told(
        request,
        lambda: services.withdraw_file(by=deed.by, attachment=held, reason=reason, at=deed.at),
        back,
        _("El archivo se retiró. La bitácora guarda que estuvo y por qué se fue."),
    )


def _own_comment(request: DeskRequest, public_id: str) -> tuple[Comment, str]:
    found = selectors.comment_by_id(request.government, public_id)
    if found is None:
        raise Http404
    return found, f"{record_url(found.subject, request.government.code)}#{public_id}"


@require_POST
def reply(request: DeskRequest, public_id: str) -> HttpResponse:
    """Reply to a comment."""
    (comment, back), deed = _own_comment(request, public_id), pages.deed(request)
    record = record_beside(request, comment.subject_kind, comment.subject)
    told = {"text": request.POST.get("text", ""), "form_key": request.POST.get("form_key", "")[:40]}
    parent = comment.parent or comment
    return _told(
        request, lambda: services.write_comment(by=deed.by, record=record, parent=parent, at=deed.at, **told), back
    )


@require_POST
def change(request: DeskRequest, public_id: str) -> HttpResponse:
    """Correct one's own words."""
    (comment, back), deed = _own_comment(request, public_id), pages.deed(request)
    text = request.POST.get("text", "")
    return _told(request, lambda: services.change_comment(by=deed.by, comment=comment, text=text, at=deed.at), back)


@require_POST
def withdraw(request: DeskRequest, public_id: str) -> HttpResponse:
    """Take one's own words back."""
    (comment, back), deed = _own_comment(request, public_id), pages.deed(request)
    return _told(request, lambda: services.withdraw_comment(by=deed.by, comment=comment, at=deed.at), back)


@require_POST
def follow(request: DeskRequest, kind: str, public_id: str) -> HttpResponse:
    """Begin or stop following a record."""
    record, deed = record_beside(request, kind, public_id), pages.deed(request)
    back = record_url(public_id, request.government.code)
    if request.POST.get("follow") == "no":
        return _told(request, lambda: services.stop_following(by=deed.by, record=record), back)
    return _told(request, lambda: services.follow(by=deed.by, record=record, at=deed.at), back)


@require_POST
def save_view(request: DeskRequest, kind: str) -> HttpResponse:
    """Keep the list on the screen under a name."""
    if kind not in KINDS:
        raise Http404
    query, back = request.POST.get("query", ""), reverse(f"desk:{kind}", args=[request.government.code])
    told: dict[str, Any] = {"name": request.POST.get("name", ""), "is_shared": request.POST.get("shared") == "yes"}

    def keep() -> SavedView:
        return services.save_view(by=request.actor, government=request.government, kind=kind, query=query, **told)

    return _told(request, keep, f"{back}?{query}", _("Vista guardada."))


def _view(request: DeskRequest, public_id: str) -> tuple[SavedView, str]:
    found = selectors.saved_view_by_id(request.government, public_id)
    if found is None:
        raise Http404
    return found, f"{reverse(f'desk:{found.kind}', args=[request.government.code])}?{found.query}"


@require_POST
def rename_view(request: DeskRequest, public_id: str) -> HttpResponse:
    """Give a saved view another name."""
    view, back = _view(request, public_id)
    name = request.POST.get("name", "")
    return _told(request, lambda: services.rename_view(by=request.actor, view=view, name=name), back)


@require_POST
def share_view(request: DeskRequest, public_id: str) -> HttpResponse:
    """Share a saved view with the government, or stop."""
    view, back = _view(request, public_id)
    shared = request.POST.get("shared") == "yes"
    return _told(request, lambda: services.share_view(by=request.actor, view=view, is_shared=shared), back)


@require_POST
def delete_view(request: DeskRequest, public_id: str) -> HttpResponse:
    """Forget a saved view."""
    view, back = _view(request, public_id)
    return _told(request, lambda: services.delete_view(by=request.actor, view=view), back, _("Vista borrada."))


@require_GET
def people(request: DeskRequest) -> JsonResponse:
    """The names that may follow an @ in a comment of this government."""
    return JsonResponse({"people": sorted(each.name for each in selectors.people_of(request.government))})


@require_GET
def notices(request: DeskRequest) -> HttpResponse:
    """What this person was told."""
    context = {"notifications": beside.notices(request), "crumbs": pages.crumbs(request, (_("Avisos"), ""))}
    return render(request, "desk/notices.html", context)


@require_POST
def read_all(request: DeskRequest) -> HttpResponse:
    """Mark every notice as read."""
    back, deed = reverse("desk:notices", args=[request.government.code]), pages.deed(request)
    return _told(
        request, lambda: services.mark_all_read(by=deed.by, government=request.government, at=deed.at), back
    )


@require_POST
def read_one(request: DeskRequest, public_id: str) -> HttpResponse:
    """Mark one notice as read."""
    found = selectors.notification_by_id(request.user, public_id)
    if found is None:
        raise Http404
    back, deed = reverse("desk:notices", args=[request.government.code]), pages.deed(request)
    return _told(request, lambda: services.mark_read(by=deed.by, notification=found, at=deed.at), back)


@require_POST
def choose_mails(request: DeskRequest) -> HttpResponse:
    """Which notices also come by mail."""
    mails, back = request.POST.get("mails", ""), reverse("desk:notices", args=[request.government.code])
    return _told(
        request,
        lambda: services.choose_mails(by=request.actor, government=request.government, mails=mails),
        back,
        _("Preferencia guardada."),
    )
