"""Who may change the territory."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_change_territory(actor: Actor, government: Government | None) -> bool:
    """Record, import, split and end divisions and their limits. Who: analyst, approver, administrator"""
    return has_role(actor, government, Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR)
