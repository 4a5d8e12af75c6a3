from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "manglar.network"
    label = "network"
    verbose_name = "Red"
