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
