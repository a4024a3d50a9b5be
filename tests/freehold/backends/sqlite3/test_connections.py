"""A connection that changes hands: who is asked about, when, and what goes past statements."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from auth_app.models import User
from freehold.acting import acting, get_acting
from freehold.backends.errors import AccessError
from freehold.backends.sqlite3.base import DatabaseWrapper
from freehold.errors import ServiceError
from freehold.services import acting_as
from items.models import Item
from tests.auth_app.factories import make_user
from tests.freehold.backends.sqlite3.refusals import (
    NO_ESCAPE,
    SERVICES,
    refuse,
    run,
    run_as_owner,
    say_unreadable,
    say_unwritable,
)
from tests.items.factories import make_item

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]


def test_cached_statement_is_asked_about_again_at_each_switch() -> None:
    statement = 'SELECT name FROM "app.items"'
    for _ in range(2):
        with acting_as("api"):
            run(statement)
            with acting_as("web"):
                assert refuse(statement) == say_unreadable("web", "app.items", "name")
                with acting(None):
                    run(statement)
                assert refuse(statement) == say_unreadable("web", "app.items", "name")
            run(statement)
        with acting_as("web"):
            assert refuse(statement) == say_unreadable("web", "app.items", "name")


def test_statement_that_was_begun_goes_on_after_a_switch() -> None:
    for _ in range(3):
        make_user()
    with connection.cursor() as cursor:
        with acting_as("web"):
            cursor.execute('SELECT password FROM "auth.user"')
            assert cursor.fetchone()
        with acting_as("api"):
            run('SELECT id FROM "auth.user"')
            assert len(cursor.fetchall()) == 2
            with pytest.raises(AccessError):
                cursor.execute('SELECT password FROM "auth.user"')


def test_refusal_names_what_it_is_about_and_is_the_databases() -> None:
    with acting_as("api"), pytest.raises(AccessError) as caught:
        run('SELECT password FROM "auth.user"')

    assert (caught.value.table, caught.value.column) == ("auth.user", "password")
    assert isinstance(caught.value, ProgrammingError)
    assert isinstance(caught.value, ServiceError)
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)


def test_transaction_outlives_a_refusal_in_a_savepoint() -> None:
    @transaction.atomic
    def delete_and_reach_too_far() -> None:
        run('DELETE FROM "auth.user"')
        run('SELECT name FROM "app.items"')

    with acting_as("web"), transaction.atomic():
        user = make_user()
        with pytest.raises(AccessError):
            delete_and_reach_too_far()

        assert list(User.objects.all()) == [user]


@pytest.mark.parametrize("method", ["execute", "executemany", "executescript"])
@pytest.mark.parametrize("of_cursor", [True, False])
def test_drivers_own_methods_are_held_too(method: str, of_cursor: bool) -> None:
    connection.ensure_connection()
    raw: Any = connection.connection
    arguments: list[Any] = ['DELETE FROM "app.items"']
    if method == "executemany":
        arguments = ['DELETE FROM "app.items" WHERE id = ?', [(1,)]]
    with acting_as("web"), pytest.raises(AccessError) as caught:
        getattr(raw.cursor() if of_cursor else raw, method)(*arguments)

    assert str(caught.value) == say_unwritable("web", "delete from", "app.items")


def test_script_ends_at_what_is_refused() -> None:
    with acting_as("web"), connection.cursor() as cursor, pytest.raises(AccessError) as caught:
        cursor.executescript('DELETE FROM "auth.session" WHERE 0; DELETE FROM "app.items";')

    assert str(caught.value) == say_unwritable("web", "delete from", "app.items")


@pytest.mark.django_db(transaction=True)
def test_script_is_never_run_twice() -> None:
    run_as_owner('CREATE TABLE "auth.lines" (id INTEGER PRIMARY KEY)')
    counting = "WITH x AS (SELECT 1 LIMIT 1) SELECT count(*) FROM x"
    with acting_as("web"), connection.cursor() as cursor:
        run(counting)
        with pytest.raises(AccessError):
            cursor.executescript(f'INSERT INTO "auth.lines" DEFAULT VALUES; {counting};')

        assert run('SELECT count(*) FROM "auth.lines"') == [(1,)]
    run_as_owner('DROP TABLE "auth.lines"')


def test_many_rows_are_held_too() -> None:
    with acting_as("api"), connection.cursor() as cursor, pytest.raises(AccessError) as caught:
        cursor.executemany('UPDATE "auth.user" SET email = %s', [["a"], ["b"]])

    assert str(caught.value) == say_unwritable("api", "update", "auth.user")


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("backup", [None]),
        ("serialize", []),
        ("deserialize", [b""]),
        ("blobopen", ["auth.user", "password", 1]),
        ("enable_load_extension", [True]),
        ("load_extension", ["x"]),
    ],
)
@pytest.mark.parametrize("service", SERVICES)
def test_what_sqlite_does_without_asking_is_the_owners(service: str, method: str, arguments: list[Any]) -> None:
    connection.ensure_connection()
    with acting_as(service), pytest.raises(AccessError) as caught:
        getattr(connection.connection, method)(*arguments)

    assert str(caught.value) == f"service {service} can't call {method}() of its connection, {NO_ESCAPE}"


def test_dump_holds_what_the_service_may_read() -> None:
    connection.ensure_connection()
    raw: Any = connection.connection
    with acting_as("web"), pytest.raises(AccessError):
        list(raw.iterdump())
    with acting(None):
        assert any('CREATE TABLE "app.items"' in line for line in raw.iterdump())


def test_owner_copies_the_database(tmp_path: Path) -> None:
    connection.ensure_connection()
    copy = sqlite3.connect(tmp_path / "copy.db")
    with acting(None):
        connection.connection.backup(copy)
        assert connection.connection.serialize()

    assert copy.execute('SELECT count(*) FROM "app.items"').fetchone() == (0,)
    copy.close()


def test_database_that_the_map_does_not_govern_is_free() -> None:
    plain = DatabaseWrapper({**connection.settings_dict, "NAME": ":memory:", "OPTIONS": {}}, "plain")
    with acting_as("web"), plain.cursor() as cursor:
        cursor.execute("CREATE TABLE items (id)")
        cursor.execute("PRAGMA journal_mode = MEMORY")

        assert type(plain.connection) is sqlite3.Connection
    plain.connection.close()


def test_connection_is_set_up_as_nobody_and_used_as_whoever_acts() -> None:
    options = {"schemas": ["auth"], "init_command": "PRAGMA journal_mode = MEMORY"}
    fresh = DatabaseWrapper({**connection.settings_dict, "NAME": ":memory:", "OPTIONS": options}, "fresh")
    with acting_as("web"), fresh.cursor() as cursor:
        with pytest.raises(AccessError) as caught:
            cursor.execute("PRAGMA journal_mode = DELETE")

        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("memory",)
    fresh.connection.close()
    assert str(caught.value) == f"service web can't run PRAGMA journal_mode = DELETE, {NO_ESCAPE}"


def test_foreign_keys_stay_checked() -> None:
    with acting_as("admin"):
        assert connection.disable_constraint_checking() is False  # inside a transaction SQLite would not either


@pytest.mark.django_db(transaction=True)
def test_foreign_keys_can_t_be_switched_off() -> None:
    with acting_as("admin"), pytest.raises(AccessError) as caught:
        connection.disable_constraint_checking()

    assert str(caught.value) == f"service admin can't run PRAGMA foreign_keys = OFF, {NO_ESCAPE}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("service", SERVICES)
def test_test_database_is_serialized_and_emptied_as_its_owner(service: str) -> None:
    item = make_item()
    with acting_as(service):
        dump = connection.creation.serialize_db_to_string()
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        with acting(None):
            assert not Item.objects.exists()
        connection.creation.deserialize_db_from_string(dump)

    with acting(None):
        assert list(Item.objects.all()) == [item]


@pytest.mark.django_db(transaction=True)
def test_other_database_is_emptied_as_whoever_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.creation, "test_database", "another")
    with acting_as("web"), pytest.raises(Exception, match="couldn't be flushed") as caught:
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)

    assert isinstance(caught.value.__cause__, AccessError)


def test_service_of_equal_rights_is_named_as_itself() -> None:
    with acting_as("web") as web, acting(replace(web, service="other")):
        assert refuse('SELECT id FROM "app.items"') == say_unreadable("other", "app.items", "id")
        assert get_acting() is not web
