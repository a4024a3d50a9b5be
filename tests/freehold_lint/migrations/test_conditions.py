"""Which conditions choose no rows, by their words; test_postgresql.py asks a server the same."""

from __future__ import annotations

import pytest

from freehold_lint.migrations.row_changes import iter_row_changes
from freehold_lint.parsing import parse
from tests.freehold_lint.migrations.conditions import CONDITIONS


@pytest.mark.parametrize(("condition", "needed"), CONDITIONS.items())
def test_condition_that_chooses_no_rows_is_told(condition: str, needed: set[str] | None) -> None:
    (tree,) = parse(f"DELETE FROM app.stones WHERE {condition}")
    (change,) = [each for each in iter_row_changes(tree) if each.kind == "delete"]

    assert (change.has("vain"), set(change.columns)) == (needed is not None, needed or set())


@pytest.mark.parametrize(
    ("statement", "chooses"),
    [
        ("UPDATE app.stones s SET size = 1 FROM app.walls w WHERE s.id = w.id", True),
        ("DELETE FROM app.stones s USING app.walls w WHERE s.id IS NOT NULL", False),
        ("DELETE FROM app.stones WHERE CURRENT OF c", True),
        ("MERGE INTO app.stones s USING app.walls w ON s.id = w.id WHEN NOT MATCHED BY SOURCE THEN DELETE", True),
        ("MERGE INTO app.stones s USING app.walls w ON 1 = 1 WHEN MATCHED AND true THEN UPDATE SET size = 1", False),
        ("COPY (DELETE FROM app.stones WHERE true RETURNING id) TO STDOUT", False),
        ("PREPARE p AS DELETE FROM app.stones WHERE $1", False),
        ("INSERT INTO app.walls WITH d AS (UPDATE app.stones SET size = 1 RETURNING id) SELECT id FROM d", False),
    ],
)
def test_statement_is_read_wherever_it_stands(statement: str, chooses: bool) -> None:
    (tree,) = parse(statement)
    found = [each for each in iter_row_changes(tree) if each.kind in ("delete", "update")]

    assert [(each.table, each.has("vain")) for each in found] == [("app.stones", not chooses)]


def test_rows_of_functions_and_rules_are_those_of_who_uses_them() -> None:
    (function, rule) = parse(
        "CREATE FUNCTION app.wipe() RETURNS void LANGUAGE sql BEGIN ATOMIC DELETE FROM app.stones; END;"
        "CREATE RULE r AS ON INSERT TO app.stones DO ALSO DELETE FROM app.walls"
    )

    assert [*iter_row_changes(function), *iter_row_changes(rule)] == []
