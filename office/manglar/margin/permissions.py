"""Who may write and keep something beside the records of a government."""

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.accounts.permissions import has_role, predicate
from manglar.governments.models import Government


def _is_member(actor: Actor, government: Government | None) -> bool:
    return government is not None and any(held == government.pk for held, _ in actor.roles)


@predicate
def may_read_margin(actor: Actor, government: Government | None) -> bool:
    """Comments beside the records, one's notifications and the shared views. Who: member"""
    return _is_member(actor, government)


@predicate
def may_comment(actor: Actor, government: Government | None) -> bool:
    """Comment on a record, reply, and correct or withdraw one's own words. Who: member"""
    return _is_member(actor, government)


@predicate
def may_attach_files(actor: Actor, government: Government | None) -> bool:
    """Put a file beside a record, and withdraw one with its reason. Who: analyst, editor, approver, administrator"""
    return has_role(actor, government, Role.ANALYST, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_follow(actor: Actor, government: Government | None) -> bool:
    """Follow a record, and choose which notifications arrive by mail. Who: member"""
    return _is_member(actor, government)


@predicate
def may_save_views(actor: Actor, government: Government | None) -> bool:
    """Keep a list under a name, for oneself or for the whole government. Who: member"""
    return _is_member(actor, government)


@predicate
def may_tidy_shared_views(actor: Actor, government: Government | None) -> bool:
    """Delete or stop sharing a view that somebody else shared. Who: administrator"""
    return has_role(actor, government, Role.ADMINISTRATOR)


@predicate
def may_remember_columns(actor: Actor, government: Government | None) -> bool:
    """Keep which column was what in an import. Who: analyst, editor, approver, administrator"""
    return has_role(actor, government, Role.ANALYST, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_erase_authors(actor: Actor, government: Government | None) -> bool:
    """Erase a person's name from the margins at their request (Ley 81 of 2019). Who: administrator"""
    return has_role(actor, government, Role.ADMINISTRATOR)
