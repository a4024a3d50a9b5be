"""A column whose values a check constraint says is typed by them, wherever the statement shows the column itself."""

from __future__ import annotations

import pytest

from freehold_lint.typed_sql.catalogue import read_catalogue
from freehold_lint.typed_sql.choices import read_choices
from freehold_lint.typed_sql.preparing import Preparer
from tests.freehold_lint.typed_sql.conftest import Compile
from tests.freehold_lint.typed_sql.tables import compile_here

pytestmark = pytest.mark.postgresql
STATUS = 'Literal["queued", "running", "succeeded", "failed", "cancelled"]'


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("SELECT r.status AS a FROM app.runs AS r", STATUS),
        ("SELECT b.status AS a FROM (SELECT r.status FROM app.runs AS r) AS b", STATUS),
        ("SELECT r.status AS a FROM app.items AS i LEFT JOIN app.runs AS r ON r.id = i.id", STATUS),
        ("SELECT r.status || '' AS a FROM app.runs AS r", "str"),
        ("SELECT coalesce(r.status, 'none') AS a FROM app.runs AS r", "str"),
        ("SELECT r.status AS a FROM app.runs AS r UNION ALL SELECT 'other'", "str"),
        ("SELECT r.kind AS a FROM app.runs AS r", "str"),
        ("SELECT m.role AS a FROM app.memberships AS m", 'Literal["owner", "admin", "member", "viewer"]'),
    ],
)
def test_column_is_one_of_its_values(compile_text: Compile, text: str, python: str) -> None:
    (column,) = compile_text(f"{text}\n").columns

    assert column.python == python
    assert column.is_nullable == ("LEFT JOIN" in text)


def test_type_line_wins_over_the_constraint(compile_text: Compile) -> None:
    (column,) = compile_text("SELECT r.status FROM app.runs AS r\n", "type: status = str").columns

    assert column.python == "str"


def test_part_that_shows_other_texts_makes_it_a_text(compile_text: Compile) -> None:
    text = """SELECT r.status FROM app.runs AS r
-- if: more
UNION ALL SELECT 'more' WHERE @more::bool
-- end
"""

    (column,) = compile_text(text).columns

    assert column.python == "str"


def test_load_takes_the_values_alone(compile_text: Compile) -> None:
    columns = "project_id, external_id, kind, status"
    text = f"INSERT INTO app.runs ({columns}) VALUES (@{columns.replace(', ', ', @')})\n"

    parameters = {each.name: each.python for each in compile_text(text, kind="load").parameters}

    assert parameters == {"project_id": "UUID", "external_id": "str", "kind": "str", "status": STATUS}


@pytest.mark.parametrize(
    ("expression", "choices"),
    [
        ("((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))", ("a", "b")),
        ("(status = ANY (ARRAY['it''s'::text]))", ("it's",)),
        ("status IN ('a', 'b')", ("a", "b")),
        ("(status <> ALL (ARRAY['a'::text]))", ()),
        ("(lower(status) = ANY (ARRAY['a'::text]))", ()),
        ("((status = ANY (ARRAY['a'::text])) OR (status IS NULL))", ()),
        ("(level = ANY (ARRAY[1, 2]))", ()),
        ("(status = ANY (ARRAY['a'::text, lower('B'::text)]))", ()),
        ("(version >= 1)", ()),
        ("is_active", ()),
    ],
)
def test_expression_says_the_values_or_none(expression: str, choices: tuple[str, ...]) -> None:
    assert read_choices(expression) == choices


@pytest.mark.parametrize(("valid", "python"), [("", 'Literal["a", "b"]'), ("NOT VALID", "str")])
def test_constraint_that_older_rows_may_break_says_nothing(
    preparer: Preparer, valid: str, python: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))
    with preparer.connection.transaction(force_rollback=True), preparer.connection.cursor() as cursor:
        cursor.execute("CREATE TABLE app.told (said text NOT NULL)")
        cursor.execute(f"ALTER TABLE app.told ADD CHECK (said IN ('a', 'b')) {valid}")  # type: ignore[call-overload]
        cursor.execute("CREATE VIEW app.seen AS SELECT t.said AS word FROM app.told AS t")
        found = Preparer(preparer.connection, read_catalogue(cursor), preparer.ownership)

        (column,) = compile_here(found, "SELECT t.said FROM app.told AS t").columns
        (through,) = compile_here(found, "SELECT s.word FROM app.seen AS s").columns

    assert (column.python, through.python) == (python, python)
