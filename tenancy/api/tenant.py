"""Tenants: those who share an account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict

from freehold.api import (
    KEYS_AND_USERS,
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
    MADE,
    Email,
    Name,
    PageQuery,
    Slug,
    answer_found,
    list_changes,
    place,
    seeking,
)
from tenancy.services.tenant import change_tenant, delete_tenant, found_tenant
from tenancy.sql import tenant


class NewTenant(Bounded):
    """What a tenant is made of."""

    name: Name
    slug: Slug
    email: Email | None = None


class TenantChanges(Bounded):
    """What changes; the rest stays."""

    name: Name | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET


class TenantPath(msgspec.Struct):
    """Which tenant."""

    tenant_id: UUID


class Tenants(Endpoint):
    """Tenants of whoever asks."""

    @operation(Page[tenant.ListTenantsRow], name="list_tenants", tag="tenants", auth=KEYS_AND_USERS, errors=[422])
    def get(self, parsed_query: Query[PageQuery]) -> HttpResponse:
        """Give a page of them, by slug, with the role that one has there."""
        asked = parsed_query
        return self.answer(tenant.list_tenants_json(user_id=self.user_id, after=asked.after, limit=asked.limit))

    @operation(
        tenant.FindTenantRow, name="found_tenant", tag="tenants", auth=USERS, status=201, errors=[413, 415, 422],
        headers=MADE,
    )  # fmt: skip
    def post(self, parsed_body: Body[NewTenant]) -> HttpResponse:
        """Found one, and be its owner."""
        with seeking():
            made = found_tenant(user_id=self.get_user_id(), **asdict(parsed_body))
        return answer_tenant(self, made.pk, status=201, headers=place("tenant", made.pk))


class OneTenant(Endpoint):
    """A tenant."""

    @operation(
        tenant.FindTenantRow, name="get_tenant", tag="tenants", auth=KEYS_AND_USERS, errors=[404, 422], headers=ETAG,
        is_conditional=True,
    )  # fmt: skip
    def get(self, parsed_path: Path[TenantPath], parsed_headers: Headers[IfNoneMatch]) -> HttpResponse:
        """Give one."""
        return answer_tenant(self, parsed_path.tenant_id)

    @operation(tenant.FindTenantRow, name="change_tenant", tag="tenants", auth=USERS, errors=CHANGES, headers=ETAG)
    def patch(
        self, parsed_path: Path[TenantPath], parsed_headers: Headers[IfMatch], parsed_body: Body[TenantChanges]
    ) -> HttpResponse:
        """Change it, as its owner."""
        versions, tenant_id = read_versions(parsed_headers), parsed_path.tenant_id
        with seeking():
            change_tenant(tenant_id=tenant_id, versions=versions, changes=list_changes(parsed_body))
        return answer_tenant(self, tenant_id)

    @operation(name="delete_tenant", tag="tenants", auth=USERS, status=204, errors=DELETES)
    def delete(self, parsed_path: Path[TenantPath], parsed_headers: Headers[IfMatch]) -> HttpResponse:
        """Delete it with all in it, as its owner."""
        versions = read_versions(parsed_headers)
        with seeking():
            delete_tenant(tenant_id=parsed_path.tenant_id, versions=versions)
        return self.answer(status=204)


def answer_tenant(endpoint: Endpoint, tenant_id: UUID, **kept: Any) -> HttpResponse:
    """Give the tenant as whoever asks may see it; raises as `answer_found`."""
    return answer_found(endpoint, tenant.find_tenant(id=tenant_id, user_id=endpoint.user_id), **kept)


ROUTES = [
    route("tenants", Tenants.as_view(), name="tenants"),
    route("tenants/<uuid:tenant_id>", OneTenant.as_view(), name="tenant"),
]
