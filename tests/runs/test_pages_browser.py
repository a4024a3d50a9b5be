"""The pages of runs in a real Chromium: what they look like to it, and that they follow what is under way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from runs.models import Run
from tests.auth_app.factories import make_user
from tests.config.browser import DESK, PHONE, Visit, find_violations, in_browser_thread, list_missing
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership, make_project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
PICTURES = os.environ.get("PICTURES_OF_RUNS", "")  # a directory, for whoever wants to look at them


class Place:
    """A site with runs in every state, and who may cancel them."""

    def __init__(self, url: str) -> None:
        now = datetime.now(UTC)
        project = make_project(name="Night shift")
        user = make_user(email="ann@example.org", display_name="Ann")
        make_membership(tenant=project.tenant, user=user, role="member")
        client = Client()
        client.force_login(user)
        self.cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}
        ended = {"started_at": now - timedelta(seconds=83), "finished_at": now}
        for number in range(30):
            make_run(project=project, created_at=now - timedelta(hours=number), status="succeeded", **ended)
        make_run(project=project, status="failed", kind=LONG, external_id=LONG, metadata={LONG: LONG}, **ended)
        make_run(project=project, status="cancelled", finished_at=now)
        metadata = {"host": "alpha", "attempt": 2, "steps": [{"name": "fetch", "rows": 1200}, {"name": "load"}]}
        self.run = make_run(
            project=project, status="running", external_id="nightly-import", started_at=now, metadata=metadata
        )
        self.paths = {
            "list": "/runs/",
            "bad": "/runs/?kind=%00&status=x",
            "empty": "/runs/?status=queued",
            "run": f"/runs/{self.run.pk}/",
            "long": f"/runs/{Run.objects.get(kind=LONG).pk}/",
        }


@pytest.fixture
def place(live_server: LiveServer) -> Place:
    return Place(live_server.url)


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    visit = Visit(browser, live_server.url)
    visit.expected += ["304 (Not Modified)"]
    yield visit
    visit.close()
    assert visit.faults == []


def open_as(visit: Visit, place: Place, **options: object) -> Page:
    page = visit.open("/login/", **options)
    page.context.add_cookies([place.cookie])  # type: ignore[list-item]
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@in_browser_thread
def test_pages_fit(visit: Visit, place: Place, size: dict[str, int], scheme: str) -> None:
    page = open_as(visit, place, viewport=size, color_scheme=scheme)
    for name, path in place.paths.items():
        page.goto(path)
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{size['width']}-{scheme}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (name, wide) == (name, 0)


@in_browser_thread
def test_pages_keep_the_rules_for_everybody(visit: Visit, place: Place) -> None:
    page = open_as(visit, place)
    for name, path in place.paths.items():
        page.goto(path)
        assert (name, find_violations(page), list_missing(page)) == (name, [], [])
        levels = page.eval_on_selector_all("h1, h2, h3", "all => all.map(each => +each.tagName[1])")
        assert (name, levels[0], levels.count(1)) == (name, 1, 1)
        unnamed = "all => all.filter(each => !each.labels.length).length"
        assert (name, page.eval_on_selector_all("input:not([type=hidden]), select", unnamed)) == (name, 0)
        ids = page.eval_on_selector_all("[id]", "all => all.map(each => each.id)")
        assert (name, len(ids)) == (name, len(set(ids)))


def test_page_follows_a_run_and_keeps_the_focus(visit: Visit, place: Place) -> None:
    @in_browser_thread
    def look() -> Page:
        page = open_as(visit, place)
        page.goto(place.paths["list"])
        page.locator(f"#run-{place.run.pk}").focus()
        with page.expect_response(lambda response: response.status == 304):  # nothing new: nothing is put there
            page.evaluate("document.getElementById('following').seen = true")
        assert page.evaluate("document.getElementById('following').seen")
        return page

    @in_browser_thread
    def look_again(page: Page) -> None:
        expect(page.locator("#following")).not_to_have_attribute("hx-trigger", "every 3s")
        assert page.locator(".badge", has_text="running").count() == 0
        assert page.evaluate("document.activeElement.id") == f"run-{place.run.pk}"

    page = look()
    Run.objects.filter(pk=place.run.pk).update(status="failed", finished_at=datetime.now(UTC) + timedelta(seconds=1))
    look_again(page)


@pytest.mark.parametrize("scripts", [True, False])
@in_browser_thread
def test_run_is_cancelled_with_and_without_scripts(visit: Visit, place: Place, scripts: bool) -> None:
    page = open_as(visit, place, java_script_enabled=scripts)
    page.goto(place.paths["list"])
    page.locator(f"#run-{place.run.pk}").click()
    page.get_by_role("button", name="Cancel this run").click()

    expect(page.get_by_text("The run is cancelled.")).to_be_visible()
    expect(page.locator(".run-state .badge")).to_have_text("cancelled")
    expect(page.get_by_role("button", name="Cancel this run")).to_have_count(0)


@in_browser_thread
def test_filters_work_without_scripts(visit: Visit, place: Place) -> None:
    page = open_as(visit, place, java_script_enabled=False)
    page.goto(place.paths["list"])
    page.get_by_label("Status").select_option("failed")
    page.get_by_role("button", name="Show").click()

    expect(page.locator("tbody tr")).to_have_count(1)
    assert "status=failed" in page.url
    page.goto(place.paths["list"])
    page.get_by_role("link", name="Next").click()
    expect(page.locator("tbody tr")).to_have_count(8)
