"""What every test of the office stands on, and the kinds of mistakes that it forbids."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils.translation import override

from manglar.accounts import services as accounts
from manglar.accounts.actors import Actor, actor_for_user, program
from manglar.accounts.choices import Role
from manglar.audit.triggers import drop_all, install
from manglar.foundation.translated import translated
from manglar.governments.models import Government

pytest_plugins = ["tests.postgres"]


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_the_log() -> Iterator[None]:
    """Between tests that commit, the log is emptied too: nothing else may do that."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_all(self: BaseDatabaseOperations, sql_list: list[str]) -> Any:
        drop_all(connection)
        try:
            return flush(self, sql_list)
        finally:
            install(connection)

    BaseDatabaseOperations.execute_sql_flush = flush_all  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _each_test_begins_in_spanish() -> Iterator[None]:
    """A page asked for in English leaves its language on the thread, as in a server until the next request."""
    with override("es"):
        yield


@pytest.fixture
def real_data() -> Path:
    """The folder of real input; says so where there is none."""
    given = os.environ.get("MANGLAR_REAL_DATA")
    if not given:
        pytest.skip("MANGLAR_REAL_DATA no está puesta: esta prueba necesita los datos reales")
    return Path(given).resolve()


@pytest.fixture
def chromium() -> str:
    """Where the browser is; says so where there is none."""
    found = os.environ.get("MANGLAR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no hay chromium: instálelo para probar en un navegador")
    return found


@pytest.fixture
def office() -> Actor:
    """A command of the installation."""
    return program("prueba")


@pytest.fixture
def panama(db: None, office: Actor) -> Government:
    """The home government."""
    return accounts.found_government(
        by=office, code="panama", name=translated("Municipio de Panamá"), kind="municipality", is_home=True
    )


@pytest.fixture
def san_miguelito(db: None, office: Actor) -> Government:
    """A second government."""
    return accounts.found_government(
        by=office, code="san-miguelito", name=translated("Municipio de San Miguelito"), kind="municipality"
    )


@pytest.fixture
def someone_with(office: Actor) -> Any:
    """A function that makes an actor with roles in a government."""
    made: list[int] = []

    def make(government: Government, *roles: Role) -> Actor:
        made.append(1)
        user = accounts.create_user(
            by=office,
            government=government,
            email=f"papel{len(made)}-{government.code}@example.org",
            display_name=f"Papel {len(made)}",
            roles=list(roles),
        )
        return actor_for_user(user)

    return make
