from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "manglar.web"
    label = "web"
    verbose_name = "Páginas"

    def ready(self) -> None:
        """Let search know what the declared kinds say."""
        import_module("manglar.web.indexing")
