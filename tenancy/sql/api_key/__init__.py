"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

import datetime
from freehold.queries import Column, Page, Parameter, Query, Segment, Sort, UNSET, Unset
from msgspec import Struct
from typing import Final, Literal
from uuid import UUID

__all__ = [
    "FindApiKeyRow",
    "ListApiKeysRow",
    "find_api_key",
    "find_api_key_json",
    "list_api_keys",
    "list_api_keys_json",
]


class FindApiKeyRow(Struct, frozen=True):
    """A row of `find_api_key`."""

    id: UUID
    project_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime.datetime | None
    last_used_at: datetime.datetime | None
    revoked_at: datetime.datetime | None
    created_at: datetime.datetime


_FIND_API_KEY: Final[Query[FindApiKeyRow]] = Query(
    file="tenancy/sql/api_key/find_api_key.sql",
    kind="maybe",
    row=FindApiKeyRow,
    segments=(
        Segment(
            """\
SELECT
    k.id,
    k.project_id,
    k.name,
    k.prefix,
    k.scopes,
    k.expires_at,
    k.last_used_at,
    k.revoked_at,
    k.created_at
FROM app.api_keys AS k
WHERE k.id = {id}""",
            line=6,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    k.id,
    k.project_id,
    k.name,
    k.prefix,
    k.scopes,
    k.expires_at,
    k.last_used_at,
    k.revoked_at,
    k.created_at
FROM "app.api_keys" AS k
WHERE k.id = {id}""",
            line=6,
        ),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("project_id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("prefix", "varchar", is_nullable=False),
        Column("scopes", "jsonb", is_nullable=False),
        Column("expires_at", "timestamptz", is_nullable=True),
        Column("last_used_at", "timestamptz", is_nullable=True),
        Column("revoked_at", "timestamptz", is_nullable=True),
        Column("created_at", "timestamptz", is_nullable=False),
    ),
    writes=False,
)


def find_api_key(
    *,
    id: UUID,
    using: str = "default",
) -> FindApiKeyRow | None:
    """An API key by its id, without what shows it."""
    return _FIND_API_KEY.fetch_maybe({"id": id}, using=using)


def find_api_key_json(
    *,
    id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: an API key by its id, without what shows it."""
    return _FIND_API_KEY.fetch_maybe_json({"id": id}, using=using)


class ListApiKeysRow(Struct, frozen=True):
    """A row of `list_api_keys`."""

    id: UUID
    project_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime.datetime | None
    last_used_at: datetime.datetime | None
    revoked_at: datetime.datetime | None
    created_at: datetime.datetime


_LIST_API_KEYS: Final[Query[ListApiKeysRow]] = Query(
    file="tenancy/sql/api_key/list_api_keys.sql",
    kind="many",
    row=ListApiKeysRow,
    segments=(
        Segment(
            """\
SELECT
    k.id,
    k.project_id,
    k.name,
    k.prefix,
    k.scopes,
    k.expires_at,
    k.last_used_at,
    k.revoked_at,
    k.created_at
FROM app.api_keys AS k
WHERE true""",
            line=8,
        ),
        Segment("    AND k.project_id = {project_id}", part="project_id", line=21),
        Segment("", role="after", line=23),
        Segment("", role="order", line=5),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    k.id,
    k.project_id,
    k.name,
    k.prefix,
    k.scopes,
    k.expires_at,
    k.last_used_at,
    k.revoked_at,
    k.created_at
FROM "app.api_keys" AS k
WHERE true""",
            line=8,
        ),
        Segment("    AND k.project_id = {project_id}", part="project_id", line=21),
        Segment("", role="after", line=23),
        Segment("", role="order", line=5),
    ),
    parameters=(
        Parameter("project_id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("project_id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("prefix", "varchar", is_nullable=False),
        Column("scopes", "jsonb", is_nullable=False),
        Column("expires_at", "timestamptz", is_nullable=True),
        Column("last_used_at", "timestamptz", is_nullable=True),
        Column("revoked_at", "timestamptz", is_nullable=True),
        Column("created_at", "timestamptz", is_nullable=False),
    ),
    sorts={
        "newest": Sort((("k.created_at", "timestamptz", "DESC"), ("k.id", "uuid", "DESC"),), (8, 0,)),
    },
    page=(50, 200),
    writes=False,
)


def list_api_keys(
    *,
    project_id: UUID | Unset = UNSET,
    sort: Literal["newest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> Page[ListApiKeysRow]:
    """API keys that whoever asks may see, without what shows one, a page of them."""
    return _LIST_API_KEYS.fetch_page({"project_id": project_id}, sort=sort, after=after, limit=limit, using=using)


def list_api_keys_json(
    *,
    project_id: UUID | Unset = UNSET,
    sort: Literal["newest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> bytes:
    """The same as JSON: API keys that whoever asks may see, without what shows one, a page of them."""
    return _LIST_API_KEYS.fetch_page_json({"project_id": project_id}, sort=sort, after=after, limit=limit, using=using)
