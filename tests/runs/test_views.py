"""The pages of runs, as service api answers them, on both dialects."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st

from freehold.printable import UNPRINTABLE
from runs.models import Run
from runs.showing import PAGE_SIZE, write_duration
from tests.auth_app.factories import make_user
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership, make_project

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NOW = datetime.now(UTC)
HOSTILE = [
    "status=nothing", "status=%00", "status=running&status=failed", "kind=%00", "kind=" + "x" * 9000,
    "q=%00", "q=%25_%5C", "q=" + "x" * 9000, "q=%F0%9F%92%A9", "q=%ED%A0%80", "q=%22%3E%3Cscript%3E",
    "q=" + "+".join("abcdefghijklmnop"), "project=1", "project=%00",
    "project=16ba6d86-473f-4786-9cfe-7bef841b57e8", "days=-1", "days=9999999999", "days=%00", "sort=%00",
    "sort=sideways", "after=%00", "after=abc", "after=" + "x" * 9000, "after=%ED%A0%80", "&&&===", "q[]=1",
    "q=a%01%0B%1B%7Fb", "kind=a%C2%80%C2%9Fb", "kind=a%FF%FEb", "q=a%zz%", "project=" + "9" * 9000, "kind=%EF%B7%90",
]  # fmt: skip


class Member:
    """Somebody with a place in a tenant, signed in."""

    def __init__(self, role: str = "member") -> None:
        self.project = make_project(name="Night shift")
        self.client = Client()
        self.user = make_user()
        make_membership(tenant=self.project.tenant, user=self.user, role=role)
        self.client.force_login(self.user)

    def read(self, path: str, **headers: str) -> str:
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == 200
        return answer.content.decode()

    def list_ids(self, query: str = "") -> list[str]:
        found = re.findall(r'<th role="rowheader"[^>]*><a [^>]*>([^<]+)</a>', self.read(f"/runs/?{query}"))
        return [each.strip() for each in found]


@pytest.fixture
def member() -> Member:
    return Member()


def make_ended(**fields: Any) -> Run:
    return make_run(**{"status": "succeeded", "started_at": NOW - timedelta(seconds=90), "finished_at": NOW, **fields})


def test_list_has_what_filters_ask_for(member: Member) -> None:
    make_run(project=member.project, external_id="a", kind="backup", metadata={"host": "alpha"})
    make_ended(project=member.project, external_id="b", created_at=NOW - timedelta(days=10))
    other = make_project(tenant=member.project.tenant)
    make_run(project=other, external_id="c", created_at=NOW - timedelta(days=40))
    make_run(external_id="of a stranger")

    assert member.list_ids() == ["a", "b", "c"]
    assert member.list_ids("sort=oldest") == ["c", "b", "a"]
    assert member.list_ids("status=succeeded") == ["b"]
    assert member.list_ids("kind=backup") == ["a"]
    assert member.list_ids(f"project={other.pk}") == ["c"]
    assert member.list_ids("days=30") == ["a", "b"]
    assert member.list_ids("q=alph") == ["a"]
    assert member.list_ids("days=7&status=succeeded") == []


def test_queued_run_has_not_started_yet(member: Member) -> None:
    queued = make_run(project=member.project)
    cancelled = make_run(project=member.project, status="cancelled", finished_at=NOW)

    assert "not started yet" in member.read(f"/runs/{queued.pk}/")
    assert "not started yet" not in member.read(f"/runs/{cancelled.pk}/")


def test_numbers_by_status_are_of_the_project_and_days(member: Member) -> None:
    for days in (0, 0, 40):
        make_run(project=member.project, created_at=NOW - timedelta(days=days))
    make_ended(project=make_project(tenant=member.project.tenant))
    make_run()

    def read_counts(query: str) -> list[str]:
        return re.findall(r"</dt><dd>([\d,]+)</dd>", member.read(f"/runs/?{query}"))

    assert read_counts("") == ["3", "0", "1", "0", "0"]
    assert read_counts("days=7&status=failed") == ["2", "0", "1", "0", "0"]
    assert read_counts(f"project={member.project.pk}") == ["3", "0", "0", "0", "0"]


def test_pages_lead_from_one_to_the_next_and_back(member: Member) -> None:
    for number in range(PAGE_SIZE + 2):
        make_run(project=member.project, external_id=f"n{number:02}", created_at=NOW - timedelta(minutes=number))
    first = member.read("/runs/?kind=import")
    (following,) = re.findall(r'<a rel="next" href="/runs/\?([^"]+)"', first)

    assert member.list_ids(following.replace("&amp;", "&")) == [f"n{PAGE_SIZE:02}", f"n{PAGE_SIZE + 1:02}"]
    second = member.read(f"/runs/?{following.replace('&amp;', '&')}")
    assert '<a href="/runs/?kind=import" id="page-first">' in second
    assert 'rel="next"' not in second


def test_cursor_of_another_list_or_person_is_the_first_page(member: Member) -> None:
    for number in range(PAGE_SIZE + 1):
        make_run(project=member.project, external_id=f"n{number}")
    (query,) = re.findall(r'<a rel="next" href="/runs/\?([^"]+)"', member.read("/runs/"))

    assert "That page of the list is not to be found" in member.read(f"/runs/?{query}&sort=oldest")
    assert "That page of the list is not to be found" in Member().read(f"/runs/?{query}")


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_list_of_hostile_input_is_a_normal_page(member: Member, query: str, headers: dict[str, str]) -> None:
    make_run(project=member.project)
    assert UNPRINTABLE.search(member.read(f"/runs/?{query}", **headers)) is None


@given(st.dictionaries(st.sampled_from(["q", "kind", "status", "project", "days", "sort", "after"]), st.text()))
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_list_of_any_text_is_a_normal_page(member: Member, parameters: dict[str, str]) -> None:
    assert member.client.get("/runs/", parameters).status_code == 200


def test_whoever_is_not_signed_in_is_led_to_the_page_for_that() -> None:
    run = make_run()
    for path in ("/runs/?status=failed", f"/runs/{run.pk}/"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={quote(path, safe='/')}")
    assert Client().post(f"/runs/{run.pk}/cancel/").status_code == 302
    run.refresh_from_db()
    assert run.status == "queued"


def test_run_of_another_tenant_is_not_found(member: Member) -> None:
    run = make_run()

    assert member.client.get(f"/runs/{run.pk}/").status_code == 404
    assert member.client.post(f"/runs/{run.pk}/cancel/", {"version": "1"}).status_code == 404
    assert member.list_ids() == []
    run.refresh_from_db()
    assert run.status == "queued"


def test_page_of_a_run_has_all_that_is_known(member: Member) -> None:
    metadata = {"host": "al<pha", "steps": [1, {"a": None}], "note": "bell\x07", "ok": True}
    run = make_ended(project=member.project, external_id="n<1", kind="import", metadata=metadata)

    text = member.read(f"/runs/{run.pk}/")

    for words in (
        "n&lt;1",
        "succeeded",
        "Night shift",
        "1 min 30 s",
        "al&lt;pha",
        "bell\ufffd",
        "true",
        "&quot;a&quot;: null",
    ):
        assert words in text, words
    assert "Cancel this run" not in text
    assert "hx-trigger" not in text


def test_what_is_under_way_is_followed_until_its_end(member: Member) -> None:
    run = make_run(project=member.project, status="running", started_at=NOW)
    for path in ("/runs/", f"/runs/{run.pk}/"):
        first = member.client.get(path, headers=HTMX)
        assert 'hx-trigger="every 3s"' in first.content.decode()
        assert "<html" not in first.content.decode()
        same = member.client.get(path, headers={**HTMX, "If-None-Match": first["ETag"]})
        assert (same.status_code, same.content, same["HX-Reswap"]) == (304, b"", "none")
        assert "HX-Request" in same["Vary"]
        assert first["Cache-Control"] == "private, no-cache"

    etags = {path: member.client.get(path, headers=HTMX)["ETag"] for path in ("/runs/", f"/runs/{run.pk}/")}
    Run.objects.filter(pk=run.pk).update(status="failed", finished_at=NOW + timedelta(seconds=2))
    for path, etag in etags.items():
        last = member.client.get(path, headers={**HTMX, "If-None-Match": etag})
        assert last.status_code == 200
        assert "hx-trigger" not in last.content.decode()


def test_run_is_cancelled_as_it_was_seen(member: Member) -> None:
    run = make_run(project=member.project)
    address = f"/runs/{run.pk}/cancel/"
    assert 'name="version" value="1" form="cancel"' in member.read(f"/runs/{run.pk}/")

    for version in ("2", "", "x", "\x00", "9" * 5000, "-1"):
        page = member.client.post(address, {"version": version}, follow=True).content.decode()
        assert "The run has changed meanwhile" in page
    page = member.client.post(address, {"version": "1"}, follow=True).content.decode()

    assert "The run is cancelled." in page
    run.refresh_from_db()
    assert (run.status, run.version) == ("cancelled", 2)
    assert "The run has ended already." in member.client.post(address, {"version": "2"}, follow=True).content.decode()


def test_cancelling_needs_the_token_and_a_post(member: Member) -> None:
    run = make_run(project=member.project)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member.user)

    assert strict.post(f"/runs/{run.pk}/cancel/", {"version": "1"}).status_code == 403
    assert member.client.get(f"/runs/{run.pk}/cancel/").status_code == 405


def test_viewer_reads_and_may_not_cancel() -> None:
    viewer = Member("viewer")
    run = make_run(project=viewer.project)

    assert "Cancel this run" not in viewer.read(f"/runs/{run.pk}/")
    assert viewer.client.post(f"/runs/{run.pk}/cancel/", {"version": "1"}).status_code == 403
    run.refresh_from_db()
    assert run.status == "queued"


def test_empty_list_says_so(member: Member) -> None:
    assert "No runs yet" in member.read("/runs/")
    assert "No run fits" in member.read("/runs/?status=failed")
    assert '<a href="/runs/"' in member.read("/runs/")


def test_list_sends_as_many_statements_for_many_runs_as_for_few(member: Member) -> None:
    counts = []
    for _ in range(2):
        for _ in range(8):
            make_run(project=make_project(tenant=member.project.tenant))
        with CaptureQueriesContext(connection) as queries:
            member.read("/runs/")
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(), "0 s"),
        (timedelta(milliseconds=1250), "1.25 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 min 0 s"),
        (timedelta(hours=3, minutes=4, seconds=5), "3 h 4 min"),
        (timedelta(days=2, hours=5), "2 d 5 h"),
    ],
)
def test_durations_are_the_two_largest_units(duration: timedelta, text: str) -> None:
    assert write_duration(duration) == text
