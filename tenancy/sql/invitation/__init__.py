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
    "FindInvitationInviterRow",
    "FindInvitationRow",
    "ListInvitationsInviterRow",
    "ListInvitationsRow",
    "find_invitation",
    "find_invitation_json",
    "list_invitations",
    "list_invitations_json",
]


class FindInvitationInviterRow(Struct, frozen=True):
    """`inviter` of a row of `find_invitation`."""

    id: UUID
    display_name: str


class FindInvitationRow(Struct, frozen=True):
    """A row of `find_invitation`."""

    id: UUID
    tenant_id: UUID
    email: str
    role: Literal["owner", "admin", "member", "viewer"]
    inviter: FindInvitationInviterRow
    expires_at: datetime.datetime
    accepted_at: datetime.datetime | None
    declined_at: datetime.datetime | None
    created_at: datetime.datetime


_FIND_INVITATION: Final[Query[FindInvitationRow]] = Query(
    file="tenancy/sql/invitation/find_invitation.sql",
    kind="maybe",
    row=FindInvitationRow,
    segments=(
        Segment(
            """\
SELECT
    i.id,
    i.tenant_id,
    i.email,
    i.role,
    u.id AS "inviter.id",
    u.display_name AS "inviter.display_name",
    i.expires_at,
    i.accepted_at,
    i.declined_at,
    i.created_at
FROM app.invitations AS i
JOIN app.memberships AS m ON m.id = i.inviter_id
JOIN auth.user AS u ON u.id = m.user_id
WHERE i.id = {id}""",
            line=6,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    i.id,
    i.tenant_id,
    i.email,
    i.role,
    u.id AS "inviter.id",
    u.display_name AS "inviter.display_name",
    i.expires_at,
    i.accepted_at,
    i.declined_at,
    i.created_at
FROM "app.invitations" AS i
JOIN "app.memberships" AS m ON m.id = i.inviter_id
JOIN "auth.user" AS u ON u.id = m.user_id
WHERE i.id = {id}""",
            line=6,
        ),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("tenant_id", "uuid", is_nullable=False),
        Column("email", "varchar", is_nullable=False),
        Column("role", "varchar", is_nullable=False),
        Column("inviter.id", "uuid", is_nullable=False),
        Column("inviter.display_name", "varchar", is_nullable=False),
        Column("expires_at", "timestamptz", is_nullable=False),
        Column("accepted_at", "timestamptz", is_nullable=True),
        Column("declined_at", "timestamptz", is_nullable=True),
        Column("created_at", "timestamptz", is_nullable=False),
    ),
    writes=False,
)


def find_invitation(
    *,
    id: UUID,
    using: str = "default",
) -> FindInvitationRow | None:
    """An invitation by its id, without what accepts it."""
    return _FIND_INVITATION.fetch_maybe({"id": id}, using=using)


def find_invitation_json(
    *,
    id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: an invitation by its id, without what accepts it."""
    return _FIND_INVITATION.fetch_maybe_json({"id": id}, using=using)


class ListInvitationsInviterRow(Struct, frozen=True):
    """`inviter` of a row of `list_invitations`."""

    id: UUID
    display_name: str


class ListInvitationsRow(Struct, frozen=True):
    """A row of `list_invitations`."""

    id: UUID
    tenant_id: UUID
    email: str
    role: Literal["owner", "admin", "member", "viewer"]
    inviter: ListInvitationsInviterRow
    expires_at: datetime.datetime
    accepted_at: datetime.datetime | None
    declined_at: datetime.datetime | None
    created_at: datetime.datetime


_LIST_INVITATIONS: Final[Query[ListInvitationsRow]] = Query(
    file="tenancy/sql/invitation/list_invitations.sql",
    kind="many",
    row=ListInvitationsRow,
    segments=(
        Segment(
            """\
SELECT
    i.id,
    i.tenant_id,
    i.email,
    i.role,
    u.id AS "inviter.id",
    u.display_name AS "inviter.display_name",
    i.expires_at,
    i.accepted_at,
    i.declined_at,
    i.created_at
FROM app.invitations AS i
JOIN app.memberships AS m ON m.id = i.inviter_id
JOIN auth.user AS u ON u.id = m.user_id
WHERE true""",
            line=8,
        ),
        Segment("    AND i.tenant_id = {tenant_id}", part="tenant_id", line=24),
        Segment("", role="after", line=26),
        Segment("", role="order", line=5),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    i.id,
    i.tenant_id,
    i.email,
    i.role,
    u.id AS "inviter.id",
    u.display_name AS "inviter.display_name",
    i.expires_at,
    i.accepted_at,
    i.declined_at,
    i.created_at
FROM "app.invitations" AS i
JOIN "app.memberships" AS m ON m.id = i.inviter_id
JOIN "auth.user" AS u ON u.id = m.user_id
WHERE true""",
            line=8,
        ),
        Segment("    AND i.tenant_id = {tenant_id}", part="tenant_id", line=24),
        Segment("", role="after", line=26),
        Segment("", role="order", line=5),
    ),
    parameters=(
        Parameter("tenant_id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("tenant_id", "uuid", is_nullable=False),
        Column("email", "varchar", is_nullable=False),
        Column("role", "varchar", is_nullable=False),
        Column("inviter.id", "uuid", is_nullable=False),
        Column("inviter.display_name", "varchar", is_nullable=False),
        Column("expires_at", "timestamptz", is_nullable=False),
        Column("accepted_at", "timestamptz", is_nullable=True),
        Column("declined_at", "timestamptz", is_nullable=True),
        Column("created_at", "timestamptz", is_nullable=False),
    ),
    sorts={
        "newest": Sort((("i.created_at", "timestamptz", "DESC"), ("i.id", "uuid", "DESC"),), (9, 0,)),
    },
    page=(50, 200),
    writes=False,
)


def list_invitations(
    *,
    tenant_id: UUID | Unset = UNSET,
    sort: Literal["newest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> Page[ListInvitationsRow]:
    """Invitations that whoever asks may see, without what accepts one, a page of them."""
    return _LIST_INVITATIONS.fetch_page({"tenant_id": tenant_id}, sort=sort, after=after, limit=limit, using=using)


def list_invitations_json(
    *,
    tenant_id: UUID | Unset = UNSET,
    sort: Literal["newest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> bytes:
    """The same as JSON: invitations that whoever asks may see, without what accepts one, a page of them."""
    return _LIST_INVITATIONS.fetch_page_json({"tenant_id": tenant_id}, sort=sort, after=after, limit=limit, using=using)
