"""What pages are refused for: a row that would be on two of them, or on none."""

from __future__ import annotations

import pytest

from freehold_lint.typed_sql.catalogue import read_catalogue
from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.preparing import Preparer
from tests.freehold_lint.typed_sql.conftest import Compile

pytestmark = pytest.mark.postgresql
SELECT = "SELECT i.id, i.created_at FROM app.items AS i "
HEADER = ("sort: newest = i.created_at DESC, i.id DESC", "page: 5 10")
MIXED = ("sort: newest = i.created_at DESC, i.id", "page: 5 10")
JOINED = "LEFT JOIN master.locations AS l ON l.id = i.location_id"


@pytest.mark.parametrize("header", [HEADER, MIXED])
@pytest.mark.parametrize(
    "rest",
    [
        "WHERE i.is_active OR i.user_id = @user\n-- after\n",
        "WHERE i.is_active\n-- if: own\nOR i.user_id = @user\n-- end\n-- after\n",
        f"{JOINED}\n-- after\n",
        "WHERE EXISTS (SELECT FROM app.favorites AS f WHERE f.item_id = i.id\n-- after\n)\n",
    ],
    ids=["or", "or in a part", "join", "subquery"],
)
def test_condition_that_does_not_hold_for_all_is_refused(
    compile_text: Compile, rest: str, header: tuple[str, ...]
) -> None:
    with pytest.raises(TypedSQLError, match="`-- after` does not hold for the whole WHERE"):
        compile_text(SELECT + rest, *header)


@pytest.mark.parametrize("header", [HEADER, MIXED])
@pytest.mark.parametrize(
    "rest", ["WHERE true\n-- after\n", "WHERE (i.is_active OR i.user_id = @user)\n-- after\nAND i.version > 1\n"]
)
def test_condition_beside_others_is_taken(compile_text: Compile, rest: str, header: tuple[str, ...]) -> None:
    assert [each.name for each in compile_text(SELECT + rest, *header).columns] == ["id", "created_at"]


WHOLE = "whose rows the next page's condition would change"
TWICE = "may give a row of i twice"
NO_KEY = "which is not unique: end it with a key"
BY_ID = ("sort: a = i.id", "page: 5 10")
FAVORITES = "SELECT i.id FROM app.items AS i JOIN app.favorites AS f ON f.item_id = i.id WHERE true\n-- after\n"
UNLIKE = (
    "SELECT updated_at AS created_at, created_at AS made, id FROM app.items WHERE true\n-- after\n",
    ("sort: a = created_at DESC, id DESC", "page: 5 10"),
    "another column is called so",
)


@pytest.mark.parametrize(
    ("text", "header", "message"),
    [
        (FAVORITES, BY_ID, TWICE),
        (FAVORITES.replace("JOIN", "LEFT JOIN"), BY_ID, TWICE),
        (FAVORITES.replace("ON f.item_id = i.id", "ON f.id = i.id OR f.item_id = i.id"), BY_ID, TWICE),
        (FAVORITES.replace("f.item_id = i.id", "true LEFT JOIN app.runs AS r ON f.id = i.id"), BY_ID, TWICE),
        ("SELECT i.id FROM app.items AS i, generate_series(1, 2) AS g WHERE true\n-- after\n", BY_ID, TWICE),
        (
            "SELECT DISTINCT ON (i.name) i.name, i.id FROM app.items AS i WHERE true\n-- after\n",
            ("sort: a = i.name, i.id", "page: 5 10"),
            WHOLE,
        ),
        ("SELECT i.id, row_number() OVER () AS n FROM app.items AS i WHERE true\n-- after\n", BY_ID, WHOLE),
        ("SELECT i.id, generate_series(1, 2) AS n FROM app.items AS i WHERE true\n-- after\n", BY_ID, WHOLE),
        (
            "SELECT i.id FROM app.items AS i UNION ALL SELECT i.id FROM app.items AS i WHERE true\n-- after\n",
            ("sort: a = id", "page: 5 10"),
            WHOLE,
        ),
        (
            "SELECT i.id FROM (SELECT f.item_id AS id FROM app.favorites AS f) AS i WHERE true\n-- after\n",
            BY_ID,
            NO_KEY,
        ),
        (
            "SELECT i.id FROM app.favorites AS i WHERE EXISTS (SELECT FROM app.items AS i)\n-- after\n",
            ("sort: a = i.item_id", "page: 5 10"),
            NO_KEY,
        ),
        UNLIKE,
    ],
)
def test_rows_with_one_key_are_refused(compile_text: Compile, text: str, header: tuple[str, ...], message: str) -> None:
    with pytest.raises(TypedSQLError, match=message):
        compile_text(text, *header)


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT i.id FROM app.items AS i {JOINED} WHERE true\n-- after\n",
        "SELECT i.id FROM app.items AS i JOIN app.favorites AS f ON f.item_id = i.id WHERE f.id = @id\n-- after\n",
        FAVORITES.replace("SELECT i.id", "SELECT i.id, count(*) AS n").replace("after\n", "after\nGROUP BY i.id\n"),
        "SELECT i.id FROM app.items AS i LEFT JOIN LATERAL (SELECT f.id FROM app.favorites AS f LIMIT 1) AS q ON true "
        "WHERE true\n-- after\n",
    ],
)
def test_rows_of_one_key_are_taken(compile_text: Compile, text: str) -> None:
    assert compile_text(text, *BY_ID).columns


def test_column_that_an_index_includes_is_no_key(preparer: Preparer) -> None:
    with preparer.connection.transaction(force_rollback=True), preparer.connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX included ON app.items (id) INCLUDE (name)")
        assert ("app", "items", "name") not in read_catalogue(cursor).unique


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            "i.description",
            "the order a has a, of type text, whose values no cursor can hold: use another column",
        ),
        ("i.name::varchar", "a, of type varchar, whose values"),
        ("i.name::varchar(1100)", "values of up to 6,6"),
        ("i.price::float8", "a, of type float8"),
        ("i.price::numeric", "a, of type numeric"),
    ],
)
def test_order_that_no_cursor_holds_is_refused(compile_text: Compile, column: str, said: str) -> None:
    lateral = f"CROSS JOIN LATERAL (SELECT coalesce({column}) AS a LIMIT 1) AS q"
    with pytest.raises(TypedSQLError) as refused:
        compile_text(
            f"SELECT q.a, i.id FROM app.items AS i {lateral} WHERE true\n-- after\n",
            "sort: a = q.a, i.id",
            "type: a!",
            "page: 5 10",
        )
    assert said in str(refused.value)
