"""API keys at the API: shown once, bounded by scopes, revoked, and noted when they are used."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from tenancy.models import ApiKey, Project
from tenancy.services.api_key import get_proof, issue_api_key
from tests.api import ANY, Caller, list_faults
from tests.auth_app.factories import make_user
from tests.rls import as_user
from tests.runs.factories import make_run
from tests.tenancy.factories import make_api_key, make_membership, make_project

pytestmark = pytest.mark.django_db
ROLES = ("owner", "admin", "member", "viewer")


def make_member(project: Any, role: str = "admin") -> Caller:
    return Caller(make_membership(tenant=project.tenant, role=role).user)


# --- Making and reading ----------------------------------------------------------------------------------------------
def test_key_is_shown_once_and_opens() -> None:
    project = make_project()
    caller = make_member(project)
    answer = caller.send("POST", "api_keys", {"project_id": str(project.pk), "name": "CI"})
    made = answer.json()

    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    assert made["key"].startswith(f"{made['prefix']}_")
    assert Caller(key=made["key"]).get("runs").status_code == 200
    assert caller.get("api_keys")["Cache-Control"] == "private, no-cache"
    for shown in (caller.read("api_keys")["rows"][0], caller.read(answer["Location"])):
        assert shown.keys() == made.keys() - {"key"}
    said = caller.get("api_keys").content.decode()
    assert made["key"] not in said
    assert ApiKey.objects.get().key_hash not in said


@pytest.mark.parametrize("role", ROLES)
def test_owners_and_admins_alone_see_and_make_keys(role: str) -> None:
    project = make_project()
    key, caller = make_api_key(project=project), make_member(project, role)
    is_admin = role in ("owner", "admin")

    assert len(caller.read("api_keys")["rows"]) == is_admin
    assert caller.get(f"api_keys/{key.pk}").status_code == (200 if is_admin else 404)
    made = caller.send("POST", "api_keys", {"project_id": str(project.pk), "name": "x"})
    assert made.status_code == (201 if is_admin else 403)
    assert caller.send("DELETE", f"api_keys/{key.pk}").status_code == (204 if is_admin else 404)


def test_ids_of_another_tenant_lead_nowhere_and_keys_reach_no_key() -> None:
    mine, other = make_project(), make_api_key()
    caller = make_member(mine, "owner")

    assert caller.read(f"api_keys?project={other.project_id}")["rows"] == []
    assert caller.get(f"api_keys/{other.pk}").status_code == 404
    assert caller.send("DELETE", f"api_keys/{other.pk}").status_code == 404
    assert caller.send("POST", "api_keys", {"project_id": str(other.project_id), "name": "x"}).status_code == 404
    assert Caller().get("api_keys").status_code == 401
    key = Caller(key=issue_api_key(project=other.project, name="x").text)
    assert [key.get("api_keys").status_code, key.send("DELETE", f"api_keys/{other.pk}").status_code] == [403, 403]
    assert ApiKey.objects.filter(revoked_at=None).count() == 2


def test_faults_are_told_by_field() -> None:
    project = make_project()
    caller, now = make_member(project), timezone.now()

    def find_faults(**fields: Any) -> set[str]:
        return set(list_faults(caller.send("POST", "api_keys", {"project_id": str(project.pk), "name": "x", **fields})))

    assert find_faults(expires_at=(now - timedelta(seconds=1)).isoformat()) == {"#/expires_at"}
    for far in ("9999-12-31T23:59:59-12:00", "2150-01-01T00:00:00Z", "2027-01-01", 1, "0001-01-01T00:00:00+12:00"):
        assert find_faults(expires_at=far) == {"#/expires_at"}
    assert find_faults(scopes=["all"], key="fh_x") == {"#/scopes/0", "#/key"}
    assert find_faults(name="") == {"#/name"}
    assert not ApiKey.objects.exists()


# --- Scopes, the end, and use ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [([], 200, 200), (["runs:read"], 200, 403), (["runs:write"], 403, 200), (["else"], 403, 403)],
)
def test_key_does_what_its_scopes_let_it(scopes: list[str], reads: int, writes: int) -> None:
    changes = 204 if (reads, writes) == (403, 200) else writes  # it is shown no run
    run = make_run()
    key = Caller(key=issue_api_key(project=run.project, name="x", scopes=scopes).text)

    for path in ("runs", f"runs/{run.pk}", f"projects/{run.project_id}/days"):
        assert key.get(path).status_code == reads
    assert key.send("POST", "runs", [{"external_id": "a", "kind": "x"}]).status_code == writes
    assert key.send("PATCH", f"runs/{run.pk}", {"status": "running"}, **ANY).status_code == changes
    if writes == 403:
        refused = key.send("DELETE", f"runs/{run.pk}", **ANY)
        assert refused.json()["detail"] == "The key's scopes don't let it: runs:write is none of them."
    assert key.get("items").status_code == 200


def test_revoked_key_opens_nothing_and_stays_in_the_list() -> None:
    issued = issue_api_key(project=make_project(), name="x")
    caller, path = make_member(issued.api_key.project), f"api_keys/{issued.api_key.pk}"

    assert [caller.send("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert caller.read(path)["revoked_at"] is not None
    assert Caller(key=issued.text).get("runs").status_code == 401


def test_use_is_noted_once_a_minute() -> None:
    issued = issue_api_key(project=make_project(), name="x")
    key, rows = Caller(key=issued.text), ApiKey.objects.filter(pk=issued.api_key.pk)

    def use() -> Any:
        assert key.get("runs").status_code == 200
        return rows.get().last_used_at

    first = use()
    assert first is not None
    assert use() == first
    rows.update(last_used_at=first - timedelta(seconds=61))
    assert use() >= first
    assert make_member(issued.api_key.project).read("api_keys")["rows"][0]["last_used_at"]


def test_key_that_opens_nothing_is_not_noted() -> None:
    key = issue_api_key(project=make_project(), name="x")
    ApiKey.objects.update(revoked_at=timezone.now())

    assert Caller(key=key.text).get("runs").status_code == 401
    assert ApiKey.objects.get().last_used_at is None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_request_does_not_wait_for_whoever_holds_the_key(
    connect_as: Callable[[str], psycopg.Connection],
) -> None:
    issued = issue_api_key(project=make_project(), name="x")
    other = connect_as("migrator")
    with other.transaction(force_rollback=True):
        other.execute("SET LOCAL ROLE app_owner")
        held = other.execute("SELECT 1 FROM app.api_keys WHERE id = %s FOR NO KEY UPDATE", [issued.api_key.pk])
        assert held.fetchone()

        assert Caller(key=issued.text).get("runs").status_code == 200

    assert ApiKey.objects.get().last_used_at is None
    assert Caller(key=issued.text).get("runs").status_code == 200
    assert ApiKey.objects.get().last_used_at is not None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("false", ["", "api_key:", "api_key:" + "0" * 64, "session:{}", "api_key:{}0", "API_KEY:{}"])
def test_false_proof_uses_no_key(false: str, connect_as: Callable[[str], psycopg.Connection]) -> None:
    proof = get_proof(issue_api_key(project=make_project(), name="a").text)
    api = connect_as("api_rw")

    with api.transaction(force_rollback=True):
        api.execute("SELECT set_config('freehold.proof', %s, true)", [false.format(proof)])
        assert api.execute("SELECT tenant_id, scopes FROM app.use_api_key()").fetchone() == (None, None)


INSERT = """
    INSERT INTO app.api_keys (id, project_id, name, prefix, key_hash, scopes)
    SELECT gen_random_uuid(), %s, 'x', 'fh_x', %s, '[]'
"""


@pytest.mark.postgresql
@pytest.mark.parametrize("deletes", ["nothing", "the key", "its project"])
def test_admin_turns_no_key_to_a_project_of_their_own(deletes: str) -> None:
    issued = issue_api_key(project=make_project(), name="x")
    admin = make_membership(tenant=issued.api_key.project.tenant, role="admin").user
    mine = make_project(tenant=make_membership(user=admin, role="owner").tenant)

    with as_user(admin), connection.cursor() as cursor:
        if deletes != "nothing":
            rows = ApiKey.objects.all() if deletes == "the key" else Project.objects.filter(api_keys=issued.api_key.pk)
            assert rows.delete()[0] >= 1
        cursor.execute(INSERT, [mine.pk, issued.api_key.key_hash])

    found = Caller(key=issued.text).get("projects")
    if deletes == "nothing":
        assert found.json()["rows"][0]["id"] == str(issued.api_key.project_id)
    else:
        assert found.status_code == 401
    assert ApiKey.objects.get(prefix="fh_x").key_hash != issued.api_key.key_hash


@pytest.mark.postgresql
def test_key_that_the_database_made_opens_its_project() -> None:
    admin = make_membership(role="admin")
    project = make_project(tenant=admin.tenant)

    with as_user(admin.user):
        issued = issue_api_key(project=project, name="x")

    assert re.fullmatch(r"fh_[0-9a-f]{8}_[0-9a-f]{64}", issued.text)
    assert ApiKey.objects.get().key_hash == issued.api_key.key_hash
    assert Caller(key=issued.text).read("projects")["rows"][0]["id"] == str(project.pk)


def test_stranger_sees_no_key() -> None:
    make_api_key()

    assert Caller(make_user()).read("api_keys") == {"rows": [], "next": None}
