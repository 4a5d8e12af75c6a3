from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "manglar.operations"
    label = "operations"
    verbose_name = "Operación"
