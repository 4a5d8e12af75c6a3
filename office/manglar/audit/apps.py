from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "manglar.audit"
    label = "audit"
    verbose_name = "Bitácora"

    def ready(self) -> None:
        # Technical, not a rule: the triggers exist after every migration, whoever ran it.
        from manglar.audit.triggers import install_after_migrate  # noqa: PLC0415  # models exist only now

        post_migrate.connect(install_after_migrate, dispatch_uid="audit-triggers")
