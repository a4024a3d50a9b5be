"""The demo tenants with their members, projects and keys."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from tenancy.access import MemberRole
from tenancy.models import ApiKey, Membership, Project, Tenant
from tests.seeded import ALIAS


def test_each_tenant_has_one_owner_and_several_members(seeded: str) -> None:
    for tenant in Tenant.objects.using(seeded):
        roles = list(Membership.objects.using(seeded).filter(tenant=tenant).values_list("role", flat=True))
        assert roles.count("owner") == 1
        assert len(roles) >= 4
        assert Project.objects.using(seeded).filter(tenant=tenant).count() >= 2
    assert Tenant.objects.using(seeded).count() == 3


def test_each_tenant_has_an_address_of_its_own(seeded: str) -> None:
    tenants = Tenant.objects.using(seeded)

    assert {each.email for each in tenants} == {f"{each.slug}@freehold.example" for each in tenants}


def test_roles_of_every_kind_occur(seeded: str) -> None:
    assert set(Membership.objects.using(seeded).values_list("role", flat=True)) == set(MemberRole.values)


def test_keys_show_a_prefix_and_hold_a_hash_of_nothing(seeded: str) -> None:
    for key in ApiKey.objects.using(seeded):
        key.clean_fields()
        assert key.prefix.startswith("fh_")
        assert len(key.prefix) == len("fh_00000000")
        assert not key.key_hash.startswith(key.prefix.removeprefix("fh_"))


def test_one_key_is_revoked_and_one_has_expired(seeded: str) -> None:
    keys = ApiKey.objects.using(ALIAS)

    assert [key.name for key in keys.filter(revoked_at__isnull=False)] == ["Old import server"]
    assert [key.name for key in keys.filter(expires_at__lt=find_now())] == ["Reports of the agency"]
    assert keys.filter(expires_at__gt=find_now()).count() == 1


def find_now() -> datetime:
    """Give the present, but not earlier than the rows take it to be."""
    return max(timezone.now(), datetime.fromisoformat("2026-11-20T00:00:00+00:00"))
