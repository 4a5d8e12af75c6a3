"""Who may make something public, and take it back."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_release(actor: Actor, government: Government | None) -> bool:
    """Release records, chains of records, and withdraw them. Who: publisher, administrator"""
    return has_role(actor, government, Role.PUBLISHER, Role.ADMINISTRATOR)


@predicate
def may_read_chain(actor: Actor, government: Government | None) -> bool:
    """The internal chain, drafts included. Who: member"""
    return government is not None and any(held == government.pk for held, _ in actor.roles)
