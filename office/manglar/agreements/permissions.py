"""Who may record what was promised, and say how it stands."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_record_agreements(actor: Actor, government: Government | None) -> bool:
    """Record agreements, parties and commitments. Who: editor, approver, administrator"""
    return has_role(actor, government, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_settle_commitments(actor: Actor, government: Government | None) -> bool:
    """Say that a promise was kept, broken or withdrawn. Who: editor, approver, administrator"""
    return has_role(actor, government, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
