"""Test databases: who makes them, what lies in them, and who may empty them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management.color import no_style
from django.db import DatabaseError, transaction
from django.dispatch import Signal
from pytest_django import DjangoDbBlocker

from freehold.backends.errors import NoTestDatabaseError
from tests.freehold.backends.conftest import open_alias

pytestmark = pytest.mark.postgresql

LOGIN = f"scratch_login_{os.getpid()}"
DATABASE = f"scratch_tests_{os.getpid()}"


@pytest.fixture(scope="module")
def admin(server: dict[str, Any]) -> Iterator[psycopg.Connection]:
    """A superuser's own connection, and a login beside it that may make and empty nothing."""
    with psycopg.connect(dbname="postgres", **server["OPTIONS"], autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {LOGIN} LOGIN PASSWORD 'scratch'")
        yield connection
        connection.execute(f"DROP OWNED BY {LOGIN}")
        connection.execute(f"DROP ROLE {LOGIN}")


@pytest.fixture
def created(monkeypatch: pytest.MonkeyPatch) -> Signal:
    """The signal `database_created`, without whoever else in the engine listens to it."""
    signal = Signal()
    monkeypatch.setattr("freehold.backends.postgresql.creation.database_created", signal)
    return signal


@pytest.fixture
def login(
    server: dict[str, Any],
    admin: psycopg.Connection,
    created: Signal,
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Any]:
    """A connection whose URL named no user: it is the login's, and may become the superuser's."""
    entry = deepcopy(server)
    options = entry["OPTIONS"] | {"schemas": ["alpha", "beta"], "passfile": str(make_passfile(tmp_path, admin))}
    entry |= {
        "ENGINE": "freehold.backends.postgresql",
        "NAME": "unused",
        "USER": LOGIN,
        "SWITCH_LOGIN": True,
        "OPTIONS": {name: value for name, value in options.items() if name not in {"user", "password"}},
    }
    entry["TEST"] = entry["TEST"] | {"NAME": DATABASE}
    with django_db_blocker.unblock(), open_alias("login", entry) as connection:
        yield connection
    for name in (DATABASE, f"{DATABASE}_2"):
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def make_passfile(directory: Path, admin: psycopg.Connection) -> Path:
    """Give a passfile with the superuser's password, as the server's own has it, and the login's."""
    path = directory / "pgpass"
    path.touch(mode=0o600)
    path.write_text(f"*:*:*:{LOGIN}:scratch\n*:*:*:postgres:{admin.info.password}\n")
    return path


def create(login: Any, **options: Any) -> str:
    """Make the test database, without the migrations that Django would then run."""
    name: str = login.creation._create_test_db(verbosity=0, autoclobber=True, **options)
    login.close()
    login.settings_dict["NAME"] = name
    return name


def fetch(connection: Any, sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


OWN_SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)' ORDER BY 1"


def test_test_database_is_made_by_the_superuser_and_used_by_the_login(login: Any) -> None:
    assert create(login) == DATABASE

    assert fetch(login, "SELECT current_user") == [LOGIN]
    assert fetch(login, "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()") == [
        "postgres"
    ]
    assert fetch(login, OWN_SCHEMAS) == ["alpha", "beta", "public"]


def test_listener_is_told_while_the_superuser_is_connected(login: Any, created: Signal) -> None:
    told = []

    def listen(connection: Any, **kwargs: Any) -> None:
        sql = "SELECT concat_ws(' ', current_user, current_database(), to_regnamespace('alpha'))"
        told.extend(fetch(connection, sql))

    created.connect(listen)
    create(login)

    assert told == [f"postgres {DATABASE} alpha"]


def test_kept_database_keeps_its_rows_and_gets_schemas_that_are_new(login: Any, admin: psycopg.Connection) -> None:
    create(login)
    with psycopg.connect(dbname=DATABASE, autocommit=True, **get_parameters(admin)) as own:
        own.execute("DROP SCHEMA beta; CREATE TABLE alpha.item AS SELECT 1 AS id")

    create(login, keepdb=True)

    assert fetch(login, OWN_SCHEMAS) == ["alpha", "beta", "public"]
    assert fetch(login, "SELECT count(*) FROM pg_tables WHERE schemaname = 'alpha'") == [1]


def get_parameters(admin: psycopg.Connection) -> dict[str, Any]:
    parameters = {key: value for key, value in admin.info.get_parameters().items() if key != "dbname"}
    return parameters | ({"password": admin.info.password} if admin.info.password else {})


def test_clone_and_end_of_a_test_database_run_as_the_superuser(login: Any, admin: psycopg.Connection) -> None:
    create(login)
    existing = "SELECT array_agg(datname ORDER BY datname) FROM pg_database WHERE datname LIKE %s"

    login.creation.clone_test_db("2", verbosity=0)
    assert admin.execute(existing, [f"{DATABASE}%"]).fetchone() == ([DATABASE, f"{DATABASE}_2"],)
    login.creation.destroy_test_db("unused", verbosity=0, suffix="2")
    login.settings_dict["NAME"] = DATABASE
    login.creation.destroy_test_db("unused", verbosity=0)

    assert admin.execute(existing, [f"{DATABASE}%"]).fetchone() == (None,)
    assert not login.creation.is_test_database


def test_worker_of_a_parallel_run_may_flush_its_clone(login: Any) -> None:
    create(login)
    login.creation.clone_test_db("2", verbosity=0)

    login.creation.setup_worker_connection(2)

    assert fetch(login, "SELECT current_database()") == [f"{DATABASE}_2"]
    assert login.creation.is_test_database


def make_items(admin: psycopg.Connection, database: str) -> None:
    with psycopg.connect(dbname=database, autocommit=True, **get_parameters(admin)) as own:
        own.execute("CREATE TABLE alpha.item AS SELECT 1 AS id")
        own.execute(f"GRANT USAGE ON SCHEMA alpha TO {LOGIN}; GRANT SELECT, INSERT ON alpha.item TO {LOGIN}")


def flush(connection: Any) -> None:
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), ["alpha.item"]))


def test_flush_of_a_test_database_empties_what_the_login_may_not(login: Any, admin: psycopg.Connection) -> None:
    create(login)
    make_items(admin, DATABASE)

    flush(login)

    assert fetch(login, "SELECT count(*) FROM alpha.item") == [0]
    assert fetch(login, "SELECT current_user") == [LOGIN]


def test_flush_through_a_second_alias_of_the_test_database_works_too(login: Any, admin: psycopg.Connection) -> None:
    create(login)
    make_items(admin, DATABASE)
    with open_alias("mirror", deepcopy(login.settings_dict) | {"NAME": "unused"}) as mirror:
        mirror.creation.set_as_test_mirror(login.settings_dict)

        flush(mirror)

    assert fetch(login, "SELECT count(*) FROM alpha.item") == [0]


def test_flush_of_any_other_database_is_up_to_the_login(login: Any, admin: psycopg.Connection) -> None:
    create(login)
    make_items(admin, DATABASE)
    login.creation.test_database = "another"

    with pytest.raises(DatabaseError) as caught:
        flush(login)

    assert str(caught.value) == "permission denied for table item"
    assert fetch(login, "SELECT count(*) FROM alpha.item") == [1]


def test_flush_inside_a_transaction_does_not_reconnect_and_lose_it(login: Any, admin: psycopg.Connection) -> None:
    create(login)
    make_items(admin, DATABASE)

    with transaction.atomic("login"):
        with login.cursor() as cursor:
            cursor.execute("INSERT INTO alpha.item VALUES (2)")
        with pytest.raises(DatabaseError):
            flush(login)

    assert fetch(login, "SELECT count(*) FROM alpha.item") == [2]


def test_user_who_can_not_make_the_maps_roles_is_refused_before_anything_is_made(
    login: Any, admin: psycopg.Connection
) -> None:
    admin.execute(f"GRANT CONNECT ON DATABASE postgres TO {LOGIN}")  # where databases are made from
    login.settings_dict["SWITCH_LOGIN"] = False

    with pytest.raises(NoTestDatabaseError) as caught:
        create(login)

    assert str(caught.value) == (
        f"the test database is made by a superuser, and {login.settings_dict['USER']} is none: it can't make the "
        "ownership map's roles and become each of them; name a superuser in DATABASE_URL for the run of the tests "
        "(docs/testing.md)"
    )
