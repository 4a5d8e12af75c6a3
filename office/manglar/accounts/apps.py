from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "manglar.accounts"
    label = "accounts"
    verbose_name = "Cuentas"
