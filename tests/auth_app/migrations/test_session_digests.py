"""The migration that leaves digests in place of sessions' keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.crypto import get_random_string
from pytest_django import DjangoDbBlocker

from auth_app.proofs import get_proof, get_row_key
from freehold.acting import acting
from freehold.acting.logins import using_login
from freehold.acting.roles import using_role
from tests.dialect import DIALECT
from tests.emptied import empty_database

ALIAS = "digests"
BEFORE, AFTER = "0008_session_user", "0009_session_digests"
pytestmark = [pytest.mark.once] if DIALECT == "postgresql" else []


@pytest.fixture
def keys(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[list[str]]:
    """Sessions of one user before the migration, of which the first was over; give their keys."""
    keys = [get_random_string(32), get_random_string(32), "a" * 40]
    with empty_database(ALIAS, django_db_blocker, tmp_path):
        call_command("migrate", "auth_app", BEFORE, database=ALIAS, verbosity=0)
        apps = get_apps()
        with being_the_owner():
            user = apps.get_model("auth_app", "User").objects.using(ALIAS).create(email="ann@example.org")
            for key, ends in zip(keys, (-1, 1, 1), strict=True):
                apps.get_model("auth_app", "Session").objects.using(ALIAS).create(
                    pk=key, session_data="x", user=user, expire_date=timezone.now() + timedelta(days=ends)
                )
        yield keys


def get_apps() -> Apps:
    """Give the models as they were before the migration."""
    state: Apps = MigrationLoader(None).project_state([("auth_app", BEFORE)]).apps
    return state


@contextmanager
def being_the_owner() -> Iterator[None]:
    """Become the owner of the rows."""
    with acting(None), using_login(connections[ALIAS], "migrator"), using_role(connections[ALIAS], "auth_owner"):
        yield


def ask(statement: str, *params: str) -> list[Any]:
    """Run a query as the rows' owner; give the first column."""
    with being_the_owner(), connections[ALIAS].cursor() as cursor:
        cursor.execute(statement, params)
        return [row[0] for row in cursor.fetchall()]


def list_row_keys() -> set[str]:
    return set(
        ask('SELECT session_key FROM "auth.session"' if DIALECT == "sqlite" else "SELECT session_key FROM auth.session")
    )


def run(command: str, *arguments: str) -> str:
    output = StringIO()
    call_command(command, *arguments, database=ALIAS, stdout=output, no_color=True)
    return output.getvalue()


def test_sessions_are_found_by_the_keys_that_browsers_have(keys: list[str]) -> None:
    run("migrate", "auth_app", AFTER)

    assert list_row_keys() == {get_row_key(get_proof(key)) for key in keys}


@pytest.mark.postgresql
def test_functions_ask_by_the_proof_afterwards_and_by_what_they_did_before_on_the_way_back(keys: list[str]) -> None:
    key, statement = keys[1], "SELECT count(*) FROM auth.session_{}(%s) AS found WHERE found IS NOT NULL"
    asked = (("principal", key), ("principal", get_proof(key)), ("user", get_proof(key)))
    found = []
    for _ in range(2):
        found.append([ask(statement.format(function), text)[0] for function, text in asked])
        run("migrate", "auth_app", AFTER)

    assert found == [[1, 0, 1], [0, 1, 1]]


def test_way_back_says_that_all_sessions_end_and_ends_them(keys: list[str]) -> None:
    run("migrate", "auth_app", AFTER)

    assert run("rollback", "--steps", "1", "--plan") == (
        "To be taken back, in this order:\n  auth_app.0009_session_digests\n    runs end_all_sessions()\n"
    )
    run("rollback", "--steps", "1", "--yes")
    assert list_row_keys() == set()
