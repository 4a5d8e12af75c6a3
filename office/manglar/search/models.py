from django.db import models

from manglar.foundation.translated import TranslatedTextField
from manglar.governments.models import Government, OwnedModel
from manglar.search.choices import Face


class Document(OwnedModel):
    """What one face shows of one record, kept to be found: on a desk as that government sees it, on the portal as published."""

    face = models.CharField("cara", max_length=6, choices=Face)
    desk = models.ForeignKey(
        Government, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="escritorio que lo ve"
    )
    kind = models.CharField("clase", max_length=40)
    record_id = models.CharField("registro", max_length=40)
    is_common = models.BooleanField("lo ve todo escritorio", default=False)
    changed_at = models.DateTimeField("último cambio")
    fingerprint = models.CharField("huella de lo indexado", max_length=64)
    # The long columns stand last: SQLite reads a row from its beginning, and most questions end before them.
    title = TranslatedTextField("título")
    text = TranslatedTextField("texto", blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["record_id"], name="documents_of_a_record")]
        constraints = [
            models.UniqueConstraint(
                fields=["face", "desk", "record_id"], condition=models.Q(desk__isnull=False), name="a_desk_shows_a_record_once"
            ),
            models.UniqueConstraint(
                fields=["face", "record_id"], condition=models.Q(desk__isnull=True), name="the_portal_shows_a_record_once"
            ),
            models.CheckConstraint(
                condition=models.Q(face=Face.DESK, desk__isnull=False) | models.Q(face=Face.PORTAL, desk__isnull=True),
                name="only_a_document_of_a_desk_has_a_desk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.face} {self.record_id}"


class Word(models.Model):
    """A word, folded, that some document says."""

    text = models.CharField("palabra", max_length=40, unique=True)

    def __str__(self) -> str:
        return self.text


class Spelling(models.Model):
    """A key under which a word is looked up: how it begins, or itself with letters left out."""

    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="spellings")
    key = models.CharField("llave", max_length=41)

    class Meta:
        indexes = [models.Index(fields=["key", "word"], name="words_of_a_key")]

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """A document says a word, in its title or in its text; the stem is that of the language in which it says it."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="postings", db_index=False)
    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="postings", db_index=False)
    stem = models.CharField("raíz", max_length=40)
    in_title = models.BooleanField("en el título")

    class Meta:
        indexes = [
            models.Index(fields=["stem", "document", "in_title"], name="documents_of_a_stem"),
            models.Index(fields=["word", "document", "in_title"], name="documents_of_a_word"),
            models.Index(fields=["document"], name="words_of_a_document"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.stem}"


class Unread(models.Model):
    """A record that changed and waits to be read again."""

    face = models.CharField("cara", max_length=6, choices=Face)
    record_id = models.CharField("registro", max_length=40)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["face", "record_id"], name="a_record_waits_once")]

    def __str__(self) -> str:
        return f"{self.face} {self.record_id}"


class Bookmark(models.Model):
    """The last entry of the log that the index has followed; there is one row."""

    last_entry = models.BigIntegerField("último asiento leído", default=0)

    def __str__(self) -> str:
        return str(self.last_entry)
