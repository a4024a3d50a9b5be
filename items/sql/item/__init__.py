"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

from collections.abc import Iterable
import datetime
from decimal import Decimal
from freehold.queries import Column, Page, Parameter, Query, Segment, Sort, UNSET, Unset
from msgspec import Struct
from typing import Final, Literal
from uuid import UUID

__all__ = [
    "FindItemCategoryRow",
    "FindItemRow",
    "ListItemsCategoryRow",
    "ListItemsLocationRow",
    "ListItemsRow",
    "LoadItemsArgs",
    "RepriceItemsArgs",
    "RepriceItemsRow",
    "find_item",
    "find_item_json",
    "list_items",
    "list_items_json",
    "load_items",
    "reprice_items",
]


class FindItemCategoryRow(Struct, frozen=True):
    """`category` of a row of `find_item`."""

    id: UUID
    slug: str


class FindItemRow(Struct, frozen=True):
    """A row of `find_item`."""

    id: UUID
    name: str
    description: str
    price: Decimal
    currency: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int
    category: FindItemCategoryRow
    images: int


_FIND_ITEM: Final[Query[FindItemRow]] = Query(
    file="items/sql/item/find_item.sql",
    kind="maybe",
    row=FindItemRow,
    segments=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.description,
    i.price,
    i.currency,
    i.created_at,
    i.updated_at,
    i.version,
    c.id AS "category.id",
    c.slug AS "category.slug",
    (SELECT count(*) FROM app.item_images AS m WHERE m.item_id = i.id) AS images
FROM app.items AS i
JOIN master.categories AS c ON c.id = i.category_id
WHERE i.is_active AND i.id = {id}""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.description,
    i.price,
    i.currency,
    i.created_at,
    i.updated_at,
    i.version,
    c.id AS "category.id",
    c.slug AS "category.slug",
    (SELECT count(*) FROM "app.item_images" AS m WHERE m.item_id = i.id) AS images
FROM "app.items" AS i
JOIN "master.categories" AS c ON c.id = i.category_id
WHERE i.is_active AND i.id = {id}""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("description", "text", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
        Column("currency", "varchar", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("updated_at", "timestamptz", is_nullable=False),
        Column("version", "int8", is_nullable=False),
        Column("category.id", "uuid", is_nullable=False),
        Column("category.slug", "varchar", is_nullable=False),
        Column("images", "int8", is_nullable=False),
    ),
    writes=False,
)


def find_item(
    *,
    id: UUID,
    using: str = "default",
) -> FindItemRow | None:
    """An item on offer by its id."""
    return _FIND_ITEM.fetch_maybe({"id": id}, using=using)


def find_item_json(
    *,
    id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: an item on offer by its id."""
    return _FIND_ITEM.fetch_maybe_json({"id": id}, using=using)


class ListItemsCategoryRow(Struct, frozen=True):
    """`category` of a row of `list_items`."""

    id: UUID
    slug: str


class ListItemsLocationRow(Struct, frozen=True):
    """`location` of a row of `list_items`."""

    id: UUID
    city: str
    country: str


class ListItemsRow(Struct, frozen=True):
    """A row of `list_items`."""

    id: UUID
    name: str
    price: Decimal
    currency: str
    created_at: datetime.datetime
    category: ListItemsCategoryRow
    location: ListItemsLocationRow | None


_LIST_ITEMS: Final[Query[ListItemsRow]] = Query(
    file="items/sql/item/list_items.sql",
    kind="many",
    row=ListItemsRow,
    segments=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.price,
    i.currency,
    i.created_at,
    c.id AS "category.id",
    c.slug AS "category.slug",
    l.id AS location_id,
    l.city AS location_city,
    l.country AS location_country
FROM app.items AS i
JOIN master.categories AS c ON c.id = i.category_id
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active""",
            line=9,
        ),
        Segment("    AND i.category_id = {category_id}", part="category_id", line=25),
        Segment("    AND i.price >= {least} AND i.price <= {most}", part="range", line=28),
        Segment("    AND i.id = ANY ({ids})", part="ids", line=31),
        Segment("", role="after", line=33),
        Segment("", role="order", line=4),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.price,
    i.currency,
    i.created_at,
    c.id AS "category.id",
    c.slug AS "category.slug",
    l.id AS location_id,
    l.city AS location_city,
    l.country AS location_country
FROM "app.items" AS i
JOIN "master.categories" AS c ON c.id = i.category_id
LEFT JOIN "master.locations" AS l ON l.id = i.location_id
WHERE i.is_active""",
            line=9,
        ),
        Segment("    AND i.category_id = {category_id}", part="category_id", line=25),
        Segment("    AND i.price >= {least} AND i.price <= {most}", part="range", line=28),
        Segment("    AND i.id IN (SELECT value FROM json_each({ids}))", part="ids", line=31),
        Segment("", role="after", line=33),
        Segment("", role="order", line=4),
    ),
    parameters=(
        Parameter("category_id", "uuid", is_list=False, is_nullable=False),
        Parameter("least", "numeric", is_list=False, is_nullable=False),
        Parameter("most", "numeric", is_list=False, is_nullable=False),
        Parameter("ids", "uuid", is_list=True, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
        Column("currency", "varchar", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("category.id", "uuid", is_nullable=False),
        Column("category.slug", "varchar", is_nullable=False),
        Column("location.id", "uuid", is_nullable=True),
        Column("location.city", "varchar", is_nullable=True),
        Column("location.country", "varchar", is_nullable=True),
    ),
    sorts={
        "newest": Sort((("i.created_at", "timestamptz", "DESC"), ("i.id", "uuid", "DESC"),), (4, 0,)),
        "cheapest": Sort((("i.currency", "varchar", "ASC"), ("i.price", "numeric(12,2)", "ASC"), ("i.id", "uuid", "DESC"),), (3, 2, 0,)),
    },
    page=(50, 200),
    writes=False,
)


def list_items(
    *,
    category_id: UUID | Unset = UNSET,
    least: Decimal | Unset = UNSET,
    most: Decimal | Unset = UNSET,
    ids: list[UUID] | Unset = UNSET,
    sort: Literal["newest", "cheapest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> Page[ListItemsRow]:
    """Items on offer with their categories and where they are, a page of them; not the reader's own alone."""
    return _LIST_ITEMS.fetch_page({"category_id": category_id, "least": least, "most": most, "ids": ids}, sort=sort, after=after, limit=limit, using=using)


def list_items_json(
    *,
    category_id: UUID | Unset = UNSET,
    least: Decimal | Unset = UNSET,
    most: Decimal | Unset = UNSET,
    ids: list[UUID] | Unset = UNSET,
    sort: Literal["newest", "cheapest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> bytes:
    """The same as JSON: items on offer with their categories and where they are, a page of them; not the reader's
    own alone.
    """
    return _LIST_ITEMS.fetch_page_json({"category_id": category_id, "least": least, "most": most, "ids": ids}, sort=sort, after=after, limit=limit, using=using)


class LoadItemsArgs(Struct, frozen=True, kw_only=True):
    """What `load_items` takes for each row."""

    id: UUID | Unset = UNSET
    user_id: UUID
    category_id: UUID
    location_id: UUID | None
    name: str
    description: str | Unset = UNSET
    price: Decimal
    currency: str | Unset = UNSET
    is_active: bool | Unset = UNSET


_LOAD_ITEMS: Final[Query[None]] = Query(
    file="items/sql/item/load_items.sql",
    kind="load",
    segments=(
        Segment("INSERT INTO app.items (", line=6),
        Segment("", role="columns", line=6),
        Segment(")", line=6),
        Segment("", role="rows", line=7),
        Segment("ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = excluded.price, currency = excluded.currency", line=8),
    ),
    sqlite=(
        Segment(
            """\
INSERT INTO "app.items" AS "items" (""",
            line=6,
        ),
        Segment("", role="columns", line=6),
        Segment(")", line=6),
        Segment("", role="rows", line=7),
        Segment("ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = excluded.price, currency = excluded.currency", line=8),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False, has_default=True),
        Parameter("user_id", "uuid", is_list=False, is_nullable=False),
        Parameter("category_id", "uuid", is_list=False, is_nullable=False),
        Parameter("location_id", "uuid", is_list=False, is_nullable=True),
        Parameter("name", "varchar", is_list=False, is_nullable=False),
        Parameter("description", "text", is_list=False, is_nullable=False, has_default=True),
        Parameter("price", "numeric", is_list=False, is_nullable=False),
        Parameter("currency", "varchar", is_list=False, is_nullable=False, has_default=True),
        Parameter("is_active", "bool", is_list=False, is_nullable=False, has_default=True),
    ),
)


def load_items(
    rows: Iterable[LoadItemsArgs],
    *,
    using: str = "default",
) -> int:
    """Inserts items; one whose id is there already gets the new name, price and currency."""
    return _LOAD_ITEMS.load(rows, using=using)


class RepriceItemsArgs(Struct, frozen=True, kw_only=True):
    """What `reprice_items` takes for each row."""

    price: Decimal
    id: UUID


class RepriceItemsRow(Struct, frozen=True):
    """A row of `reprice_items`."""

    id: UUID
    price: Decimal


_REPRICE_ITEMS: Final[Query[RepriceItemsRow]] = Query(
    file="items/sql/item/reprice_items.sql",
    kind="batch",
    row=RepriceItemsRow,
    segments=(
        Segment(
            """\
UPDATE app.items
SET price = {price}
WHERE id = {id}
RETURNING id, price""",
            line=6,
        ),
    ),
    sqlite=(
        Segment(
            """\
UPDATE "app.items" AS "items"
SET price = {price}
WHERE id = {id}
RETURNING id, price""",
            line=6,
        ),
    ),
    parameters=(
        Parameter("price", "numeric", is_list=False, is_nullable=False),
        Parameter("id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
    ),
    writes=True,
)


def reprice_items(
    rows: Iterable[RepriceItemsArgs],
    *,
    using: str = "default",
) -> list[list[RepriceItemsRow]]:
    """Sets the price of each item and gives what it is then."""
    return _REPRICE_ITEMS.run_batch(rows, using=using)
