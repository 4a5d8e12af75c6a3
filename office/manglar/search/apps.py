from importlib import import_module

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "manglar.search"
    label = "search"
    verbose_name = "Búsqueda"

    def ready(self) -> None:
        """Let the worker know what this app does in each of its rounds."""
        import_module("manglar.search.tasks")
