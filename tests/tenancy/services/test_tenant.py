"""Founding a tenant as the user that then owns it."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tenancy.models import Membership, Tenant
from tenancy.services.tenant import found_tenant
from tests.auth_app.factories import make_user
from tests.rls import as_nobody, as_user, refused
from tests.tenancy.factories import make_membership, make_tenant

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_user_founds_a_tenant_and_owns_it() -> None:
    anna = make_user()

    with as_user(anna):
        tenant = found_tenant(name="New", slug="new", user_id=anna.pk)

        assert list(Tenant.objects.all()) == [tenant]
        assert Membership.objects.get().role == "owner"


def test_user_founds_no_tenant_for_another() -> None:
    anna, ben = make_user(), make_user()

    with as_user(anna), refused("app.memberships"):
        found_tenant(name="New", slug="new", user_id=ben.pk)


def test_nobody_founds_a_tenant() -> None:
    ben = make_user()

    with as_nobody(), refused("app.memberships"):
        found_tenant(name="New", slug="new", user_id=ben.pk)


@pytest.mark.parametrize("members", [0, 1])
def test_user_makes_themselves_no_owner_of_a_tenant_that_exists(members: int) -> None:
    anna, tenant = make_user(), make_tenant()
    for _ in range(members):
        make_membership(tenant=tenant)

    with as_user(anna), refused("app.memberships"):
        Membership.objects.create(tenant=tenant, user=anna, role="owner")


def test_user_makes_no_tenant_without_owning_it() -> None:
    with as_user(make_user()), refused("app.tenants"):
        make_tenant()


@pytest.mark.parametrize("role", ["admin", "member", "viewer"])
def test_user_founds_as_owner_alone(role: str) -> None:
    anna = make_user()

    with as_user(anna), refused("app.memberships"):
        Membership.objects.create(tenant_id=uuid.uuid4(), user=anna, role=role)


def test_slug_that_is_taken_is_refused() -> None:
    anna = make_user()
    make_tenant(slug="taken")

    with as_user(anna), pytest.raises(IntegrityError), transaction.atomic():
        found_tenant(name="New", slug="taken", user_id=anna.pk)


def test_wrong_slug_is_refused() -> None:
    with pytest.raises(ValidationError):
        found_tenant(name="New", slug="Not a slug", user_id=uuid.uuid4())
