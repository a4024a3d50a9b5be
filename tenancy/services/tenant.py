"""Founds, changes and deletes tenants, and tells which end with an account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from freehold.acting import acting
from tenancy.access import MemberRole
from tenancy.models import Membership, Tenant
from tenancy.services.rows import change_row, delete_row, naming_taken


def found_tenant(*, name: str, slug: str, user_id: UUID, email: str | None = None) -> Tenant:
    """Make a tenant and its first member, its owner, and give the tenant.

    The membership comes first: policies let users make themselves owners of what does not exist yet, and owners make
    the tenant that they own. The foreign key between the two is looked at when the transaction commits.

    Raises:
        ValidationError: name, slug or address are wrong.
        TakenError: slug or address are taken; by a tenant that the user may not even see.
    """
    tenant = Tenant(name=name, slug=slug, email=email)
    tenant.full_clean(validate_unique=False)
    with naming_taken(Tenant), transaction.atomic():
        Membership(tenant_id=tenant.pk, user_id=user_id, role=MemberRole.OWNER).save(force_insert=True)
        tenant.save(force_insert=True)
    return tenant


def change_tenant(*, tenant_id: UUID, versions: Collection[int] | None, changes: Mapping[str, Any]) -> None:
    """Change name, slug or address; raises as `change_row`."""
    change_row(Tenant, tenant_id, versions=versions, changes=changes)


def delete_tenant(*, tenant_id: UUID, versions: Collection[int] | None) -> None:
    """Delete a tenant with all in it; raises as `delete_row`."""
    delete_row(Tenant, tenant_id, versions=versions)


def list_tenants_left_by(users: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Give id and name of each tenant that would have no owner without these users, by name: it goes with the last of
    them. An owner whose account is inactive is one.

    For the services that a contract names (`app.list_tenants_left_by`).
    """
    leaving = list(users)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, name FROM app.list_tenants_left_by(%s)", [leaving])
            return list(cursor.fetchall())
    owners = Membership.objects.filter(tenant=OuterRef("pk"), role=MemberRole.OWNER)
    left = Tenant.objects.filter(Exists(owners.filter(user__in=leaving)), ~Exists(owners.exclude(user__in=leaving)))
    with acting(None):
        return list(left.order_by("name", "pk").values_list("pk", "name"))
