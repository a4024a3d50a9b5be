"""The page of the API's document in a real Chromium: what it loads, what its policy keeps out, what it can do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.auth_app.factories import make_user
from tests.config.browser import Visit, in_browser_thread
from tests.master.factories import make_category

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    make_category("lamps", name="Lamps")
    make_user("right", email="ada@example.org")
    visit = Visit(browser, live_server.url)
    yield visit
    visit.close()
    assert visit.faults == []


@in_browser_thread
def test_page_shows_the_document_and_tries_it(visit: Visit) -> None:
    page = visit.open("/api/v1/docs")
    expect(page.get_by_role("heading", name="Freehold API")).to_be_visible()
    page.locator("#operations-reference-list_categories").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(page.locator(".live-responses-table")).to_contain_text("Lamps")
    page.get_by_role("button", name="Authorize").first.click()
    expect(page.locator(".modal-ux")).to_be_visible()
