"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

import datetime
from freehold.queries import Column, Page, Parameter, Query, Segment, Sort
from msgspec import Struct
from typing import Final, Literal
from uuid import UUID

__all__ = [
    "FindTenantRow",
    "ListTenantsRow",
    "find_tenant",
    "find_tenant_json",
    "list_tenants",
    "list_tenants_json",
]


class FindTenantRow(Struct, frozen=True):
    """A row of `find_tenant`."""

    id: UUID
    name: str
    slug: str
    email: str | None
    role: Literal["owner", "admin", "member", "viewer"] | None
    version: int
    created_at: datetime.datetime
    updated_at: datetime.datetime


_FIND_TENANT: Final[Query[FindTenantRow]] = Query(
    file="tenancy/sql/tenant/find_tenant.sql",
    kind="maybe",
    row=FindTenantRow,
    segments=(
        Segment(
            """\
SELECT
    t.id,
    t.name,
    t.slug,
    t.email,
    (SELECT m.role FROM app.memberships AS m WHERE m.tenant_id = t.id AND m.user_id = {user_id}) AS role,
    t.version,
    t.created_at,
    t.updated_at
FROM app.tenants AS t
WHERE t.id = {id}""",
            line=7,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    t.id,
    t.name,
    t.slug,
    t.email,
    (SELECT m.role FROM "app.memberships" AS m WHERE m.tenant_id = t.id AND m.user_id = {user_id}) AS role,
    t.version,
    t.created_at,
    t.updated_at
FROM "app.tenants" AS t
WHERE t.id = {id}""",
            line=7,
        ),
    ),
    parameters=(
        Parameter("user_id", "uuid", is_list=False, is_nullable=True),
        Parameter("id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("slug", "varchar", is_nullable=False),
        Column("email", "varchar", is_nullable=True),
        Column("role", "varchar", is_nullable=True),
        Column("version", "int8", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("updated_at", "timestamptz", is_nullable=False),
    ),
    writes=False,
)


def find_tenant(
    *,
    user_id: UUID | None,
    id: UUID,
    using: str = "default",
) -> FindTenantRow | None:
    """A tenant by its id, with the user's role there."""
    return _FIND_TENANT.fetch_maybe({"user_id": user_id, "id": id}, using=using)


def find_tenant_json(
    *,
    user_id: UUID | None,
    id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: a tenant by its id, with the user's role there."""
    return _FIND_TENANT.fetch_maybe_json({"user_id": user_id, "id": id}, using=using)


class ListTenantsRow(Struct, frozen=True):
    """A row of `list_tenants`."""

    id: UUID
    name: str
    slug: str
    email: str | None
    role: Literal["owner", "admin", "member", "viewer"] | None
    version: int
    created_at: datetime.datetime
    updated_at: datetime.datetime


_LIST_TENANTS: Final[Query[ListTenantsRow]] = Query(
    file="tenancy/sql/tenant/list_tenants.sql",
    kind="many",
    row=ListTenantsRow,
    segments=(
        Segment(
            """\
SELECT
    t.id,
    t.name,
    t.slug,
    t.email,
    (SELECT m.role FROM app.memberships AS m WHERE m.tenant_id = t.id AND m.user_id = {user_id}) AS role,
    t.version,
    t.created_at,
    t.updated_at
FROM app.tenants AS t
WHERE true""",
            line=9,
        ),
        Segment("", role="after", line=20),
        Segment("", role="order", line=6),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    t.id,
    t.name,
    t.slug,
    t.email,
    (SELECT m.role FROM "app.memberships" AS m WHERE m.tenant_id = t.id AND m.user_id = {user_id}) AS role,
    t.version,
    t.created_at,
    t.updated_at
FROM "app.tenants" AS t
WHERE true""",
            line=9,
        ),
        Segment("", role="after", line=20),
        Segment("", role="order", line=6),
    ),
    parameters=(
        Parameter("user_id", "uuid", is_list=False, is_nullable=True),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("slug", "varchar", is_nullable=False),
        Column("email", "varchar", is_nullable=True),
        Column("role", "varchar", is_nullable=True),
        Column("version", "int8", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("updated_at", "timestamptz", is_nullable=False),
    ),
    sorts={
        "slug": Sort((("t.slug", "varchar", "ASC"),), (2,)),
    },
    page=(50, 200),
    writes=False,
)


def list_tenants(
    *,
    user_id: UUID | None,
    sort: Literal["slug"] = "slug",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> Page[ListTenantsRow]:
    """Tenants that whoever asks may see, with the user's role there, a page of them."""
    return _LIST_TENANTS.fetch_page({"user_id": user_id}, sort=sort, after=after, limit=limit, using=using)


def list_tenants_json(
    *,
    user_id: UUID | None,
    sort: Literal["slug"] = "slug",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> bytes:
    """The same as JSON: tenants that whoever asks may see, with the user's role there, a page of them."""
    return _LIST_TENANTS.fetch_page_json({"user_id": user_id}, sort=sort, after=after, limit=limit, using=using)
