"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

import datetime
from decimal import Decimal
from freehold.queries import Column, Page, Parameter, Query, Segment, Sort
from msgspec import Struct
from typing import Final, Literal
from uuid import UUID

__all__ = [
    "ListFavoritesItemRow",
    "ListFavoritesRow",
    "list_favorites",
    "list_favorites_json",
]


class ListFavoritesItemRow(Struct, frozen=True):
    """`item` of a row of `list_favorites`."""

    id: UUID
    name: str
    price: Decimal
    currency: str


class ListFavoritesRow(Struct, frozen=True):
    """A row of `list_favorites`."""

    id: UUID
    created_at: datetime.datetime
    item: ListFavoritesItemRow


_LIST_FAVORITES: Final[Query[ListFavoritesRow]] = Query(
    file="items/sql/favorite/list_favorites.sql",
    kind="many",
    row=ListFavoritesRow,
    segments=(
        Segment(
            """\
SELECT
    f.id,
    f.created_at,
    i.id AS "item.id",
    i.name AS "item.name",
    i.price AS "item.price",
    i.currency AS "item.currency"
FROM app.favorites AS f
JOIN app.items AS i ON i.id = f.item_id
WHERE f.user_id = {user_id} AND (i.is_active OR i.user_id = {user_id})""",
            line=7,
        ),
        Segment("", role="after", line=17),
        Segment("", role="order", line=4),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    f.id,
    f.created_at,
    i.id AS "item.id",
    i.name AS "item.name",
    i.price AS "item.price",
    i.currency AS "item.currency"
FROM "app.favorites" AS f
JOIN "app.items" AS i ON i.id = f.item_id
WHERE f.user_id = {user_id} AND (i.is_active OR i.user_id = {user_id})""",
            line=7,
        ),
        Segment("", role="after", line=17),
        Segment("", role="order", line=4),
    ),
    parameters=(
        Parameter("user_id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("item.id", "uuid", is_nullable=False),
        Column("item.name", "varchar", is_nullable=False),
        Column("item.price", "numeric(12,2)", is_nullable=False),
        Column("item.currency", "varchar", is_nullable=False),
    ),
    sorts={
        "newest": Sort((("f.created_at", "timestamptz", "DESC"), ("f.id", "uuid", "DESC"),), (1, 0,)),
    },
    page=(50, 200),
    writes=False,
)


def list_favorites(
    *,
    user_id: UUID,
    sort: Literal["newest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> Page[ListFavoritesRow]:
    """What a user has marked and may see, the last one first, a page of it."""
    return _LIST_FAVORITES.fetch_page({"user_id": user_id}, sort=sort, after=after, limit=limit, using=using)


def list_favorites_json(
    *,
    user_id: UUID,
    sort: Literal["newest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> bytes:
    """The same as JSON: what a user has marked and may see, the last one first, a page of it."""
    return _LIST_FAVORITES.fetch_page_json({"user_id": user_id}, sort=sort, after=after, limit=limit, using=using)
