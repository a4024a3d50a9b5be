"""A service token reports runs of its tenant and does nothing else, on both dialects."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from items.models import Item
from runs.models import Run
from tenancy.models import ServiceToken, Tenant
from tenancy.services.api_key import get_proof
from tenancy.services.service_token import keep_token, revoke_tokens
from tests.api import ANY, Caller, list_faults
from tests.auth_app.factories import make_user
from tests.items.factories import make_item
from tests.runs.factories import make_run
from tests.tenancy.factories import make_api_key, make_invitation, make_membership, make_project

pytestmark = pytest.mark.django_db
TEXT = "fhs_0123456789abcdef0123456789abcdef"
OTHER = TEXT + "-other"
LINES = {"Content-Type": "application/x-ndjson"}


def make_token(tenant: Tenant, text: str = TEXT) -> Caller:
    keep_token(tenant=tenant, name="importer", text=text)
    return Caller(key=text)


def write(*reports: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps({"kind": "x", **each}).encode() for each in reports)


def report(caller: Caller, project: Any, *reports: dict[str, Any], whole: bool = False) -> Any:
    return caller.send("POST", f"runs?project={project.pk}&whole={str(whole).lower()}", write(*reports), **LINES)


# --- What it may do --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("whole", [True, False])
def test_token_reports_runs_of_every_project_of_its_tenant(whole: bool) -> None:
    mine = make_project()
    beside = make_project(tenant=mine.tenant)
    token = make_token(mine.tenant)

    for project in (mine, beside):
        answer = report(token, project, {"external_id": "a"}, {"external_id": "b"}, whole=whole)
        assert (answer.status_code, answer.json()["changed"]) == (200, 2)
    assert Run.objects.filter(project__in=[mine, beside]).count() == 4


@pytest.mark.parametrize("who", ["token", "member"])
def test_token_changes_runs_as_others_do(who: str) -> None:
    start, metadata = "2026-03-01T12:00:00.123456+02:00", {"é": [1.5, None, {"n": 10**17}], "nested": {"": True}}
    project = make_project()
    token = make_token(project.tenant)
    caller = token if who == "token" else Caller(make_membership(tenant=project.tenant, role="member").user)
    for number, status in enumerate(("running", "running", "queued", "failed", "succeeded")):
        end = {"finished_at": "2026-03-01T13:00:00Z"} if status in ("failed", "succeeded") else {}
        sent = {"external_id": "a", "status": status, "started_at": start, "metadata": metadata, **end}
        answer = report(caller, project, sent).json()
        assert (answer["changed"], [each["field"] for each in answer["faults"]]) == [
            (1, []), (0, []), (0, ["/status"]), (1, []), (0, ["/status"])
        ][number]  # fmt: skip

    run = Run.objects.get()
    assert (run.status, run.metadata, run.version) == ("failed", metadata, 2)
    assert run.started_at
    assert run.started_at.isoformat() == "2026-03-01T10:00:00.123456+00:00"


def test_what_the_database_refuses_is_told_by_its_line() -> None:
    project = make_project()
    token = make_token(project.tenant)
    report(token, project, {"external_id": "b", "status": "running", "started_at": "2026-03-01T12:00:00Z"})
    early = {"external_id": "b", "status": "failed", "finished_at": "2026-02-01T12:00:00Z"}

    answer = report(token, project, {"external_id": "a"}, early, {"external_id": "c"}).json()

    assert (answer["changed"], answer["faults"]) == (
        2, [{"line": 2, "detail": "the run finishes before it has started", "field": ""}]
    )  # fmt: skip
    assert list_faults(report(token, project, early, {"external_id": "d"}, whole=True))
    assert not Run.objects.filter(external_id="d").exists()


@pytest.mark.parametrize(
    ("field", "moment"),
    [("started_at", "0001-01-01T00:00:00+01:00"), ("finished_at", "9999-12-31T23:59:59-05:00")],
)
def test_moment_that_no_year_of_utc_has_is_told_by_its_line(field: str, moment: str) -> None:
    project = make_project()
    sent = {"external_id": "a", "status": "failed", "finished_at": "2026-02-01T12:00:00Z", field: moment}
    answer = report(make_token(project.tenant), project, sent, {"external_id": "b"}).json()

    assert answer["faults"] == [{"line": 1, "detail": "not in the years 1 to 9999, in UTC", "field": f"/{field}"}]
    assert Run.objects.get().external_id == "b"


def test_project_has_to_be_said_and_be_of_the_tenant() -> None:
    mine, other = make_project(), make_project()
    token = make_token(mine.tenant)

    assert list_faults(token.send("POST", "runs", write({"external_id": "a"}), **LINES)) == {
        "project": "Say which project."
    }
    assert report(token, other, {"external_id": "a"}).status_code == 404
    assert not Run.objects.exists()


# --- What it may not -------------------------------------------------------------------------------------------------
def test_everything_else_is_refused() -> None:
    run, item = make_run(), make_item()
    token, tenant = make_token(run.project.tenant), run.project.tenant
    key, member, asked = (
        make_api_key(project=run.project),
        make_membership(tenant=tenant),
        make_invitation(tenant=tenant),
    )
    paths = {
        f"items/{item.pk}", f"favorites/{item.pk}", f"runs/{run.pk}", f"projects/{run.project_id}/days",
        f"projects/{run.project_id}", f"tenants/{tenant.pk}", f"memberships/{member.pk}", f"api_keys/{key.pk}",
        f"invitations/{asked.pk}",
    }  # fmt: skip
    tried = 0
    document = Caller().read("openapi.json")["paths"]
    for path, methods in document.items():
        real = next((each for each in paths if _fits(path, each)), path.removeprefix("/api/v1/"))
        assert "{" not in real, path
        for method in {"get", "post", "put", "patch", "delete"} & methods.keys():
            if (path, method) != ("/api/v1/runs", "post"):
                answer = token.send(method.upper(), real, {} if method in ("post", "patch") else None, **ANY)
                assert (answer.status_code, answer.json()["detail"]) == (403, "A service token can't do this."), real
                tried += 1
    assert tried == 45
    assert Item.objects.count() == Run.objects.count() == 1


def _fits(template: str, path: str) -> bool:
    ours, theirs = f"/api/v1/{path}".split("/"), template.split("/")
    return len(ours) == len(theirs) and all(a == b or b[:1] == "{" for a, b in zip(ours, theirs, strict=True))


TABLES = (
    "runs", "run_counts", "projects", "tenants", "memberships", "invitations", "api_keys", "service_tokens", "profiles",
    "favorites",
)  # fmt: skip


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_token_reaches_no_row_by_sql_either(connect_as: Callable[[str], psycopg.Connection]) -> None:
    run, other = make_run(), make_run()
    make_api_key(project=run.project)
    make_invitation(tenant=run.project.tenant)
    make_item(is_active=False)
    make_token(run.project.tenant)
    api = connect_as("api_rw")

    with api.transaction(force_rollback=True):
        api.execute("SELECT set_config('freehold.proof', %s, true)", [f"service:{get_proof(TEXT)}"])
        for table in (*TABLES, "items"):
            assert api.execute(f"SELECT * FROM app.{table}").fetchall() == [], table  # type: ignore[call-overload]
            assert api.execute(f"DELETE FROM app.{table}").rowcount == 0 if table != "run_counts" else True  # type: ignore[call-overload]
        take = "SELECT changed, unfollowing FROM app.take_runs(%s, %s::jsonb)"
        row = json.dumps([{"external_id": "new", "kind": "x", "status": "queued", "metadata": {}}])
        assert api.execute(take, [run.project_id, row]).fetchone() == (1, [])
        assert api.execute("SELECT count(*) FROM app.runs").fetchone() == (0,)
        never = row.replace('"status"', '"started_at": "infinity", "status"')
        with pytest.raises(psycopg.errors.CheckViolation, match="runs_moments_check"), api.transaction():
            api.execute(take, [run.project_id, never])
        insert = "INSERT INTO app.runs (project_id, external_id, kind) VALUES (%s, 'x', 'x')"
        for statement, values in ((take, [other.project_id, row]), (insert, [run.project_id])):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), api.transaction():
                api.execute(statement, values)  # type: ignore[call-overload]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("false", ["", "service:", "service:" + "0" * 64, "api_key:{}", "service:{}0", "SERVICE:{}"])
def test_false_proof_shows_no_tenant(false: str, connect_as: Callable[[str], psycopg.Connection]) -> None:
    project = make_project()
    make_token(project.tenant)
    api = connect_as("api_rw")

    with api.transaction(force_rollback=True):
        api.execute("SELECT set_config('freehold.proof', %s, true)", [false.format(get_proof(TEXT))])
        asked = "SELECT app.tenant_of_service_token(), app.use_service_token(), app.may_report_to(%s)"
        assert api.execute(asked, [project.pk]).fetchone() == (None, None, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), api.transaction():
            api.execute("SELECT app.take_runs(%s, '[]')", [project.pk])


@pytest.mark.parametrize(
    "text", ["fhs_", "fhs_é" + "x" * 40, TEXT + "0", TEXT[:-1], "fhs_" + "x" * 10_000, TEXT.upper()]
)
def test_text_that_is_no_token_opens_nothing(text: str) -> None:
    project = make_project()
    make_token(project.tenant)

    assert report(Caller(key=text), project, {"external_id": "a"}).status_code == 401


# --- Rotation and use ------------------------------------------------------------------------------------------------
def test_two_tokens_are_good_at_once_until_one_is_revoked() -> None:
    project = make_project()
    old, new = make_token(project.tenant), make_token(project.tenant, OTHER)

    assert [report(each, project, {"external_id": "a"}).status_code for each in (old, new)] == [200, 200]
    assert revoke_tokens(tenant=project.tenant, name="importer", text=TEXT) == 1
    assert [report(each, project, {"external_id": "a"}).status_code for each in (old, new)] == [401, 200]


def test_use_is_noted_once_a_minute() -> None:
    project = make_project()
    token = make_token(project.tenant)

    def use() -> Any:
        assert report(token, project, {"external_id": "a"}).status_code == 200
        return ServiceToken.objects.get().last_used_at

    first = use()
    assert first is not None
    assert use() == first
    ServiceToken.objects.update(last_used_at=first - timedelta(seconds=61))
    assert use() >= first
    assert first <= timezone.now()


def test_token_wins_over_a_cookie() -> None:
    project = make_project()
    make_token(project.tenant)
    caller = Caller(make_user(), key=TEXT)

    assert caller.get("me").status_code == 403
    assert report(caller, project, {"external_id": "a"}).status_code == 200
