from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "manglar.agreements"
    label = "agreements"
    verbose_name = "Acuerdos"
