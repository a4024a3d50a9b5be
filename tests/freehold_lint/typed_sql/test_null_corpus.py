"""Whatever a statement gives is of the types that were written for it: compiled and run over rows that have NULL in all
the places where they may."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from freehold_lint.typed_sql.preparing import Preparer
from tests.freehold_lint.typed_sql.tables import compile_here, import_module, is_18, run

pytestmark = pytest.mark.postgresql
FROM = [
    "zz.a AS a LEFT JOIN zz.b AS b ON b.a_id = a.id LEFT JOIN zz.c AS c ON c.id = b.c_id",
    "zz.a AS a LEFT JOIN zz.b AS b ON b.a_id = a.id LEFT JOIN zz.c AS c ON c.id = a.id - 1",
    "zz.a AS a LEFT JOIN (zz.b AS b JOIN zz.c AS c ON c.id = b.c_id) ON b.a_id = a.id",
    "zz.a AS a LEFT JOIN (zz.b AS b LEFT JOIN zz.c AS c ON c.id = b.c_id) ON b.a_id = a.id",
    "zz.a AS a LEFT JOIN (zz.b AS b FULL JOIN zz.c AS c ON c.id = b.c_id) ON b.a_id = a.id",
    "zz.c AS c RIGHT JOIN zz.b AS b ON c.id = b.c_id RIGHT JOIN zz.a AS a ON b.a_id = a.id",
    "zz.a AS a FULL JOIN zz.b AS b ON b.a_id = a.id FULL JOIN zz.c AS c ON c.id = b.c_id",
    "zz.a AS a JOIN zz.b AS b ON b.a_id = a.id JOIN zz.c AS c ON c.id = b.c_id",
    "zz.a AS a CROSS JOIN LATERAL (SELECT q.id, q.name, q.mark FROM zz.b AS q WHERE q.a_id = a.id) AS b, zz.c AS c",
    "zz.a AS a LEFT JOIN LATERAL (SELECT q.id, a.name, q.mark FROM zz.b AS q WHERE q.a_id = a.id) AS b ON true "
    "LEFT JOIN (SELECT q.id, q.name, q.note, q.made FROM zz.c AS q WHERE q.note IS NOT NULL) AS c ON c.id = b.id",
    "zz.a AS a LEFT JOIN (SELECT q.id, r.name, q.mark FROM zz.b AS q LEFT JOIN zz.c AS r ON r.id = q.c_id) AS b "
    "ON b.id = a.id LEFT JOIN zz.c AS c ON c.id = b.id",
]
EXPRESSIONS = """
a.id, b.id AS b_id, c.id AS c_id, a.name, b.name AS b_name, c.name AS c_name, a.note, c.note AS c_note, c.made,
b.mark, a.tags, a.price, a.dom, a.twice, a.mood, a.moods, a.docs, a.data,
coalesce(b.name, 'none') AS e1, coalesce(b.name, c.name) AS e2, coalesce(a.note, b.name, a.name) AS e3,
a.name || c.name AS e4, greatest(b.id, c.id) AS e5, greatest(a.id, c.id) AS e6, least(b.mark, 0) AS e7,
CASE WHEN b.id IS NULL THEN 1 ELSE 2 END AS e8, CASE WHEN a.id = 1 THEN a.name END AS e9,
CASE a.id WHEN 1 THEN b.name ELSE c.name END AS e10, CASE a.id WHEN 1 THEN b.id ELSE b.a END AS e11,
b.id IS NOT NULL AND c.id IS NULL AS e12, b.id = c.id AS e13, b.id = a.id OR c.id = a.id AS e14,
b.id IS DISTINCT FROM c.id AS e15, (b.id > 1) IS TRUE AS e16, upper(a.name) AS e17, length(c.name) AS e18,
nullif(a.name, '') AS e19, a.data ->> 'k' AS e20, a.data -> 'k' AS e21, a.data::text AS e22,
(a.data || '{}')::text AS e23,
a.tags[1] AS e24, array_length(a.tags, 1) AS e25, cardinality(a.tags) AS e26, ARRAY[a.note, a.name] AS e27,
ARRAY[a.id, c.id] AS e28, ARRAY[a.name] AS e29, ARRAY(SELECT q.note FROM zz.a AS q) AS e30,
ARRAY(SELECT q.name FROM zz.a AS q WHERE q.id = c.id) AS e31, array_remove(a.tags, NULL) AS e32,
array_remove(a.tags, 'x') AS e33, coalesce((SELECT array_agg(q.name) FROM zz.c AS q WHERE q.id = b.id), '{}') AS e34,
coalesce((SELECT array_agg(q.note) FROM zz.c AS q), '{}') AS e35, coalesce(ARRAY[c.name], '{NULL}'::text[]) AS e36,
(SELECT count(*) FROM zz.b AS q WHERE q.a_id = a.id) AS e37, (SELECT q.name FROM zz.b AS q WHERE q.id = c.id) AS e38,
(SELECT zz.count(q.id) FROM zz.b AS q WHERE q.id = 1) AS e39, EXISTS (SELECT FROM zz.c AS q WHERE q.id = b.id) AS e40,
a.id IN (SELECT q.c_id FROM zz.b AS q) AS e41, c.name LIKE '%' AS e42, a.name BETWEEN b.name AND 'z' AS e43,
row_number() OVER () AS e44, lag(a.name) OVER (ORDER BY a.id) AS e45, first_value(b.name) OVER (ORDER BY a.id) AS e46,
sum(a.id) OVER () AS e47, count(b.id) OVER () AS e48, nth_value(a.name, 9) OVER () AS e49,
max(a.name) FILTER (WHERE false) OVER () AS e50, jsonb_build_object('a', b.id) AS e51, to_jsonb(b.name) AS e52,
concat(b.name, c.note) AS e53, c.made - current_date AS e54, date_trunc('day', c.made::timestamptz) AS e55,
current_schema AS e56, current_user::text AS e57, extract(day FROM c.made) AS e58, a.name COLLATE "C" AS e59,
trim(b.name) AS e60, a.id::text || coalesce(c.note, '') AS e61, string_to_array(a.name, NULL) AS e62
""".replace("b.a ", "b.id ")
NESTS = """
a.id, b.id AS "b.id", b.name AS "b.name", b.mark AS "b.mark", c.id AS "c.id", c.note AS "c.note", c.name AS "c.in.name",
b.id AS "both.id", c.name AS "both.name", b.name AS "out.name", c.id AS "out.inner.id", c.note AS "out.inner.note",
c.id AS "deep.one.id", c.name AS "deep.one.two.name", b.id AS "x.y.id", c.made AS "x.z.made", a.id AS "own.id",
b.name AS "own.b.name", coalesce(b.name, '') AS "mixed.name", b.id AS "mixed.id", c.note AS "only.note",
a.data AS "doc.data"
""".replace('"c.in.name"', '"c.inner.name"')
STATEMENTS = [
    *(f"SELECT {EXPRESSIONS} FROM {each}" for each in FROM),
    *(f"SELECT {NESTS} FROM {each}" for each in FROM),
    # joins under other names
    "SELECT i.x, i.name, i.note FROM zz.a AS i (x, note, name)",
    "SELECT id FROM zz.a JOIN zz.b USING (id)",
    "SELECT id, zz.b.name FROM zz.a LEFT JOIN zz.b USING (id)",
    "SELECT id FROM zz.a FULL JOIN zz.b USING (id)",
    "SELECT j.k, note, name FROM (zz.c AS c JOIN zz.b AS b ON true) AS j (id, note, k)",
    "SELECT name FROM (zz.c AS c LEFT JOIN zz.b AS b ON false) AS j (a, b, c, d, e, f, name, h, i)",
    "SELECT a.name FROM zz.a AS a NATURAL LEFT JOIN zz.parent AS p",
    "SELECT (SELECT q.name FROM zz.a AS z, (SELECT name) AS q LIMIT 1) AS name FROM (SELECT NULL AS name) AS y",
    "SELECT y.name, (SELECT ARRAY(SELECT q.name FROM zz.a AS z, (SELECT name) AS q)) AS names "
    "FROM (SELECT NULL::text AS name) AS y",
    "SELECT p.id, p.name FROM zz.parent AS p",
    "SELECT s.x, s.y FROM ROWS FROM (generate_series(1, 2), generate_series(1, 1)) AS s (x, y)",
    "SELECT x.n, x.ordinality FROM unnest(ARRAY['a', NULL]) WITH ORDINALITY AS x (n)",
    "SELECT j.a, j.b FROM jsonb_to_recordset('[{\"a\": 1}]') AS j (a int, b text)",
    # WITH
    "WITH q AS (SELECT b.name, b.id, c.name AS c_name, c.id AS c_id FROM zz.b AS b LEFT JOIN zz.c AS c "
    "ON c.id = b.c_id) "
    'SELECT one.c_name AS "p.name", two.c_id AS "p.id", one.name FROM q AS one JOIN q AS two ON one.id = 5 - two.id',
    "WITH q AS (SELECT b.name, c.name AS c_name, c.note AS c_note FROM zz.b AS b LEFT JOIN zz.c AS c ON c.id = b.c_id) "
    'SELECT q.name, q.c_name AS "c.name", q.c_note AS "c.note" FROM q',
    "WITH RECURSIVE q (n, m) AS (SELECT 1, 'a' UNION ALL SELECT q.n + 1, NULL FROM q WHERE q.n < 3) "
    "SELECT q.n, q.m FROM q",
    "WITH RECURSIVE q AS (SELECT 1 AS n, NULL::text AS m UNION ALL SELECT q.n + 1, q.m FROM q WHERE q.n < 3) "
    "SELECT q.n, q.m, q.m || 'a' AS k FROM q",
    "WITH q AS (SELECT 1 AS n, 'a' AS m) SELECT r.k FROM q, (WITH RECURSIVE q AS (SELECT NULL AS m, 'b' AS k, 1 AS n "
    "UNION ALL SELECT q.m, q.m, q.n + 1 FROM q WHERE q.n < 3) SELECT q.k FROM q) AS r",
    "WITH RECURSIVE t (id, up) AS (SELECT b.id, b.a_id FROM zz.b AS b UNION SELECT b.id, t.up FROM zz.b AS b "
    "JOIN t ON t.id = b.c_id) CYCLE id SET looped USING path SELECT t.id, t.up, t.looped FROM t",
    "WITH d AS (DELETE FROM zz.b AS b RETURNING b.id, b.a_id) SELECT d.id, d.a_id FROM d",
    "WITH u AS (UPDATE zz.a SET note = NULL RETURNING id, note, twice) SELECT u.id, u.note, u.twice FROM u",
    "SELECT (SELECT count(a.id) FROM zz.b AS q WHERE q.id = 99) AS n FROM zz.a AS a",
    "SELECT a.id, (SELECT count(a.id + q.id) FROM zz.b AS q WHERE q.id = 99) AS n FROM zz.a AS a",
    # sets of rows
    "SELECT a.name FROM zz.a AS a UNION SELECT a.note FROM zz.a AS a",
    "SELECT a.note FROM zz.a AS a EXCEPT SELECT a.name FROM zz.a AS a",
    "SELECT a.note FROM zz.a AS a INTERSECT SELECT c.note FROM zz.c AS c",
    "SELECT a.name FROM zz.a AS a UNION ALL (SELECT b.name FROM zz.b AS b UNION ALL VALUES (NULL))",
    'SELECT c.id AS "c.id", c.name AS "c.name" FROM zz.a AS a LEFT JOIN zz.c AS c ON c.id = a.id UNION ALL '
    "SELECT c.id, d.name FROM zz.a AS a LEFT JOIN zz.c AS c ON c.id = a.id LEFT JOIN zz.c AS d ON d.id = a.id - 1",
    'SELECT c.id AS "c.id", c.name AS "c.name" FROM zz.a AS a LEFT JOIN zz.c AS c ON c.id = a.id UNION ALL '
    "SELECT c.id, c.name FROM zz.a AS a LEFT JOIN zz.c AS c ON c.id = a.id - 1",
    "VALUES (1, 'a', NULL::int), (2, NULL, 3)",
    "SELECT v.x, v.y FROM (VALUES (1, 'a'), (NULL, 'b')) AS v (x, y)",
    # aggregates
    "SELECT max(a.name) AS m, count(*) AS n, array_agg(a.note) AS l, sum(a.id) AS s, bool_and(true) AS f, "
    "array_agg(a.name) AS names FROM zz.a AS a WHERE false",
    "SELECT array_agg(a.name) AS a, array_agg(a.note) AS b, array_agg(a.note) FILTER (WHERE a.note IS NOT NULL) AS c, "
    "array_agg(a.name) FILTER (WHERE false) AS d, array_agg(a.mood) AS m FROM zz.a AS a GROUP BY a.id",
    "SELECT a.id, array_agg(b.name) AS names, array_agg(b.name) FILTER (WHERE b.id IS NOT NULL) AS kept, "
    "array_agg(c.note) FILTER (WHERE b.id IS NOT NULL AND c.id IS NOT NULL) AS notes FROM zz.a AS a "
    "LEFT JOIN zz.b AS b ON b.a_id = a.id LEFT JOIN zz.c AS c ON c.id = b.c_id GROUP BY a.id",
    "SELECT array_agg(a.tags[1]) AS t, array_agg(DISTINCT a.id ORDER BY a.id) AS i, array_agg(a.data) AS "
    "d FROM zz.a AS a",
    "SELECT a.name, count(*) AS n, sum(a.id) AS s, grouping(a.name) AS g FROM zz.a AS a GROUP BY "
    "GROUPING SETS ((a.name), ())",
    "SELECT coalesce(a.name, '') AS n, a.id = 1 AS o, zz.count(max(a.id)) AS count FROM zz.a AS a GROUP "
    "BY CUBE (a.id, a.name)",
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY b.mark) AS p, rank(1.0::float8) WITHIN GROUP "
    "(ORDER BY b.mark) AS r, "
    "mode() WITHIN GROUP (ORDER BY b.name) AS m FROM zz.b AS b WHERE false",
    "SELECT string_agg(a.name, ',') AS s, jsonb_agg(a.name) AS j, every(false) AS e FROM zz.a AS a WHERE false",
    "SELECT DISTINCT ON (b.a_id) b.a_id, b.name FROM zz.b AS b ORDER BY b.a_id",
    "SELECT b.name FROM zz.b AS b TABLESAMPLE SYSTEM (100)",
    "SELECT generate_series(1, a.id) AS n, unnest(a.tags) AS t, a.name FROM zz.a AS a",
    # JSON
    "SELECT (a.data -> 'k')::text AS a, jsonb_path_query_first(a.data, '$.z') AS b, a.data #>> '{k}' AS "
    "c FROM zz.a AS a",
    "SELECT '1'::jsonb::int AS n, ('[1]'::jsonb -> 0)::zz.whole AS m, '2'::jsonb::zz.whole AS w",
    # writes
    "INSERT INTO zz.c (id, name, note, made) VALUES (9, 'n', NULL, now()) RETURNING id, name, note",
    "INSERT INTO zz.c (id, name, note, made) VALUES (1, 'n', NULL, now()) ON CONFLICT (id) DO UPDATE SET note = NULL "
    "RETURNING id, name, note, excluded.name AS new_name".replace(", excluded.name AS new_name", ""),
    "UPDATE zz.b AS b SET name = 'z' FROM zz.a AS a LEFT JOIN zz.c AS c ON c.id = a.id "
    "WHERE a.id = b.a_id RETURNING b.name, c.name AS c_name, c.id",
    "DELETE FROM zz.b AS b USING zz.a AS a LEFT JOIN zz.c AS c ON c.id = a.id RETURNING b.name, c.name "
    "AS c_name, a.note",
    "UPDATE zz.a SET (name, note) = (SELECT 'x', NULL) RETURNING name, note, dom, tags",
]
STATEMENTS_18 = [
    "UPDATE zz.c AS c SET note = NULL RETURNING old.note AS o, new.note AS n, old.id, new.name",
    "INSERT INTO zz.c (id, name, made) VALUES (9, 'n', now()) RETURNING old.id AS o, new.id AS n, old.name",
    "DELETE FROM zz.c RETURNING WITH (OLD AS o, NEW AS n) o.id, n.id AS n_id, n.name",
    "MERGE INTO zz.c AS c USING zz.b AS b ON b.id = c.id AND c.id = 1 WHEN MATCHED THEN DELETE WHEN NOT "
    "MATCHED BY SOURCE THEN "
    "UPDATE SET note = NULL RETURNING merge_action() AS did, c.name, b.name AS b_name, b.id, 'x' AS x",
    "SELECT (a.data -> 'k')::int AS k, a.data::bool AS b FROM zz.a AS a WHERE a.id = 1",
    "SELECT j.n, j.s FROM JSON_TABLE('[{\"n\": 1}]'::jsonb, '$[*]' COLUMNS (n int PATH '$.n', s text PATH '$.s')) AS j",
    "SELECT JSON_VALUE(a.data, '$.z') AS v, JSON_EXISTS(a.data, '$.k') AS e, JSON_OBJECT('a': a.note) AS "
    "o FROM zz.a AS a",
]


JOINS = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]
TREES = st.recursive(
    st.just("leaf"), lambda inner: st.tuples(st.sampled_from(JOINS), inner, inner, st.integers(0, 2)), max_leaves=4
)
COLUMNS = [("a", "id"), ("a", "note"), ("b", "a_id"), ("b", "name"), ("c", "name"), ("c", "note"), ("d", "k")]
LEAVES = {
    "a": "zz.a AS a",
    "b": "zz.b AS b",
    "c": "zz.c AS c",
    "d": "(SELECT b.id, c.name AS k FROM zz.b AS b LEFT JOIN zz.c AS c ON c.id = b.c_id) AS d",
}


LEAVES_OF = {
    "text": [
        "a.name",
        "a.note",
        "b.name",
        "c.name",
        "c.note",
        "'x'::text",
        "NULL::text",
        "a.tags[1]",
        "a.data ->> 'k'",
    ],
    "int": [
        "a.id",
        "b.id",
        "b.mark::int",
        "c.id",
        "7",
        "NULL::int",
        "(SELECT count(*) FROM zz.b AS q WHERE q.id = a.id)::int",
    ],
    "bool": [
        "true",
        "b.id IS NULL",
        "a.note IS NOT NULL",
        "EXISTS (SELECT FROM zz.c AS q WHERE q.id = b.id)",
        "NULL::bool",
    ],
}
SHAPES = {
    "text": [
        "coalesce({text}, {text})",
        "{text} || {text}",
        "CASE WHEN {bool} THEN {text} ELSE {text} END",
        "CASE {int} WHEN {int} THEN {text} END",
        "greatest({text}, {text})",
        "nullif({text}, {text})",
        "substr({text}, {int})",
        "{int}::text",
        "(SELECT q.name FROM zz.c AS q WHERE q.id = {int})",
        "(SELECT {text} WHERE {bool})",
        "(SELECT {text})",
        "(ARRAY[{text}, {text}])[1]",
        "(SELECT max(q.name || {text}) FROM zz.c AS q)",
        "concat({text}, {text})",
        "concat_ws({text}, {text})",
        "lower({text})",
        "btrim({text})",
        "(to_jsonb({text}))::text",
    ],
    "int": [
        "coalesce({int}, {int}, {int})",
        "{int} + {int}",
        "-{int}",
        "abs({int})",
        "length({text})",
        "least({int}, {int})",
        "CASE WHEN {bool} THEN {int} WHEN {bool} THEN {int} ELSE {int} END",
        "(SELECT count(q.id + {int}) FROM zz.c AS q WHERE {bool} GROUP BY q.name LIMIT 1)::int",
        "(SELECT count(*) FROM zz.c AS q HAVING {bool})::int",
        "(SELECT count(q.id) FROM zz.c AS q WHERE {bool})::int",
        "nullif({int}, {int})",
        "cardinality(array_remove(ARRAY[{text}], NULL))",
        "(to_jsonb({int}))::int",
        "(jsonb_build_object('k', {int}) -> 'k')::int",
        "char_length({text})",
    ],
    "bool": [
        "{text} = {text}",
        "{int} < {int}",
        "{bool} AND {bool}",
        "{bool} OR {bool}",
        "NOT {bool}",
        "{text} LIKE {text}",
        "{bool} IS NOT TRUE",
        "{int} IS DISTINCT FROM {int}",
        "{int} IN ({int}, {int})",
        "{int} = ANY (ARRAY[{int}, {int}])",
        "{text} BETWEEN {text} AND {text}",
        "({text}, {int}) = ({text}, {int})",
        "starts_with({text}, {text})",
        "ARRAY[{text}] = ARRAY[{text}]",
    ],
}


@st.composite
def expressions(draw: st.DrawFn, kind: str = "", depth: int = 3) -> str:
    """Give an expression over the columns of `FROM`."""
    kind = kind or draw(st.sampled_from(sorted(LEAVES_OF)))
    if not depth or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(LEAVES_OF[kind]))
    shape = draw(st.sampled_from(SHAPES[kind]))
    parts = re.split(r"\{(\w+)\}", shape)
    inner = [draw(expressions(each, depth - 1)) if at % 2 else each for at, each in enumerate(parts)]
    return "({})".format("".join(f"({each})" if at % 2 else each for at, each in enumerate(inner)))


def write_from(tree: Any, names: list[str]) -> tuple[str, list[str]]:
    """Give a tree of joins as SQL, and the names that it has."""
    if tree == "leaf" or not names[1:]:
        return (LEAVES[names[0]], names[:1]) if names else ("", [])
    word, left, right, shift = tree
    first, own = write_from(left, names)
    second, others = write_from(right, names[len(own) :])
    if not second:
        return first, own
    condition = f"{own[-1]}.id + {shift - 1} = {others[0]}.id"
    return f"({first} {word} {second} ON {condition})", [*own, *others]


def check(text: str, peopled: Preparer, monkeypatch: pytest.MonkeyPatch) -> int:
    """Compile and run it, and look at each value; give the number of rows."""
    compiled = compile_here(peopled, text)
    module = import_module(compiled, monkeypatch)
    values = run(peopled, module._SHOW, {})
    rows, raw = module._SHOW._maker.make(values), module._SHOW._maker.make_raw(values)
    msgspec.json.decode(msgspec.json.encode(rows), type=list[module.ShowRow])
    msgspec.json.decode(msgspec.json.encode(raw), type=list[module.ShowRow])
    for row, found in zip(rows, values, strict=True):
        for column, value in zip(compiled.columns, found, strict=True):
            assert (find(row, column.name) is None) == (value is None or value == b"null"), column.name
    return len(values)


def find(row: Any, name: str) -> Any:
    """Give what a row has at the end of a path; None where a row on the way is."""
    for word in name.split("."):
        row = row and getattr(row, word)
    return row


@pytest.mark.parametrize("text", [*STATEMENTS, *STATEMENTS_18])
def test_rows_are_of_their_types(text: str, peopled: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if text in STATEMENTS_18 and not is_18(peopled):
        pytest.skip("of PostgreSQL 18")
    monkeypatch.chdir(tmp_path)

    assert check(text, peopled, monkeypatch)


@given(tree=TREES, names=st.permutations("abcd"), paths=st.lists(st.sampled_from(["", "n.", "m.", "n.m."]), min_size=7))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_rows_of_any_joins_are_of_their_types(
    tree: Any, names: list[str], paths: list[str], peopled: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source, known = write_from(tree, names)
    columns = [
        f'{alias}.{name} AS "{paths[at]}{alias}{at}"' for at, (alias, name) in enumerate(COLUMNS) if alias in known
    ]

    check(f"SELECT {', '.join(columns)} FROM {source}", peopled, monkeypatch)


@given(source=st.sampled_from(FROM), found=st.lists(expressions(), min_size=20, max_size=20))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_expressions_are_of_their_types(
    source: str, found: list[str], peopled: Preparer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    columns = [f"{each} AS e{at}, ARRAY[{each}] AS l{at}" for at, each in enumerate(found)]

    check(f"SELECT {', '.join(columns)} FROM {source}", peopled, monkeypatch)
