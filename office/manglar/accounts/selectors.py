"""Reads about users, roles and links."""

import datetime as dt
import hashlib

from django.db.models import QuerySet

from manglar.accounts.actors import Actor
from manglar.accounts.choices import Purpose
from manglar.accounts.models import Membership, SignedLink, User
from manglar.accounts.rules import why_link_is_refused
from manglar.foundation.sentences import Said
from manglar.governments.models import Government, SharingGrant


def memberships_of(user: User) -> QuerySet[Membership]:
    """The roles that a user has now, with their governments."""
    return user.memberships.filter(ended_at__isnull=True).select_related("government")


def governments_of(actor: Actor) -> list[Government]:
    """The governments in which an actor has a role, home first."""
    return list(Government.objects.filter(pk__in={pk for pk, _ in actor.roles}))


def members_of(government: Government) -> QuerySet[Membership]:
    """Who has a role in a government."""
    return Membership.objects.filter(government=government, ended_at__isnull=True).select_related("user")


def example_users() -> QuerySet[User]:
    """The roles that a visitor of an example installation may try."""
    return User.objects.filter(is_example=True).prefetch_related("memberships__government").order_by("pk")


def user_by_email(email: str) -> User | None:
    """The account with an address, whatever its capitals, or None."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def digest_of(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_by_token(token: str, purpose: Purpose) -> SignedLink | None:
    """The link for a token and a purpose, whatever its state, or None."""
    return (
        SignedLink.objects.select_related("government").filter(token_digest=digest_of(token), purpose=purpose).first()
    )


def why_refused(link: SignedLink, *, at: dt.datetime) -> Said:
    """Why a link may not be used now; empty when it may."""
    return why_link_is_refused(expires_at=link.expires_at, used_at=link.used_at, revoked_at=link.revoked_at, at=at)


def links_of(subject_id: str) -> QuerySet[SignedLink]:
    """The links ever sent for a record."""
    return SignedLink.objects.filter(subject_id=subject_id)


def user_by_api_token(token: str, *, at: dt.datetime) -> User | None:
    """The user for whom an API key was made, or None when the key is unknown, expired or revoked."""
    link = link_by_token(token, Purpose.API_TOKEN)
    if link is None or why_refused(link, at=at):
        return None
    return User.objects.filter(public_id=link.subject_id, is_active=True).first()


def grants_given(government: Government, *, on: dt.date) -> list[SharingGrant]:
    """The grants that a government gave, newest first; each knows the day on which it is looked at."""
    given = list(SharingGrant.objects.filter(government=government).select_related("to", "government"))
    for grant in given:
        grant.seen_on = on  # type: ignore[attr-defined]  # the reader's day, not a column
    return given


def grant_by_id(government: Government, public_id: str, *, on: dt.date) -> SharingGrant | None:
    """One grant of a government, or None."""
    return next((g for g in grants_given(government, on=on) if g.public_id == public_id), None)
