"""What SQLite does not ask about: columns that a join compares by name, and those of a table that is copied whole."""

from __future__ import annotations

import uuid
from contextlib import closing

import pytest
from django.db import connection

from freehold.acting import acting
from freehold.backends.errors import AccessError
from freehold.backends.sqlite3.connections import GuardedConnection
from freehold.backends.sqlite3.unasked import is_unasked
from freehold.services import acting_as
from tests.auth_app.factories import make_user
from tests.freehold.backends.sqlite3.refusals import run, run_as_owner

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

NULLS = "(SELECT NULL AS password) g"


def refuse_raw(statement: str) -> str:
    """Run it past Django's cursor, whose text is its own; give what is said."""
    with pytest.raises(AccessError) as caught:
        connection.connection.execute(statement)
    return str(caught.value)


def say(service: str, table: str, owner: str) -> str:
    return (
        f"service {service} can't join by name, or copy with *, where not all of {table} can be read, which belongs to "
        f"{owner}; name the columns and join with ON: SQLite does not say which columns NATURAL, USING and "
        "INSERT … SELECT * reach"
    )


AUTH = "auth_owner (service web)"


@pytest.mark.parametrize(
    "statement",
    [
        f'SELECT password FROM {NULLS} FULL JOIN "auth.user" USING (password)',
        f'SELECT password FROM {NULLS} NATURAL FULL JOIN "auth.user"',
        f'SELECT g.password FROM "auth.user" NATURAL/**/RIGHT JOIN {NULLS}',
        f'SELECT 1 FROM "auth.user" u JOIN {NULLS} using(password)',
        f"SELECT count(*) FROM [auth.user] \ufeffNATURAL JOIN {NULLS}",
        f"SELECT (SELECT 1 FROM `auth.user` JOIN {NULLS} USING/* ' */(password))",
        f'SELECT 1 FROM "app.items" WHERE EXISTS (SELECT 1 FROM {NULLS} NATURAL JOIN main."AUTH.USER")',
        f'WITH x AS (SELECT 1 FROM {NULLS} NATURAL JOIN "auth.user") SELECT * FROM x',
        f'UPDATE "app.items" SET name = (SELECT password FROM {NULLS} NATURAL FULL JOIN "auth.user")',
        f'DELETE FROM "app.items" WHERE 1 IN (SELECT 1 FROM {NULLS} NATURAL JOIN "auth.user")',
        f'EXPLAIN SELECT 1 FROM {NULLS} NATURAL JOIN "auth.user"',
        f'VALUES (/* /* */(SELECT 1 FROM {NULLS} NATURAL JOIN "auth.user"))',
        'INSERT INTO "app.items" SELECT * FROM "auth.user"',
        'replace into "app.items" select/**/all\ufeff* from "auth.user"',
    ],
)
def test_columns_that_are_not_named_are_read_by_nobody_who_may_not_read_all(statement: str) -> None:
    make_user()
    with acting_as("api"), connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # sets the authorizer

        assert refuse_raw(statement) == say("api", "auth.user", AUTH)


@pytest.mark.parametrize("module", ["dbstat", "sqlite_stmt", "sqlite_sequence"])
def test_tables_of_sqlites_own_are_no_way_round(module: str) -> None:
    with acting_as("api"):
        run("SELECT 1")
        refuse_raw(f"SELECT name FROM (SELECT NULL AS name) NATURAL FULL JOIN {module}")
        refuse_raw(f"SELECT * FROM {module}")


def test_table_of_the_same_shape_can_not_be_copied() -> None:
    run_as_owner(
        'CREATE TABLE "app.mine" (a TEXT, b TEXT)',
        'CREATE TABLE "auth.theirs" (a TEXT, b TEXT)',
        "INSERT INTO \"auth.theirs\" VALUES ('x', 'y')",
    )
    with acting_as("api"):
        run("SELECT 1")

        assert refuse_raw('INSERT INTO "app.mine" SELECT * FROM "auth.theirs"') == say("api", "auth.theirs", AUTH)
        assert run('SELECT * FROM "app.mine"') == []
    with acting_as("admin"):
        run('INSERT INTO "app.mine" SELECT * FROM "auth.theirs"')


def test_view_and_trigger_that_join_by_name_are_closed_as_well() -> None:
    run_as_owner(
        'CREATE TABLE "app.mine" (password TEXT)',
        'CREATE VIEW "app.joined" AS SELECT password FROM "app.mine" FULL JOIN "auth.user" USING (password)',
        'CREATE VIEW "app.outer" AS SELECT 1 AS one FROM "app.joined"',
        'CREATE TRIGGER "app.fill" AFTER UPDATE ON "app.mine" BEGIN '
        'INSERT INTO "app.mine" SELECT u.password FROM "app.mine" m NATURAL FULL JOIN "auth.user" u; END',
    )
    make_user()
    expected = say("api", "auth.user", AUTH)
    with acting_as("api"):
        run("SELECT 1")

        assert refuse_raw('SELECT password FROM "APP.Joined"') == expected
        assert refuse_raw('SELECT count(*) FROM "app.outer" AS x') == expected
        assert refuse_raw("UPDATE \"app.mine\" SET password = 'x'") == expected
    with acting_as("web"):
        run("SELECT 1")
        refuse_raw('SELECT password FROM "app.joined"')


def test_script_is_held_as_well() -> None:
    """On a connection of its own: the driver commits before a script."""
    with closing(GuardedConnection(":memory:")) as own:
        with acting(None):
            own.executescript(
                'CREATE TABLE "app.mine" (password TEXT); CREATE TABLE "auth.theirs" (password TEXT);'
                'CREATE TRIGGER fill AFTER UPDATE ON "app.mine" BEGIN '
                'SELECT 1 FROM "app.mine" NATURAL JOIN "auth.theirs"; END'
            )
        with acting_as("api"):
            for script in (
                'UPDATE "app.mine" SET password = 1',
                'SELECT 1; SELECT 1 FROM "app.mine" NATURAL JOIN "auth.theirs"',
            ):
                with pytest.raises(AccessError, match="join by name"):
                    own.executescript(script)


def test_what_is_readable_may_be_joined_by_name() -> None:
    user = make_user(str(uuid.uuid4()))
    with acting_as("web"):
        join = 'SELECT password FROM "auth.user" JOIN (SELECT id FROM "auth.user") g USING (id)'
        assert (user.password,) in run(join)
    with acting_as("api"):
        assert run('SELECT count(*) FROM "app.items" NATURAL JOIN "app.items"') == [(0,)]
        assert ("natural", user.email) in run("SELECT 'natural' /* using */, email FROM \"auth.user\"")
        assert run('WITH g AS (SELECT 1) SELECT count(*) FROM g JOIN "auth.user" ON 1') != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 1 FROM a NATURAL JOIN b", True),
        ("SELECT 1 FROM a JOIN b uSiNg (x)", True),
        ("SELECT ?1\ufeffnatural", True),
        ("SELECT 'it''s natural'", False),
        ('SELECT "natural", [using], `natural` -- using\n', False),
        ("SELECT 1 /* natural", False),
        ("SELECT 1 /* /* */ natural", True),
        ("SELECT e'\\' natural --'", True),
        ("SELECT unnatural, naturally, focusing, using_x", False),
        ("INSERT INTO a SELECT * FROM b", True),
        ("INSERT INTO a SELECT /* x */ ALL\n* FROM b", True),
        ("INSERT INTO a SELECT b.* FROM b", False),
        ("INSERT INTO a SELECT count(*) FROM b", False),
        ("SELECT * FROM inserted", False),
    ],
)
def test_text_says_whether_columns_may_be_read_unasked(text: str, expected: bool) -> None:
    assert is_unasked(text) is expected
