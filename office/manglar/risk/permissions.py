"""Who may ask the engine and who may read what it said."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_read_risk(actor: Actor, government: Government | None) -> bool:
    """Runs, data sets and their results, before any of it is published. Who: member"""
    return government is not None and any(held == government.pk for held, _ in actor.roles)


@predicate
def may_run_risk(actor: Actor, government: Government | None) -> bool:
    """Register data sets, ask for runs, make findings from them. Who: analyst, editor, approver, administrator"""
    return has_role(actor, government, Role.ANALYST, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
