"""Who sees and writes what of a tenant, by role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from freehold.acting import Principal
from freehold.errors import PolicyError
from freehold.services import acting_as
from tenancy.models import ApiKey, Invitation, Membership, Project, ServiceToken, Tenant
from tests.auth_app.factories import make_user
from tests.rls import as_key, as_nobody, as_user, refused
from tests.tenancy.factories import (
    make_api_key,
    make_invitation,
    make_membership,
    make_project,
    make_service_token,
    make_tenant,
)

pytestmark = pytest.mark.django_db

ROLES = ("owner", "admin", "member", "viewer")


class Estate:
    """Two tenants with a member of each role, a project and a key."""

    def __init__(self) -> None:
        self.tenants = [make_tenant(), make_tenant()]
        self.users: list[dict[str, Any]] = []
        self.projects, self.keys, self.invitations, self.tokens = [], [], [], []
        for tenant in self.tenants:
            self.users.append({role: make_membership(tenant=tenant, role=role).user for role in ROLES})
            self.projects.append(make_project(tenant=tenant))
            self.keys.append(make_api_key(project=self.projects[-1]))
            owner = Membership.objects.get(tenant=tenant, role="owner")
            self.invitations.append(make_invitation(inviter=owner))
            self.tokens.append(make_service_token(tenant=tenant))


@pytest.fixture
def estate() -> Estate:
    return Estate()


def is_done(write: Callable[[], Any]) -> bool:
    """Tell whether a write was let through; whatever it did is taken back."""
    try:
        with transaction.atomic():
            done = write()
            transaction.set_rollback(True)
    except PolicyError:
        return False
    return done if isinstance(done, bool) else True


@pytest.mark.parametrize("role", ROLES)
def test_members_see_their_own_tenant(role: str, estate: Estate) -> None:
    with as_user(estate.users[0][role]):
        assert list(Tenant.objects.all()) == estate.tenants[:1]
        assert list(Project.objects.all()) == estate.projects[:1]
        assert {each.user_id for each in Membership.objects.all()} == {each.pk for each in estate.users[0].values()}
        assert list(ApiKey.objects.all()) == (estate.keys[:1] if role in ("owner", "admin") else [])
        assert list(Invitation.objects.all()) == (estate.invitations[:1] if role in ("owner", "admin") else [])
        assert not ServiceToken.objects.exists()


def test_others_and_nobody_see_no_tenant(estate: Estate) -> None:
    for who in (as_user(make_user()), as_nobody()):
        with who:
            for model in (Tenant, Membership, Project, ApiKey, Invitation, ServiceToken):
                assert not model.objects.exists(), model  # type: ignore[attr-defined]


def test_back_office_sees_every_tenant(estate: Estate) -> None:
    assert set(Tenant.objects.all()) == set(estate.tenants)


def test_member_of_two_tenants_sees_both(estate: Estate) -> None:
    viewer = estate.users[0]["viewer"]
    make_membership(tenant=estate.tenants[1], user=viewer, role="viewer")

    with as_user(viewer):
        assert set(Project.objects.all()) == set(estate.projects)


WRITES: dict[str, tuple[set[str], Callable[[Estate], Any]]] = {
    "tenant": ({"owner"}, lambda e: Tenant.objects.filter(pk=e.tenants[0].pk).update(name="x") == 1),
    "membership": ({"owner"}, lambda e: make_membership(tenant=e.tenants[0], user=e.users[1]["owner"])),
    "role": ({"owner"}, lambda e: Membership.objects.filter(user=e.users[0]["viewer"]).update(role="admin") == 1),
    "leave": ({"owner", "member"}, lambda e: Membership.objects.filter(user=e.users[0]["member"]).delete()[0] == 1),
    "project": ({"owner", "admin"}, lambda e: make_project(tenant=e.tenants[0])),
    "rename": ({"owner", "admin"}, lambda e: Project.objects.filter(pk=e.projects[0].pk).update(name="x") == 1),
    "key": ({"owner", "admin"}, lambda e: make_api_key(project=e.projects[0])),
    "revoke": ({"owner", "admin"}, lambda e: ApiKey.objects.filter(pk=e.keys[0].pk).delete()[0] == 1),
    "elsewhere": (set(), lambda e: make_project(tenant=e.tenants[1])),
    "move": (set(), lambda e: Project.objects.filter(pk=e.projects[0].pk).update(tenant=e.tenants[1]) == 1),
}


@pytest.mark.parametrize("write", WRITES)
def test_members_write_what_their_role_lets_them(write: str, estate: Estate) -> None:
    expected, run = WRITES[write]

    done = set()
    for role in ROLES:
        with as_user(estate.users[0][role]):
            if is_done(lambda: run(estate)):
                done.add(role)

    assert done == expected


def test_key_sees_its_tenant_and_project_and_no_people(estate: Estate) -> None:
    beside = make_project(tenant=estate.tenants[0])
    make_api_key(project=beside)
    with as_key(estate.projects[0]):
        assert list(Tenant.objects.all()) == estate.tenants[:1]
        assert list(Project.objects.all()) == estate.projects[:1]
        assert Project.objects.filter(pk=beside.pk).update(name="x") == 0
        assert not Membership.objects.exists()
        assert not ApiKey.objects.exists()
        assert not Invitation.objects.exists()
        with refused("app.projects"):
            make_project(tenant=estate.tenants[0])


@pytest.mark.parametrize("ended", [{"revoked_at": timezone.now}, {"expires_at": timezone.now}])
@pytest.mark.postgresql
def test_key_that_ended_sees_nothing(ended: dict[str, Callable[[], datetime]], estate: Estate) -> None:
    acted = as_key(estate.projects[0])
    long_ago = timezone.now() - timedelta(days=1)
    changes = {name: make() for name, make in ended.items()}
    ApiKey.objects.filter(name="of a test").update(created_at=long_ago, **changes)

    with acted:
        for model in (Tenant, Project, ApiKey):
            assert not model.objects.exists(), model  # type: ignore[attr-defined]


def test_user_with_the_id_of_a_project_is_no_key_to_it(estate: Estate) -> None:
    user = make_user()
    with acting_as("api", Principal("user", str(user.pk), part_id=str(estate.projects[0].pk))):
        assert not Project.objects.exists()


def test_user_who_chose_a_tenant_sees_no_more_of_it(estate: Estate) -> None:
    stranger = Principal("user", str(make_user().pk), str(estate.tenants[0].pk))

    with acting_as("api", stranger):
        assert not Tenant.objects.exists()
        assert not Project.objects.exists()


def test_owner_deletes_the_tenant_with_all_in_it(estate: Estate) -> None:
    with as_user(estate.users[0]["owner"]):
        assert estate.tenants[0].delete()[0] >= 1

    assert list(Project.objects.all()) == estate.projects[1:]
    assert Membership.objects.count() == len(ROLES)
