from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "manglar.foundation"
    label = "foundation"
    verbose_name = "Cimientos"
