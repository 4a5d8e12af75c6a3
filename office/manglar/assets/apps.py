from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "manglar.assets"
    label = "assets"
    verbose_name = "Activos"
