"""What axe-core, in a real Chromium, has against the pages of the admin site: nothing serious, in light and in dark.

Pages come from the site's own addresses, so that a new model's, and a new page of an old one, are looked at too.
"""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, URLPattern, reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from auth_app.models import User
from freehold.ownership import get_ownership
from items.models import Item
from tenancy.models import Tenant
from tests.admin.pages import REGISTERED, UNSEEN, Model, get_url, make_row
from tests.auth_app.factories import make_superuser, make_user
from tests.config.browser import Visit, find_violations, in_browser_thread, list_missing, sign_in_to_admin
from tests.items.factories import make_item, make_item_image
from tests.tenancy.factories import make_membership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIDEBAR = "#nav-sidebar"
OF_SITE = ["/admin/", "/admin/password_change/", "/admin/password_change/done/"]


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    make_superuser("right", email="ada@example.org")
    visit = Visit(browser, live_server.url)
    visit.expected.append("403 (Forbidden)")  # pages that nobody may open, and the one of who may not use the site
    yield visit
    visit.close()
    assert visit.faults == []


def sign_in(visit: Visit) -> Page:
    return sign_in_to_admin(visit)


def list_addresses(model: Model) -> list[str]:
    """The address of each page of a model, those of a row with a row's key."""
    key = str(make_row(model).pk)
    found = [find_address(pattern, key) for pattern in admin.site.get_model_admin(model).get_urls()]
    return [address for address in found if address]


def find_address(pattern: URLPattern, key: str) -> str:
    for arguments in ([], [key]):
        try:
            return reverse(f"admin:{pattern.name}", args=arguments) if pattern.name else ""
        except NoReverseMatch:
            continue
    return ""


@pytest.mark.parametrize("schema", [name for name in get_ownership().schema_names if name not in UNSEEN])
def test_every_page_has_nothing_serious_against_it(visit: Visit, schema: str) -> None:
    addresses = {model: list_addresses(model) for model in REGISTERED if find_schema(model) == schema}
    looked_at, found = look_at(visit, [*OF_SITE, *(each for own in addresses.values() for each in own)])

    assert found == {}
    assert addresses
    assert [model for model, own in addresses.items() if not set(own) & looked_at] == []


def find_schema(model: Model) -> str:
    schema = get_ownership().find_schema_of_app(model._meta.app_label)
    return schema.name if schema else ""


@in_browser_thread
def look_at(visit: Visit, addresses: list[str]) -> tuple[set[str], dict[str, list[str]]]:
    """The addresses that lead to a page, and what each has against it; the sidebar is looked at on the first alone."""
    page, looked_at, found = sign_in(visit), set(), {}
    for address in addresses:
        response = page.goto(address)
        if "<html" not in response.text():  # what a script puts into a page
            continue
        looked_at.add(address)
        if violations := find_violations(page, beside=SIDEBAR if address != OF_SITE[0] else ""):
            found[address] = violations
        if response.status == 200 and (missing := list_missing(page)):
            found.setdefault(address, []).extend(missing)
    return looked_at, found


def test_rows_within_a_page_are_named_and_so_are_those_that_are_added(visit: Visit) -> None:
    item = make_item(name="Lamp")
    for position in range(2):
        make_item_image(item=item, position=position)
    membership = make_membership()

    names, found = look_at_rows(visit, get_url(Item, "change", item), get_url(Tenant, "change", membership.tenant))

    assert {"Position, row 1", "Address, row 2", "Role, row 1", "User, new row"} <= names
    assert found == []


@in_browser_thread
def look_at_rows(visit: Visit, *addresses: str) -> tuple[set[str], list[str]]:
    page, names, found = sign_in(visit), set(), []
    for address in addresses:
        page.goto(address)
        page.locator(".add-row").first.click()
        found += find_violations(page, beside=SIDEBAR)
        names |= set(page.eval_on_selector_all("[aria-label]", "all => all.map(each => each.ariaLabel)"))
        labels = page.eval_on_selector_all(
            "[aria-labelledby$='-container']",
            "all => all.map(each => each.ariaLabelledByElements?.[0].textContent ?? '')",
        )
        names |= set(labels)
    return names, found


@in_browser_thread
def test_box_that_searches_is_called_by_its_label_open_and_shut(visit: Visit) -> None:
    page = sign_in(visit)
    page.goto("/admin/items/item/add/")
    box = page.get_by_role("combobox", name=re.compile("^Category"))
    box.click()
    expect(page.get_by_role("searchbox", name=re.compile("^Category"))).to_be_focused()
    assert find_violations(page, beside=SIDEBAR) == []


@in_browser_thread
def test_form_that_was_refused_has_nothing_serious_against_it(visit: Visit) -> None:
    page = sign_in(visit)
    page.goto("/admin/items/item/add/")
    page.click("[name=_save]")
    expect(page.get_by_text("This field is required.").first).to_be_visible()
    assert find_violations(page, beside=SIDEBAR) == []


def test_question_before_a_deletion_or_an_end_has_nothing_serious_against_it(visit: Visit) -> None:
    user = make_user()
    ask(visit, get_url(User, "changelist"), get_url(User, "change", user))


@in_browser_thread
def ask(visit: Visit, listed: str, single: str) -> None:
    page = sign_in(visit)
    page.goto(f"{listed}?is_superuser__exact=0")
    page.check("[name=_selected_action]")
    page.select_option("[name=action]", "delete_selected")
    page.click("[name=index]")
    expect(page.get_by_text("Are you sure")).to_be_visible()
    assert find_violations(page, beside=SIDEBAR) == []
    page.goto(single)
    page.get_by_role("link", name="End all sessions").click()
    expect(page.get_by_role("button", name="End them")).to_be_visible()
    assert find_violations(page, beside=SIDEBAR) == []
    page.get_by_role("button", name="End them").click()
    expect(page.get_by_text("0 sessions were ended.")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{single}$"))


def test_sign_in_page_has_nothing_serious_against_it_for_a_stranger_and_for_who_is_no_staff(visit: Visit) -> None:
    make_user("wrong", email="bob@example.org")
    look_at_sign_in(visit)


@in_browser_thread
def look_at_sign_in(visit: Visit) -> None:
    page = visit.open("/admin/login/?next=/admin/")
    assert (find_violations(page), page.locator("[role=main]").count()) == ([], 1)
    page.goto("/login/")
    page.fill("[name=username]", "bob@example.org")
    page.fill("[name=password]", "wrong")
    page.click("button[type=submit]")
    page.goto("/admin/")
    expect(page.get_by_role("alert")).to_contain_text("You are signed in as bob@example.org, who may not use")
    assert find_violations(page) == []


@in_browser_thread
def test_first_stop_of_the_keyboard_leads_past_the_sidebar(visit: Visit) -> None:
    page = sign_in(visit)
    page.goto("/admin/items/item/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
