"""A tenant keeps its last owner, held in the database; where that account ends, it goes along."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import Error, transaction

from auth_app.models import User
from freehold.admin.refusals import describe_refusal
from freehold.services import acting_as
from tenancy.models import Membership, Tenant
from tenancy.services.tenant import list_tenants_left_by
from tests.auth_app.factories import make_user
from tests.freehold.embedded.processes import wait_for
from tests.rls import as_user
from tests.tenancy.factories import make_membership, make_project, make_tenant

pytestmark = pytest.mark.django_db
WORDS = "A tenant keeps its last owner; make another member owner first"


def own(tenant: Tenant) -> Membership:
    return make_membership(tenant=tenant, role="owner")


def select(owner: Membership) -> Any:
    return Membership.objects.filter(pk=owner.pk)


LOSSES: dict[str, Callable[[Membership], Any]] = {
    "demoted": lambda owner: select(owner).update(role="admin"),
    "deleted": lambda owner: select(owner).delete(),
    "all deleted": lambda owner: Membership.objects.all().delete(),
    "all demoted": lambda owner: Membership.objects.filter(tenant=owner.tenant_id).update(role="viewer"),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_last_owner_stays_and_admin_is_told_why(loss: str) -> None:
    owner = own(make_tenant())
    make_membership(tenant=owner.tenant, role="admin")

    with acting_as("admin"), pytest.raises(Error) as caught, transaction.atomic():
        LOSSES[loss](owner)

    assert describe_refusal(caught.value) == WORDS
    assert Membership.objects.get(pk=owner.pk).role == "owner"


@pytest.mark.parametrize("loss", ["demoted", "deleted"])
def test_owner_does_not_leave_a_tenant_to_nobody(loss: str) -> None:
    owner = own(make_tenant())

    with as_user(owner.user), pytest.raises(Error, match="keeps its last owner"), transaction.atomic():
        LOSSES[loss](owner)


@pytest.mark.parametrize("loss", ["demoted", "deleted"])
def test_owner_beside_another_may_go(loss: str) -> None:
    owner = own(make_tenant())
    own(owner.tenant)

    with acting_as("admin"):
        LOSSES[loss](owner)

    assert not select(owner).filter(role="owner", tenant=owner.tenant).exists()


def test_tenant_goes_with_its_last_owner() -> None:
    owner = own(make_tenant())
    with acting_as("admin"):
        owner.tenant.delete()

    assert not Membership.objects.exists()


def test_tenant_without_an_owner_is_left_alone() -> None:
    viewer = make_membership(role="viewer")
    with acting_as("admin"):
        select(viewer).update(role="member")
        select(viewer).delete()

    assert Tenant.objects.get()


@pytest.mark.parametrize("service", ["web", "admin"])
def test_tenants_go_with_the_account_of_their_last_owner(service: str) -> None:
    anna = make_user()
    alone, shared, joined = make_tenant(name="Alone"), make_tenant(), make_tenant()
    for tenant in (alone, shared):
        make_membership(tenant=tenant, user=anna, role="owner")
    make_membership(tenant=alone, role="admin")
    make_project(tenant=alone)
    own(shared)
    own(joined)
    make_membership(tenant=joined, user=anna, role="admin")

    with acting_as(service):
        assert list_tenants_left_by([anna.pk]) == [(alone.pk, "Alone")]
        User.objects.filter(pk=anna.pk).delete()

    assert set(Tenant.objects.all()) == {shared, joined}


def test_tenants_go_with_the_last_of_several_owners_that_end_together() -> None:
    owners = [own(make_tenant(name="Ours"))]
    owners.append(own(owners[0].tenant))
    users = [each.user_id for each in owners]

    with acting_as("admin"):
        assert list_tenants_left_by(users[:1]) == []
        assert [name for _, name in list_tenants_left_by(users)] == ["Ours"]
        User.objects.filter(pk__in=users).delete()

    assert not Tenant.objects.exists()


def test_inactive_owner_is_an_owner() -> None:
    owner, inactive = own(make_tenant()), make_user(is_active=False)
    make_membership(tenant=owner.tenant, user=inactive, role="owner")

    with acting_as("admin"):
        select(owner).delete()

    assert Membership.objects.get().user == inactive


# --- As logins, at once ----------------------------------------------------------------------------------------------
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("UPDATE app.memberships SET role = 'viewer' WHERE id = %s",) * 2,
        ("DELETE FROM app.memberships WHERE id = %s", "UPDATE app.memberships SET role = 'viewer' WHERE id = %s"),
        ('DELETE FROM auth."user" WHERE id = (SELECT user_id FROM app.memberships WHERE id = %s)',) * 2,
    ],
)
def test_two_owners_who_end_each_other_at_once_do_not_both(
    first: str, second: str, isolation: str, connect_as: Callable[[str], psycopg.Connection]
) -> None:
    owners = [own(make_tenant())]
    owners.append(own(owners[0].tenant))
    one, other = connect_as("admin_rw"), connect_as("admin_rw")
    outcome: list[Exception | None] = []

    def run_second() -> None:
        try:
            other.execute(second, [owners[1].pk])  # type: ignore[call-overload]
            other.execute("COMMIT")
            outcome.append(None)
        except psycopg.Error as error:
            outcome.append(error)
            other.execute("ROLLBACK")

    for each in (one, other):
        each.execute(f"BEGIN ISOLATION LEVEL {isolation}")  # type: ignore[call-overload]
        each.execute("SELECT 1 FROM app.memberships")
    one.execute(first, [owners[0].pk])  # type: ignore[call-overload]
    thread = Thread(target=run_second)
    thread.start()
    root, blocked = connect_as("postgres"), "SELECT cardinality(pg_blocking_pids(%s)) > 0"
    wait_for(lambda: root.execute(blocked, [other.info.backend_pid]).fetchone() == (True,))
    one.execute("COMMIT")
    thread.join()

    tenants = Tenant.objects.filter(pk=owners[0].tenant_id)
    assert not tenants.exists() or tenants.filter(memberships__role="owner").exists()
    if "auth" not in first or isolation != "READ COMMITTED":
        assert isinstance(outcome[0], psycopg.errors.InsufficientPrivilege | psycopg.errors.SerializationFailure)


@pytest.mark.postgresql
@pytest.mark.parametrize(("login", "may"), [("web_rw", True), ("admin_rw", True), ("api_rw", False)])
def test_tenants_that_end_are_told_by_contract(
    login: str, may: bool, connect_as: Callable[[str], psycopg.Connection]
) -> None:
    row = (
        connect_as(login)
        .execute("SELECT has_function_privilege('app.list_tenants_left_by(uuid[])', 'EXECUTE')")
        .fetchone()
    )

    assert row == (may,)
