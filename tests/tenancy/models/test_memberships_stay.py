"""A membership stays one user's in one tenant, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, transaction

from freehold.admin.refusals import describe_refusal
from freehold.services import acting_as
from tenancy.models import Membership
from tests.auth_app.factories import make_user
from tests.rls import as_user
from tests.tenancy.factories import make_membership, make_tenant

pytestmark = pytest.mark.django_db
WORDS = "A membership is one user's in one tenant, both for good"
CHANGES: dict[str, Callable[[], dict[str, Any]]] = {
    "another tenant": lambda: {"tenant": make_tenant()},
    "another user": lambda: {"user": make_user()},
}


@pytest.mark.parametrize("change", CHANGES)
def test_membership_stays_and_admin_is_told_why(change: str) -> None:
    member, changes = make_membership(), CHANGES[change]()

    with acting_as("admin"), pytest.raises(Error) as caught, transaction.atomic():
        Membership.objects.filter(pk=member.pk).update(**changes)

    assert describe_refusal(caught.value) == WORDS


def test_owner_of_two_tenants_takes_no_membership_along() -> None:
    mine = make_membership(role="owner")
    make_membership(tenant=mine.tenant, role="owner")
    other = make_membership(user=mine.user, role="owner")
    member = make_membership(tenant=mine.tenant)

    with as_user(mine.user), pytest.raises(Error, match="both for good"), transaction.atomic():
        Membership.objects.filter(pk=member.pk).update(tenant=other.tenant)


def test_role_may_change() -> None:
    member = make_membership()

    with acting_as("admin"):
        assert Membership.objects.filter(pk=member.pk).update(role="viewer") == 1
