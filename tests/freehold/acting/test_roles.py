"""Acting as another role, and as before afterwards: inside a transaction, outside, and after an error."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from pytest_django import DjangoDbBlocker

from freehold.acting.roles import can_switch, switch_role, using_role

ALIAS = "roles"


@pytest.fixture
def migrator(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """A connection of the migrator's to the test database, outside any transaction."""
    connections.settings[ALIAS] = {**deepcopy(connection.settings_dict), "USER": "migrator"}
    with django_db_blocker.unblock():
        yield connections[ALIAS]
        connections[ALIAS].close()
    del connections[ALIAS]
    del connections.settings[ALIAS]


def get_role(session: Any) -> str:
    with session.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role: str = cursor.fetchone()[0]
    return role


@pytest.mark.postgresql
def test_block_acts_as_the_role_and_blocks_stand_in_one_another(migrator: Any) -> None:
    with using_role(migrator, "auth_owner"):
        with using_role(migrator, "app_owner"):
            inner = get_role(migrator)
        outer = get_role(migrator)

    assert (inner, outer, get_role(migrator)) == ("app_owner", "auth_owner", "migrator")


@pytest.mark.postgresql
def test_role_of_a_transaction_ends_with_it(migrator: Any) -> None:
    with transaction.atomic(using=ALIAS):
        switch_role(migrator, "auth_owner")

    assert get_role(migrator) == "migrator"


@pytest.mark.postgresql
def test_switch_gives_the_role_that_was_set_before(migrator: Any) -> None:
    assert [switch_role(migrator, role) for role in ("auth_owner", "none", "none")] == ["none", "auth_owner", "none"]


@pytest.mark.postgresql
def test_error_inside_the_block_is_the_one_that_is_raised(migrator: Any) -> None:
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(using=ALIAS),
        using_role(migrator, "auth_owner"),
        migrator.cursor() as cursor,
    ):
        cursor.execute("SELECT 1/0")

    assert str(caught.value) == "division by zero"
    assert get_role(migrator) == "migrator"


@pytest.mark.postgresql
def test_role_that_the_login_is_no_member_of_is_refused(migrator: Any) -> None:
    with pytest.raises(DatabaseError) as caught, using_role(migrator, "postgres"):
        pass

    assert str(caught.value) == 'permission denied to set role "postgres"'


@pytest.mark.postgresql
def test_lost_connection_can_not_be_switched(migrator: Any) -> None:
    before = get_role(migrator), can_switch(migrator)
    migrator.close()

    assert (*before, can_switch(migrator)) == ("migrator", True, False)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_knows_no_roles_and_runs_the_block() -> None:
    with using_role(connection, "auth_owner"), connection.cursor() as cursor:
        cursor.execute("SELECT 1")

        assert cursor.fetchone() == (1,)
