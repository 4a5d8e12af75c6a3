from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "manglar.strategy"
    label = "strategy"
    verbose_name = "Estrategia"
