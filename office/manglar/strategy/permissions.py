"""Who may write, adopt and contribute to a strategy."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_read_strategy(actor: Actor, government: Government | None) -> bool:
    """The internal view of a strategy, drafts included. Who: member"""
    return government is not None and any(held == government.pk for held, _ in actor.roles)


@predicate
def may_edit_strategy(actor: Actor, government: Government | None) -> bool:
    """Write drafts, import plans, link findings and responsibles. Who: editor, approver, administrator"""
    return has_role(actor, government, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_adopt_edition(actor: Actor, government: Government | None) -> bool:
    """Freeze an edition with the act that adopts it. Who: approver, administrator"""
    return has_role(actor, government, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_contribute(actor: Actor, government: Government | None) -> bool:
    """Add, for one's own government, to a node that another shares. Who: focal_point, editor, approver, administrator"""
    return has_role(actor, government, Role.FOCAL_POINT, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
