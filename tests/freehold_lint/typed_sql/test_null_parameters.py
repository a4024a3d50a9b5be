"""A parameter takes None where each column that it goes into takes NULL, by whatever statement it goes there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from freehold.queries import Parameter
from freehold_lint.typed_sql.preparing import Preparer
from tests.freehold_lint.typed_sql.tables import compile_here, import_module, run

pytestmark = pytest.mark.postgresql
VALUES = {"id": 8, "other": 9, "note": "n", "name": "x", "both": "y", "dom": "d", "tag": "t"}
STATEMENTS = [
    ("INSERT INTO zz.c VALUES (@id, @name, @note, now())", {"note"}),
    ("INSERT INTO zz.c (note, made, id, name) VALUES (@note, now(), @id, 'a'), ('b', now(), @other, @name)", {"note"}),
    ("INSERT INTO zz.c (note, id, name, made) VALUES (@both, 8, 'a', now()), (NULL, 9, @both, now())", set()),
    ("INSERT INTO zz.c (note, id, name, made) SELECT @note::text, @id, b.name, now() FROM zz.b AS b LIMIT 1", {"note"}),
    (
        "INSERT INTO zz.c (note, id, name, made) SELECT @note, 9, 'a', now() UNION ALL "
        "(SELECT 'b', 7, @name, now() UNION ALL VALUES (@both::text, @id::int, 'c', now()))",
        {"note", "both"},
    ),
    (
        "INSERT INTO zz.c VALUES (1, 'a', NULL, now()) ON CONFLICT (id) DO UPDATE SET (note, name) = (@note, @name)",
        {"note"},
    ),
    ("UPDATE zz.c SET note = @note, name = @name WHERE id = 1", {"note"}),
    ("UPDATE zz.c SET note = @both, name = @both WHERE id = 1", set()),
    ("UPDATE zz.c SET name = @both, note = @both WHERE id = 1", set()),
    ("UPDATE zz.c SET (note, name) = (@note::text, @name) WHERE id = 1", {"note"}),
    ("UPDATE zz.c SET (note, name) = ROW (@note, @name) WHERE id = 1", {"note"}),
    ("UPDATE zz.c SET (name, note) = (SELECT @name::text, @note::text) WHERE id = 1", {"note"}),
    ("UPDATE zz.a SET dom = @dom", set()),
    (
        "MERGE INTO zz.c AS c USING zz.b AS b ON b.id = c.id WHEN MATCHED THEN UPDATE SET note = @note, name = @name "
        "WHEN NOT MATCHED THEN INSERT (id, note, name, made) VALUES (b.id, @both, @both, now())",
        {"note"},
    ),
    (
        "MERGE INTO zz.c AS c USING (SELECT 8 AS id) AS b ON b.id = c.id "
        "WHEN NOT MATCHED THEN INSERT VALUES (@id, @name, @note, now())",
        {"note"},
    ),
    ("WITH u AS (UPDATE zz.c SET note = @note RETURNING id) UPDATE zz.b SET name = @name FROM u", {"note"}),
]


@pytest.mark.parametrize(("text", "nullable"), STATEMENTS)
def test_parameter_takes_none_where_its_columns_do(
    text: str, nullable: set[str], peopled: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "@dom" in text and peopled.connection.info.server_version < 160_000:
        pytest.skip("before 16 a parameter of such a domain is not planned")
    monkeypatch.chdir(tmp_path)
    compiled = compile_here(peopled, text, kind="exec")
    query = import_module(compiled, monkeypatch)._SHOW
    given = {each.name: VALUES[each.name] for each in compiled.parameters}

    assert {each.name for each in compiled.parameters if each.is_nullable} == nullable
    run(peopled, query, given)
    unheld = replace(query, parameters=tuple(replace(each, is_nullable=True) for each in query.parameters))
    for name in given:
        if name in nullable:
            run(peopled, query, given | {name: None})
        else:
            assert is_refused(peopled, unheld, given | {name: None}), name


def is_refused(preparer: Preparer, query: Any, values: dict[str, Any]) -> bool:
    """Tell whether the database itself takes no NULL there."""
    try:
        run(preparer, query, values)
    except psycopg.errors.NotNullViolation:
        return True
    return False


def test_parameter_into_a_part_of_a_column_is_not_known_to_take_none(
    peopled: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    compiled = compile_here(peopled, "UPDATE zz.a SET tags[1] = @tag", kind="exec")

    assert [each.is_nullable for each in compiled.parameters] == [False]


def test_list_of_an_enumeration_is_a_parameter_and_comes_back(
    peopled: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        "SELECT a.mood, a.moods, @moods::zz.mood[] AS given FROM zz.a AS a "
        "WHERE a.mood = ANY (@moods) AND a.mood <> @mood"
    )
    compiled = compile_here(peopled, text)
    query = import_module(compiled, monkeypatch)._SHOW
    moods = ['sad, "so"', "NULL", None]

    values = run(peopled, query, {"moods": moods, "mood": "NULL"})

    assert query.parameters[0] == Parameter("moods", "zz.mood", is_list=True)
    assert values == [('sad, "so"', [None], moods)]
    labels = r'"glad", "sad, \"so\"", "NULL"'
    assert [each.python for each in compiled.columns] == [
        f"Literal[{labels}]",
        f"list[Literal[{labels}] | None]",
        f"list[Literal[{labels}] | None]",
    ]


def test_load_of_an_enumeration_names_its_schema(
    peopled: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    compiled = compile_here(peopled, "INSERT INTO zz.a (id, mood) VALUES (@id, @mood)", kind="load")

    assert [each.type for each in compiled.parameters] == ["int4", "zz.mood"]
