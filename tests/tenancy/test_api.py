"""Tenants, memberships and projects at the API, as the service that answers it, on both dialects."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tenancy.models import Membership, Project, Tenant
from tenancy.services.api_key import issue_api_key
from tests.api import ANY, Caller, list_faults
from tests.auth_app.factories import make_user
from tests.tenancy.factories import make_membership, make_project, make_tenant

pytestmark = pytest.mark.django_db
ROLES = ("owner", "admin", "member", "viewer")


class Estate:
    """A tenant with a project and a caller of each role, and a key; beside another with one of each."""

    def __init__(self) -> None:
        self.tenant, self.other = make_tenant(), make_tenant()
        self.project, self.other_project = make_project(tenant=self.tenant), make_project(tenant=self.other)
        self.members = {role: make_membership(tenant=self.tenant, role=role) for role in ROLES}
        self.stranger = make_membership(tenant=self.other, role="owner")
        self.callers = {role: Caller(member.user) for role, member in self.members.items()}
        self.key = Caller(key=issue_api_key(project=self.project, name="of a test").text)

    def count(self, method: str, path: str, body: Any = None) -> dict[str, int]:
        """Give how each role is answered, the least first; the key last."""
        callers = {**{role: self.callers[role] for role in reversed(ROLES)}, "stranger": Caller(self.stranger.user)}
        return {name: each.send(method, path, body, **ANY).status_code for name, each in callers.items()}


@pytest.fixture
def estate() -> Estate:
    return Estate()


# --- Reading ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ROLES)
def test_each_lists_what_policies_show(role: str, estate: Estate) -> None:
    caller = estate.callers[role]
    (tenant,) = caller.read("tenants")["rows"]
    (project,) = caller.read("projects")["rows"]

    assert (tenant["id"], tenant["role"], tenant["version"]) == (str(estate.tenant.pk), role, 1)
    assert (project["id"], project["tenant_id"]) == (str(estate.project.pk), str(estate.tenant.pk))
    assert [each["role"] for each in caller.read("memberships")["rows"]] == list(ROLES)
    for path in ("memberships", "projects"):
        assert caller.read(f"{path}?tenant={estate.other.pk}") == {"rows": [], "next": None}
        assert len(caller.read(f"{path}?tenant={estate.tenant.pk}")["rows"]) > 0


def test_key_reads_its_tenant_and_project_and_no_people(estate: Estate) -> None:
    make_project(tenant=estate.tenant)

    assert [(each["id"], each["role"]) for each in estate.key.read("tenants")["rows"]] == [
        (str(estate.tenant.pk), None)
    ]
    assert [each["id"] for each in estate.key.read("projects")["rows"]] == [str(estate.project.pk)]
    assert estate.key.get("memberships").status_code == 403
    assert estate.key.send("POST", "projects", {}).status_code == 403
    assert estate.key.send("DELETE", f"projects/{estate.project.pk}", **ANY).status_code == 403


def test_nobody_is_asked_to_sign_in_and_strangers_see_nothing(estate: Estate) -> None:
    for path in ("tenants", "memberships", "projects"):
        assert Caller().get(path).status_code == 401
        assert Caller(make_user()).read(path) == {"rows": [], "next": None}


def test_ids_of_another_tenant_lead_nowhere(estate: Estate) -> None:
    bodies = {
        f"tenants/{estate.other.pk}": {"name": "x"},
        f"memberships/{estate.stranger.pk}": {"role": "owner"},
        f"projects/{estate.other_project.pk}": {"name": "x"},
        f"projects/{uuid4()}": {"name": "x"},
    }
    for caller in (*estate.callers.values(), Caller(make_user())):
        for path, body in bodies.items():
            assert caller.get(path).status_code == 404
            assert caller.send("PATCH", path, body, **ANY).status_code == 404
            assert caller.send("DELETE", path, **ANY).status_code == 404
        new = {"tenant_id": str(estate.other.pk), "name": "x", "slug": "x"}
        assert caller.send("POST", "projects", new).status_code == 404
    assert estate.key.get(f"tenants/{estate.other.pk}").status_code == 404
    assert estate.key.get(f"projects/{estate.other_project.pk}").status_code == 404
    assert Project.objects.count() == Tenant.objects.count() == 2


def test_pages_follow_one_another(estate: Estate) -> None:
    caller = estate.callers["viewer"]
    for path in ("memberships", "projects"):
        make_project(tenant=estate.tenant)
        first = caller.read(f"{path}?limit=1")
        second = caller.read(f"{path}?limit=1&after={first['next']}")
        assert first["rows"][0]["id"] != second["rows"][0]["id"]
        assert list_faults(caller.get(f"{path}?after=x")) == {"after": "This is no cursor of this list."}
        other = f"{path}?limit=1&tenant={estate.tenant.pk}&after={first['next']}"
        assert list_faults(caller.get(other)) == {"after": "This is no cursor of this list."}
        assert list_faults(estate.callers["owner"].get(f"{path}?limit=1&after={first['next']}"))


def test_read_again_with_the_etag_gives_nothing_new(estate: Estate) -> None:
    caller = estate.callers["viewer"]
    for path in (
        f"tenants/{estate.tenant.pk}", f"memberships/{estate.members['owner'].pk}", f"projects/{estate.project.pk}"
    ):  # fmt: skip
        assert caller.get(path, **{"If-None-Match": caller.get(path)["ETag"]}).status_code == 304


# --- Changes ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_who_founds_a_tenant_owns_it() -> None:
    caller = Caller(make_user())
    answer = caller.send("POST", "tenants", {"name": "New", "slug": "new", "email": "new@example.org"})

    assert (answer.status_code, answer.json()["role"], answer.json()["email"]) == (201, "owner", "new@example.org")
    assert caller.get(answer["Location"])["ETag"] == answer["ETag"]
    again = Caller(make_user()).send("POST", "tenants", {"name": "Other", "slug": "new"})
    assert (again.status_code, Tenant.objects.count(), Membership.objects.count()) == (409, 1, 1)


@pytest.mark.parametrize(
    ("method", "path", "body", "allowed"),
    [
        ("PATCH", "tenants/{tenant}", {"name": "x"}, 200),
        ("PATCH", "memberships/{viewer}", {"role": "member"}, 200),
        ("DELETE", "memberships/{nobody}", None, 204),
        ("DELETE", "tenants/{tenant}", None, 204),
    ],
)
def test_owners_alone_change_the_tenant_and_who_is_in_it(
    method: str, path: str, body: Any, allowed: int, estate: Estate
) -> None:
    nobody = make_membership(tenant=estate.tenant, role="viewer")
    asked = path.format(tenant=estate.tenant.pk, viewer=estate.members["viewer"].pk, nobody=nobody.pk)

    answers = estate.count(method, asked, body)

    assert answers == {"viewer": 403, "member": 403, "admin": 403, "owner": allowed, "stranger": 404}


@pytest.mark.parametrize(("method", "body", "allowed"), [("PATCH", {"slug": "new"}, 200), ("POST", {}, 201)])
def test_admins_make_and_change_projects(method: str, body: Any, allowed: int, estate: Estate) -> None:
    path = f"projects/{estate.project.pk}" if method == "PATCH" else "projects"
    found = {}
    for number, role in enumerate(reversed(ROLES)):
        made = {"tenant_id": str(estate.tenant.pk), "name": "x", "slug": f"x-{number}"}
        found[role] = estate.callers[role].send(method, path, body or made, **ANY).status_code

    assert found == {"viewer": 403, "member": 403, "admin": allowed, "owner": allowed}


def test_project_is_deleted_by_an_admin(estate: Estate) -> None:
    path = f"projects/{estate.project.pk}"

    assert [estate.callers[role].send("DELETE", path, **ANY).status_code for role in reversed(ROLES)] == [
        403, 403, 204, 404
    ]  # fmt: skip


def test_slug_that_is_taken_is_told(estate: Estate) -> None:
    taken = make_project(tenant=estate.tenant).slug
    caller = estate.callers["admin"]

    assert caller.send("PATCH", f"projects/{estate.project.pk}", {"slug": taken}, **ANY).status_code == 409
    new = {"tenant_id": str(estate.tenant.pk), "name": "x", "slug": taken}
    refusal = caller.send("POST", "projects", new)
    assert (refusal.status_code, refusal.json()["detail"]) == (409, "The tenant has a project with this slug.")


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("slug", "taken", "A tenant with this slug exists."),
        ("email", "Taken@example.org", "A tenant with this e-mail address exists."),
    ],
)
def test_what_another_tenant_has_is_named(method: str, field: str, value: str, words: str, estate: Estate) -> None:
    make_tenant(slug="taken", email="taken@example.org")
    path = "tenants" if method == "POST" else f"tenants/{estate.tenant.pk}"
    body = {"name": "x", "slug": "free", field: value} if method == "POST" else {field: value}

    refusal = estate.callers["owner"].send(method, path, body, **ANY)

    assert (refusal.status_code, refusal.json()["detail"]) == (409, words)


@pytest.mark.parametrize("role", ["admin", "member", "viewer"])
def test_member_leaves_and_takes_no_other_along(role: str, estate: Estate) -> None:
    own, other = estate.members[role].pk, estate.members["owner"].pk
    caller = estate.callers[role]

    assert caller.send("DELETE", f"memberships/{other}", **ANY).status_code == 403
    assert caller.send("DELETE", f"memberships/{own}", **{"If-Match": '"9-0123456789abcdef"'}).status_code == 412
    assert caller.send("PATCH", f"memberships/{own}", {"role": "owner"}, **ANY).status_code == 403
    assert caller.send("DELETE", f"memberships/{own}", **ANY).status_code == 204
    assert caller.read("tenants")["rows"] == []
    assert Membership.objects.filter(tenant=estate.tenant).count() == 3


def test_last_owner_stays_until_another_is_made(estate: Estate) -> None:
    owner, path = estate.callers["owner"], f"memberships/{estate.members['owner'].pk}"

    for answer in (owner.send("PATCH", path, {"role": "viewer"}, **ANY), owner.send("DELETE", path, **ANY)):
        assert answer.status_code == 409
        assert answer.json()["detail"] == "A tenant keeps its last owner: make another member owner first."
    assert owner.send("PATCH", f"memberships/{estate.members['admin'].pk}", {"role": "owner"}, **ANY).status_code == 200
    assert owner.send("PATCH", path, {"role": "viewer"}, **ANY).json()["role"] == "viewer"


def test_two_edits_at_once_are_told_apart(estate: Estate) -> None:
    owner = estate.callers["owner"]
    for path, body in (
        (f"tenants/{estate.tenant.pk}", {"name": "x"}),
        (f"memberships/{estate.members['viewer'].pk}", {"role": "member"}),
        (f"projects/{estate.project.pk}", {"name": "x"}),
    ):
        etag = {"If-Match": owner.get(path)["ETag"]}
        assert owner.send("PATCH", path, body).status_code == 428
        assert owner.send("PATCH", path, body, **etag).json()["version"] == 2
        assert owner.send("PATCH", path, body, **etag).status_code == 412
        assert owner.send("DELETE", path, **etag).status_code == 412
        assert owner.send("DELETE", path).status_code == 428


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [" ", "\t\n", "\u00a0\u3000", "a\x00", "\n a\x7f"])
def test_name_is_more_than_white_space(name: str, estate: Estate) -> None:
    owner = estate.callers["owner"]
    of_tenant, of_project = {"tenant_id": str(estate.tenant.pk)}, {"project_id": str(estate.project.pk)}

    for path, fields in (
        ("tenants", {"slug": "x"}),
        ("projects", {"slug": "x", **of_tenant}),
        ("api_keys", of_project),
    ):
        assert list_faults(owner.send("POST", path, {**fields, "name": name})).keys() == {"#/name"}, path
    assert owner.send("POST", "tenants", {"name": " Über\n uns ", "slug": "x"}).status_code == 201


def test_faults_are_told_by_field(estate: Estate) -> None:
    owner = estate.callers["owner"]

    shape = list_faults(owner.send("POST", "tenants", {"name": "", "slug": "slug\n", "email": 1, "version": 2}))
    rules = list_faults(owner.send("PATCH", f"tenants/{estate.tenant.pk}", {"email": "no@"}, **ANY))

    assert shape.keys() == {"#/name", "#/slug", "#/email", "#/version"}
    assert rules.keys() == {"#/email"}
    assert "matching regex" in shape["#/slug"]
    path = f"memberships/{estate.members['viewer'].pk}"
    assert list_faults(owner.send("PATCH", path, {"role": "king"}, **ANY)).keys() == {"#/role"}
