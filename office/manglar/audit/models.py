from django.db import models

from manglar.audit.choices import Door, Operation
from manglar.foundation.identifiers import PublicIdField


class Context(models.Model):
    """Who acts and why, written in the same transaction as the changes; lives until it is sealed."""

    event = models.CharField("acto", max_length=60)
    chain = models.BigIntegerField("cadena (gobierno)", default=0)
    actor_name = models.CharField("quién", max_length=200)
    actor_ref = models.CharField("referencia de quién", max_length=60, blank=True)
    door = models.CharField("puerta", max_length=10, choices=Door)
    reason = models.TextField("motivo", blank=True)
    subject = models.CharField("registro", max_length=40, blank=True)
    at = models.DateTimeField("cuándo")

    def __str__(self) -> str:
        return f"{self.event} · {self.actor_name}"


class CurrentContext(models.Model):
    """SQLite only: the context of the one transaction that is writing. Always empty when committed."""

    context_ref = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return str(self.context_ref)


class RawChange(models.Model):
    """A change as a trigger wrote it, until the sealer chains it."""

    table_name = models.CharField(max_length=100)
    operation = models.CharField(max_length=1)
    row_key = models.CharField(max_length=100)
    chain = models.BigIntegerField(null=True)
    before = models.TextField(null=True)
    after = models.TextField(null=True)
    context_ref = models.BigIntegerField(null=True)
    at = models.CharField(max_length=40)

    class Meta:
        indexes = [
            # The sealer asks of each act whether more of its changes wait: without this, once a batch, of all that wait.
            models.Index(fields=["context_ref"], name="changes_of_an_act"),
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_key} {self.operation}"


class Entry(models.Model):
    """One link of a government's chain: digests only, never a value. The database refuses to change it."""

    chain = models.BigIntegerField("cadena (gobierno; 0 = instalación)")
    seq = models.BigIntegerField("número")
    operation = models.CharField("operación", max_length=5, choices=Operation)
    event = models.CharField("acto", max_length=60)
    door = models.CharField("puerta", max_length=10, choices=Door)
    at = models.CharField("cuándo", max_length=40)
    table_name = models.CharField("tabla", max_length=100, blank=True)
    row_key = models.CharField("fila", max_length=100, blank=True)
    subject = models.CharField("registro", max_length=40, blank=True)
    event_seq = models.BigIntegerField("acto que lo explica", null=True)
    digests = models.JSONField("huella de cada valor", default=dict)
    previous = models.CharField("huella anterior", max_length=64)
    digest = models.CharField("huella", max_length=64)
    source_ref = models.CharField("cambio o contexto de origen", max_length=30, unique=True)

    class Meta:
        ordering = ["chain", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="a_chain_has_one_entry_per_number"),
        ]
        indexes = [
            models.Index(fields=["table_name", "row_key"], name="entries_of_a_row"),
            models.Index(fields=["subject"], name="entries_of_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq} {self.event}"


class Payload(models.Model):
    """The values of an entry, each with its salt; a value may be erased on request, never changed."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="payload", primary_key=True)
    values = models.JSONField("valores", default=dict)
    erasure_ref = models.CharField("petición de borrado", max_length=40, blank=True)

    def __str__(self) -> str:
        return f"carga de {self.entry_id}"


class Erasure(models.Model):
    """A personal-data request that erased values from the log; it is itself in the log."""

    public_id = PublicIdField(prefix="borrado")
    table_name = models.CharField("tabla", max_length=100)
    row_key = models.CharField("fila", max_length=100)
    fields = models.JSONField("campos", default=list)
    reason = models.TextField("motivo y base legal")
    requested_on = models.DateField("pedido el")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="an_erasure_says_why"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class PublishedHead(models.Model):
    """The last link of a chain, published on a day, so that a cut tail is seen."""

    chain = models.BigIntegerField("cadena")
    on = models.DateField("día")
    seq = models.BigIntegerField("número")
    digest = models.CharField("huella", max_length=64)

    class Meta:
        ordering = ["-on", "chain"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "on"], name="a_chain_publishes_one_head_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.chain}/{self.seq}"
