from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "manglar.desk"
    label = "desk"
    verbose_name = "Escritorio"
