"""Who may take an import back."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_undo_imports(actor: Actor, government: Government | None) -> bool:
    """Take back an import; each kind also wants its own predicate. Who: analyst, editor, approver, administrator"""
    return has_role(actor, government, Role.ANALYST, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
