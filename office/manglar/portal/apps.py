from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "manglar.portal"
    label = "portal"
    verbose_name = "Portal"
