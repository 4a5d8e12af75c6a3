from django.db import models
from django.utils import timezone

from manglar.accounts.models import User
from manglar.foundation.identifiers import PublicIdField
from manglar.governments.models import OwnedModel
from manglar.operations.choices import ImportState, JobState, MessageState


class Job(OwnedModel):
    """Something that runs later, or longer than a page may wait."""

    public_id = PublicIdField(prefix="trabajo")
    kind = models.CharField("clase", max_length=60)
    title = models.CharField("título", max_length=200)
    arguments = models.JSONField("datos", default=dict)
    state = models.CharField("estado", max_length=10, choices=JobState, default=JobState.QUEUED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="pedido por")
    fraction = models.FloatField("avance", default=0)
    step = models.CharField("paso", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField("intentos", default=0)
    cancel_asked = models.BooleanField("anulación pedida", default=False)
    heartbeat_at = models.DateTimeField("latido", null=True)
    created_at = models.DateTimeField("creado", default=timezone.now)
    finished_at = models.DateTimeField("terminado", null=True)
    result = models.JSONField("resultado", default=dict)
    error = models.TextField("error", blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(fraction__gte=0, fraction__lte=1), name="progress_is_a_fraction"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"


class OutboxMessage(OwnedModel):
    """A message written in the transaction that wants it sent, and sent after it."""

    public_id = PublicIdField(prefix="mensaje")
    to = models.EmailField("para")
    subject = models.CharField("asunto", max_length=200)
    body = models.TextField("texto")
    state = models.CharField("estado", max_length=10, choices=MessageState, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField("intentos", default=0)
    try_at = models.DateTimeField("se intenta desde")
    sent_at = models.DateTimeField("enviado el", null=True)
    error = models.TextField("error", blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "try_at"], name="messages_that_wait")]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class StoredFile(OwnedModel):
    """A file kept by its content: name as given, type and size as found."""

    public_id = PublicIdField(prefix="archivo")
    name = models.CharField("nombre", max_length=200)
    media_type = models.CharField("clase", max_length=100)
    size_bytes = models.PositiveBigIntegerField("tamaño")
    sha256 = models.CharField("huella", max_length=64)
    path = models.CharField("lugar", max_length=200)
    created_at = models.DateTimeField("guardado", default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class FileImport(OwnedModel):
    """One import of a file: what it was, what came of it, and which acts of the log it is made of."""

    public_id = PublicIdField(prefix="importacion")
    kind = models.SlugField("clase de importación", max_length=40)
    file_name = models.CharField("archivo", max_length=200)
    sha256 = models.CharField("huella", max_length=64)
    counts = models.JSONField("cuentas", default=dict)
    acts = models.JSONField("actos", default=list)
    undo_acts = models.JSONField("actos que la deshicieron", default=list)
    state = models.CharField("estado", max_length=10, choices=ImportState, default=ImportState.APPLIED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="importó")
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="deshizo")
    at = models.DateTimeField("cuándo")
    undone_at = models.DateTimeField("deshecha el", null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["government", "state"], name="imports_of_a_government")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=ImportState.APPLIED, undone_at__isnull=True)
                | models.Q(state=ImportState.UNDONE, undone_at__isnull=False),
                name="an_import_undone_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
