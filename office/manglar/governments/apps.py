from django.apps import AppConfig


class GovernmentsConfig(AppConfig):
    name = "manglar.governments"
    label = "governments"
    verbose_name = "Gobiernos"
