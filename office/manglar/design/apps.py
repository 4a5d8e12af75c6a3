from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "manglar.design"
    label = "design"
    verbose_name = "Diseño"
