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
    "ListOwnRow",
    "list_own",
    "list_own_json",
]


class ListOwnRow(Struct, frozen=True):
    """A row of `list_own`."""

    id: UUID
    name: str
    price: Decimal
    currency: str
    is_active: bool
    version: int
    created_at: datetime.datetime


_LIST_OWN: Final[Query[ListOwnRow]] = Query(
    file="items/sql/own/list_own.sql",
    kind="many",
    row=ListOwnRow,
    segments=(
        Segment(
            """\
SELECT i.id, i.name, i.price, i.currency, i.is_active, i.version, i.created_at
FROM app.items AS i
WHERE i.user_id = {user_id}""",
            line=7,
        ),
        Segment("", role="after", line=10),
        Segment("", role="order", line=4),
    ),
    sqlite=(
        Segment(
            """\
SELECT i.id, i.name, i.price, i.currency, i.is_active, i.version, i.created_at
FROM "app.items" AS i
WHERE i.user_id = {user_id}""",
            line=7,
        ),
        Segment("", role="after", line=10),
        Segment("", role="order", line=4),
    ),
    parameters=(
        Parameter("user_id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
        Column("currency", "varchar", is_nullable=False),
        Column("is_active", "bool", is_nullable=False),
        Column("version", "int8", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
    ),
    sorts={
        "newest": Sort((("i.created_at", "timestamptz", "DESC"), ("i.id", "uuid", "DESC"),), (6, 0,)),
    },
    page=(50, 200),
    writes=False,
)


def list_own(
    *,
    user_id: UUID,
    sort: Literal["newest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> Page[ListOwnRow]:
    """A user's own items, on offer or not, a page of them."""
    return _LIST_OWN.fetch_page({"user_id": user_id}, sort=sort, after=after, limit=limit, using=using)


def list_own_json(
    *,
    user_id: UUID,
    sort: Literal["newest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> bytes:
    """The same as JSON: a user's own items, on offer or not, a page of them."""
    return _LIST_OWN.fetch_page_json({"user_id": user_id}, sort=sort, after=after, limit=limit, using=using)
