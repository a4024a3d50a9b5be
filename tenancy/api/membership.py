"""Memberships: who belongs to a tenant, as what."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.http import HttpResponse

from freehold.api import (
    USERS,
    Body,
    Bounded,
    Endpoint,
    Headers,
    IfMatch,
    IfNoneMatch,
    Path,
    Query,
    operation,
    read_versions,
    route,
)
from freehold.queries import Page
from tenancy.api.answers import (
    CHANGES,
    DELETES,
    ETAG,
    InTenantQuery,
    Role,
    answer_found,
    seeking,
)
from tenancy.services.membership import change_role, end_membership
from tenancy.sql import membership


class RoleChange(Bounded):
    """What the member may do from now on."""

    role: Role


class MembershipPath(msgspec.Struct):
    """Which membership."""

    membership_id: UUID


class Memberships(Endpoint):
    """Who belongs to the tenants of whoever asks."""

    @operation(
        Page[membership.ListMembershipsRow], name="list_memberships", tag="tenants", auth=USERS, errors=[422]
    )  # fmt: skip
    def get(self, parsed_query: Query[InTenantQuery]) -> HttpResponse:
        """Give a page of memberships, the oldest first."""
        asked = parsed_query
        found = membership.list_memberships_json(tenant_id=asked.tenant, after=asked.after, limit=asked.limit)
        return self.answer(found)


class OneMembership(Endpoint):
    """A user's place in a tenant."""

    @operation(
        membership.FindMembershipRow, name="get_membership", tag="tenants", auth=USERS, errors=[404, 422],
        headers=ETAG, is_conditional=True,
    )  # fmt: skip
    def get(self, parsed_path: Path[MembershipPath], parsed_headers: Headers[IfNoneMatch]) -> HttpResponse:
        """Give one."""
        return answer_found(self, membership.find_membership(id=parsed_path.membership_id))

    @operation(
        membership.FindMembershipRow, name="change_membership", tag="tenants", auth=USERS, errors=CHANGES, headers=ETAG
    )
    def patch(
        self, parsed_path: Path[MembershipPath], parsed_headers: Headers[IfMatch], parsed_body: Body[RoleChange]
    ) -> HttpResponse:
        """Give a member another role, as an owner. The last owner stays."""
        versions, membership_id = read_versions(parsed_headers), parsed_path.membership_id
        with seeking():
            change_role(membership_id=membership_id, versions=versions, role=parsed_body.role)
        return answer_found(self, membership.find_membership(id=membership_id))

    @operation(name="delete_membership", tag="tenants", auth=USERS, status=204, errors=DELETES)
    def delete(self, parsed_path: Path[MembershipPath], parsed_headers: Headers[IfMatch]) -> HttpResponse:
        """Leave a tenant, or as its owner let a member go. The last owner stays."""
        versions = read_versions(parsed_headers)
        with seeking():
            end_membership(membership_id=parsed_path.membership_id, versions=versions)
        return self.answer(status=204)


ROUTES = [
    route("memberships", Memberships.as_view(), name="memberships"),
    route("memberships/<uuid:membership_id>", OneMembership.as_view(), name="membership"),
]
