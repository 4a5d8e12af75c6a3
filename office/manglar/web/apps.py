from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "manglar.web"
    label = "web"
    verbose_name = "Páginas"
