"""The canary's row is there, and no service sees it: tried as each login, and as its owner."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from freehold.acting import acting
from freehold.models import Canary
from freehold.ownership import get_ownership
from freehold.ownership.comparable import DatabasePolicy, RowSecurity
from freehold.rls import list_policies, list_row_security
from freehold_lint.catalogue import list_catalogue_findings
from tests.freehold.backends.conftest import open_alias
from tests.freehold.estates import get_server
from tests.seeded import execute_as_superuser

LOGINS = [service.login for service in get_ownership().services]
MESSAGE = "a service that sees this row is not held by policies"
postgresql = pytest.mark.postgresql


@pytest.fixture
def copy(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the filled database that one test may spoil; give its alias."""
    name = f"{seeded_database}_canary"
    with django_db_blocker.unblock():
        connections["seeded"].close()
        execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {seeded_database}")
        with open_alias("copy", {**deepcopy(connections.settings["seeded"]), "NAME": name}):
            yield "copy"
        execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


def ask_as(login: str, statement: str, database: str) -> list[tuple[Any, ...]]:
    """Run a statement as a role, which the superuser becomes by giving itself up; give its rows."""
    with psycopg.connect(**{**get_server(), "dbname": database}, autocommit=True) as connection:
        connection.execute(f"SET SESSION AUTHORIZATION {login}")
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@postgresql
@pytest.mark.parametrize("login", LOGINS)
def test_service_may_ask_for_the_row_and_sees_none(seeded: str, login: str) -> None:
    assert ask_as(login, "SELECT message FROM public.canary", connections[seeded].settings_dict["NAME"]) == []


@postgresql
@pytest.mark.parametrize("login", ["migrator", "postgres"])
def test_row_is_there_for_those_it_is_not_hidden_from(seeded: str, login: str) -> None:
    name = connections[seeded].settings_dict["NAME"]

    assert ask_as(login, "SELECT message FROM public.canary", name) == [(MESSAGE,)]


@postgresql
@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO public.canary VALUES ('mine')",
        "UPDATE public.canary SET message = ''",
        "DELETE FROM public.canary",
        "TRUNCATE public.canary",
        "ALTER TABLE public.canary DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON public.canary USING (true)",
    ],
)
def test_service_may_not_touch_it(seeded: str, login: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask_as(login, statement, connections[seeded].settings_dict["NAME"])


@postgresql
def test_combined_login_may_not_even_ask(seeded: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask_as("all_rw", "SELECT message FROM public.canary", connections[seeded].settings_dict["NAME"])


def test_canary_is_declared_with_a_policy_for_its_owner_alone() -> None:
    ownership = get_ownership()

    assert RowSecurity("public", "canary") in list_row_security(ownership)
    assert [each for each in list_policies(ownership) if each.table == "canary"] == [
        DatabasePolicy("public", "canary", "owner", "ALL", ("migrator",), "true", "true")
    ]


@postgresql
def test_lint_finds_nothing_in_it(seeded: str) -> None:
    with psycopg.connect(**{**get_server(), "dbname": connections[seeded].settings_dict["NAME"]}) as connection:
        found = list_catalogue_findings(connection.cursor(), get_ownership())

    assert [each for each in found if "canary" in each.object] == []


@postgresql
def test_canary_is_taken_away_and_made_again(copy: str) -> None:
    name = connections[copy].settings_dict["NAME"]
    call_command("migrate", "freehold", "0001", database=copy, verbosity=0)
    gone = ask_as("postgres", "SELECT to_regclass('public.canary') IS NULL", name)
    call_command("migrate", "freehold", "0002", database=copy, verbosity=0)
    before_row = [ask_as(login, "SELECT message FROM public.canary", name) for login in ("web_rw", "postgres")]
    call_command("migrate", database=copy, verbosity=0)
    after = [ask_as(login, "SELECT message FROM public.canary", name) for login in ("web_rw", "postgres")]

    assert (gone, before_row, after) == ([(True,)], [[], []], [[], [(MESSAGE,)]])


@postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("migration", "word"), [("0002", " ENABLE "), ("0003", " FORCE ")])
def test_migration_itself_turns_row_security_on(migration: str, word: str) -> None:
    output = StringIO()
    call_command("sqlmigrate", "freehold", migration, stdout=output)

    assert f"ALTER TABLE public.canary{word}ROW LEVEL SECURITY" in output.getvalue()


@pytest.mark.sqlite
def test_sqlite_has_the_row_and_no_service_that_sees_it(seeded: str) -> None:
    with acting(None):
        assert list(Canary.objects.using(seeded).values_list("message", flat=True)) == [MESSAGE]
