"""What pages are refused for: a row that would be on two of them, or on none."""

from __future__ import annotations

import pytest

from freehold_lint.typed_sql.faults import TypedSQLError
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
