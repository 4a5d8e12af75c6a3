from dataclasses import dataclass

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from manglar.accounts.models import User
from manglar.foundation.identifiers import PublicIdField
from manglar.governments.models import Government, OwnedModel
from manglar.margin.choices import Mails, NoticeKind
from manglar.margin.rules import MAX_COMMENT, MAX_NAME_KEY


@dataclass(frozen=True, slots=True)
class Record:
    """The record beside which something stands, known by its text alone: its app is on a floor above.

    ``title`` is how it reads today; notifications and mails keep it as they found it.
    """

    government: Government
    public_id: str
    kind: str
    title: str = ""


class BesideRecord(OwnedModel):
    """What stands beside a record of a government."""

    subject = models.CharField("registro", max_length=40)
    subject_kind = models.SlugField("clase de registro", max_length=40, db_index=False)

    class Meta:
        abstract = True


class Comment(BesideRecord):
    """What a person says beside a record, or in reply to such a comment.

    Personal data: the author's name, kept as text while the record lives; erased on request (Ley 81 of 2019).
    """

    public_id = PublicIdField(prefix="comentario")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replies", verbose_name="responde a"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="quién")
    author_name = models.CharField("nombre de quien escribe", max_length=200)
    text = models.TextField("texto", blank=True)
    at = models.DateTimeField("escrito")
    edited_at = models.DateTimeField("corregido", null=True)
    withdrawn_at = models.DateTimeField("retirado", null=True)
    form_key = models.CharField("envío del formulario", max_length=40, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["government", "subject"], name="comments_of_a_record")]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(withdrawn_at__isnull=True) & ~models.Q(text=""))
                | models.Q(withdrawn_at__isnull=False, text=""),
                name="a_comment_says_something_until_withdrawn",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), MAX_COMMENT), name="a_comment_has_at_most_5000_characters"
            ),
            models.UniqueConstraint(
                fields=["author", "form_key"],
                condition=~models.Q(form_key=""),
                name="a_form_sent_twice_is_one_comment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.subject}"


class Mention(OwnedModel):
    """A comment names a person who has a role in the government, in these words."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions", verbose_name="comentario")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="a quién")
    said = models.CharField("cómo se le nombró", max_length=260)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "user", "said"], name="a_comment_mentions_in_the_same_words_once"),
        ]

    def __str__(self) -> str:
        return self.said


class Notification(BesideRecord):
    """A person is told, once, of an act beside or on a record. Who acted is read from the comment or the log."""

    public_id = PublicIdField(prefix="aviso")
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="para quién")
    kind = models.CharField("por qué", max_length=10, choices=NoticeKind)
    title = models.CharField("título del registro", max_length=300, blank=True)
    event = models.CharField("acto", max_length=60)
    source = models.CharField("acto en la bitácora", max_length=30)
    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, null=True, related_name="notifications", verbose_name="comentario"
    )
    at = models.DateTimeField("cuándo")
    read_at = models.DateTimeField("leído", null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["recipient", "read_at"], name="notifications_to_read")]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "subject", "source"], name="a_person_is_told_once_of_an_act_on_a_record"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=NoticeKind.CHANGE, comment__isnull=True)
                | (~models.Q(kind=NoticeKind.CHANGE) & models.Q(comment__isnull=False)),
                name="only_a_change_comes_without_a_comment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"


class Follow(BesideRecord):
    """A person wants to know when a record changes, from an entry of the log on."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")
    title = models.CharField("título del registro", max_length=300, blank=True)
    from_entry = models.BigIntegerField("desde qué asiento")
    at = models.DateTimeField("desde")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["subject"], name="followers_of_a_record"),
            models.Index(fields=["from_entry"], name="follows_by_their_entry"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["government", "subject", "user"], name="a_person_follows_a_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.subject}"


class MailPreference(OwnedModel):
    """Which notifications of a government a person also wants by mail; without a row, none."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")
    mails = models.CharField("avisos por correo", max_length=10, choices=Mails, default=Mails.NOTHING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "user"], name="a_person_chooses_mails_once_in_a_government"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_mails_display()}"


class SavedView(OwnedModel):
    """A list as a person likes to see it: a name and the rest of its address."""

    public_id = PublicIdField(prefix="vista")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="de quién")
    kind = models.SlugField("lista", max_length=40, db_index=False)
    name = models.CharField("nombre", max_length=100)
    name_key = models.CharField("nombre sin acentos", max_length=MAX_NAME_KEY, editable=False)
    query = models.CharField("filtros", max_length=3_000, blank=True)
    is_shared = models.BooleanField("la ve todo el gobierno", default=False)

    class Meta:
        ordering = ["name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["government", "kind", "user", "name_key"], name="a_person_names_a_view_of_a_list_once"
            ),
            models.CheckConstraint(condition=~models.Q(name_key=""), name="a_saved_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ColumnMapping(OwnedModel):
    """Which column was what in the last import of a file with these headers."""

    kind = models.SlugField("clase de importación", max_length=40, db_index=False)
    signature = models.CharField("huella de los encabezados", max_length=64)
    columns = models.JSONField("columnas", default=dict)
    used_at = models.DateTimeField("usado")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "kind", "signature"], name="headers_are_remembered_once_per_import"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {', '.join(self.columns)}"


class Reading(models.Model):
    """How far the log was read. Not itself in the log: writing it there would give the reader something to read."""

    name = models.CharField("quién lee", max_length=40, unique=True)
    entry = models.BigIntegerField("último asiento leído", default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.entry}"
