"""Pages: each row once, in order, whatever the sort; cursors that serve one statement, sort and principal."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from freehold.acting import Principal, acting
from freehold.queries import CursorError, ParameterError, ResultError, Sort
from freehold.queries.cursors import LONGEST, MOST_BYTES, read_cursor, write_cursor
from freehold.queries.joining import FIRST, Combination
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
        inside = str(LIST_ITEMS.fetch_page(within, limit=1).next)
        calls: list[Any] = [
            lambda: LIST_ITEMS.fetch_page({}, sort="cheapest", after=cursor),
            lambda: LIST_ITEMS.fetch_page(within, after=cursor),
            lambda: other.fetch_page({}, after=cursor),
            lambda: LIST_ITEMS.fetch_page({"category_id": uuid4()}, after=inside),
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
            written.append(write_cursor("a.sql:1", "a.sql", FIRST, Sort(()), []))

    assert len({*written}) == 3


def test_cursor_tells_nobody_but_the_sort_columns(items: list[Item]) -> None:
    from base64 import urlsafe_b64decode

    with as_user(items[0].user):
        cursor = str(LIST_ITEMS.fetch_page({}).next)
    text = urlsafe_b64decode(cursor.partition(":")[0] + "==")

    assert len(json.loads(text)) == 2
    assert str(items[0].user.pk) not in text.decode()


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=200)
MOMENTS = st.datetimes(timezones=st.just(datetime.UTC))
PRICES = st.decimals(0, 9_999_999_999, places=2)
NAMED = replace(
    LIST_ITEMS,
    sorts={
        "named": Sort(
            (
                ("i.name", "varchar", "DESC"),
                ("i.price", "numeric", "ASC"),
                ("i.created_at", "timestamptz", "ASC"),
                ("i.id", "uuid", "DESC"),
            ),
            (1, 2, 4, 0),
        )
    },
)


@given(st.lists(st.tuples(TEXTS, PRICES, MOMENTS), min_size=2, max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_next_page_of_any_values_follows(values: list[tuple[str, Decimal, datetime.datetime]]) -> None:
    Item.objects.all().delete()
    category = make_category()
    for name, price, created_at in values:
        make_item(category=category, name=name, price=price, created_at=created_at)
    with as_nobody():
        whole = [row.id for row in NAMED.fetch_page({}, limit=10).rows]
        found, after = list[Any](), ""
        for _ in values:
            page = NAMED.fetch_page({}, after=after, limit=1)
            found += [row.id for row in page.rows]
            after = page.next or ""

    assert (found, len(found), after) == (whole, len(values), "")


SORTED = st.one_of(
    st.tuples(st.just("varchar"), st.text(max_size=3000)),
    st.tuples(st.just("text"), st.text("\x01", min_size=900, max_size=1100)),
    st.tuples(st.just("int8"), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just("float8"), st.floats()),
    st.tuples(st.just("numeric"), st.decimals(allow_infinity=False, allow_nan=False)),
    st.tuples(st.just("bool"), st.booleans()),
    st.tuples(st.just("uuid"), st.uuids()),
    st.tuples(st.just("timestamptz"), st.datetimes(timezones=st.just(datetime.UTC))),
    st.tuples(st.just("timestamp"), st.datetimes()),
    st.tuples(st.just("date"), st.dates()),
    st.tuples(st.just("time"), st.times()),
    st.tuples(st.sampled_from(["bytea", "text", "jsonb", "uuid"]), st.one_of(st.none(), st.binary(max_size=9))),
)


@given(SORTED)
@settings(deadline=None, max_examples=300)
def test_cursor_that_is_written_is_read(given: tuple[str, Any]) -> None:
    kind, value = given
    sort, chosen = Sort((("i.a", kind, "ASC"),)), Combination(sort="a")
    try:
        cursor = write_cursor("a.sql:1", "a.sql", chosen, sort, [value])
    except ResultError:
        assert value is None or isinstance(value, bytes | float | str)
        return
    except UnicodeEncodeError:
        assert isinstance(value, str)  # half of a surrogate pair, which no database has
        return
    assert len(cursor) <= LONGEST
    assert read_cursor("a.sql:1", "a.sql", chosen, sort, cursor) == [value]


def test_value_that_is_too_long_for_a_cursor_is_refused_where_it_would_be_written() -> None:
    sort = Sort((("i.name", "text", "ASC"),))
    with pytest.raises(ResultError) as caught:
        write_cursor("a.sql:3", "a.sql", Combination(sort="named"), sort, ["x" * MOST_BYTES])
    assert str(caught.value) == (
        "a.sql:3: the sort named has values of 6,112 bytes, and a cursor holds 6,108: sort by shorter columns"
    )
    assert len(write_cursor("a.sql:3", "a.sql", Combination(), sort, ["x" * (MOST_BYTES - 4)])) <= LONGEST

    with pytest.raises(ResultError) as caught:
        write_cursor("a.sql:3", "a.sql", Combination(), sort, [None])
    assert str(caught.value) == "a.sql:3: i.name has a value that no page can end at: sort by another column"


def test_giant_is_no_cursor() -> None:
    with as_nobody(), pytest.raises(CursorError):
        LIST_ITEMS.fetch_page({}, after="a" * 10_000_000)


@pytest.mark.parametrize("limit", [-1, 11, True, "3"])
def test_limit_outside_is_refused(limit: Any) -> None:
    with as_nobody(), pytest.raises(ParameterError) as caught:
        LIST_ITEMS.fetch_page({}, limit=limit)

    assert str(caught.value) == "items/sql/item/list_items.sql:7: limit lies between 1 and 10"


def test_sort_that_is_none_is_refused() -> None:
    with as_nobody(), pytest.raises(ParameterError) as caught:
        LIST_ITEMS.fetch_page({}, sort="name; DROP TABLE")

    assert str(caught.value) == ("items/sql/item/list_items.sql:7: there is no such sort; use one of newest, cheapest")
