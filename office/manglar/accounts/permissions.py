"""Who may do what in general, and the tools with which every room writes its own predicates.

A predicate takes ``(actor, government)``. Its docstring ends in a line ``Who: …`` with the roles that it
lets in (``everyone`` for no account needed, ``member`` for any role in the government, ``somewhere`` for a role in any): the role × route matrix reads that
line as its expectation, so the sentence and the code cannot drift apart.
"""

from collections.abc import Callable
from typing import Any

import rules

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Role
from manglar.foundation.refusals import NotAllowed
from manglar.foundation.sentences import say
from manglar.governments.models import Government

Predicate = Any  # rules.Predicate has no types of its own


def predicate(function: Callable[[Actor, Government | None], bool]) -> Predicate:
    """Make a named predicate; its docstring must say ``Who:``."""
    if "Who:" not in (function.__doc__ or ""):
        raise TypeError(f"{function.__name__} must say in its docstring whom it lets in: a line «Who: …»")
    made = rules.predicate(function)  # type: ignore[attr-defined,no-untyped-call]  # rules has no types
    made.__doc__ = function.__doc__
    REGISTRY[f"{function.__module__}.{function.__name__}"] = made
    return made


#: Every predicate of the program by its dotted name; the mutation test negates each in turn.
REGISTRY: dict[str, Predicate] = {}


def has_role(actor: Actor, government: Government | None, *roles: Role) -> bool:
    """Whether the actor has one of the roles in the government."""
    return government is not None and any((government.pk, role) in actor.roles for role in roles)


def require(allowed: Predicate, by: Actor, government: Government | None) -> None:
    """Raise NotAllowed with a sentence unless the predicate lets the actor in; programs act freely."""
    if not by.is_program and not allowed.test(by, government):
        raise NotAllowed(say("Su papel no permite hacer esto. Pídalo a la administración de su gobierno."))


@predicate
def may_read_public(actor: Actor, government: Government | None) -> bool:  # noqa: ARG001  # anyone, anywhere
    """What is released is for all. Who: everyone"""
    return True


@predicate
def may_enter_desk(actor: Actor, government: Government | None) -> bool:
    """The desk of a government is for those who have a role in it. Who: member"""
    return government is not None and any(held == government.pk for held, _ in actor.roles)


@predicate
def may_have_a_desk(actor: Actor, government: Government | None) -> bool:  # noqa: ARG001  # before a government is known
    """Go to one's own desk, wherever it is. Who: somewhere"""
    return bool(actor.roles)


@predicate
def may_manage_users(actor: Actor, government: Government | None) -> bool:
    """Invitations, roles and links. Who: administrator"""
    return has_role(actor, government, Role.ADMINISTRATOR)


@predicate
def may_read_log(actor: Actor, government: Government | None) -> bool:
    """The values of the log, not only its digests. Who: auditor, administrator, approver"""
    return has_role(actor, government, Role.AUDITOR, Role.ADMINISTRATOR, Role.APPROVER)


@predicate
def may_edit_records(actor: Actor, government: Government | None) -> bool:
    """Write and change records of the office. Who: editor, approver, administrator"""
    return has_role(actor, government, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)


@predicate
def may_share_records(actor: Actor, government: Government | None) -> bool:
    """Share a record with another government, and take it back. Who: approver, administrator"""
    return has_role(actor, government, Role.APPROVER, Role.ADMINISTRATOR)
