"""Who is there for tests of tickets."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from tests.tickets import Vault, making_copy


@pytest.fixture(scope="module")
def vault(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Vault]:
    with django_db_blocker.unblock(), making_copy(seeded_database, "tickets") as vault:
        yield vault


@pytest.fixture
def user(vault: Vault) -> Iterator[str]:
    """An active user, who is afterwards as before."""
    user = vault.find_user()
    password = vault.ask('SELECT password FROM auth."user" WHERE id = %s', user)
    yield user
    vault.root.execute('UPDATE auth."user" SET password = %s, is_active = true WHERE id = %s', [password, user])


@pytest.fixture
def api(vault: Vault) -> Iterator[psycopg.Connection]:
    """A connection of the service that tickets here are for; a login has a limited number of them."""
    with vault.connect("api_rw") as session:
        yield session
