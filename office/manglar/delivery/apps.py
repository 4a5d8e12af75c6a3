from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "manglar.delivery"
    label = "delivery"
    verbose_name = "Ejecución"
