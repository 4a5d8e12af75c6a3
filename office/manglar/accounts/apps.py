from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "manglar.accounts"
    label = "accounts"
    verbose_name = "Cuentas"

    def ready(self) -> None:
        """Signing in is an act of the log: Django's own note of it would be a change without a reason."""
        from manglar.accounts.services import note_sign_in  # noqa: PLC0415  # models exist only after the apps are ready

        # Under Django's own name for it, so that ours takes its place whichever app is ready first.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(note_sign_in, dispatch_uid="update_last_login")
