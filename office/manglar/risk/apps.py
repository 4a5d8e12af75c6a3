from importlib import import_module

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "manglar.risk"
    label = "risk"
    verbose_name = "Riesgo"

    def ready(self) -> None:
        """Let the worker know the works of this app."""
        import_module("manglar.risk.tasks")
