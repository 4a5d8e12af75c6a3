from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "manglar.publication"
    label = "publication"
    verbose_name = "Publicación"
