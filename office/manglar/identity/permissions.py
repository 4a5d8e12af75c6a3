"""Who may change how a government presents itself."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_change_settings(actor: Actor, government: Government | None) -> bool:
    """The name, the office, the colour, the logo and the words of a government. Who: administrator"""
    return has_role(actor, government, Role.ADMINISTRATOR)
