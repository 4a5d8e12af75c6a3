from django.apps import AppConfig


class LinkConfig(AppConfig):
    name = "manglar.link"
    label = "link"
    verbose_name = "Enlaces"
