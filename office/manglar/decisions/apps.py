from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "manglar.decisions"
    label = "decisions"
    verbose_name = "Decisiones"
