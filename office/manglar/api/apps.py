from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "manglar.api"
    label = "api"
    verbose_name = "API"
