"""A project stays one tenant's, whoever writes."""

from __future__ import annotations

import pytest
from django.db import Error, transaction

from freehold.admin.refusals import describe_refusal
from freehold.services import acting_as
from tenancy.models import Project
from tests.rls import as_user
from tests.tenancy.factories import make_membership, make_project, make_tenant

pytestmark = pytest.mark.django_db
WORDS = "A project is of one tenant, for good"


def test_project_stays_and_admin_is_told_why() -> None:
    project, tenant = make_project(), make_tenant()

    with acting_as("admin"), pytest.raises(Error) as caught, transaction.atomic():
        Project.objects.filter(pk=project.pk).update(tenant=tenant)

    assert describe_refusal(caught.value) == WORDS


def test_admin_of_two_tenants_moves_no_project_between_them() -> None:
    mine = make_membership(role="admin")
    other = make_membership(user=mine.user, role="admin")
    project = make_project(tenant=mine.tenant)

    with as_user(mine.user), pytest.raises(Error, match="for good"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(tenant=other.tenant)

    assert Project.objects.get(pk=project.pk).tenant == mine.tenant


def test_name_may_change() -> None:
    project = make_project()

    with acting_as("admin"):
        assert Project.objects.filter(pk=project.pk).update(name="Other", tenant=project.tenant) == 1
