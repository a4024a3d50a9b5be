"""Pages: each row once, in order, whatever the sort; cursors that serve one statement, sort and principal."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from freehold.acting import Principal, acting
from freehold.queries import CursorError, ParameterError, Sort
from freehold.queries.cursors import write_cursor
from freehold.queries.joining import FIRST
from freehold.services import make_acting
from items.models import Item
from tests.freehold.queries.statements import LIST_ITEMS
from tests.items.factories import make_item
from tests.master.factories import make_category
from tests.rls import as_nobody, as_user

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
ORDERS = {"newest": ("-created_at", "-id"), "cheapest": ("price", "-id")}


@pytest.fixture
def items() -> list[Item]:
    """Eight items, of which some share a time and some a price."""
    category = make_category()
    return [
        make_item(
            category=category,
            name=f"item {number}",
            price=Decimal(number % 3) + Decimal("0.10"),
            created_at=START + datetime.timedelta(microseconds=number // 2),
        )
        for number in range(8)
    ]


def walk(sort: str, **arguments: Any) -> list[str]:
    """Give the names of all pages in turn, three rows in each."""
    found, after = [], ""
    for _ in range(10):
        page = LIST_ITEMS.fetch_page(arguments, sort=sort, after=after)
        found += [row.name for row in page.rows]
        if page.next is None:
            return found
        after = page.next
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("sort", ORDERS)
def test_pages_have_each_row_once_in_the_order_of_the_sort(sort: str, items: list[Item]) -> None:
    wanted = [item.name for item in Item.objects.order_by(*ORDERS[sort])]
    with as_nobody():
        assert walk(sort) == wanted
        assert walk(sort, category_id=items[0].category_id) == wanted


def test_last_page_that_is_full_has_no_next(items: list[Item]) -> None:
    with as_nobody():
        whole = LIST_ITEMS.fetch_page({}, limit=8)
        less = LIST_ITEMS.fetch_page({}, limit=7)

    assert (len(whole.rows), whole.next) == (8, None)
    assert (len(less.rows), less.next is None) == (7, False)


def test_page_as_json_goes_on_where_rows_do(items: list[Item]) -> None:
    with as_nobody():
        first = json.loads(LIST_ITEMS.fetch_page_json({}))
        second = json.loads(LIST_ITEMS.fetch_page_json({}, after=first["next"]))
        names = walk("newest")

    assert [row["name"] for row in (*first["rows"], *second["rows"])] == names[:6]


def test_cursor_of_something_else_is_refused(items: list[Item]) -> None:
    other = replace(LIST_ITEMS, file="items/sql/item/other.sql")
    with as_nobody():
        cursor = str(LIST_ITEMS.fetch_page({}).next)
        within = {"category_id": items[0].category_id}
        calls: list[Any] = [
            lambda: LIST_ITEMS.fetch_page({}, sort="cheapest", after=cursor),
            lambda: LIST_ITEMS.fetch_page(within, after=cursor),
            lambda: other.fetch_page({}, after=cursor),
            lambda: LIST_ITEMS.fetch_page({}, after=cursor[:-1]),
            lambda: LIST_ITEMS.fetch_page({}, after="x"),
            lambda: LIST_ITEMS.fetch_page({}, after="\x00:é"),
            lambda: LIST_ITEMS.fetch_page({}, after="a" * 5000),
        ]
        assert LIST_ITEMS.fetch_page({}, after=cursor).rows
        for call in calls:
            with pytest.raises(CursorError):
                call()
    with as_user(items[0].user), pytest.raises(CursorError) as caught:
        LIST_ITEMS.fetch_page({}, after=cursor)

    assert str(caught.value) == (
        "items/sql/item/list_items.sql:7: the cursor is none of this statement, sort and principal: begin with the "
        "first page"
    )


def test_cursor_of_a_key_is_no_other_keys() -> None:
    """Two of one tenant, for other projects or other scopes."""
    who = Principal("api_key", tenant_id=str(uuid4()), part_id="one", scopes=frozenset({"read"}))
    keys = [who, replace(who, part_id="two"), replace(who, scopes=frozenset({"write"}))]
    written = []
    for each in keys:
        with acting(make_acting("api", each)):
            written.append(write_cursor("a.sql", FIRST, Sort(()), []))

    assert len({*written}) == 3


def test_cursor_tells_nobody_but_the_sort_columns(items: list[Item]) -> None:
    from base64 import urlsafe_b64decode

    with as_user(items[0].user):
        cursor = str(LIST_ITEMS.fetch_page({}).next)
    text = urlsafe_b64decode(cursor.partition(":")[0] + "==")

    assert len(json.loads(text)) == 2
    assert str(items[0].user.pk) not in text.decode()


@pytest.mark.parametrize("limit", [-1, 11, True, "3"])
def test_limit_outside_is_refused(limit: Any) -> None:
    with as_nobody(), pytest.raises(ParameterError) as caught:
        LIST_ITEMS.fetch_page({}, limit=limit)

    assert str(caught.value) == "items/sql/item/list_items.sql:7: limit lies between 1 and 10"


def test_sort_that_is_none_is_refused() -> None:
    with as_nobody(), pytest.raises(ParameterError) as caught:
        LIST_ITEMS.fetch_page({}, sort="name; DROP TABLE")

    assert str(caught.value) == ("items/sql/item/list_items.sql:7: there is no such sort; use one of newest, cheapest")
