"""Writing, replying, correcting and withdrawing comments."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manglar.accounts.actors import Actor
from manglar.accounts.models import User
from manglar.audit.services import act
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.margin import selectors
from manglar.margin.choices import NoticeKind
from manglar.margin.models import Comment, Mention, Record
from manglar.margin.permissions import may_comment
from manglar.margin.rules import MAX_COMMENT, MAX_MENTIONS, Mentions, read_mentions, tidy
from manglar.margin.services.checks import checked_record, person
from manglar.margin.services.notices import tell_of_comment

MAX_AUTHOR = 200
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Written:
    """A comment that was written or changed, and what its author should know."""

    comment: Comment
    remarks: tuple[str, ...] = ()
    is_new: bool = True


class _SentTwiceError(Exception):
    """The same form arrived while the first was being written: undo what the second began."""

    def __init__(self, comment: Comment) -> None:
        self.comment = comment


def write_comment(
    *, by: Actor, record: Record, text: str, at: dt.datetime, parent: Comment | None = None, form_key: str = ""
) -> Written:
    """Comment on a record, or reply to a comment on it; a form that is sent twice writes once.

    ``form_key`` is any text that the form carries and that differs from one form to the next. Sent again with
    other words (somebody went back and wrote more) it is another comment: nothing is lost.
    """
    author = person(may_comment, by, record.government)
    record = checked_record(record)
    text, mentions = _checked(record, text)
    if form_key:
        said = (form_key, record.government.code, record.public_id, parent.public_id if parent else "", text)
        form_key = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:40]
        if held := Comment.objects.filter(author=author, form_key=form_key).first():
            return Written(held, is_new=False)
    if parent is not None:
        _check_parent(record, parent)
    comment = Comment(
        government=record.government, subject=record.public_id, subject_kind=record.kind, parent=parent,
        author=author, author_name=str(author)[:MAX_AUTHOR], text=text, at=at, form_key=form_key,
    )  # fmt: skip
    try:
        with act("comment.written", by=by, government_id=record.government.pk, subject=record.public_id) as context:
            comment = _written(comment)
            told = _mention(comment, mentions, author)
            source = f"acto {context.pk}"
            tell_of_comment(by=by, comment=comment, record=record, people=told, kind=NoticeKind.MENTION, source=source)
            if parent is not None:
                others = {parent.author_id} - {author.pk, None} - {user.pk for user in told}
                tell_of_comment(
                    by=by, comment=comment, record=record, kind=NoticeKind.REPLY, source=source,
                    people=_members(record, others),
                )  # fmt: skip
    except _SentTwiceError as twice:
        return Written(twice.comment, is_new=False)
    return Written(comment, _remarks(mentions))


def _written(comment: Comment) -> Comment:
    """Write a comment, unless its form just did."""
    if not comment.form_key:
        comment.save()
        return comment
    values = {field.attname: getattr(comment, field.attname) for field in Comment._meta.concrete_fields}
    values.pop("id")
    key = {"author_id": values.pop("author_id"), "form_key": values.pop("form_key")}
    held, is_new = Comment.objects.get_or_create(**key, defaults=values)
    if not is_new:
        raise _SentTwiceError(held)
    return held


def _checked(record: Record, text: str) -> tuple[str, Mentions]:
    """The text as it is kept and whom it mentions, or a sentence."""
    text = tidy(text)
    if not text:
        raise InvalidInput(_("Escriba algo: un comentario no puede quedar vacío."))
    if len(text) > MAX_COMMENT:
        raise InvalidInput(
            _("El comentario tiene {length} caracteres y caben {most}: acórtelo, o guárdelo en un archivo.").format(
                length=f"{len(text):,}", most=f"{MAX_COMMENT:,}"
            )
        )
    mentions = read_mentions(text, selectors.people_of(record.government)) if "@" in text else Mentions()
    if len({key for key, _said in mentions.found}) > MAX_MENTIONS:
        raise InvalidInput(
            _("El comentario menciona a más de {most} personas: mencione a quienes deban actuar.").format(
                most=MAX_MENTIONS
            )
        )
    return text, mentions


def _check_parent(record: Record, parent: Comment) -> None:
    if (parent.government_id, parent.subject) != (record.government.pk, record.public_id):
        raise InvalidInput(_("Ese comentario es de otro registro: responda donde se escribió."))
    if parent.parent_id is not None:
        raise InvalidInput(_("Una respuesta no se responde: responda al comentario del que viene."))
    if Comment.objects.filter(pk=parent.pk, withdrawn_at__isnull=False).exists():
        raise Conflict(_("Ese comentario ya se retiró: escriba uno nuevo."))


def _members(record: Record, keys: set[int | None]) -> list[User]:
    """Those of some people who have a role in the government of the record now."""
    if not keys:
        return []
    held = {person.key for person in selectors.people_of(record.government)} & keys
    return list(User.objects.filter(pk__in=held).order_by("pk"))


def _mention(comment: Comment, mentions: Mentions, author: User) -> list[User]:
    """Keep whom a comment mentions; return those who were not told of it before, the author never.

    A mention that is corrected away is kept: the log remembers the words, and who asks to be forgotten is found by it.
    """
    before = set(comment.mentions.values_list("user_id", "said"))
    for key, said in mentions.found:
        if (key, said) not in before:
            Mention.objects.create(government_id=comment.government_id, comment=comment, user_id=key, said=said)
    told = set(comment.notifications.values_list("recipient_id", flat=True))
    new = {key for key, _said in mentions.found} - told - {author.pk}
    return list(User.objects.filter(pk__in=new).order_by("pk"))


def _remarks(mentions: Mentions) -> tuple[str, ...]:
    """What the author should know of the mentions that were left as text."""
    remarks = []
    if mentions.unknown:
        remarks.append(
            ngettext(
                "{names} quedó como texto: nadie con papel en este gobierno se llama así. "
                "Use el nombre completo o el correo.",
                "{names} quedaron como texto: nadie con papel en este gobierno se llama así. "
                "Use el nombre completo o el correo.",
                len(mentions.unknown),
            ).format(names=_listed(mentions.unknown))
        )
    if mentions.ambiguous:
        remarks.append(
            ngettext(
                "{names} quedó como texto: hay más de una persona con ese nombre. Use el correo.",
                "{names} quedaron como texto: hay más de una persona con esos nombres. Use el correo.",
                len(mentions.ambiguous),
            ).format(names=_listed(mentions.ambiguous))
        )
    return tuple(remarks)


def _listed(names: tuple[str, ...]) -> str:
    """The first few names, none of them a page long."""
    shown = [name if len(name) <= 60 else f"{name[:59]}…" for name in names[:MOST_NAMED]]
    return ", ".join(shown + ["…"] * (len(names) > MOST_NAMED))


def change_comment(*, by: Actor, comment: Comment, text: str, at: dt.datetime, title: str = "") -> Written:
    """Correct one's own comment; whoever is mentioned for the first time is told. The log keeps what it said."""
    author = person(may_comment, by, comment.government)
    record = checked_record(Record(comment.government, comment.subject, comment.subject_kind, title))
    text, mentions = _checked(record, text)
    if Comment.objects.filter(pk=comment.pk, author=author, text=text).exists():
        return Written(comment, _remarks(mentions), is_new=False)
    with act("comment.changed", by=by, government_id=record.government.pk, subject=record.public_id) as context:
        held = _own(comment, author)
        held.text, held.edited_at = text, at
        held.save(update_fields=["text", "edited_at"])
        told = _mention(held, mentions, author)
        tell_of_comment(
            by=by, comment=held, record=record, people=told, kind=NoticeKind.MENTION, source=f"acto {context.pk}", at=at
        )
    return Written(held, _remarks(mentions), is_new=False)


def withdraw_comment(*, by: Actor, comment: Comment, at: dt.datetime) -> Comment:
    """Take back one's own comment: its place and replies stay, its words only in the log."""
    author = person(may_comment, by, comment.government)
    with act("comment.withdrawn", by=by, government_id=comment.government_id, subject=comment.subject):
        held = _own(comment, author)
        held.text, held.withdrawn_at = "", at
        held.save(update_fields=["text", "withdrawn_at"])
    return held


def _own(comment: Comment, author: User) -> Comment:
    """The comment as it stands, held until the end of the act, when it is the author's and not withdrawn."""
    held = Comment.objects.select_for_update().get(pk=comment.pk)
    if held.author_id != author.pk:
        raise NotAllowed(_("Un comentario lo corrige o retira solo quien lo escribió."))
    if held.withdrawn_at is not None:
        raise Conflict(_("Este comentario ya se retiró."))
    return held
