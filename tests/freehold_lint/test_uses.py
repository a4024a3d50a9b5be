"""What a statement is said to touch."""

from __future__ import annotations

import pytest

from freehold_lint.parsing import StatementError
from freehold_lint.quoted import list_quoted
from freehold_lint.uses import list_uses

SCHEMAS = ("auth", "app")
TRIGGER = """
    CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE counted int;
    BEGIN
        counted := (SELECT count(*) FROM auth.user AS u WHERE u.email = NEW.email);
        IF counted > 1 THEN INSERT INTO master.log VALUES (counted); END IF;
        RETURN NEW;
    END $$
"""
CASES = {
    "join": (
        "SELECT i.title, u.email FROM app.items AS i JOIN auth.user AS u ON u.id = i.user_id",
        [
            *("read app.items", "read app.items title", "read app.items user_id"),
            *("read auth.user", "read auth.user email", "read auth.user id"),
        ],
    ),
    "column of the only table": ("SELECT email FROM auth.user", ["read auth.user", "read auth.user email"]),
    "column whose table is known": (
        "SELECT title, email FROM app.items, auth.user",
        ["read app.items", "read app.items title", "read auth.user", "read auth.user email"],
    ),
    "name of a parameter": (
        "SELECT id FROM auth.user WHERE email = wanted",
        ["read auth.user", "read auth.user email", "read auth.user id"],
    ),
    "every column": ("SELECT * FROM auth.user AS u", ["read auth.user", "read auth.user *"]),
    "whole row": ("SELECT row_to_json(u) FROM auth.user AS u", ["read auth.user", "read auth.user *"]),
    "count": ("SELECT count(*) FROM app.items", ["read app.items"]),
    "one quoted name": (
        'SELECT "auth.user"."email" FROM "auth.user" LIMIT %s',
        ["read auth.user", "read auth.user email"],
    ),
    "subquery": (
        "SELECT 1 FROM (SELECT u.id FROM auth.user AS u) AS s WHERE s.id = 1",
        ["read auth.user", "read auth.user id"],
    ),
    "outer column": (
        "SELECT 1 FROM app.items AS i WHERE EXISTS (SELECT FROM auth.user AS u WHERE u.id = i.user_id)",
        ["read app.items", "read app.items user_id", "read auth.user", "read auth.user id"],
    ),
    "union": (
        "SELECT a FROM app.x UNION SELECT b FROM app.y",
        ["read app.x", "read app.x a", "read app.y", "read app.y b"],
    ),
    "with": ("WITH x AS (SELECT id FROM app.y) SELECT x.id FROM x", ["read app.y", "read app.y id"]),
    "insert": (
        "INSERT INTO app.items (title) SELECT u.email FROM auth.user AS u RETURNING id",
        ["read app.items id", "read auth.user", "read auth.user email", "write app.items"],
    ),
    "update": (
        "UPDATE app.items SET title = u.email FROM auth.user AS u WHERE u.id = %(user)s",
        ["read auth.user", "read auth.user email", "read auth.user id", "write app.items"],
    ),
    "delete in with": (
        "WITH gone AS (DELETE FROM auth.user WHERE id = %s RETURNING id) SELECT id FROM gone",
        ["read auth.user id", "write auth.user"],
    ),
    "merge": (
        "MERGE INTO app.x USING auth.user AS u ON u.id = x.id WHEN MATCHED THEN DELETE",
        ["read app.x id", "read auth.user", "read auth.user id", "write app.x"],
    ),
    "truncate": ("TRUNCATE auth.user", ["write auth.user"]),
    "bare": ("SELECT 1 FROM items", ["read items"]),
    "temporary": (
        "CREATE TEMP TABLE t (id int); INSERT INTO t SELECT id FROM app.x",
        ["read app.x", "read app.x id"],
    ),
    "foreign key": (
        "CREATE TABLE app.t (id int REFERENCES auth.user (id), FOREIGN KEY (id) REFERENCES auth.user)",
        ["reference auth.user", "reference auth.user id", "write app.t"],
    ),
    "alter": ("ALTER TABLE auth.user ADD x int", ["write auth.user"]),
    "index": ("CREATE INDEX ON auth.user (email)", ["write auth.user"]),
    "drop": ("DROP TABLE auth.user; DROP FUNCTION auth.f(int)", ["write auth.f", "write auth.user"]),
    "comment": ("COMMENT ON COLUMN auth.user.email IS ''", ["write auth.user"]),
    "grant": ("GRANT SELECT ON auth.user TO api_rw", ["write auth.user"]),
    "policy": (
        "CREATE POLICY p ON app.x USING (EXISTS (SELECT FROM auth.user AS u WHERE u.id = x.user_id))",
        ["read auth.user", "read auth.user id", "write app.x"],
    ),
    "call": ("SELECT auth.find_principal(%s), now()", ["call auth.find_principal"]),
    "function of sql": (
        "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT id FROM auth.user'",
        ["read auth.user", "read auth.user id", "write app.f"],
    ),
    "function that returns what its parameters say": (
        "CREATE FUNCTION app.f(OUT found int) LANGUAGE sql AS 'SELECT id FROM auth.user'",
        ["read auth.user", "read auth.user id", "write app.f"],
    ),
    "function of plpgsql": (
        TRIGGER,
        ["read auth.user", "read auth.user email", "write app.note", "write master.log"],
    ),
    "block": ("DO $$ BEGIN DELETE FROM auth.user; END $$", ["write auth.user"]),
}
COLUMNS = {"app.items": ("id", "title", "user_id"), "auth.user": ("id", "email")}
# Statements of Django's, as it quotes them on each dialect.
QUOTED = {
    'SELECT "auth"."user"."id", U0."email" FROM "auth"."user" INNER JOIN "auth"."user" U0 ON (U0."id" = 1)': [
        "read auth.user",
        "read auth.user email",
        "read auth.user id",
    ],
    'SELECT "auth.user"."id" FROM "auth.user" WHERE "auth.user"."email" = \'"app"."x"\'': [
        "read auth.user",
        "read auth.user email",
        "read auth.user id",
    ],
    'INSERT OR IGNORE INTO "app.items" ("title") VALUES (%s)': ["write app.items"],
    'UPDATE "auth"."user" SET "email" = %s WHERE "auth"."user"."id" = %s': ["read auth.user id", "write auth.user"],
    'SELECT "django_migrations"."id" FROM "django_migrations"': [],
}


def tell(uses: list) -> list[str]:
    return sorted({f"{use.kind} {use.name} {use.column}".strip() for use in uses})


@pytest.mark.parametrize("case", CASES)
def test_statement_touches_what_it_names(case: str) -> None:
    text, expected = CASES[case]

    assert tell(list_uses(text, SCHEMAS, lambda table: COLUMNS.get(table, ()))) == sorted(expected)


@pytest.mark.parametrize("text", QUOTED)
def test_statement_that_is_not_parsed_touches_what_it_quotes(text: str) -> None:
    assert tell(list_quoted(text, SCHEMAS)) == QUOTED[text]


def test_place_is_where_the_table_stands() -> None:
    (use, *_) = list_uses("SELECT 'ä'\n  FROM app.items", SCHEMAS)

    assert use.place == len("SELECT 'ä'\n  FROM ".encode())


def test_text_that_is_no_sql_is_an_error_with_its_place() -> None:
    with pytest.raises(StatementError) as caught:
        list_uses("SELECT 1;\nSELEKT 2", SCHEMAS)

    assert (str(caught.value), caught.value.place) == ('syntax error at or near "SELEKT"', 10)
