"""A record of a government, and people beside it."""

import datetime as dt

import pytest

from manglar.accounts import services as accounts
from manglar.accounts.actors import actor_for_user, program
from manglar.accounts.choices import Role
from manglar.margin.models import Record

AT = dt.datetime(2026, 5, 4, 15, 0, tzinfo=dt.UTC)
OFFICE = program("prueba")
RIVER = "hito-7k3m9q2xtw"


@pytest.fixture
def river(panama):
    return Record(panama, RIVER, "hitos", "Limpiar el río")


@pytest.fixture
def member():
    """A function that makes an actor with a name and a role."""

    def make(government, name, role=Role.READER):
        user = accounts.create_user(
            by=OFFICE, government=government, email=f"{name.split()[0].lower()}@example.org", display_name=name,
            roles=[role],
        )
        return actor_for_user(user)

    return make


@pytest.fixture
def lectora(panama, member):
    return member(panama, "Lectora Primera")


@pytest.fixture
def editora(panama, member):
    return member(panama, "Editora Segunda", Role.EDITOR)


@pytest.fixture
def vecina(san_miguelito, member):
    return member(san_miguelito, "Vecina Tercera", Role.ADMINISTRATOR)


def leave(actor):
    """End every role of a person; return them as they are now."""
    for membership in actor.user.memberships.filter(ended_at__isnull=True):
        accounts.end_role(by=OFFICE, membership=membership, at=AT)
    return actor_for_user(actor.user)
