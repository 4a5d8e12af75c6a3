"""Who may read and write what the office found out."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_read_evidence(actor: Actor, government: Government | None) -> bool:
    """Sources and findings of a government. Who: member"""
    return government is not None and any(held == government.pk for held, _ in actor.roles)


@predicate
def may_write_evidence(actor: Actor, government: Government | None) -> bool:
    """Record and revise sources and findings. Who: analyst, editor, approver, administrator"""
    return has_role(actor, government, Role.ANALYST, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_review_evidence(actor: Actor, government: Government | None) -> bool:
    """Review and supersede findings. Who: approver, administrator"""
    return has_role(actor, government, Role.APPROVER, Role.ADMINISTRATOR)
