"""Which rows and columns each service reaches on SQLite, below the ORM and by whatever way."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from auth_app.models import User
from freehold.acting import Acting, Rights, acting
from freehold.backends.errors import AccessError
from freehold.backends.sqlite3.authorizer import Authorizer
from freehold.backends.sqlite3.names import is_named
from freehold.services import acting_as, make_acting
from items.models import Favorite, Item
from tests.auth_app.factories import make_user
from tests.freehold.backends.sqlite3.refusals import (
    KEYS,
    READS,
    SERVICES,
    WRITES,
    get_schema,
    refuse,
    run,
    run_as_owner,
    say_unreadable,
    say_unwritable,
)
from tests.freehold.backends.test_refusals import WITHHELD
from tests.items.factories import make_favorite, make_item

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

SHARED = ("id", "email", "display_name", "is_active")  # of auth.user, with api
STATEMENTS = {
    "select": 'SELECT "{key}" FROM "{table}"',
    "count": 'SELECT count(*) FROM "{table}"',
    "insert into": 'INSERT INTO "{table}" ("{key}") SELECT 1 WHERE 0',
    "update": 'UPDATE "{table}" SET "{key}" = 1 WHERE 0',
    "delete from": 'DELETE FROM "{table}" WHERE 0',
}


def get_refusal(service: str, action: str, table: str) -> str:
    """Give what a service is told, empty where it may."""
    schema, key = get_schema(table), KEYS[table]
    if action in ("select", "count"):
        if schema in READS[service] or (service, table) == ("api", "auth.user"):
            return ""
        return say_unreadable(service, table, key if action == "select" else "")
    if schema in WRITES[service] and table == "auth.session" and action != "delete from":
        return f"service {service} can't {action} auth.session: {WITHHELD}"
    if schema in READS[service] and table in ("django_migrations", "public.migration_history"):
        kept = f"the map withholds DELETE, INSERT, UPDATE of {table} from every service; call a function of migrator"
        return f"service {service} can't {action} {table}: {kept}"
    return "" if schema in WRITES[service] else say_unwritable(service, action, table)


@pytest.mark.parametrize("table", KEYS)
@pytest.mark.parametrize("action", STATEMENTS)
@pytest.mark.parametrize("service", SERVICES)
def test_rows_are_held_to_the_rights_of_the_service(service: str, action: str, table: str) -> None:
    statement = STATEMENTS[action].format(table=table, key=KEYS[table])
    expected = get_refusal(service, action, table)
    with acting_as(service):
        if expected:
            assert refuse(statement) == expected
        else:
            run(statement)


@pytest.mark.parametrize("table", KEYS)
@pytest.mark.parametrize("action", STATEMENTS)
def test_nobody_is_not_restricted(action: str, table: str) -> None:
    run_as_owner(STATEMENTS[action].format(table=table, key=KEYS[table]))


@pytest.mark.parametrize("column", [field.column for field in User._meta.concrete_fields])
def test_contract_shares_its_columns_and_no_other(column: str) -> None:
    user = make_user()
    statement = f'SELECT "{column}" FROM "auth.user"'
    with acting_as("api"):
        if column in SHARED:
            assert len(run(statement)) == 1
        else:
            assert refuse(statement) == say_unreadable("api", "auth.user", column)
    assert user.pk


@pytest.mark.parametrize(
    "statement",
    [
        'SELECT * FROM "auth.user"',
        'SELECT "auth.user".* FROM "auth.user"',
        'SELECT id FROM "auth.user" WHERE password LIKE %s',
        'SELECT id FROM "auth.user" ORDER BY password',
        'SELECT count(password) FROM "auth.user"',
        'SELECT max(password) FROM "auth.user"',
        'SELECT (SELECT password FROM "auth.user")',
        'SELECT id FROM "app.items" WHERE EXISTS (SELECT 1 FROM "auth.user" WHERE password = "name")',
        'SELECT h FROM (SELECT password AS h FROM "auth.user")',
        'WITH u AS (SELECT password FROM "auth.user") SELECT * FROM u',
        'WITH u AS (SELECT password FROM "auth.user" LIMIT 1) SELECT count(*) FROM u',
        'SELECT name FROM "app.items" UNION SELECT password FROM "auth.user"',
        'SELECT name FROM "app.items" JOIN "auth.user" u ON u.password = name',
        'SELECT rank() OVER (ORDER BY password) FROM "auth.user"',
        'SELECT PASSWORD FROM main."AUTH.USER"',
        "SELECT password FROM [auth.user]",
        'EXPLAIN SELECT password FROM "auth.user"',
        'EXPLAIN QUERY PLAN SELECT password FROM "auth.user"',
        'INSERT INTO "app.items" (name) SELECT password FROM "auth.user"',
        'UPDATE "app.items" SET name = (SELECT password FROM "auth.user")',
        'UPDATE "app.items" SET name = u.password FROM "auth.user" u WHERE u.id = user_id',
        'DELETE FROM "app.items" WHERE name IN (SELECT password FROM "auth.user")',
        'UPDATE "app.items" SET name = name RETURNING (SELECT password FROM "auth.user")',
    ],
)
def test_column_that_no_contract_shares_is_reached_no_other_way(statement: str) -> None:
    with acting_as("api"):
        message = refuse(statement, *([["x"]] if "%s" in statement else []))

    assert message == say_unreadable("api", "auth.user", "password")


def test_key_of_sqlites_own_is_shared_by_no_contract() -> None:
    with acting_as("api"):
        assert refuse('SELECT rowid FROM "auth.user"') == say_unreadable("api", "auth.user", "ROWID")


def test_shared_columns_can_be_joined_counted_and_explained() -> None:
    item = make_item()
    with acting_as("api"):
        join = 'SELECT u.email FROM "app.items" i JOIN "auth.user" u ON u.id = i.user_id'

        assert run(join) == [(item.user.email,)]
        assert run('SELECT count(*) FROM "auth.user"') == [(1,)]
        assert run('SELECT 1 FROM "app.items" WHERE EXISTS (SELECT 1 FROM "auth.user")') == [(1,)]
        assert run(f"EXPLAIN {join}")


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ('WITH x AS (SELECT id FROM "auth.user") SELECT count(*) FROM x', [(0,)]),
        (
            'WITH x AS (SELECT id FROM "auth.user" LIMIT 4), y AS (SELECT 1 FROM x LIMIT 1) SELECT count(*) FROM y',
            [(0,)],
        ),
        ("WITH RECURSIVE x (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x WHERE n < 3) SELECT count(*) FROM x", [(3,)]),
        ('SELECT count(*) FROM (SELECT id FROM "auth.user" LIMIT 3) AS x', [(0,)]),
        ("SELECT count(*) FROM json_each('[1, 2]')", [(2,)]),
        ("SELECT value FROM json_each('[1, 2]')", [(1,), (2,)]),
        ("SELECT name FROM pragma_table_info('auth.session') WHERE pk = 1", [("id",)]),
        ("SELECT 1 FROM sqlite_master WHERE name = 'app.items'", [(1,)]),
        ("VALUES (1)", [(1,)]),
    ],
)
def test_what_is_no_table_needs_no_right(statement: str, rows: list[tuple[Any, ...]]) -> None:
    with acting_as("web"):
        assert run(statement) == rows
        assert run(statement) == rows  # prepared by now


def test_query_named_like_a_table_does_not_open_the_table() -> None:
    with acting_as("web"):
        assert run("WITH django_migrations AS (SELECT 1 LIMIT 1) SELECT 1 FROM sqlite_master LIMIT 1") == [(1,)]
        assert refuse("SELECT count(*) FROM Django_Migrations") == say_unreadable("web", "Django_Migrations")


@pytest.mark.parametrize("statement", ['DELETE FROM "auth.user" WHERE id = %s', None])
def test_deleting_a_user_deletes_along_what_the_service_may_not_touch(statement: str | None) -> None:
    favorite = make_favorite(item=make_item())
    other = make_item()
    with acting_as("web"):
        if statement:
            run(statement, [favorite.item.user_id.hex])
        else:
            favorite.item.user.delete()

    with acting(None):
        assert not Favorite.objects.exists()
        assert list(Item.objects.all()) == [other]


def test_row_that_would_be_deleted_along_can_t_be_named() -> None:
    make_item()
    with acting_as("web"):
        assert refuse('DELETE FROM "auth.user" WHERE id IN (SELECT user_id FROM "app.items")') == say_unreadable(
            "web", "app.items", "user_id"
        )
        assert refuse('DELETE FROM "app.items" WHERE user_id NOT IN (SELECT id FROM "auth.user")') == say_unwritable(
            "web", "delete from", "app.items"
        )
        assert refuse(
            'UPDATE "auth.user" SET display_name = (SELECT group_concat(user_id) FROM [APP.Items])'
        ) == say_unreadable("web", "app.items", "user_id")


def test_key_that_a_row_refers_to_is_looked_up_without_a_right_to_read_it() -> None:
    @transaction.atomic
    def refer_to_nothing() -> None:
        run('UPDATE "app.items" SET category_id = -1')
        connection.check_constraints(["app.items"])

    make_item()
    narrow = Acting("runs", "runs_rw", Rights(writes=frozenset({"app"}), reads=frozenset({"app"})))
    with acting(narrow):
        run('UPDATE "app.items" SET user_id = user_id, category_id = category_id')
        with pytest.raises(IntegrityError):
            refer_to_nothing()
        with pytest.raises(AccessError):
            run('SELECT id FROM "auth.user"')


@pytest.mark.parametrize(
    ("action", "column", "database", "answer"),
    [
        (sqlite3.SQLITE_READ, "user_id", "main", sqlite3.SQLITE_OK),
        (sqlite3.SQLITE_UPDATE, "user_id", "main", sqlite3.SQLITE_OK),
        (sqlite3.SQLITE_DELETE, None, "main", sqlite3.SQLITE_OK),
        (sqlite3.SQLITE_INSERT, None, "main", sqlite3.SQLITE_DENY),
        (sqlite3.SQLITE_READ, "", None, sqlite3.SQLITE_DENY),
        (sqlite3.SQLITE_READ, "user_id", "temp", sqlite3.SQLITE_DENY),
        (sqlite3.SQLITE_DELETE, None, "other", sqlite3.SQLITE_DENY),
    ],
)
def test_keys_alone_read_update_and_delete_what_a_statement_does_not_name(
    action: int, column: str | None, database: str | None, answer: int
) -> None:
    authorizer = Authorizer()
    authorizer.acting = make_acting("web")
    authorizer.learn_bodies([], [])
    authorizer.begin('DELETE FROM "auth.user"')
    before = authorizer.decide(sqlite3.SQLITE_READ, "app.items", "user_id", "main", None)
    authorizer.decide(sqlite3.SQLITE_DELETE, "auth.user", None, "main", None)

    assert before == sqlite3.SQLITE_DENY  # no key leads anywhere before something is written
    assert authorizer.decide(action, "app.items", column, database, None) == answer
    assert authorizer.decide(action, "app.items", column, database, "a_trigger") == sqlite3.SQLITE_DENY


@pytest.mark.parametrize(
    ("table", "text", "is_there"),
    [
        ("app.items", 'DELETE FROM "auth.user"', False),
        ("app.items", 'SELECT 1 FROM "app.items"', True),
        ("app.items", "SELECT 1 FROM [APP.ITEMS]", True),
        ("app.items", 'SELECT 1 FROM "app.items_old"', False),
        ("items", 'SELECT 1 FROM "app.items"', True),
        ("items", "SELECT 1 FROM old_items, itemset, ïtems, items2, 2items", False),
        ("items", "SELECT 1 FROM main.items", True),
        ("items", "SELECT 1 FROM \ufeffitems", True),
        ("items", "SELECT 1 FROM/**/items/**/", True),
        ("ärger", "SELECT 1 FROM ärger", True),
        ('it"ems', 'SELECT 1 FROM "it""ems"', True),
        ("it'ems", "SELECT 1 FROM 'it''ems'", True),
        ("a+b", 'SELECT 1 FROM "a+b"', True),
        ("a+b", 'SELECT 1 FROM "aab"', False),
    ],
)
def test_name_is_found_in_a_statement(table: str, text: str, is_there: bool) -> None:
    assert is_named(table, text) is is_there


def test_trigger_runs_with_the_rights_of_whoever_sets_it_off() -> None:
    run_as_owner(
        'CREATE TRIGGER x AFTER UPDATE OF display_name ON "auth.user" BEGIN UPDATE "app.items" SET name = 1; END',
        'CREATE TRIGGER y AFTER UPDATE OF email ON "auth.user" BEGIN DELETE FROM "auth.session"; END',
    )
    with acting_as("web"):
        run('UPDATE "auth.user" SET email = email')
        assert refuse('UPDATE "auth.user" SET display_name = display_name') == say_unwritable(
            "web", "update", "app.items"
        )
    with acting_as("admin"):
        run('UPDATE "auth.user" SET display_name = display_name')


def test_trigger_that_a_key_alone_sets_off_needs_no_right() -> None:
    """As on PostgreSQL, where it is the owner's. A WITH query of its name is none."""
    run_as_owner(
        'CREATE TABLE "app.hung" (user_id char(32) REFERENCES "auth.user" (id) ON DELETE CASCADE)',
        'CREATE TRIGGER "app.fell" AFTER DELETE ON "app.hung" WHEN NOT EXISTS (SELECT 1 FROM "app.hung") '
        'BEGIN DELETE FROM "app.favorites"; END',
    )
    user = make_user()
    favorite = make_favorite()
    run_as_owner(f"INSERT INTO \"app.hung\" VALUES ('{user.pk.hex}')")
    named = (
        'WITH "app.fell" AS (SELECT name FROM "app.items") DELETE FROM "auth.user" WHERE email IN "app.fell"',
        'WITH "APP.fell" AS (SELECT count(*) FROM "app.hung") DELETE FROM "auth.user" WHERE 1 IN "APP.fell"',
    )
    with acting_as("web"):
        for statement in named:
            refuse(statement)
        run('DELETE FROM "auth.user" WHERE id = %s', [user.pk.hex])
    with acting_as("api"):
        assert not Favorite.objects.filter(pk=favorite.pk).exists()


def test_view_shows_no_more_than_its_tables_do() -> None:
    run_as_owner(
        'CREATE VIEW "auth.owners" AS SELECT user_id, name FROM "app.items"',
        'CREATE VIEW "app.people" AS SELECT email FROM "auth.user"',
        'CREATE VIEW "auth.number" AS SELECT count(*) AS n FROM "app.items"',
        'CREATE VIEW "auth.ones" AS SELECT 1 AS n FROM "app.items"',
        'CREATE VIEW "app.hashes" AS SELECT email, password FROM "auth.user"',
    )
    with acting_as("web"):
        assert refuse('SELECT user_id FROM "auth.owners"') == say_unreadable("web", "app.items", "user_id")
        assert refuse('SELECT count(*) FROM "auth.owners"') == say_unreadable("web", "app.items", "user_id")
        assert refuse('SELECT n FROM "auth.number"') == say_unreadable("web", "app.items")
        assert refuse('SELECT n FROM "auth.ones"') == say_unreadable("web", "app.items")
        assert refuse('SELECT email FROM "app.people"') == say_unreadable("web", "app.people", "email")
    with acting_as("api"):
        assert run('SELECT email FROM "app.people"') == []
        assert refuse('SELECT email FROM "app.hashes"') == say_unreadable("api", "auth.user", "password")


def test_rows_come_back_from_what_was_written() -> None:
    user = make_user()
    with acting_as("web"):
        rows = run('UPDATE "auth.user" SET display_name = %s RETURNING email', ["x"])

    assert rows == [(user.email,)]
