from django.apps import AppConfig


class SeedConfig(AppConfig):
    name = "manglar.seed"
    label = "seed"
    verbose_name = "Ciudad de prueba"
