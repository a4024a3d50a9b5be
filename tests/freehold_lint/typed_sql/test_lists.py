"""Lists: whose elements may be None, and which are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.preparing import Preparer
from tests.freehold_lint.typed_sql.tables import compile_here

pytestmark = pytest.mark.postgresql
JOINED = "FROM zz.a AS a LEFT JOIN zz.b AS b ON b.a_id = a.id GROUP BY a.id"


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("SELECT a.tags AS l FROM zz.a AS a", "list[str | None]"),
        ("SELECT a.docs AS l FROM zz.a AS a", "list[Any]"),
        ("SELECT array_agg(a.name) AS l FROM zz.a AS a", "list[str]"),
        ("SELECT array_agg(a.note) AS l FROM zz.a AS a", "list[str | None]"),
        ("SELECT array_agg(a.note) FILTER (WHERE a.note IS NOT NULL) AS l FROM zz.a AS a", "list[str]"),
        (f"SELECT array_agg(b.name) AS l {JOINED}", "list[str | None]"),
        (f"SELECT array_agg(b.name) FILTER (WHERE b.id IS NOT NULL) AS l {JOINED}", "list[str]"),
        (f"SELECT coalesce(array_agg(b.name), '{{}}') AS l {JOINED}", "list[str | None]"),
        ("SELECT coalesce((SELECT array_agg(q.name) FROM zz.c AS q), '{}') AS l", "list[str]"),
        ("SELECT coalesce(array_agg(a.name), '{NULL}') AS l FROM zz.a AS a", "list[str | None]"),
        ("SELECT array_remove(a.tags, NULL) AS l FROM zz.a AS a", "list[str]"),
        ("SELECT ARRAY(SELECT q.id FROM zz.c AS q) AS l", "list[int]"),
        ("SELECT ARRAY(SELECT q.a_id FROM zz.b AS q) AS l", "list[int | None]"),
        ("SELECT q.l FROM (SELECT array_agg(a.id) AS l FROM zz.a AS a) AS q", "list[int]"),
    ],
)
def test_elements_may_be_none_unless_it_is_known_that_none_is(
    text: str, python: str, peopled: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert [each.python for each in compile_here(peopled, text).columns] == [python]


def test_type_line_says_that_no_element_is_none(
    peopled: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    compiled = compile_here(peopled, "SELECT a.tags FROM zz.a AS a", "type: tags = list[str]")

    assert [each.python for each in compiled.columns] == ["list[str]"]


@pytest.mark.parametrize("lines", [(), ("type: l = list[int]",)])
def test_list_of_a_domain_is_refused(
    lines: tuple[str, ...], peopled: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(TypedSQLError) as refused:
        compile_here(peopled, "SELECT '{1}'::zz.whole[] AS l", *lines)

    assert str(refused.value) == (
        f"sql/item/show.sql:{4 + len(lines)}: column l is a list of the domain whole: write ::int4[]"
    )
