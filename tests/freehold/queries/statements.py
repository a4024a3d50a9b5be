"""Statements as the compiler would write them, against the project's tables, for both dialects."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec

from freehold.queries import Column, Parameter, Query, Segment, Sort

FILE = "items/sql/item/{}.sql"


class CategoryRow(msgspec.Struct, frozen=True):
    id: UUID
    slug: str


class LocationRow(msgspec.Struct, frozen=True):
    id: UUID
    city: str | None


class ListItemsRow(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    price: Decimal
    is_active: bool
    created_at: datetime.datetime
    category: CategoryRow
    location: LocationRow | None


class ItemRow(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class Metadata(msgspec.Struct, frozen=True):
    host: str
    tries: int = 0


class RunRow(msgspec.Struct, frozen=True):
    id: UUID
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    metadata: Metadata
    started_at: datetime.datetime | None


def quote(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Give the segments for SQLite, where a schema is part of a table's name."""
    from dataclasses import replace

    found = []
    for each in segments:
        text = each.text
        others = ("app.favorites", "app.projects")
        for table in ("app.items", "master.categories", "master.locations", "app.runs", 'auth."user"', *others):
            text = text.replace(table, f'"{table}"' if '"' not in table else '"auth.user"')
        for cast in ("::uuid[]", "::uuid", "::text[]", "::text", "::int4", "::int8"):
            text = text.replace(cast, "")
        text = text.replace("= ANY ({ids})", "IN (SELECT value FROM json_each({ids}))")
        found.append(replace(each, text=text))
    return tuple(found)


def make(name: str, kind: Any, segments: tuple[Segment, ...], row: Any = None, **rest: Any) -> Query[Any]:
    """Give a query of these segments for both dialects."""
    return Query(FILE.format(name), kind, segments, row, quote(segments), **rest)


LIST_ITEMS: Query[ListItemsRow] = make(
    "list_items",
    "many",
    (
        Segment(
            "SELECT i.id, i.name, i.price, i.is_active, i.created_at,\n"
            "       c.id, c.slug, l.id, l.city\n"
            "FROM app.items i\n"
            "JOIN master.categories c ON c.id = i.category_id\n"
            "LEFT JOIN master.locations l ON l.id = i.location_id\n"
            "WHERE i.is_active",
            line=7,
        ),
        Segment("AND i.category_id = {category_id}", part="category_id", line=14),
        Segment("AND i.price >= {least} AND i.price <= {most}", part="price", line=17),
        Segment("AND i.location_id IS NOT NULL", part="only_placed", line=20),
        Segment("", role="after", line=22),
        Segment("", role="order", line=23),
    ),
    ListItemsRow,
    parameters=(
        Parameter("category_id", "uuid"),
        Parameter("least", "numeric"),
        Parameter("most", "numeric"),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
        Column("is_active", "bool", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("category.id", "uuid", is_nullable=False),
        Column("category.slug", "varchar", is_nullable=False),
        Column("location.id", "uuid"),
        Column("location.city", "varchar"),
    ),
    sorts={
        "newest": Sort((("i.created_at", "timestamptz", "DESC"), ("i.id", "uuid", "DESC")), (4, 0)),
        "cheapest": Sort((("i.price", "numeric", "ASC"), ("i.id", "uuid", "DESC")), (2, 0)),
    },
    page=(3, 10),
)
GET_ITEM: Query[ItemRow] = make(
    "get_item",
    "one",
    (Segment("SELECT i.id, i.name\nFROM app.items i\nWHERE i.id = {id}", line=4),),
    ItemRow,
    parameters=(Parameter("id", "uuid"),),
    columns=(Column("id", "uuid", is_nullable=False), Column("name", "varchar", is_nullable=False)),
)
LIST_BY_IDS: Query[ItemRow] = make(
    "list_by_ids",
    "many",
    (Segment("SELECT i.id, i.name FROM app.items i WHERE i.id = ANY ({ids}) ORDER BY i.name", line=4),),
    ItemRow,
    parameters=(Parameter("ids", "uuid", is_list=True),),
    columns=GET_ITEM.columns,
)
RENAME: Query[None] = make(
    "rename_item",
    "execrows",
    (Segment("UPDATE app.items SET name = {name} WHERE id = {id}", line=5),),
    parameters=(Parameter("id", "uuid"), Parameter("name", "varchar")),
)
LIST_RUNS: Query[RunRow] = make(
    "list_runs",
    "many",
    (Segment("SELECT r.id, r.status, r.metadata, r.started_at FROM app.runs r ORDER BY r.external_id", line=3),),
    RunRow,
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("status", "varchar", is_nullable=False),
        Column("metadata", "jsonb", is_nullable=False),
        Column("started_at", "timestamptz"),
    ),
)
