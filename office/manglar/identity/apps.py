from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "manglar.identity"
    label = "identity"
    verbose_name = "Identidad"
