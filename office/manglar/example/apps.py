from django.apps import AppConfig


class ExampleConfig(AppConfig):
    name = "manglar.example"
    label = "example"
    verbose_name = "Ejemplo"
