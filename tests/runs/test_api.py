"""Runs at the API, as the service that answers it, on both dialects."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection

from freehold.acting import acting
from runs.models import Run
from runs.services import lines
from tenancy.services.api_key import issue_api_key
from tests.api import ANY, Caller, list_faults
from tests.auth_app.factories import make_user
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership, make_project

pytestmark = pytest.mark.django_db
LINES = {"Content-Type": "application/x-ndjson"}


def make_key(project: Any) -> Caller:
    return Caller(key=issue_api_key(project=project, name="of a test").text)


def make_member(project: Any, role: str = "member") -> Caller:
    return Caller(make_membership(tenant=project.tenant, role=role).user)


def write(*reports: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps({"kind": "x", **each}).encode() for each in reports)


# --- Reports ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("form", ["lines", "gzip", "array", "one"])
def test_reports_are_taken_in(form: str) -> None:
    project = make_project()
    body, headers = write({"external_id": "a"}), LINES
    if form == "gzip":
        body, headers = gzip.compress(body), {**LINES, "Content-Encoding": "gzip"}
    elif form != "lines":
        body, headers = (b"[" + body + b"]" if form == "array" else body), {}
    answer = make_key(project).send("POST", "runs", body, **headers)

    assert (answer.status_code, answer.json()) == (200, {"received": 1, "changed": 1, "refused": 0, "faults": []})
    assert Run.objects.get().project == project


def test_reports_in_chunks_are_refused_where_nobody_says_their_end() -> None:
    chunked = {**LINES, "Transfer-Encoding": "chunked"}
    answer = make_key(make_project()).send("POST", "runs", write({"external_id": "a"}), **chunked)

    assert (answer.status_code, answer.json()["title"]) == (411, "Length Required")
    assert not Run.objects.exists()


def send_raw(key: Caller, path: str, body: io.BytesIO, kind: str = "application/x-ndjson", **environ: str) -> Any:
    """Send what a server passes on, which ends a body silently where the connection does; in chunks, unless a length is
    said."""
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    client, sent = key.client, {"wsgi.input": body, **({} if "CONTENT_LENGTH" in environ else chunked), **environ}
    return client.generic("POST", f"/api/v1/{path}", b"x", kind, headers=key.headers, **sent)  # type: ignore[arg-type]


@pytest.mark.parametrize("whole", ["true", "false"])
@pytest.mark.parametrize("form", ["lines", "gzip", "one"])
def test_body_shorter_than_its_length_is_no_upload(form: str, whole: str) -> None:
    body, key = write({"external_id": "a"}) + b"\n", make_key(make_project())
    kind = "application/json" if form == "one" else "application/x-ndjson"
    packed = {"HTTP_CONTENT_ENCODING": "gzip"} if form == "gzip" else {}
    sent = io.BytesIO(gzip.compress(body) if form == "gzip" else body)
    answer = send_raw(key, f"runs?whole={whole}", sent, kind, CONTENT_LENGTH="5000", **packed)

    assert (answer.status_code, answer.json()["detail"]) == (400, "The body is shorter than its Content-Length.")
    assert not Run.objects.exists()


def test_lines_in_chunks_are_kept_whole_where_their_end_is_told() -> None:
    plain, key = write({"external_id": "a"}) + b"\n", make_key(make_project())
    array, packed = b"[" + plain + b"]", gzip.compress(plain)
    answers = [
        send_raw(key, "runs?whole=true", io.BytesIO(plain)),
        send_raw(key, "runs?whole=true", io.BytesIO(packed[:-1]), HTTP_CONTENT_ENCODING="gzip"),
        send_raw(key, "runs?whole=true", io.BytesIO(array[:-1]), "application/json"),
    ]
    assert [each.status_code for each in answers] == [411, 400, 400]
    assert not Run.objects.exists()

    answers = [
        send_raw(key, "runs", io.BytesIO(plain)),
        send_raw(key, "runs?whole=true", io.BytesIO(packed), HTTP_CONTENT_ENCODING="gzip"),
        send_raw(key, "runs?whole=true", io.BytesIO(array), "application/json"),
    ]
    assert [(each.status_code, each.json()["changed"]) for each in answers] == [(200, 1), (200, 0), (200, 0)]


class Endless(io.BytesIO):
    """Gives the same again and again, and is angry with whoever reads far more than is taken."""

    def __init__(self, part: bytes) -> None:
        super().__init__()
        self.part, self.given = part, 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert self.given < 3_000_000
        self.given += len(self.part)
        return self.part


@pytest.mark.parametrize("path", ["runs", "runs?whole=true"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
@pytest.mark.parametrize("part", [b"", b"\n\n"], ids=["nothing", "little"])
def test_endless_body_is_refused_by_its_bytes(
    path: str, kind: str, part: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packed, it may unpack to nothing."""
    monkeypatch.setattr(lines, "MOST", 1_000_000)
    body = Endless(gzip.compress(part) * 1_000)

    answer = send_raw(make_key(make_project()), path, body, kind, HTTP_CONTENT_ENCODING="gzip")

    assert (answer.status_code, answer.json()["detail"]) == (413, "All of it is longer than 1000000 bytes.")


def test_what_is_wrong_is_told_by_line_and_the_rest_is_kept() -> None:
    answer = make_key(make_project()).send("POST", "runs", write({"external_id": "a"}, {"kind": 1}) + b"\n?", **LINES)

    assert [(each["line"], each["field"]) for each in answer.json()["faults"]] == [(2, "/kind"), (3, "")]
    assert Run.objects.count() == 1


@pytest.mark.parametrize("form", ["lines", "array"])
def test_whole_upload_keeps_nothing_where_a_line_is_wrong(form: str) -> None:
    good, bad = write({"external_id": "a"}), write({"external_id": ""})
    body, headers = (good + b"\n" + bad, LINES) if form == "lines" else (b"[" + good + b"," + bad + b"]", {})
    key = make_key(make_project())

    assert list_faults(key.send("POST", "runs?whole=true", body, **headers)) == {
        "#/external_id": "Line 2: Expected `str` of length >= 1"
    }
    assert not Run.objects.exists()
    assert key.send("POST", "runs?whole=true", good, **LINES).json()["changed"] == 1


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x" * 2_000_000, LINES, 413),
        (b"no gzip", {**LINES, "Content-Encoding": "gzip"}, 400),
        (gzip.compress(write({"external_id": "a"}))[:-9], {**LINES, "Content-Encoding": "gzip"}, 400),
        (b"{}", {"Content-Encoding": "br"}, 415),
        (b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"{}", {"Content-Type": "multipart/form-data"}, 415),
        (b"[1, 2", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"3", {}, 400),
        (b"", {}, 415),
        (b"[" + b"{}," * 10_000 + b"{}]", {}, 413),
        (b"[" * 100_000, {}, 400),
        (gzip.compress(b"[" + b" " * 20_000_000), {"Content-Encoding": "gzip"}, 413),
    ],
    ids=range(13),
)
def test_what_is_no_upload_is_a_problem(body: bytes, headers: dict[str, str], status: int) -> None:
    assert make_key(make_project()).send("POST", "runs", body, **headers).status_code == status
    assert not Run.objects.exists()


def test_people_say_which_project_and_others_find_none() -> None:
    project, other = make_project(), make_project()
    member = make_member(project)
    make_membership(tenant=other.tenant, user=make_user())
    body = write({"external_id": "a"})

    assert member.send("POST", f"runs?project={project.pk}", body, **LINES).status_code == 200
    assert member.send("POST", f"runs?project={other.pk}", body, **LINES).status_code == 404
    assert make_key(other).send("POST", f"runs?project={project.pk}", body, **LINES).status_code == 404
    assert make_member(project, "viewer").send("POST", f"runs?project={project.pk}", body, **LINES).status_code == 403
    assert Caller().send("POST", f"runs?project={project.pk}", body, **LINES).status_code == 401
    make_project(tenant=project.tenant)
    assert member.send("POST", "runs", body, **LINES).status_code == 422
    assert Run.objects.count() == 1


# --- Reading ---------------------------------------------------------------------------------------------------------
def test_each_lists_what_policies_show() -> None:
    mine, theirs = make_run(kind="backup", metadata={"host": "alpha"}), make_run()

    for caller in (make_key(mine.project), make_member(mine.project, "viewer")):
        assert [row["id"] for row in caller.read("runs")["rows"]] == [str(mine.pk)]
        assert [row["id"] for row in caller.read("runs?q=alp&status=queued&status=failed")["rows"]] == [str(mine.pk)]
        assert caller.read(f"runs?project={theirs.project_id}")["rows"] == []
        assert caller.get(f"runs/{theirs.pk}").status_code == 404
        assert caller.get(f"projects/{theirs.project_id}/days").status_code == 404
    assert Caller().get("runs").status_code == 401
    assert Caller(make_user()).read("runs") == {"rows": [], "next": None}


def test_whoever_waits_for_the_end_asks_with_the_etag() -> None:
    run = make_run()
    key = make_key(run.project)
    first = key.get(f"runs/{run.pk}")

    assert key.get(f"runs/{run.pk}", **{"If-None-Match": first["ETag"]}).status_code == 304
    assert key.send("PATCH", f"runs/{run.pk}", {"status": "running"}, **{"If-Match": first["ETag"]}).status_code == 200
    assert key.get(f"runs/{run.pk}", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_days_are_counted() -> None:
    run = make_run(created_at="2026-03-01T12:00:00Z")
    make_run(project=run.project, created_at="2026-03-02T12:00:00Z")
    days = make_key(run.project).read(f"projects/{run.project_id}/days?first=2026-03-01&last=2026-03-01")

    assert [(row["day"], row["status"], row["runs"]) for row in days["rows"]] == [("2026-03-01", "queued", 1)]
    assert make_key(run.project).read(f"projects/{run.project_id}/days")["rows"] == []


# --- Changes ---------------------------------------------------------------------------------------------------------
def test_run_goes_on_to_a_status_that_may_follow() -> None:
    run = make_run()
    key = make_key(run.project)
    running = key.send("PATCH", f"runs/{run.pk}", {"status": "running"}, **ANY)
    ended = key.send("PATCH", f"runs/{run.pk}", {"status": "failed"}, **{"If-Match": running["ETag"]}).json()

    assert running.json()["started_at"]
    assert (ended["status"], bool(ended["finished_at"]), ended["version"]) == ("failed", True, 3)
    assert list_faults(key.send("PATCH", f"runs/{run.pk}", {"status": "running"}, **ANY)) == {
        "#/status": "A run that is failed can't become running."
    }
    assert key.send("PATCH", f"runs/{run.pk}", {"status": "failed"}, **{"If-Match": running["ETag"]}).status_code == 412
    assert key.send("PATCH", f"runs/{run.pk}", {"status": "failed"}).status_code == 428


@pytest.mark.parametrize(("scopes", "status"), [(["runs:write"], 204), (["runs:write", "runs:read"], 200), ([], 200)])
def test_key_that_may_not_read_changes_a_run_and_is_shown_nothing(scopes: list[str], status: int) -> None:
    run = make_run(metadata={"secret": 1})
    key = Caller(key=issue_api_key(project=run.project, name="of a test", scopes=scopes).text)
    answer = key.send("PATCH", f"runs/{run.pk}", {"status": "running"}, **ANY)

    assert (answer.status_code, b"secret" in answer.content, "ETag" in answer) == (status, status == 200, status == 200)
    assert key.get(f"runs/{run.pk}").status_code == (403 if status == 204 else 200)
    assert Run.objects.get().status == "running"


def test_run_ends_not_before_it_started() -> None:
    run = make_run(status="running", started_at="2026-03-01T12:00:00Z")
    body = {"status": "failed", "at": "2026-02-01T12:00:00Z"}

    assert list_faults(make_key(run.project).send("PATCH", f"runs/{run.pk}", body, **ANY)) == {
        "#/at": "The run has not started by then."
    }


@pytest.mark.parametrize(
    ("status", "at"), [("running", "0001-01-01T00:00:00+01:00"), ("failed", "9999-12-31T23:59:59-05:00")]
)
def test_moment_that_no_year_of_utc_has_is_refused(status: str, at: str) -> None:
    run = make_run()
    key = make_key(run.project)

    assert list_faults(key.send("PATCH", f"runs/{run.pk}", {"status": status, "at": at}, **ANY)) == {
        "#/at": "This is not in the years 1 to 9999, in UTC."
    }
    assert key.read(f"runs/{run.pk}")["status"] == "queued"
    assert list_faults(key.get(f"runs?since={quote(at)}")) == {"since": "There is no such time."}


def test_viewer_and_stranger_change_nothing() -> None:
    run = make_run()
    for caller, status in ((make_member(run.project, "viewer"), 403), (Caller(make_user()), 404)):
        assert caller.send("PATCH", f"runs/{run.pk}", {"status": "running"}, **ANY).status_code == status
        assert caller.send("DELETE", f"runs/{run.pk}", **ANY).status_code == status
    assert Run.objects.get().status == "queued"


def test_run_is_deleted() -> None:
    run = make_run()
    key = make_key(run.project)

    assert key.send("DELETE", f"runs/{run.pk}", **ANY).status_code == 204
    assert key.send("DELETE", f"runs/{run.pk}", **ANY).status_code == 404
    assert key.get(f"runs/{uuid4()}").status_code == 404


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_pages_end_whoever_wrote_the_moments(sort: str) -> None:
    """SQLite keeps three digits behind the second where its default wrote them, and none or six where Django did."""
    project = make_project()
    key = make_key(project)
    key.send("POST", "runs", write(*({"external_id": str(number)} for number in range(4))), **LINES)
    moment = datetime(2026, 3, 1, 12, 0, 20, tzinfo=UTC)
    for micros in (0, 0, 700_000, 10_000_000):
        make_run(project=project, created_at=moment + timedelta(microseconds=micros))
    if connection.vendor == "sqlite":
        with acting(None), connection.cursor() as cursor:
            for name, text in (("2", "2026-03-01 12:00:20.000"), ("3", "2026-03-01 12:00:20.700")):
                cursor.execute('UPDATE "app.runs" SET created_at = %s WHERE external_id = %s', [text, name])

    seen, after = [], ""
    while after is not None and len(seen) < 20:
        page = key.read(f"runs?limit=1&sort={sort}&after={after}")
        seen += [each["created_at"] for each in page["rows"]]
        after = page["next"]

    assert len(seen) == 8
    assert seen == sorted(seen, key=datetime.fromisoformat, reverse=sort == "newest")
