"""Who may plan, report, ask and approve."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


@predicate
def may_plan_milestones(actor: Actor, government: Government | None) -> bool:
    """Write milestones and obstacles. Who: editor, approver, administrator"""
    return has_role(actor, government, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_report(actor: Actor, government: Government | None) -> bool:
    """Report on milestones; focal points and Juntas Comunales, on those of their institution.
    Who: focal_point, senior_official, junta_comunal, editor, approver, administrator"""
    return has_role(
        actor, government, Role.FOCAL_POINT, Role.SENIOR_OFFICIAL, Role.JUNTA_COMUNAL, Role.EDITOR, Role.APPROVER,
        Role.ADMINISTRATOR,
    )


@predicate
def may_report_on_any(actor: Actor, government: Government | None) -> bool:
    """Report on any milestone, whoever answers for it. Who: editor, approver, administrator"""
    return has_role(actor, government, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_ask_for_updates(actor: Actor, government: Government | None) -> bool:
    """Send a person a link to report on a milestone. Who: editor, approver, administrator"""
    return has_role(actor, government, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_approve_updates(actor: Actor, government: Government | None) -> bool:
    """Approve a report of someone else, or send it back. Who: approver, administrator"""
    return has_role(actor, government, Role.APPROVER, Role.ADMINISTRATOR)
