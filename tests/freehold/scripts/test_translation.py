"""What SQLite is told where a script says something in PostgreSQL's words."""

from __future__ import annotations

import pytest

from freehold.scripts.cutting import list_statements
from freehold.scripts.translation import ColumnGuard, Translation, translate

SCHEMAS = ("app", "auth")
SAME = [
    "SELECT a.title FROM items AS a",
    "SELECT 'app.items', /* app.items */ $$app.items$$",
    'SELECT "app.items".app.x',
    "SELECT en_US.utf8",
    "SELECT app FROM x WHERE app = 1",
    "INSERT INTO x (app, auth) VALUES (1, 2)",
]
CHANGED = {
    "SELECT 1 FROM app.items": 'SELECT 1 FROM "app.items"',
    'SELECT 1 FROM "app"."Items"': 'SELECT 1 FROM "app.Items"',
    "SELECT 1 FROM APP . Items": 'SELECT 1 FROM "app.items"',
    "SELECT app.items.title FROM app.items": 'SELECT "app.items".title FROM "app.items"',
    'ALTER TABLE auth."user" RENAME TO x': 'ALTER TABLE "auth.user" RENAME TO x',
    "DROP INDEX IF EXISTS app.items_idx": 'DROP INDEX IF EXISTS "items_idx"',
    "DROP INDEX CONCURRENTLY app.items_idx": 'DROP INDEX  "items_idx"',
    "CREATE UNIQUE INDEX CONCURRENTLY i ON app.items (id)": 'CREATE UNIQUE INDEX  i ON "app.items" (id)',
    "SELECT concurrently FROM app.items": 'SELECT concurrently FROM "app.items"',
}


def run(text: str) -> Translation:
    (statement,) = list_statements(text)
    return translate(statement, SCHEMAS)


@pytest.mark.parametrize("text", SAME)
def test_what_names_no_schema_stays(text: str) -> None:
    assert run(text) == Translation(text)


@pytest.mark.parametrize("text", CHANGED)
def test_schema_and_name_become_one_quoted_name(text: str) -> None:
    assert run(text) == Translation(CHANGED[text])


@pytest.mark.parametrize("column", ["COLUMN ", ""])
@pytest.mark.parametrize(
    ("change", "exists"), [("ADD {}IF NOT EXISTS Size int", False), ("DROP {}IF EXISTS size CASCADE", True)]
)
def test_condition_on_a_column_becomes_a_look_at_it(change: str, column: str, exists: bool) -> None:
    found = run(f"ALTER TABLE app.items {change.format(column)}")

    assert found.guard == ColumnGuard("app.items", "size", exists)
    assert found.text.split() == [
        word
        for word in f'ALTER TABLE "app.items" {change.format(column)}'.split()
        if word not in {"IF", "NOT", "EXISTS"}
    ]


def test_column_without_a_condition_has_none() -> None:
    assert run("ALTER TABLE app.items ADD COLUMN size int").guard is None
