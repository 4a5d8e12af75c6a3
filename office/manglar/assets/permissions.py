"""Who may read and change what the city has."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_read_assets(actor: Actor, government: Government | None) -> bool:
    """The assets of a government. Who: member"""
    return government is not None and any(held == government.pk for held, _ in actor.roles)


@predicate
def may_change_assets(actor: Actor, government: Government | None) -> bool:
    """Record, import and undo imports of assets. Who: analyst, editor, approver, administrator"""
    return has_role(actor, government, Role.ANALYST, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
