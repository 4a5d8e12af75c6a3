"""Users, roles, links, sharing: nobody enters alone, nothing is given for ever."""

import datetime as dt

import pytest
from django.utils import timezone

from manglar.accounts import selectors, services
from manglar.accounts.actors import ANONYMOUS, actor_for_user
from manglar.accounts.choices import Purpose, Role
from manglar.accounts.models import Membership, User
from manglar.accounts.permissions import predicate
from manglar.audit.models import Entry
from manglar.audit.services import seal
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.governments.selectors import shared_record_ids

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(dt.datetime(2026, 11, 23, 9, 0))
WEEK = dt.timedelta(days=7)


def test_only_an_administrator_creates_users(panama, someone_with):
    for role in Role:
        actor = someone_with(panama, role)
        create = {"by": actor, "government": panama, "email": f"n-{role}@example.org", "display_name": "N", "roles": []}
        if role == Role.ADMINISTRATOR:
            assert services.create_user(**create).has_usable_password() is False
        else:
            with pytest.raises(NotAllowed):
                services.create_user(**create)


def test_an_administrator_of_one_government_has_no_power_in_another(panama, san_miguelito, someone_with):
    with pytest.raises(NotAllowed):
        services.invite(
            by=someone_with(panama, Role.ADMINISTRATOR),
            government=san_miguelito,
            email="a@example.org",
            display_name="A",
            role=Role.EDITOR,
            at=NOW,
        )


@pytest.mark.parametrize("password", ["corta", "123456789012345", "password1234"])
def test_a_weak_password_is_refused_in_words(panama, office, password):
    with pytest.raises(InvalidInput):
        services.create_user(
            by=office, government=panama, email="a@example.org", display_name="A", roles=[], password=password
        )
    assert not User.objects.filter(email="a@example.org").exists()


def test_two_accounts_cannot_share_an_address_whatever_its_case(panama, office):
    services.create_user(by=office, government=panama, email="A@Example.org", display_name="A", roles=[])
    with pytest.raises(Conflict):
        services.create_user(by=office, government=panama, email="a@example.ORG ", display_name="B", roles=[])


def test_an_invitation_is_used_once(panama, office):
    link, token = services.invite(
        by=office, government=panama, email="a@example.org", display_name="A", role=Role.EDITOR, at=NOW
    )
    held = selectors.link_by_token(token, Purpose.INVITATION)
    assert held == link
    assert token not in str(vars(link))
    user = services.accept_invitation(by=ANONYMOUS, link=held, password="manglares-altos-9", at=NOW)
    assert user.check_password("manglares-altos-9")
    assert actor_for_user(user).roles == {(panama.pk, "editor")}
    with pytest.raises(Conflict, match="ya se usó"):
        services.accept_invitation(by=ANONYMOUS, link=held, password="manglares-altos-9", at=NOW)


def test_an_invitation_does_not_change_the_password_of_an_account_that_exists(panama, san_miguelito, office):
    user = services.create_user(
        by=office, government=panama, email="a@example.org", display_name="A", roles=[], password="manglares-altos-9"
    )
    link, _ = services.invite(
        by=office, government=san_miguelito, email="a@example.org", display_name="A", role=Role.READER, at=NOW
    )
    services.accept_invitation(by=ANONYMOUS, link=link, password="otra-clave-larga-7", at=NOW)
    user.refresh_from_db()
    assert user.check_password("manglares-altos-9")
    assert (san_miguelito.pk, "reader") in actor_for_user(user).roles


def test_an_expired_or_revoked_link_is_refused(panama, office):
    link, _ = services.invite(
        by=office, government=panama, email="a@example.org", display_name="A", role=Role.EDITOR, at=NOW
    )
    with pytest.raises(Conflict, match="venció"):
        services.consume_link(link=link, at=NOW + WEEK)
    services.revoke_link(by=office, link=link, at=NOW, reason="se envió a otra persona")
    with pytest.raises(Conflict, match="anulado"):
        services.consume_link(link=link, at=NOW)


def test_a_token_of_one_purpose_opens_no_other(panama, office):
    _, token = services.invite(
        by=office, government=panama, email="a@example.org", display_name="A", role=Role.EDITOR, at=NOW
    )
    assert selectors.link_by_token(token, Purpose.MILESTONE_UPDATE) is None


def test_an_api_key_stops_when_it_expires(panama, office):
    user = services.create_user(
        by=office, government=panama, email="a@example.org", display_name="A", roles=[Role.READER]
    )
    token = services.issue_api_token(by=office, government=panama, user=user, at=NOW)
    assert selectors.user_by_api_token(token, at=NOW) == user
    assert selectors.user_by_api_token(token, at=NOW + dt.timedelta(days=90)) is None
    assert selectors.user_by_api_token("inventada", at=NOW) is None


def test_the_last_administrator_stays(panama, office):
    user = services.create_user(
        by=office, government=panama, email="a@example.org", display_name="A", roles=[Role.ADMINISTRATOR]
    )
    membership = Membership.objects.get(user=user)
    with pytest.raises(Conflict, match="última"):
        services.end_role(by=office, membership=membership, at=NOW)
    other = services.create_user(
        by=office, government=panama, email="b@example.org", display_name="B", roles=[Role.ADMINISTRATOR]
    )
    services.end_role(by=office, membership=membership, at=NOW)
    assert actor_for_user(user).roles == set()
    assert actor_for_user(other).roles


def test_a_grant_is_explicit_dated_and_revocable(panama, san_miguelito, office, someone_with):
    day = dt.date(2026, 1, 10)
    grant = services.share_record(
        by=office,
        government=panama,
        to=san_miguelito,
        record_id="iniciativa-x",
        scope="read",
        reason="programa conjunto",
        from_on=day,
        until_on=day.replace(month=2),
    )
    assert shared_record_ids(to=san_miguelito, on=day) == {"iniciativa-x"}
    assert shared_record_ids(to=san_miguelito, on=day - dt.timedelta(days=1)) == set()
    assert shared_record_ids(to=san_miguelito, on=day.replace(month=3)) == set()
    assert shared_record_ids(to=panama, on=day) == set()
    assert shared_record_ids(to=san_miguelito, on=day, scope="contribute") == set()
    with pytest.raises(NotAllowed):
        services.revoke_grant(by=someone_with(san_miguelito, Role.ADMINISTRATOR), grant=grant, on=day, reason="x")
    with pytest.raises(InvalidInput):
        services.revoke_grant(by=office, grant=grant, on=day, reason=" ")
    services.revoke_grant(by=office, grant=grant, on=day, reason="terminó")
    assert shared_record_ids(to=san_miguelito, on=day) == set()


def test_a_grant_to_oneself_or_backwards_in_time_is_refused(panama, san_miguelito, office):
    day = dt.date(2026, 1, 10)
    give = {"by": office, "government": panama, "record_id": "x", "scope": "read", "reason": "r", "from_on": day}
    with pytest.raises(InvalidInput):
        services.share_record(**give, to=panama)
    with pytest.raises(InvalidInput):
        services.share_record(**give, to=san_miguelito, until_on=day - WEEK)


def test_a_predicate_must_say_whom_it_lets_in():
    with pytest.raises(TypeError, match="Who:"):

        @predicate
        def may_do_anything(actor, government):
            """No line here."""
            return True


def test_signing_in_is_an_act_of_the_log_and_no_alarm(panama, office, client):
    user = services.create_user(
        by=office, government=panama, email="entra@example.org", display_name="Quien entra", roles=[Role.EDITOR]
    )
    client.force_login(user)
    seal()
    user.refresh_from_db()
    assert user.last_login is not None
    assert Entry.objects.filter(event="user.signed_in", operation="event").count() == 1
    assert not Entry.objects.filter(door="outside").exists()
