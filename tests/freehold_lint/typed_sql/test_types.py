"""What PostgreSQL says of statements becomes types: of parameters and columns, and whether NULL may be there."""

from __future__ import annotations

import pytest

from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.loads import FORM, write_load
from tests.freehold_lint.typed_sql.conftest import Compile

pytestmark = pytest.mark.postgresql
ITEMS = "FROM app.items AS i"
WAY = "search by a function of the owner's, or say why it may stay: `-- plan: …`"
LEAKS = f"is not leakproof: behind the table's policies no index serves it; compare by another operator, {WAY}"
TEXT = "i.name || ' ' || left(i.description, 50000)"
WORDS = f"to_tsvector('english', {TEXT}) || to_tsvector('simple', {TEXT})"  # as items_search_idx has them

COLUMNS = [
    ("i.id", "UUID", False),
    ("i.name", "str", False),
    ("i.price", "Decimal", False),
    ("i.location_id", "UUID", True),
    ("i.created_at", "datetime", False),
    ("i.created_at::date", "date", False),
    ("i.is_active", "bool", False),
    ("count(*) OVER ()", "int", False),
    ("(SELECT count(*) FROM app.favorites AS f)", "int", False),
    ("(SELECT max(f.created_at) FROM app.favorites AS f)", "datetime", True),
    ("coalesce(i.location_id, i.id)", "UUID", False),
    ("coalesce(i.location_id, NULL)", "UUID", True),
    ("CASE WHEN i.is_active THEN 1 END", "int", True),
    ("CASE WHEN i.is_active THEN 1 ELSE 2 END", "int", False),
    ("i.name || '!'", "str", False),
    ("i.location_id IS NULL", "bool", False),
    ("i.location_id = i.id", "bool", True),
    ("nullif(i.name, '')", "str", True),
    ("i.name LIKE 'a%'", "bool", False),
    ("EXISTS (SELECT FROM app.favorites AS f WHERE f.item_id = i.id)", "bool", False),
    ("ARRAY[i.id]", "list[UUID]", False),
    ("jsonb_build_object('id', i.id)", "Any", False),
    ("now()", "datetime", False),
    ("'a'", "str", False),
    ("i.version", "int", False),
]


@pytest.mark.parametrize(("expression", "python", "is_nullable"), COLUMNS)
def test_column_has_its_type(compile_text: Compile, expression: str, python: str, is_nullable: bool) -> None:
    compiled = compile_text(f"SELECT {expression} AS a {ITEMS}\n")

    assert [(each.python, each.is_nullable) for each in compiled.columns] == [(python, is_nullable)]


@pytest.mark.parametrize(
    ("statement", "is_nullable"),
    [
        (f"SELECT l.id {ITEMS} LEFT JOIN master.locations AS l ON l.id = i.location_id", True),
        (f"SELECT l.id {ITEMS} JOIN master.locations AS l ON l.id = i.location_id", False),
        ("SELECT i.id FROM app.items AS i FULL JOIN app.favorites AS f ON f.item_id = i.id", True),
        ("SELECT f.id FROM app.items AS i RIGHT JOIN app.favorites AS f ON f.item_id = i.id", False),
        ("SELECT q.id FROM (SELECT i.id FROM app.items AS i) AS q", False),
        ("SELECT q.id FROM (SELECT i.location_id AS id FROM app.items AS i) AS q", True),
        (
            "WITH q AS (SELECT l.id FROM app.items AS i LEFT JOIN master.locations AS l ON true) SELECT q.id FROM q",
            True,
        ),
        ("WITH q (key) AS (SELECT i.id FROM app.items AS i) SELECT q.key AS id FROM q", False),
        ("SELECT i.id FROM app.items AS i UNION ALL SELECT i.location_id FROM app.items AS i", True),
        ("SELECT i.id FROM app.items AS i UNION ALL SELECT f.item_id FROM app.favorites AS f", False),
        ("SELECT i.user_id AS id FROM app.items AS i GROUP BY ROLLUP (i.user_id)", True),
        ("SELECT id FROM app.items", False),
        ("SELECT id FROM app.items AS i WHERE i.id = id", False),
        ("DELETE FROM app.items AS i RETURNING i.id", False),
        ("VALUES ('a'), ('b')", False),
        ("VALUES ('a'), (NULL)", True),
    ],
)
def test_column_may_be_null_by_how_its_row_comes(compile_text: Compile, statement: str, is_nullable: bool) -> None:
    compiled = compile_text(f"{statement}\n")

    assert [each.is_nullable for each in compiled.columns] == [is_nullable]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SELECT i.id FROM app.items AS i WHERE i.id = @a", ("uuid", "UUID", False, False)),
        ("SELECT i.id FROM app.items AS i WHERE i.id = ANY (@a)", ("uuid", "list[UUID]", True, False)),
        ("SELECT i.id FROM app.items AS i WHERE i.price < @a::numeric + 1", ("numeric", "Decimal", False, False)),
        ("SELECT i.id FROM app.items AS i WHERE @a::text IS NULL OR i.name = @a", ("text", "str", False, True)),
        ("UPDATE app.items AS i SET location_id = @a RETURNING i.id", ("uuid", "UUID", False, True)),
        ("UPDATE app.items AS i SET name = @a RETURNING i.id", ("varchar", "str", False, False)),
        ("SELECT i.id FROM app.items AS i LIMIT @a", ("int8", "int", False, False)),
    ],
)
def test_parameter_has_its_type(compile_text: Compile, statement: str, found: tuple[str, str, bool, bool]) -> None:
    parameter = compile_text(f"{statement}\n").parameters[0]

    assert (parameter.type, parameter.python, parameter.is_list, parameter.is_nullable) == found


def test_type_line_overrides(compile_text: Compile) -> None:
    compiled = compile_text(
        f"SELECT max(i.price) AS most, i.name {ITEMS} WHERE i.name = @name GROUP BY i.name\n",
        'type: most! = Literal["a"]',
        "type: name?",
    )

    assert [(each.python, each.is_nullable) for each in compiled.columns] == [('Literal["a"]', False), ("str", True)]
    assert compiled.parameters[0].is_nullable


def test_nested_row_behind_an_outer_join_keeps_what_it_is_inside(compile_text: Compile) -> None:
    compiled = compile_text(
        f'SELECT l.id AS "place.id" {ITEMS} LEFT JOIN master.locations AS l ON l.id = i.location_id\n'
    )

    column = compiled.columns[0]
    assert (column.name, column.null.may_be, column.null.behind) == ("place.id", False, {"l"})


PAGE = ("sort: newest = i.created_at DESC, i.id DESC", "page: 5 10")
REFUSED = [
    (
        f"SELECT i.nothing\n{ITEMS}\n",
        (),
        "4: column i.nothing does not exist (no parts): migrations make no such column",
    ),
    (
        "SELECT 1 AS a\nFROM app.nothing\n",
        (),
        '5: relation "app.nothing" does not exist (no parts): migrations make no such table',
    ),
    (
        "SELECT count_version() AS a\n",
        (),
        "4: function count_version() does not exist (no parts): a function or operator of ours takes its schema: "
        "app.f(…), OPERATOR(app.+)",
    ),
    (
        "SELECT i.id\nFROM app.items AS i WHERE @a IS NULL\n",
        (),
        "5: could not determine data type of parameter @a (no parts): say its type: @name::text",
    ),
    (
        f"SELECT i.id {ITEMS} WHERE i.id = @a OR i.price = @a\n",
        (),
        "4: operator does not exist: numeric = uuid (no parts): a function or operator of ours takes its schema: "
        "app.f(…), OPERATOR(app.+)",
    ),
    (f"SELECT 1 {ITEMS}\n", (), "4: a column is called ?column?, which is no name: write AS and one"),
    (f"SELECT i.id AS class {ITEMS}\n", (), "4: a column is called class, which is no name: write AS and one"),
    (f"SELECT i.id AS bytes {ITEMS}\n", (), "4: a column is called bytes, as a type of Python's: write AS and another"),
    (f"SELECT i.id, i.user_id AS id {ITEMS}\n", (), "4: two columns are called id: write AS and another name"),
    (f"SELECT i.id {ITEMS}\n", ("type: total!",), "4: there is no column or parameter total: correct the name"),
    (f"SELECT i.id {ITEMS}\n", ("embed: a = b",), "4: the nested row a has b, and there is no such column"),
    (f'SELECT i.id, 1 AS "id.b" {ITEMS}\n', (), "4: id is a column and a nested row: rename one"),
    (f"SELECT i.id {ITEMS}\n", ("service: ape",), "4: the map has no service ape: write one of it"),
    ("UPDATE app.items SET name = ''\n", (), "2: it gives no rows, and `kind: many` does: write `exec`, or RETURNING"),
    (
        "SELECT '(1,2)'::point AS a\n",
        (),
        "4: column a is of type point, which is not known here: write `-- type: … = str` and ::text",
    ),
    # what the service may not use
    (
        "SELECT u.id\nFROM auth.user AS u\nWHERE u.password = ''\n",
        (),
        "5: service api may not read password of auth.user, which belongs to auth_owner (service web); "
        'Contract("auth", consumer="api", read={"user": ("password",)}) would let it',
    ),
    (
        "SELECT auth.hand_out_powers() AS a\n",
        (),
        "4: service api may not call auth.hand_out_powers(), which belongs to auth_owner (service web); "
        'Contract("auth", consumer="api", call=("hand_out_powers(…)",)) would let it',
    ),
    (
        "UPDATE master.categories AS c SET slug = 'a' RETURNING c.id\n",
        (),
        "4: service api may not write master.categories, which belongs to master_owner (service admin); "
        "call a function of its owner",
    ),
    # pages
    (
        f"SELECT i.id {ITEMS} WHERE true\n-- after\n",
        PAGE,
        "4: the order newest has i.created_at, which is none of the columns: add it to them",
    ),
    (
        f"SELECT i.id, i.location_id {ITEMS} WHERE true\n-- after\n",
        ("sort: a = i.location_id, i.id", "page: 5 10"),
        "4: the order a has i.location_id, which may be NULL: no page can end there; use another column",
    ),
    (
        f"SELECT i.id, i.price {ITEMS} WHERE true\n-- after\n",
        ("sort: a = i.id, i.price", "page: 5 10"),
        "4: the order a ends with i.price, which is not unique: end it with a key, such as i.id",
    ),
    # parts
    (
        f"SELECT i.id\n-- if: a\n, i.name\n-- end\n{ITEMS}\n",
        (),
        "5: the columns are others with no parts: parts may change rows, not columns",
    ),
    # plans
    (
        f"SELECT i.id {ITEMS}\nWHERE i.created_at::text = '' OR i.description LIKE 'a%'\n",
        (),
        None,
    ),
    (
        f"SELECT i.id {ITEMS}\nWHERE i.created_at < current_date\n",
        (),
        "5: < over app.items.created_at is not leakproof: behind the table's policies no index serves it; compare by "
        f"another operator, {WAY}",
    ),
    (f"SELECT i.id {ITEMS}\nWHERE i.created_at < current_date\n", ("plan: few rows",), None),
    # the searches of this project, as one writes them first
    (
        f"SELECT i.id {ITEMS}\nWHERE ({WORDS}) @@ websearch_to_tsquery('english', @words)\n",
        (),
        f"5: @@ over an indexed expression of app.items {LEAKS}",
    ),
    (
        f"SELECT i.id {ITEMS}\nWHERE to_tsquery('simple', @words) @@ ({WORDS})\n",
        (),
        f"5: @@ over an indexed expression of app.items {LEAKS}",
    ),
    (f"SELECT i.id {ITEMS}\nWHERE to_tsvector('english', i.name) @@ to_tsquery(@words)\n", (), None),  # of no index
    (
        f"SELECT i.id {ITEMS}\nWHERE i.currency = @currency AND i.price_cents >= @least::numeric\n",
        (),
        f"5: >= over app.items.price_cents {LEAKS}",
    ),
    (f"SELECT i.id {ITEMS}\nWHERE i.currency = @currency AND @least <= i.price_cents\n", (), None),
    (
        "SELECT r.id FROM app.runs AS r\nWHERE r.external_id LIKE @start || '%'\n",
        (),
        f"5: ~~ over app.runs.external_id {LEAKS}",
    ),
    ("SELECT r.id FROM app.runs AS r\nWHERE r.external_id ^@ @start\n", (), None),
    ("SELECT l.id FROM master.locations AS l\nWHERE upper(l.city) LIKE @start\n", (), None),  # without policies
]

MANY = [
    ("SELECT i.id FROM app.items AS i", "batch", "2: `kind: batch` needs parameters: write `exec`"),
    ("UPDATE app.items SET name = @name", "load", f"4: {FORM}"),
    ("INSERT INTO app.items (name) VALUES (@title)", "load", f"4: {FORM}"),
    ("INSERT INTO app.items (name, price) VALUES (@name, @price), (@name, @price)", "load", f"4: {FORM}"),
    ("INSERT INTO app.items (name, price) VALUES (@name, @price + 1)", "load", f"4: {FORM}"),
    (
        "INSERT INTO app.items (name) VALUES (@name) RETURNING id",
        "load",
        "2: it gives rows, and `kind: load` none: write `many`, `maybe` or `one`",
    ),
]


def test_load_is_prepared_as_it_runs(compile_text: Compile) -> None:
    text = "INSERT INTO app.items (name, price) VALUES (@name, @price)\nON CONFLICT DO NOTHING\n"
    source = compile_text(text, kind="load").source

    statement = write_load(source, {"name": "varchar", "price": "numeric"})

    assert statement.parameters == ["name", "price"]
    assert "$1::varchar[]" in statement.text
    assert "$2::numeric[]" in statement.text
    assert statement.text.endswith("ON CONFLICT DO NOTHING")


@pytest.mark.parametrize(("text", "kind", "said"), MANY)
def test_batch_and_load_of_another_form_are_refused(compile_text: Compile, text: str, kind: str, said: str) -> None:
    with pytest.raises(TypedSQLError) as refused:
        compile_text(f"{text}\n", kind=kind)

    assert str(refused.value) == f"sql/item/show.sql:{said}"


@pytest.mark.parametrize(("text", "lines", "said"), REFUSED)
def test_refusal_names_file_and_line(
    compile_text: Compile, text: str, lines: tuple[str, ...], said: str | None
) -> None:
    if said is None:
        compile_text(text, *lines)
        return
    with pytest.raises(TypedSQLError) as refused:
        compile_text(text, *lines)

    assert str(refused.value) == f"sql/item/show.sql:{said}"
