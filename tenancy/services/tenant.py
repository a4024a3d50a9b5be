"""Founds tenants."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from tenancy.access import MemberRole
from tenancy.models import Membership, Tenant


def found_tenant(*, name: str, slug: str, user_id: UUID) -> Tenant:
    """Make a tenant and its first member, its owner, and give the tenant.

    The membership comes first: policies let users make themselves owners of what does not exist yet, and owners make
    the tenant that they own. The foreign key between the two is looked at when the transaction commits.

    Raises:
        ValidationError: name or slug are wrong.
        IntegrityError: the slug is taken; by a tenant that the user may not even see.
    """
    tenant = Tenant(name=name, slug=slug)
    tenant.full_clean(validate_unique=False)
    with transaction.atomic():
        Membership(tenant_id=tenant.pk, user_id=user_id, role=MemberRole.OWNER).save(force_insert=True)
        tenant.save(force_insert=True)
    return tenant
