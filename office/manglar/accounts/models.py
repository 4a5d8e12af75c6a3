from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower

from manglar.accounts.choices import Purpose, Role
from manglar.foundation.identifiers import PublicIdField
from manglar.governments.models import OwnedModel


class User(AbstractUser):
    """A person who signs in with an e-mail address."""

    public_id = PublicIdField(prefix="usuario")
    email = models.EmailField("correo", unique=True)
    display_name = models.CharField("nombre", max_length=200)
    language = models.CharField("idioma", max_length=8, default="es")
    is_example = models.BooleanField("es un papel de ejemplo", default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["username"]
    objects = UserManager()  # type: ignore[misc]  # django-stubs: narrowed from the abstract class

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="an_address_belongs_to_one_user")]

    def __str__(self) -> str:
        return self.display_name or self.email


class Membership(OwnedModel):
    """A user has a role in a government, from a day on and perhaps until another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name="usuario")
    role = models.CharField("papel", max_length=20, choices=Role)
    ended_at = models.DateTimeField("terminó", null=True, blank=True)

    class Meta:
        ordering = ["government_id", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["government", "user", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="a_user_has_a_role_once_in_a_government",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class SignedLink(OwnedModel):
    """One purpose, one person, one record; expires, can be revoked; only the digest of its token is kept."""

    public_id = PublicIdField(prefix="enlace")
    purpose = models.CharField("fin", max_length=20, choices=Purpose)
    token_digest = models.CharField(max_length=64, unique=True)
    person_name = models.CharField("para quién", max_length=200)
    email = models.EmailField("correo", blank=True)
    subject_id = models.CharField("registro", max_length=40, blank=True)
    payload = models.JSONField("datos", default=dict, blank=True)
    expires_at = models.DateTimeField("vence")
    used_at = models.DateTimeField("usado", null=True, blank=True)
    revoked_at = models.DateTimeField("anulado", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject_id"], name="links_of_a_record")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.person_name}"
