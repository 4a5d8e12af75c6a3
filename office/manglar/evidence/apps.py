from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "manglar.evidence"
    label = "evidence"
    verbose_name = "Evidencia"
