"""Columns that are NULL where one would not think so."""

from __future__ import annotations

import pytest

from freehold_lint.typed_sql.catalogue import read_catalogue
from freehold_lint.typed_sql.preparing import Preparer
from tests.freehold_lint.typed_sql.conftest import Compile

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        (
            "SELECT coalesce(i.currency, '') AS c, count(*) AS n FROM app.items AS i "
            "GROUP BY ROLLUP (coalesce(i.currency, ''))",
            [True, False],
        ),
        (
            "SELECT i.location_id IS NULL AS a, count(*) AS n FROM app.items AS i "
            "GROUP BY CUBE (i.location_id IS NULL)",
            [True, False],
        ),
        (
            "SELECT q.name FROM app.items AS i CROSS JOIN LATERAL "
            "(SELECT name FROM unnest(ARRAY['a', NULL]) AS name) AS q",
            [True],
        ),
        ("SELECT r.metadata::int AS n, r.metadata::text AS t FROM app.runs AS r", [True, False]),
        ("SELECT q.m::int AS n FROM (SELECT r.metadata AS m FROM app.runs AS r) AS q", [True]),
        (
            "SELECT '1'::jsonb::int AS n, count(*)::int AS c, i.version::int AS v FROM app.items AS i GROUP BY i.id",
            [True, False, False],
        ),
    ],
)
def test_what_may_be_null(compile_text: Compile, text: str, may_be: list[bool]) -> None:
    assert [each.is_nullable for each in compile_text(f"{text}\n").columns] == may_be


def test_column_whose_not_null_is_not_valid_may_be_null(preparer: Preparer) -> None:
    connection = preparer.connection
    if connection.info.server_version < 180_000:
        pytest.skip("NOT NULL is validated at once before 18")
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE app.items ADD CONSTRAINT given NOT NULL location_id NOT VALID")
        found = read_catalogue(cursor).find("app", "items", "location_id")
    assert found
    assert found.is_nullable


def test_rows_of_an_alias_are_locked(compile_text: Compile) -> None:
    text = "SELECT i.id FROM app.items AS i JOIN app.favorites AS f ON f.item_id = i.id FOR UPDATE OF i\n"
    assert compile_text(text, "only: postgresql").columns


@pytest.mark.parametrize(
    ("view", "is_nullable", "is_key"),
    [
        ("SELECT id, name FROM app.items", False, True),
        ("SELECT i.name AS title, i.id AS name FROM app.items AS i", False, False),
        ("SELECT i.id, i.location_id AS name FROM app.items AS i", True, True),
        ("SELECT id, name FROM app.items WHERE is_active", True, False),
        ("SELECT i.id, i.name FROM app.items AS i LEFT JOIN app.runs AS r ON r.id = i.id", True, False),
        ("SELECT id, lower(name) AS name FROM app.items", True, True),
        ("SELECT id, name FROM app.items UNION ALL SELECT id, name FROM app.items", True, False),
    ],
)
def test_view_that_shows_a_table_as_it_is_has_its_columns(
    preparer: Preparer, view: str, is_nullable: bool, is_key: bool
) -> None:
    with preparer.connection.transaction(force_rollback=True), preparer.connection.cursor() as cursor:
        cursor.execute(f"CREATE VIEW app.shown AS {view}")
        found = read_catalogue(cursor)
    assert found.tables["app", "shown"]["name"].is_nullable is is_nullable
    assert (("app", "shown", "id") in found.unique) is is_key
