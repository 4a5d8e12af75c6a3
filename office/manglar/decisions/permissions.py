"""Who may advise, present and decide."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_draft_notes(actor: Actor, government: Government | None) -> bool:
    """Write advice notes and their options. Who: editor, approver, administrator"""
    return has_role(actor, government, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_submit_notes(actor: Actor, government: Government | None) -> bool:
    """Present a note for decision, or withdraw it. Who: approver, administrator"""
    return has_role(actor, government, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_decide(actor: Actor, government: Government | None) -> bool:
    """Take, supersede and revoke decisions, send a note back. Who: mayor_office"""
    return has_role(actor, government, Role.MAYOR_OFFICE)


@predicate
def may_follow_decisions(actor: Actor, government: Government | None) -> bool:
    """Record the commitments that follow from a decision. Who: editor, approver, administrator"""
    return has_role(actor, government, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
