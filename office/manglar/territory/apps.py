from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "manglar.territory"
    label = "territory"
    verbose_name = "Territorio"
