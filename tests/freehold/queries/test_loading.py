"""Batches and loads: all or none, as the service's login, under its policies."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from freehold.acting import acting
from freehold.backends.errors import AccessError
from freehold.errors import PolicyError
from freehold.queries import UNSET, Parameter, ParameterError, Query, QueryError, Segment, Unset
from items.models import Item
from tests.dialect import DIALECT
from tests.freehold.backends.conftest import get_server_entry, open_alias
from tests.freehold.backends.postgresql.wire import tracing
from tests.freehold.queries.statements import GET_ITEM, RENAME, ItemRow, make
from tests.items.factories import make_item
from tests.rls import as_user

pytestmark = pytest.mark.django_db


class NewItem(msgspec.Struct, frozen=True):
    id: UUID
    user_id: UUID
    category_id: UUID
    name: str
    price: Decimal
    location_id: UUID | None = None
    description: str | Unset = UNSET
    is_active: bool | Unset = UNSET


class Rename(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class ById(msgspec.Struct, frozen=True):
    id: UUID


LOAD_ITEMS: Query[None] = make(
    "load_items",
    "load",
    (
        Segment("INSERT INTO app.items (", role="columns", line=4),
        Segment(")", role="", line=4),
        Segment("", role="rows", line=5),
        Segment("ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = excluded.price", line=6),
    ),
    parameters=(
        Parameter("id", "uuid"),
        Parameter("user_id", "uuid"),
        Parameter("category_id", "uuid"),
        Parameter("name", "varchar"),
        Parameter("price", "numeric(12,2)"),
        Parameter("location_id", "uuid", is_nullable=True),
        Parameter("description", "text", has_default=True),
        Parameter("is_active", "bool", has_default=True),
    ),
)


def make_rows(item: Item, count: int, **fields: Any) -> list[NewItem]:
    return [
        NewItem(
            **{
                "id": uuid.uuid4(),
                "user_id": item.user_id,
                "category_id": item.category_id,
                "name": f"row {number}",
                "price": Decimal(number) / 4,
                **fields,
            }
        )
        for number in range(count)
    ]


# --- Loads -----------------------------------------------------------------------------------------------------------
def test_load_inserts_and_updates_in_batches_with_defaults_of_the_database() -> None:
    item = make_item(name="old", description="stays")
    rows = [
        *make_rows(item, 7),
        *make_rows(item, 2, description="said; DROP TABLE 'x'", is_active=False),
        *make_rows(item, 1, id=item.id, name='"new", {NULL}\\'),
    ]
    with as_user(item.user), CaptureQueriesContext(connection) as queries:
        assert LOAD_ITEMS.load(iter(rows), size=4) == 10

    assert len([each for each in queries if "INSERT" in each["sql"]]) == 5  # of 4; 3 and 1; 1 and 1
    item.refresh_from_db()
    assert (item.name, item.description) == ('"new", {NULL}\\', "stays")
    found = {each.pk: each for each in Item.objects.all()}
    assert [(found[row.id].name, found[row.id].price, found[row.id].is_active) for row in rows[5:8]] == [
        ("row 5", Decimal("1.25"), True),
        ("row 6", Decimal("1.50"), True),
        ("row 0", Decimal(0), False),
    ]
    assert found[rows[8].id].description == "said; DROP TABLE 'x'"


def test_load_is_whole_or_not_at_all() -> None:
    item = make_item()
    rows = [*make_rows(item, 4), *make_rows(item, 1, name="")]
    with as_user(item.user), pytest.raises(IntegrityError) as caught:
        LOAD_ITEMS.load(rows, size=2)

    assert str(caught.value).startswith("items/sql/item/load_items.sql:4: ")
    assert Item.objects.count() == 1


@pytest.mark.postgresql
def test_load_of_others_rows_lies_outside_the_policies() -> None:
    item, other = make_item(), make_item()
    with as_user(item.user), pytest.raises(PolicyError):
        LOAD_ITEMS.load([*make_rows(item, 2), *make_rows(other, 1)])

    assert Item.objects.count() == 2


def test_load_into_what_is_read_is_refused() -> None:
    query: Query[None] = make(
        "load_categories",
        "load",
        (Segment("INSERT INTO master.categories (", role="columns"), Segment(")"), Segment("", role="rows")),
        parameters=(Parameter("id", "uuid"),),
    )
    with as_user(make_item().user), pytest.raises(AccessError):
        query.load([ById(uuid.uuid4())])


def test_load_of_nothing_sends_nothing() -> None:
    item = make_item()
    with as_user(item.user), CaptureQueriesContext(connection) as queries:
        assert LOAD_ITEMS.load([]) == 0

    assert not [each for each in queries if "INSERT" in each["sql"]]


def test_value_of_a_row_that_does_not_fit_is_named_by_its_column() -> None:
    item = make_item()
    with as_user(item.user), pytest.raises(ParameterError) as caught:
        LOAD_ITEMS.load(make_rows(item, 3, price="cheap"))

    assert str(caught.value).startswith("items/sql/item/load_items.sql:4: parameter price gets what is no ")


def test_load_has_no_lists() -> None:
    query = make("tags", "load", LOAD_ITEMS.segments, parameters=(Parameter("tags", "text[]"),))
    with pytest.raises(QueryError) as caught:
        query.load([])

    assert str(caught.value) == (
        "items/sql/item/tags.sql:4: column tags is a list, and a load has none: use kind batch"
    )


class Mark(msgspec.Struct, frozen=True):
    id: int | Unset = UNSET
    note: str | Unset | None = UNSET


@pytest.fixture
def marks(db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A table whose columns all have defaults, on a connection that is no service's; give its alias."""
    entry, key = deepcopy(connection.settings_dict) | {"NAME": ":memory:"}, "integer PRIMARY KEY"
    if DIALECT == "postgresql":
        entry = get_server_entry() | {"NAME": connection.settings_dict["NAME"]}
        key = "int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    unblocked = django_db_blocker.unblock()
    with unblocked, acting(None), open_alias("marks", entry) as opened, opened.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE marks (id {key}, note text DEFAULT 'none')")
        yield "marks"


def make_load(behind: str) -> Query[None]:
    schema = "pg_temp" if DIALECT == "postgresql" else "temp"
    head = Segment(f"INSERT INTO {schema}.marks (", line=4)
    segments = (head, Segment("", role="columns"), Segment(")"), Segment("", role="rows"), Segment(behind, line=6))
    note = Parameter("note", "text", is_nullable=True, has_default=True)
    return Query("marks.sql", "load", segments, parameters=(Parameter("id", "int4", has_default=True), note))


def count_notes(using: str) -> dict[str | None, int]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT note, count(*) FROM marks GROUP BY note")
        return dict(cursor.fetchall())


@pytest.mark.parametrize("behind", ["", "ON CONFLICT (id) DO NOTHING", "ON CONFLICT (id) DO UPDATE SET note = 'again'"])
def test_load_of_rows_that_leave_out_every_column(marks: str, behind: str) -> None:
    rows = [Mark(), Mark(id=-1), Mark(note=None), Mark(), Mark(id=-2, note="said"), Mark()]

    assert make_load(behind).load([*rows, *[Mark()] * 600], using=marks) == 606

    assert count_notes(marks) == {"none": 604, None: 1, "said": 1}


def test_load_of_defaults_is_whole_or_not_at_all(marks: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        make_load("").load([Mark(), Mark(id=-1), Mark(id=-1)], using=marks)

    assert str(caught.value).startswith("marks.sql:4: ")
    assert count_notes(marks) == {}


# --- Batches ---------------------------------------------------------------------------------------------------------
def test_batch_gives_what_each_statement_does() -> None:
    items = [make_item(name=name) for name in "abc"]
    mine = items[0]
    with as_user(mine.user):
        counts = RENAME.run_batch_count([Rename(mine.id, "A"), Rename(uuid.uuid4(), "B"), Rename(mine.id, "C")])
        rows = GET_ITEM.run_batch([ById(mine.id), ById(uuid.uuid4()), ById(items[2].id)])
        none = GET_ITEM.run_batch([])

    assert (counts, none) == ([1, 0, 1], [])
    assert rows == [[ItemRow(mine.id, "C")], [], [ItemRow(items[2].id, "c")]]


@pytest.mark.postgresql
def test_batch_is_one_round_trip(tmp_path: Path) -> None:
    item = make_item()
    with as_user(item.user), tracing(connection, tmp_path) as wire:
        assert RENAME.run_batch_count([Rename(item.id, f"name {number}") for number in range(50)]) == [1] * 50

    assert len([line for line in wire.list_sent("Parse") if "UPDATE" in line]) == 1
    assert len(wire.list_sent("Execute")) >= 50
    assert len(wire.list_sent("Sync")) == 3  # the savepoint, all of them, the savepoint's end


def test_batch_is_whole_or_not_at_all() -> None:
    item = make_item(name="before")
    rows = [Rename(item.id, f"name {number}") for number in range(1200)]
    with as_user(item.user), pytest.raises(IntegrityError):
        RENAME.run_batch_count([*rows, Rename(item.id, "")])

    item.refresh_from_db()
    assert item.name == "before"
