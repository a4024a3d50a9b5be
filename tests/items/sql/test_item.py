"""The statements of items/sql/item as a service calls them: its login, its policies, both dialects."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from freehold.queries import CursorError
from items.models import Item
from items.sql import item as sql
from tests.auth_app.factories import make_user
from tests.items.factories import make_item
from tests.master.factories import make_category, make_location
from tests.rls import as_nobody, as_user

pytestmark = pytest.mark.django_db


def make_items(count: int) -> list[Item]:
    """Make items, the newest first."""
    items = [make_item(name=f"Item {number}", price=Decimal(number)) for number in range(count)]
    for number, each in enumerate(items):
        Item.objects.filter(pk=each.pk).update(created_at=timezone.now() - timedelta(hours=number))
    return items


@pytest.mark.postgresql
def test_statement_runs_as_the_login_of_its_service_under_policies() -> None:
    owner = make_user()
    hidden = make_item(user=owner, is_active=False)
    shown = make_item(user=owner)

    with as_user(owner):
        page = sql.list_items()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, count(*) FROM app.items")
            seen = cursor.fetchone()

    assert [row.id for row in page.rows] == [shown.pk]
    assert seen == ("api_rw", 2)
    with as_nobody(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM app.items")
        assert cursor.fetchone() == (1,)
    assert sql.find_item(id=hidden.pk) is None


def test_rows_have_nested_rows_and_none_behind_an_outer_join() -> None:
    category, location = make_category(), make_location("Berlin")
    there = make_item(category=category, location=location, price=Decimal("9.50"))
    nowhere = make_item(category=category)

    with as_nobody():
        rows = {row.id: row for row in sql.list_items().rows}

    row = rows[there.pk]
    assert (row.category.id, row.category.slug, row.price) == (category.pk, category.slug, Decimal("9.50"))
    assert row.location is not None
    assert (row.location.id, row.location.city) == (location.pk, "Berlin")
    assert rows[nowhere.pk].location is None
    assert row.created_at == Item.objects.get(pk=there.pk).created_at


def test_parts_narrow_what_is_found() -> None:
    items = make_items(4)

    with as_nobody():
        assert [row.id for row in sql.list_items(least_cents=100, most_cents=200).rows] == [items[1].pk, items[2].pk]
        assert [row.id for row in sql.list_items(words=["item", "3"]).rows] == [items[3].pk]
        assert [row.id for row in sql.list_items(category=items[0].category.path, words=["0"]).rows] == [items[0].pk]
        assert sql.list_items(category="no/such").rows == []


@pytest.mark.parametrize("sort", ["newest", "cheapest", "dearest", "name"])
def test_pages_follow_one_another_without_gap_or_repeat(sort: str) -> None:
    items = make_items(5)
    found, after = [], ""

    with as_nobody():
        while True:
            page = sql.list_items(sort=sort, after=after, limit=2)  # type: ignore[arg-type]
            found += [row.id for row in page.rows]
            if page.next is None:
                break
            after = page.next

    assert found == [each.pk for each in (reversed(items) if sort == "dearest" else items)]


def test_cursor_of_another_sort_is_refused() -> None:
    make_items(3)

    with as_nobody():
        page = sql.list_items(limit=1)
        with pytest.raises(CursorError):
            sql.list_items(sort="cheapest", after=page.next or "")


def test_json_has_the_names_of_the_rows() -> None:
    found = make_item(price=Decimal("9.50"))

    with as_nobody():
        page = json.loads(sql.list_items_json())
        detail = json.loads(sql.find_item_json(id=found.pk))
        row = sql.find_item(id=found.pk)

    assert page["rows"][0]["category"]["id"] == detail["category"]["id"] == str(found.category_id)
    assert page["next"] is None
    assert row is not None
    assert (row.version, row.name) == (detail["version"], detail["name"])


def test_batch_gives_the_rows_of_each() -> None:
    owner = make_user()
    items = [make_item(user=owner, price=Decimal(1)) for _ in range(3)]
    rows = [sql.RepriceItemsArgs(id=each.pk, price=Decimal(number)) for number, each in enumerate(items)]

    with as_user(owner):
        found = sql.reprice_items([*rows, sql.RepriceItemsArgs(id=uuid4(), price=Decimal(9))])

    assert [[(row.id, row.price) for row in each] for each in found] == [
        *([(each.pk, Decimal(number))] for number, each in enumerate(items)),
        [],
    ]


def test_load_inserts_and_updates_and_leaves_defaults_to_the_database() -> None:
    owner, category = make_user(), make_category()
    known = make_item(user=owner, category=category, name="Old", price=Decimal(1))
    rows = [
        sql.LoadItemsArgs(
            id=key, user_id=owner.pk, category_id=category.pk, location_id=None, name=f"New {number}", price=Decimal(2)
        )
        for number, key in enumerate([known.pk, uuid4()])
    ]

    with as_user(owner):
        count = sql.load_items(rows)

    assert count == 2
    found = {each.pk: each for each in Item.objects.all()}
    assert [(found[row.id].name, found[row.id].price) for row in rows] == [
        ("New 0", Decimal(2)),
        ("New 1", Decimal(2)),
    ]
    assert (found[rows[1].id].currency, found[rows[1].id].is_active, found[rows[1].id].description) == ("EUR", True, "")
