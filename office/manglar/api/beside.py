"""What stands beside a record, as JSON: its comments and its files, with the predicates and services of the page."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest

from manglar.accounts.permissions import Predicate
from manglar.api.desk import body_of, enter
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.texts import is_storable
from manglar.margin import selectors, services
from manglar.margin.models import Attachment, Record
from manglar.margin.permissions import may_attach_files, may_comment, may_read_margin
from manglar.operations.filetypes import MAX_BYTES
from manglar.web.kinds import KINDS
from manglar.web.kinds.base import Deed


def _record(deed: Deed, slug: str, public_id: str) -> Record:
    kind = KINDS.get(slug)
    found = kind.find(deed.government, public_id, deed.on) if kind else None
    if kind is None or found is None or not kind.read.test(deed.by, deed.government):
        raise Http404
    return Record(deed.government, public_id, slug, kind.title(found, "es"))


def comments(request: HttpRequest, government: str, kind: str, public_id: str) -> dict[str, Any]:
    """The comments beside a record, with the replies to each."""
    deed = enter(request, government, may_read_margin)
    held = selectors.comments_of(_record(deed, kind, public_id), deed.by.user)
    return {"count": held.count, "items": [_comment(each) for each in held.comments]}


def _comment(line: selectors.CommentLine) -> dict[str, Any]:
    return {
        "id": line.public_id,
        "author": line.author,
        "at": line.at.isoformat(),
        "text": line.text,
        "is_withdrawn": line.is_withdrawn,
        "replies": [_comment(each) for each in line.replies],
    }


def comment(request: HttpRequest, government: str, kind: str, public_id: str) -> dict[str, Any]:
    """Comment on a record: ``text``, and ``parent`` to reply to a comment."""
    deed = enter(request, government, may_comment)
    record, told = _record(deed, kind, public_id), body_of(request)
    parent = selectors.comment_by_id(deed.government, str(told["parent"])) if told.get("parent") else None
    if told.get("parent") and (parent is None or parent.subject != public_id):
        raise InvalidInput(say("El comentario al que responde no está en este registro."))
    written = services.write_comment(
        by=deed.by, record=record, text=str(told.get("text", "")), at=deed.at, parent=parent
    )
    return {"id": written.comment.public_id, "remarks": [str(each) for each in written.remarks]}


def files(request: HttpRequest, government: str, kind: str, public_id: str) -> dict[str, Any]:
    """The files beside a record."""
    deed = enter(request, government, may_read_margin)
    return {"items": [_file(each) for each in selectors.files_of(_record(deed, kind, public_id))]}


def _file(each: Attachment) -> dict[str, Any]:
    return {
        "id": each.public_id,
        "title": each.title,
        "name": each.file.name,
        "media_type": each.file.media_type,
        "size_bytes": each.file.size_bytes,
        "sha256": each.file.sha256,
        "author": each.author_name,
        "at": each.at.isoformat(),
    }


def attach(request: HttpRequest, government: str, kind: str, public_id: str) -> dict[str, Any]:
    """Put a file beside a record (multipart: ``file``, ``title``)."""
    deed = enter(request, government, may_attach_files)
    record, sent, title = _record(deed, kind, public_id), request.FILES.get("file"), request.POST.get("title", "")
    if not isinstance(sent, UploadedFile):
        raise InvalidInput(say("Falta el archivo: envíelo como «file» en un formulario (multipart/form-data)."))
    name = sent.name or "archivo"
    if not is_storable([title, name]):
        raise InvalidInput(say("El título o el nombre tiene caracteres que no son texto: quítelos."))
    made = services.attach_file(
        by=deed.by, record=record, name=name, content=sent.read(MAX_BYTES + 1), title=title, at=deed.at
    )
    return _file(made)


def withdraw(request: HttpRequest, government: str, attachment: str) -> dict[str, Any]:
    """Take a file away from its record: ``reason``."""
    deed = enter(request, government, may_attach_files)
    held = selectors.attachment_by_id(deed.government, attachment)
    if held is None:
        raise Http404
    reason = str(body_of(request).get("reason", ""))
    services.withdraw_file(by=deed.by, attachment=held, reason=reason, at=deed.at)
    return {"id": attachment, "withdrawn": True}


_UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}, "title": {"type": "string"}},
}


def _body(media: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media: {"schema": schema}}}}


def _json(*required: str, also: tuple[str, ...] = ()) -> dict[str, Any]:
    told = {name: {"type": "string"} for name in (*required, *also)}
    return _body("application/json", {"type": "object", "required": list(required), "properties": told})


View = Callable[..., dict[str, Any]]
#: Method, route after the government, view, predicate, what the document says of its body.
ROUTES: dict[str, tuple[str, str, View, Predicate, dict[str, Any]]] = {
    "comments": ("GET", "al-margen/{kind}/{public_id}/comentarios", comments, may_read_margin, {}),
    "comment": ("POST", "al-margen/{kind}/{public_id}/comentar", comment, may_comment, _json("text", also=("parent",))),
    "files": ("GET", "al-margen/{kind}/{public_id}/archivos", files, may_read_margin, {}),
    "file-attach": (
        "POST", "al-margen/{kind}/{public_id}/adjuntar", attach, may_attach_files, _body("multipart/form-data", _UPLOAD)
    ),
    "file-withdraw": ("POST", "adjuntos/{attachment}/retirar", withdraw, may_attach_files, _json("reason")),
}  # fmt: skip
