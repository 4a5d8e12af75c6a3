"""Use cases of accounts: users, roles, invitations, signed links."""

import datetime as dt
import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from manglar.accounts import selectors
from manglar.accounts.actors import Actor, actor_for_user
from manglar.accounts.choices import Purpose, Role
from manglar.accounts.models import Membership, SignedLink, User
from manglar.accounts.permissions import may_manage_users, may_share_records, require
from manglar.audit.services import act
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government, SharingGrant


def create_user(
    *,
    by: Actor,
    government: Government,
    email: str,
    display_name: str,
    roles: list[Role],
    password: str | None = None,
    is_example: bool = False,
) -> User:
    """Create a user with roles; without a password the account can only be entered by invitation."""
    require(may_manage_users, by, government)
    email = _checked_email(email)
    if User.objects.filter(email=email).exists():
        raise Conflict(say("Ya hay una cuenta con el correo {email}.", email=email))
    user = User(username=email, email=email, display_name=display_name.strip() or email, is_example=is_example)
    _set_password(user, password)
    with act("user.created", by=by, government_id=government.pk, subject=user.public_id):
        user.save()
        _verify_address(user)
        for role in roles:
            Membership.objects.create(government=government, user=user, role=role)
    return user


def _checked_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(say("«{email}» no es una dirección de correo.", email=email)) from error
    return email


def _set_password(user: User, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages)) from error
    user.set_password(password)


def _verify_address(user: User) -> None:
    """The address was given by an administrator or proven by an invitation: allauth need not ask again."""
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)  # type: ignore[attr-defined]  # allauth


def note_sign_in(*, user: User, **_: Any) -> None:
    """Note in the log that a person signed in, and when."""
    with act("user.signed_in", by=actor_for_user(user)):
        User.objects.filter(pk=user.pk).update(last_login=timezone.now())


def give_role(*, by: Actor, government: Government, user: User, role: Role) -> Membership:
    """Give a user a role in a government; giving it twice changes nothing."""
    require(may_manage_users, by, government)
    held = Membership.objects.filter(government=government, user=user, role=role, ended_at__isnull=True).first()
    if held:
        return held
    with act("role.given", by=by, government_id=government.pk, subject=user.public_id):
        return Membership.objects.create(government=government, user=user, role=role)


def end_role(*, by: Actor, membership: Membership, at: dt.datetime) -> None:
    """End a role; a government keeps at least one administrator."""
    require(may_manage_users, by, membership.government)
    others = selectors.members_of(membership.government).filter(role=Role.ADMINISTRATOR).exclude(pk=membership.pk)
    if membership.role == Role.ADMINISTRATOR and not others.exists():
        raise Conflict(say("No puede quitar a la última administradora: dé antes ese papel a otra persona."))
    with act("role.ended", by=by, government_id=membership.government_id, subject=membership.user.public_id):
        membership.ended_at = at
        membership.save(update_fields=["ended_at"])


def issue_link(
    *,
    by: Actor,
    government: Government,
    purpose: Purpose,
    person_name: str,
    email: str,
    at: dt.datetime,
    valid_for: dt.timedelta,
    subject_id: str = "",
    payload: dict[str, Any] | None = None,
) -> tuple[SignedLink, str]:
    """Make a signed link and return it with its token, which is kept nowhere else.

    The caller has checked its own predicate: who may ask for an update is not who may invite.
    """
    token = secrets.token_urlsafe(32)
    with act("link.issued", by=by, government_id=government.pk, subject=subject_id):
        link = SignedLink.objects.create(
            government=government,
            purpose=purpose,
            token_digest=selectors.digest_of(token),
            person_name=person_name,
            email=email,
            subject_id=subject_id,
            payload=payload or {},
            expires_at=at + valid_for,
        )
    return link, token


def revoke_link(*, by: Actor, link: SignedLink, at: dt.datetime, reason: str) -> None:
    """Annul a link from now on."""
    require(may_manage_users, by, link.government)
    annul_link(by=by, link=link, at=at, reason=reason)


def annul_link(*, by: Actor, link: SignedLink, at: dt.datetime, reason: str) -> None:
    """Annul a link; as in ``issue_link``, the caller has checked its own predicate."""
    with act("link.revoked", by=by, government_id=link.government_id, subject=link.subject_id, reason=reason):
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])


def consume_link(*, link: SignedLink, at: dt.datetime) -> SignedLink:
    """Mark a link as used, inside the caller's act; refuse one that may not be used, also when two try at once."""
    held = SignedLink.objects.select_for_update().get(pk=link.pk)
    sentence = selectors.why_refused(held, at=at)
    if sentence:
        raise Conflict(sentence)
    held.used_at = at
    held.save(update_fields=["used_at"])
    return held


def invite(
    *, by: Actor, government: Government, email: str, display_name: str, role: Role, at: dt.datetime
) -> tuple[SignedLink, str]:
    """Invite a person to a role; the link lasts seven days."""
    require(may_manage_users, by, government)
    return issue_link(
        by=by,
        government=government,
        purpose=Purpose.INVITATION,
        person_name=display_name,
        email=_checked_email(email),
        at=at,
        valid_for=dt.timedelta(days=7),
        payload={"role": Role(role).value},
    )


def accept_invitation(*, by: Actor, link: SignedLink, password: str, at: dt.datetime) -> User:
    """Create the account of an invited person, or give the role to the account that the address has."""
    with act("invitation.accepted", by=by, government_id=link.government_id, subject=link.public_id):
        held = consume_link(link=link, at=at)
        user = User.objects.filter(email=held.email).first()
        if user is None:
            user = User(username=held.email, email=held.email, display_name=held.person_name)
            _set_password(user, password)
            user.save()
            _verify_address(user)
        Membership.objects.get_or_create(
            government=held.government, user=user, role=held.payload["role"], ended_at=None
        )
    return user


def issue_api_token(*, by: Actor, government: Government, user: User, at: dt.datetime) -> str:
    """A key with which a program acts as a user for ninety days; revocable like any link."""
    require(may_manage_users, by, government)
    _link, token = issue_link(
        by=by,
        government=government,
        purpose=Purpose.API_TOKEN,
        person_name=str(user),
        email=user.email,
        at=at,
        valid_for=dt.timedelta(days=90),
        subject_id=user.public_id,
    )
    return token


def found_government(
    *, by: Actor, code: str, name: dict[str, str], kind: str, is_home: bool = False, is_example: bool = False
) -> Government:
    """Create a government; only a program may (a command of the installation, the example)."""
    if not by.is_program:
        raise Conflict(say("Los gobiernos se crean con la orden «manglar new-city»."))
    if Government.objects.filter(code=code).exists():
        raise Conflict(say("Ya hay un gobierno con el código «{code}».", code=code))
    if is_home and Government.objects.filter(is_home=True).exists():
        raise Conflict(say("Esta instalación ya tiene su ciudad."))
    with act("government.founded", by=by):
        return Government.objects.create(code=code, name=name, kind=kind, is_home=is_home, is_example=is_example)


def share_record(
    *,
    by: Actor,
    government: Government,
    to: Government,
    record_id: str,
    scope: str,
    reason: str,
    from_on: dt.date,
    until_on: dt.date | None = None,
) -> SharingGrant:
    """Let another government read a record, or add to it; explicit, dated, revocable."""
    require(may_share_records, by, government)
    if to.pk == government.pk:
        raise InvalidInput(say("Un registro se comparte con otro gobierno, no con el propio."))
    if until_on is not None and until_on < from_on:
        raise InvalidInput(say("El permiso termina antes de empezar: corrija las fechas."))
    with act("record.shared", by=by, government_id=government.pk, subject=record_id, reason=reason):
        return SharingGrant.objects.create(
            government=government,
            to=to,
            record_id=record_id,
            scope=scope,
            reason=reason,
            from_on=from_on,
            until_on=until_on,
        )


def revoke_grant(*, by: Actor, grant: SharingGrant, on: dt.date, reason: str) -> SharingGrant:
    """Take a grant back from a day on; the grant stays in the record with its reason."""
    require(may_share_records, by, grant.government)
    if not reason.strip():
        raise InvalidInput(say("Diga por qué se revoca el permiso."))
    with act("grant.revoked", by=by, government_id=grant.government_id, subject=grant.record_id, reason=reason):
        grant.revoked_on, grant.revoked_reason = on, reason
        grant.save(update_fields=["revoked_on", "revoked_reason"])
    return grant
