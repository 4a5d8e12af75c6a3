from importlib import import_module

from django.apps import AppConfig


class MarginConfig(AppConfig):
    name = "manglar.margin"
    label = "margin"
    verbose_name = "Al margen"

    def ready(self) -> None:
        """Let the worker know the works of this app."""
        import_module("manglar.margin.tasks")
