"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

import datetime
from decimal import Decimal
from freehold.queries import Column, Parameter, Query, Segment
from msgspec import Struct
from typing import Final
from uuid import UUID

__all__ = [
    "FindSeenCategoryRow",
    "FindSeenLocationRow",
    "FindSeenRow",
    "find_seen",
    "find_seen_json",
]


class FindSeenCategoryRow(Struct, frozen=True):
    """`category` of a row of `find_seen`."""

    id: UUID
    slug: str
    path: str


class FindSeenLocationRow(Struct, frozen=True):
    """`location` of a row of `find_seen`."""

    id: UUID
    slug: str
    city: str
    country: str


class FindSeenRow(Struct, frozen=True):
    """A row of `find_seen`."""

    id: UUID
    name: str
    description: str
    price: Decimal
    currency: str
    is_active: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int
    category: FindSeenCategoryRow
    location: FindSeenLocationRow | None


_FIND_SEEN: Final[Query[FindSeenRow]] = Query(
    file="items/sql/detail/find_seen.sql",
    kind="maybe",
    row=FindSeenRow,
    segments=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.description,
    i.price,
    i.currency,
    i.is_active,
    i.created_at,
    i.updated_at,
    i.version,
    c.id AS "category.id",
    c.slug AS "category.slug",
    c.path AS "category.path",
    l.id AS location_id,
    l.slug AS location_slug,
    l.city AS location_city,
    l.country AS location_country
FROM app.items AS i
JOIN master.categories AS c ON c.id = i.category_id
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.id = {id} AND (i.is_active OR i.user_id = {user_id})""",
            line=7,
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
    i.is_active,
    i.created_at,
    i.updated_at,
    i.version,
    c.id AS "category.id",
    c.slug AS "category.slug",
    c.path AS "category.path",
    l.id AS location_id,
    l.slug AS location_slug,
    l.city AS location_city,
    l.country AS location_country
FROM "app.items" AS i
JOIN "master.categories" AS c ON c.id = i.category_id
LEFT JOIN "master.locations" AS l ON l.id = i.location_id
WHERE i.id = {id} AND (i.is_active OR i.user_id = {user_id})""",
            line=7,
        ),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False),
        Parameter("user_id", "uuid", is_list=False, is_nullable=True),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("description", "text", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
        Column("currency", "varchar", is_nullable=False),
        Column("is_active", "bool", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("updated_at", "timestamptz", is_nullable=False),
        Column("version", "int8", is_nullable=False),
        Column("category.id", "uuid", is_nullable=False),
        Column("category.slug", "varchar", is_nullable=False),
        Column("category.path", "varchar", is_nullable=False),
        Column("location.id", "uuid", is_nullable=True),
        Column("location.slug", "varchar", is_nullable=True),
        Column("location.city", "varchar", is_nullable=True),
        Column("location.country", "varchar", is_nullable=True),
    ),
    writes=False,
)


def find_seen(
    *,
    id: UUID,
    user_id: UUID | None,
    using: str = "default",
) -> FindSeenRow | None:
    """An item by its id: one on offer, or the reader's own."""
    return _FIND_SEEN.fetch_maybe({"id": id, "user_id": user_id}, using=using)


def find_seen_json(
    *,
    id: UUID,
    user_id: UUID | None,
    using: str = "default",
) -> bytes:
    """The same as JSON: an item by its id: one on offer, or the reader's own."""
    return _FIND_SEEN.fetch_maybe_json({"id": id, "user_id": user_id}, using=using)
