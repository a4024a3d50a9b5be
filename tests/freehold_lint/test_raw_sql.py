"""L040 to L043: SQL of files, constants and migrations, each broken, reported, mended and silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from django.apps import AppConfig, apps
from django.db import migrations

from config.ownership import OWNERSHIP
from freehold.ownership import Contract
from freehold_lint import raw_sql
from freehold_lint.raw_sql import iter_source_findings, list_sql_findings
from freehold_lint.texts import Source, iter_constants, iter_files, iter_operation_texts, iter_sources

SHARED = replace(
    OWNERSHIP,
    contracts=(
        Contract("auth", consumer="api", read={"user": ("id", "email")}, call=("find_principal(text)",)),
        Contract("auth", consumer="app", reference={"user": ("id",)}),
    ),
)
CASES = {
    "L040": ("SELEKT 1", 'api/x.sql: PostgreSQL does not understand it: syntax error at or near "SELEKT".', "SELECT 1"),
    "L041": (
        "SELECT 1 FROM items",
        "items: items has no schema before it, so that search_path decides which table that is.",
        "SELECT 1 FROM app.items",
    ),
    "L042": (
        "SELECT u.email, u.password FROM auth.user AS u",
        "auth.user (password): the SQL of schema app reads auth.user (password), which no contract shares with app or "
        "api.",
        "SELECT u.email FROM auth.user AS u",
    ),
    "L043": (
        "UPDATE auth.user SET email = 'x'",
        "auth.user: the SQL of schema app writes, makes or alters auth.user, which is auth's alone.",
        "UPDATE app.items SET title = 'x'",
    ),
}
FINE = [
    "SELECT 1 FROM master.categories AS c",  # its service reads master
    "SELECT auth.find_principal(%s)",
    "ALTER TABLE app.items ADD FOREIGN KEY (user_id) REFERENCES auth.user (id)",
    "SELECT 1 FROM pg_catalog.pg_class",
    "SELECT 1 FROM sqlite_master JOIN pragma_foreign_key_list('x') AS f ON true",
    "PRAGMA foreign_keys",
    "CREATE TYPE app.mood AS ENUM ('a'); DROP TYPE app.mood",
]
WRONG = {
    "SELECT auth.find_secret(%s)": "L042",
    "ALTER TABLE app.items ADD FOREIGN KEY (user_id) REFERENCES auth.user (email)": "L042",
    "SELECT * FROM auth.user": "L042",
    "SELECT 1 FROM auth.session": "L042",
    "INSERT INTO master.categories (name) VALUES ('x')": "L043",  # reads do not let it write
    "CREATE FUNCTION master.f() RETURNS int RETURN 1": "L043",
    "CREATE TYPE mood AS ENUM ('a')": "L041",
    "CREATE DOMAIN auth.mood AS text CHECK (value <> '')": "L043",
    "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'b'": "L041",
    "DROP TYPE IF EXISTS auth.mood": "L043",
}


def lint(text: str, name: str = "x.sql") -> list[tuple[str, str]]:
    """Give what is said of SQL that belongs to items."""
    source = Source("items", Path("api", name), 1, text, is_sqlite="sqlite" in name)
    return [(each.rule, f"{each.object}: {each.message}") for each in iter_source_findings(source, SHARED)]


@pytest.mark.parametrize("rule", CASES)
def test_rule_is_broken_reported_mended_and_silent(rule: str) -> None:
    broken, said, mended = CASES[rule]

    assert lint(broken) == [(rule, said)]
    assert lint(mended) == []


def test_every_rule_has_a_case() -> None:
    assert list(CASES) == list(raw_sql.TITLES)


@pytest.mark.parametrize("text", FINE)
def test_sql_within_its_rights_is_silent(text: str) -> None:
    assert lint(text) == []


@pytest.mark.parametrize("text", WRONG)
def test_sql_beyond_its_rights_is_reported(text: str) -> None:
    assert {rule for rule, _ in lint(text)} == {WRONG[text]}


def test_sql_of_sqlite_need_not_be_understood() -> None:
    assert lint("INSERT OR IGNORE INTO items VALUES (1)", "x_sqlite.sql") == []


def test_finding_names_the_line() -> None:
    source = Source("items", Path("items/sql/x.sql"), 5, "SELECT 1\nFROM app.items\nJOIN runs ON true")

    (finding,) = iter_source_findings(source, SHARED)

    assert finding.place == "items/sql/x.sql:7"


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM 1 FROM added; END'", []),
        ("CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM 1 FROM others; END'", ["L041"]),
        ("CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM added'", ["L041"]),
        ("SELECT 1 FROM added", ["L041"]),
    ],
)
def test_tables_of_changed_rows_have_no_schema(text: str, rules: list[str]) -> None:
    found = iter_source_findings(Source("items", Path("items/sql/x.sql"), 1, text), SHARED, {"added"})

    assert [each.rule for each in found] == rules


# --- Where SQL stands ----------------------------------------------------------------------------------------
@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], AppConfig]:
    """Give a function that writes a file of an app; give the app."""
    config = AppConfig("somewhere", apps.get_app_config("items").module)
    config.path = str(tmp_path)

    def put(name: str, text: str) -> AppConfig:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
        return config

    return put


def test_files_are_found_wherever_a_directory_is_called_sql(write: Callable[[str, str], AppConfig]) -> None:
    write("sql/item/find.sql", "SELECT 1")
    write("part/sql/list_sqlite.sql", "SELECT 2 FROM ({part})")
    config = write("notes/loose.sql", "SELECT 3")

    found = [(Path(each.path).name, each.text, each.is_sqlite) for each in iter_files(config)]

    assert found == [("list_sqlite.sql", "SELECT 2 FROM (SELECT)", True), ("find.sql", "SELECT 1", False)]


def test_constants_are_found_that_are_sent_to_a_cursor(write: Callable[[str, str], AppConfig]) -> None:
    config = write(
        "queries.py",
        '''
        COUNT: str = """
        SELECT 1
        """
        TITLE = "no SQL"
        def run(cursor, other):
            cursor.execute(COUNT)
            cursor.execute("SELECT 2", [TITLE])
            Item.objects.raw("SELECT 3")
            cursor.execute(other)
            cursor.execute(f"SELECT {other}")
            cursor.fetch("SELECT 4")
        ''',
    )

    assert [(each.line, each.text.strip()) for each in iter_constants(config)] == [
        (2, "SELECT 1"),
        (8, "SELECT 2"),
        (9, "SELECT 3"),
    ]


def test_operations_are_looked_into_up_and_down() -> None:
    both = migrations.RunSQL(["SELECT 1", ("SELECT 2", [1])], reverse_sql="SELECT 3")
    inner = migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL("SELECT 4", migrations.RunSQL.noop)]
    )

    assert list(iter_operation_texts([both, inner])) == ["SELECT 1", "SELECT 2", "SELECT 3", "SELECT 4"]


def test_file_of_an_app_inside_of_another_is_that_ones() -> None:
    outer, inner = apps.get_app_config("freehold"), apps.get_app_config("sealing")

    assert Path(outer.path) in Path(inner.path).parents
    assert {"sealing" in each.path.parts for each in iter_constants(outer)} == {False}
    assert {"sealing" in each.path.parts for each in iter_constants(inner)} == {True}


def test_project_itself_is_looked_at_and_silent() -> None:
    found = list(iter_sources(OWNERSHIP))

    assert {each.path.suffix for each in found} >= {".sql", ".py"}
    assert {each.app for each in found} >= {"freehold"}
    assert [f"{each.rule} {each.place} {each.message}" for each in list_sql_findings(OWNERSHIP)] == []
