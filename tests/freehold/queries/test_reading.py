"""Rows as a service reads them, on both dialects: types, nested rows, parts, JSON, and what is refused."""

from __future__ import annotations

import datetime
import json
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import connection

from freehold.queries import (
    UNSET,
    Column,
    ManyRowsError,
    NoRowError,
    ParameterError,
    ResultError,
    Segment,
)
from tests.dialect import DIALECT
from tests.freehold.queries.statements import (
    GET_ITEM,
    LIST_BY_IDS,
    LIST_ITEMS,
    LIST_RUNS,
    CategoryRow,
    ItemRow,
    ListItemsRow,
    LocationRow,
    Metadata,
    make,
)
from tests.items.factories import make_item
from tests.master.factories import make_location
from tests.rls import as_nobody, as_user
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership

pytestmark = pytest.mark.django_db
MOMENT = datetime.datetime(2026, 3, 1, 12, 30, 15, 250, tzinfo=datetime.UTC)


def as_member(run: Any) -> Any:
    return as_user(make_membership(tenant=run.project.tenant).user)


def test_row_has_the_types_of_its_fields_and_nested_rows() -> None:
    placed = make_item(name="a", price=Decimal("9.50"), location=make_location(), created_at=MOMENT)
    bare = make_item(name="b", created_at=MOMENT)
    with as_nobody():
        found = {each.name: each for each in LIST_ITEMS.fetch_page({}).rows}

    location = placed.location
    assert location
    assert found == {
        "a": ListItemsRow(
            placed.id,
            "a",
            Decimal("9.50"),
            True,
            MOMENT,
            CategoryRow(placed.category.id, placed.category.slug),
            LocationRow(location.id, location.city),
        ),
        "b": ListItemsRow(
            bare.id, "b", Decimal("9.50"), True, MOMENT, CategoryRow(bare.category.id, bare.category.slug), None
        ),
    }
    types = [type(each) for each in (found["a"].id, found["a"].price, found["a"].is_active)]
    assert types == [uuid.UUID, Decimal, bool]
    assert str(found["a"].price) == "9.50"
    assert found["a"].created_at.utcoffset() == datetime.timedelta(0)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({}, {"cheap", "dear", "placed"}),
        ({"category_id": UNSET}, {"cheap", "dear", "placed"}),
        ({"least": Decimal(5), "most": Decimal(20)}, {"dear", "placed"}),
        ({"only_placed": True}, {"placed"}),
        ({"only_placed": False}, {"cheap", "dear", "placed"}),
        ({"only_placed": True, "least": Decimal(0), "most": Decimal(1)}, set()),
    ],
)
def test_parts_are_put_in_where_they_are_given(arguments: dict[str, Any], names: set[str]) -> None:
    make_item(name="cheap", price=Decimal("1.05"))
    make_item(name="dear", price=Decimal(20))
    make_item(name="placed", price=Decimal(7), location=make_location())
    with as_nobody():
        assert {each.name for each in LIST_ITEMS.fetch_page(arguments).rows} == names


def test_part_is_given_whole() -> None:
    with as_nobody(), pytest.raises(ParameterError) as caught:
        LIST_ITEMS.fetch_page({"least": Decimal(5)})

    assert str(caught.value) == (
        "items/sql/item/list_items.sql:7: the part price takes least, most: give all of them or none"
    )


@pytest.mark.parametrize("value", [1, 0, "true", None])
def test_flag_of_a_part_is_true_or_false(value: Any) -> None:
    with as_nobody(), pytest.raises(ParameterError) as caught:
        LIST_ITEMS.fetch_page({"only_placed": value})

    assert str(caught.value) == (
        "items/sql/item/list_items.sql:7: the part only_placed is put in by True and left out by False"
    )


def test_one_row_maybe_none_or_an_error() -> None:
    item = make_item(name="a")
    text = "SELECT i.id, i.name FROM app.items i"
    twice = make("twice", "maybe", (Segment(text, line=3),), ItemRow, columns=GET_ITEM.columns)
    make_item()
    with as_nobody():
        assert GET_ITEM.fetch_one({"id": item.id}) == ItemRow(item.id, "a")
        assert GET_ITEM.fetch_maybe({"id": uuid.uuid4()}) is None
        assert GET_ITEM.fetch_maybe_json({"id": uuid.uuid4()}) == b"null"
        with pytest.raises(NoRowError) as none:
            GET_ITEM.fetch_one({"id": uuid.uuid4()})
        with pytest.raises(ManyRowsError) as many:
            twice.fetch_maybe({})

    assert str(none.value) == "items/sql/item/get_item.sql:4: no row, where the file says there is one"
    assert str(many.value) == "items/sql/item/twice.sql:3: more than one row, where the file says there is at most one"
    assert isinstance(none.value, ObjectDoesNotExist)
    assert isinstance(many.value, MultipleObjectsReturned)


def test_policies_hold_what_is_read() -> None:
    hidden = make_item(is_active=False)
    with as_user(hidden.user):
        mine = GET_ITEM.fetch_maybe({"id": hidden.id})
    with as_nobody():
        others = GET_ITEM.fetch_maybe({"id": hidden.id})

    assert mine is not None
    assert others is None


def test_json_is_that_of_the_rows() -> None:
    item = make_item(name='quoted "a"', location=make_location(), created_at=MOMENT)
    with as_nobody():
        one = json.loads(GET_ITEM.fetch_one_json({"id": item.id}))
        page = json.loads(LIST_ITEMS.fetch_page_json({}))

    assert one == {"id": str(item.id), "name": 'quoted "a"'}
    assert page == {
        "rows": [
            {
                "id": str(item.id),
                "name": 'quoted "a"',
                "price": "9.50",
                "is_active": True,
                "created_at": "2026-03-01T12:30:15.000250Z",
                "category": {"id": str(item.category.id), "slug": item.category.slug},
                "location": {"id": str(item.location.id), "city": item.location.city} if item.location else None,
            }
        ],
        "next": None,
    }


def test_json_columns_become_what_their_field_says() -> None:
    run = make_run(metadata={"host": "h1", "other": [1]})
    with as_member(run):
        (found,) = LIST_RUNS.fetch_many({})
        (raw,) = json.loads(LIST_RUNS.fetch_many_json({}))

    assert (found.metadata, found.status, found.started_at) == (Metadata("h1"), "queued", None)
    assert raw["metadata"] == {"host": "h1", "other": [1]}


def test_json_that_does_not_fit_is_named_without_a_value() -> None:
    run = make_run(metadata={"hostess": "secret"})
    with as_member(run), pytest.raises(ResultError) as caught:
        LIST_RUNS.fetch_many({})

    assert str(caught.value) == (
        "items/sql/item/list_runs.sql:3: column metadata holds what its field's type does not take"
    )


def test_list_of_values_is_one_parameter() -> None:
    items = [make_item(name=name) for name in "abc"]
    with as_nobody():
        found = LIST_BY_IDS.fetch_many({"ids": [items[2].id, items[0].id, uuid.uuid4()]})
        none = LIST_BY_IDS.fetch_many({"ids": []})

    assert [each.name for each in found] == ["a", "c"]
    assert none == []


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (GET_ITEM.columns[:1], "gives 2 columns where 1 were compiled"),
        ((GET_ITEM.columns[0], Column("name", "int4")), "int4"),
    ],
)
def test_columns_of_other_types_are_named_and_not_handed_out(columns: Any, words: str) -> None:
    item = make_item()
    query = replace(GET_ITEM, columns=columns)
    with as_nobody(), pytest.raises(ResultError) as caught:
        query.fetch_one({"id": item.id})

    assert str(caught.value).startswith("items/sql/item/get_item.sql:4: ")
    assert words in str(caught.value)
    assert str(caught.value).endswith(": run manage.py compilesql")


def test_statement_is_seen_as_djangos_own(django_assert_num_queries: Any) -> None:
    seen: list[tuple[str, Any]] = []

    def wrap(execute: Any, text: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((text, params))
        assert context["connection"].alias == connection.alias
        return execute(text, params, many, context)

    item = make_item()
    with as_nobody(), connection.execute_wrapper(wrap), django_assert_num_queries(1):
        GET_ITEM.fetch_one({"id": item.id})

    mark = "$1" if DIALECT == "postgresql" else "?1"
    assert [text.splitlines()[-1] for text, _ in seen] == [f"WHERE i.id = {mark}"]
