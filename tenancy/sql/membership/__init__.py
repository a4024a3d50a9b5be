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
    "FindMembershipRow",
    "FindMembershipUserRow",
    "ListMembershipsRow",
    "ListMembershipsUserRow",
    "find_membership",
    "find_membership_json",
    "list_memberships",
    "list_memberships_json",
]


class FindMembershipUserRow(Struct, frozen=True):
    """`user` of a row of `find_membership`."""

    id: UUID
    email: str
    display_name: str


class FindMembershipRow(Struct, frozen=True):
    """A row of `find_membership`."""

    id: UUID
    tenant_id: UUID
    role: Literal["owner", "admin", "member", "viewer"]
    user: FindMembershipUserRow
    version: int
    created_at: datetime.datetime


_FIND_MEMBERSHIP: Final[Query[FindMembershipRow]] = Query(
    file="tenancy/sql/membership/find_membership.sql",
    kind="maybe",
    row=FindMembershipRow,
    segments=(
        Segment(
            """\
SELECT
    m.id,
    m.tenant_id,
    m.role,
    u.id AS "user.id",
    u.email AS "user.email",
    u.display_name AS "user.display_name",
    m.version,
    m.created_at
FROM app.memberships AS m
JOIN auth.user AS u ON u.id = m.user_id
WHERE m.id = {id}""",
            line=6,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    m.id,
    m.tenant_id,
    m.role,
    u.id AS "user.id",
    u.email AS "user.email",
    u.display_name AS "user.display_name",
    m.version,
    m.created_at
FROM "app.memberships" AS m
JOIN "auth.user" AS u ON u.id = m.user_id
WHERE m.id = {id}""",
            line=6,
        ),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("tenant_id", "uuid", is_nullable=False),
        Column("role", "varchar", is_nullable=False),
        Column("user.id", "uuid", is_nullable=False),
        Column("user.email", "varchar", is_nullable=False),
        Column("user.display_name", "varchar", is_nullable=False),
        Column("version", "int8", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
    ),
    writes=False,
)


def find_membership(
    *,
    id: UUID,
    using: str = "default",
) -> FindMembershipRow | None:
    """A membership by its id, with its user."""
    return _FIND_MEMBERSHIP.fetch_maybe({"id": id}, using=using)


def find_membership_json(
    *,
    id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: a membership by its id, with its user."""
    return _FIND_MEMBERSHIP.fetch_maybe_json({"id": id}, using=using)


class ListMembershipsUserRow(Struct, frozen=True):
    """`user` of a row of `list_memberships`."""

    id: UUID
    email: str
    display_name: str


class ListMembershipsRow(Struct, frozen=True):
    """A row of `list_memberships`."""

    id: UUID
    tenant_id: UUID
    role: Literal["owner", "admin", "member", "viewer"]
    user: ListMembershipsUserRow
    version: int
    created_at: datetime.datetime


_LIST_MEMBERSHIPS: Final[Query[ListMembershipsRow]] = Query(
    file="tenancy/sql/membership/list_memberships.sql",
    kind="many",
    row=ListMembershipsRow,
    segments=(
        Segment(
            """\
SELECT
    m.id,
    m.tenant_id,
    m.role,
    u.id AS "user.id",
    u.email AS "user.email",
    u.display_name AS "user.display_name",
    m.version,
    m.created_at
FROM app.memberships AS m
JOIN auth.user AS u ON u.id = m.user_id
WHERE true""",
            line=8,
        ),
        Segment("    AND m.tenant_id = {tenant_id}", part="tenant_id", line=21),
        Segment("", role="after", line=23),
        Segment("", role="order", line=5),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    m.id,
    m.tenant_id,
    m.role,
    u.id AS "user.id",
    u.email AS "user.email",
    u.display_name AS "user.display_name",
    m.version,
    m.created_at
FROM "app.memberships" AS m
JOIN "auth.user" AS u ON u.id = m.user_id
WHERE true""",
            line=8,
        ),
        Segment("    AND m.tenant_id = {tenant_id}", part="tenant_id", line=21),
        Segment("", role="after", line=23),
        Segment("", role="order", line=5),
    ),
    parameters=(
        Parameter("tenant_id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("tenant_id", "uuid", is_nullable=False),
        Column("role", "varchar", is_nullable=False),
        Column("user.id", "uuid", is_nullable=False),
        Column("user.email", "varchar", is_nullable=False),
        Column("user.display_name", "varchar", is_nullable=False),
        Column("version", "int8", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
    ),
    sorts={
        "oldest": Sort((("m.created_at", "timestamptz", "ASC"), ("m.id", "uuid", "ASC"),), (7, 0,)),
    },
    page=(50, 200),
    writes=False,
)


def list_memberships(
    *,
    tenant_id: UUID | Unset = UNSET,
    sort: Literal["oldest"] = "oldest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> Page[ListMembershipsRow]:
    """Memberships that whoever asks may see, with their users, a page of them, the oldest first."""
    return _LIST_MEMBERSHIPS.fetch_page({"tenant_id": tenant_id}, sort=sort, after=after, limit=limit, using=using)


def list_memberships_json(
    *,
    tenant_id: UUID | Unset = UNSET,
    sort: Literal["oldest"] = "oldest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> bytes:
    """The same as JSON: memberships that whoever asks may see, with their users, a page of them, the oldest first."""
    return _LIST_MEMBERSHIPS.fetch_page_json({"tenant_id": tenant_id}, sort=sort, after=after, limit=limit, using=using)
