"""The page of an invitation in a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tenancy.models import Membership
from tenancy.services.api_key import hash_key
from tests.auth_app.factories import make_user
from tests.config.browser import DESK, PHONE, Visit, find_violations, in_browser_thread, list_missing
from tests.tenancy.factories import make_invitation, make_membership, make_tenant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
PICTURES = os.environ.get("PICTURES_OF_INVITATIONS", "")  # a directory, for whoever wants to look at them
PAGES = {"open": "/invitations/fhi_mine/", "another": "/invitations/fhi_other/", "unknown": "/invitations/fhi_none/"}


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    make_user(email="guest@example.org", password="right", display_name="Gus")
    inviter = make_membership(tenant=make_tenant(name=f"Acme {LONG}"), role="owner")
    for name in ("mine", "other"):
        email = "guest@example.org" if name == "mine" else "other@example.org"
        make_invitation(inviter=inviter, email=email, secret_hash=hash_key(f"fhi_{name}"), role="viewer")
    visit = Visit(browser, live_server.url)
    visit.expected += ["403 (Forbidden)"]
    yield visit
    visit.close()
    assert visit.faults == []


def sign_in(visit: Visit, path: str, **options: object) -> Page:
    """Open a page that leads to the one to sign in at, and come back."""
    page = visit.open(path, **options)
    page.get_by_label("E-mail address").fill("guest@example.org")
    page.get_by_label("Password").fill("right")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{path}")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@in_browser_thread
def test_pages_fit(visit: Visit, size: dict[str, int], scheme: str) -> None:
    page = sign_in(visit, PAGES["open"], viewport=size, color_scheme=scheme)
    for name, path in PAGES.items():
        page.goto(path)
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{size['width']}-{scheme}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (name, wide) == (name, 0)


@in_browser_thread
def test_pages_keep_the_rules_for_everybody(visit: Visit) -> None:
    page = sign_in(visit, PAGES["open"])
    for name, path in PAGES.items():
        page.goto(path)
        assert (name, find_violations(page), list_missing(page)) == (name, [], [])
        assert page.locator("h1").count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_whoever_was_invited_signs_in_comes_back_and_joins(visit: Visit, scripts: bool) -> None:
    @in_browser_thread
    def join() -> None:
        page = sign_in(visit, PAGES["open"], java_script_enabled=scripts)
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("You belong to Acme")

    join()
    assert Membership.objects.get(user__email="guest@example.org").role == "viewer"
