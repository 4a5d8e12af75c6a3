"""Who may read and change the network of institutions."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_read_network(actor: Actor, government: Government | None) -> bool:
    """Institutions, posts and the people who hold them. Who: member"""
    return government is not None and any(held == government.pk for held, _ in actor.roles)


@predicate
def may_change_network(actor: Actor, government: Government | None) -> bool:
    """Record institutions, posts, people and appointments. Who: editor, approver, administrator"""
    return has_role(actor, government, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_erase_people(actor: Actor, government: Government | None) -> bool:
    """Erase a person's data at their request (Ley 81 of 2019). Who: administrator"""
    return has_role(actor, government, Role.ADMINISTRATOR)
