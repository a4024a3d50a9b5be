"""The admin site in a real Chromium: nothing sticks out, nothing fails to load, and it works with the mouse."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from freehold.services.groups import fill_groups, get_last_label
from items.models import Item
from master.models import Category, Location
from runs.models import Run
from tenancy.models import Membership
from tests.admin.pages import get_url
from tests.auth_app.factories import make_session, make_superuser, make_user
from tests.config.browser import DESK, PHONE, Visit, in_browser_thread, sign_in_to_admin
from tests.config.test_style_sheet import measure_luminance
from tests.items.factories import make_item, make_item_image
from tests.master.factories import make_category, make_location
from tests.tenancy.factories import make_project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LISTS = ("auth_app/session", "items/item", "freehold/migrationhistory")


@pytest.fixture
def item(live_server: LiveServer) -> Item:
    boss = make_superuser("right", email="ada@example.org", display_name=LONG)
    make_session(user=boss, user_agent=LONG * 3, ip_address="2001:db8::ffff:ffff:ffff:ffff")
    location = make_location("Berlin", region=LONG)
    item = make_item(name=LONG, user=boss, category=make_category("chairs"), location=location, price="9999999999.99")
    make_item_image(item=item, url=f"{live_server.url}/static/favicon.svg", alt=LONG)
    return item


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """Opens pages; what the browser complained of fails the test at its end."""
    visit = Visit(browser, live_server.url)
    yield visit
    visit.close()
    assert visit.faults == []


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk-light", "phone-dark"])
def test_pages_fit_the_window_in_both_schemes(visit: Visit, item: Item, viewport: dict[str, int], scheme: str) -> None:
    addresses = [
        "/admin/",
        *(f"/admin/{path}/" for path in LISTS),
        get_url(Item, "change", item),
        get_url(Item, "delete", item),
        get_url(type(item.user), "change", item.user),
        get_url(Category, "delete", item.category),
        f"{get_url(Location, 'changelist')}?q=berl",
        get_url(Item, "export"),
        get_url(Item, "import"),
    ]
    overflows, grounds = measure_pages(visit, addresses, viewport, scheme)

    assert {address: pixels for address, pixels in overflows.items() if pixels > 0} == {}
    assert all((ground < 0.2) == (scheme == "dark") for ground in grounds)


@in_browser_thread
def measure_pages(
    visit: Visit, addresses: list[str], viewport: dict[str, int], scheme: str
) -> tuple[dict[str, int], list[float]]:
    """How far each page can be scrolled sideways, in pixels, and how bright its ground is."""
    page = sign_in_to_admin(visit, viewport=viewport, color_scheme=scheme)
    overflows, grounds = {}, []
    for address in addresses:
        assert page.goto(address).status == 200
        overflows[address] = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        grounds.append(measure_ground(page))
    return overflows, grounds


def measure_ground(page: Page) -> float:
    """The luminance of what is painted under the page, whatever notation the browser gives its colour in."""
    digits = page.evaluate("""() => {
        const canvas = document.createElement("canvas").getContext("2d");
        canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    }""")
    return measure_luminance("#" + "".join(f"{part:02x}" for part in digits))


def test_item_is_changed_with_a_category_that_is_searched_for(visit: Visit, item: Item) -> None:
    make_category("tables", name="Tables")
    make_category("lamps", name="Lamps")

    choose_category(visit, get_url(Item, "change", item), "tabl")

    item.refresh_from_db()
    assert (item.category.slug, item.version) == ("tables", 2)


@in_browser_thread
def choose_category(visit: Visit, address: str, term: str) -> None:
    page = sign_in_to_admin(visit)
    page.goto(address)
    choose(page, "category", term, "tables")
    page.click("[name=_save]")
    page.wait_for_url("**/admin/items/item/")


@pytest.fixture(params=["superuser", "app operators"])
def email(request: pytest.FixtureRequest, live_server: LiveServer) -> str:
    """The address of someone who may add items and runs."""
    if request.param == "superuser":
        return make_superuser("right", email="boss@example.org").email
    group, _ = Group.objects.get_or_create(name=request.param)  # a test before this one may have emptied the table
    fill_groups(apps.get_app_config(get_last_label()))
    user = make_user("right", email="operator@example.org", is_staff=True)
    user.groups.add(group)
    return user.email


def test_item_is_added_with_an_image(visit: Visit, email: str) -> None:
    make_category("tables", name="Tables")
    make_category("lamps", name="Lamps")
    make_location("Berlin")
    make_user(email="seller@example.org")

    add_item(visit, email)

    item = Item.objects.get()
    assert (item.name, item.user.email, item.category.slug) == ("Round table", "seller@example.org", "tables")
    assert (item.location and item.location.city, item.version) == ("Berlin", 1)
    assert [(image.url, image.position) for image in item.images.all()] == [("https://example.org/a.jpg", 0)]


@in_browser_thread
def add_item(visit: Visit, email: str) -> None:
    page = sign_in_to_admin(visit, email)
    page.goto("/admin/items/item/add/")
    page.fill("[name=name]", "Round table")
    page.fill("[name=price]", "12.50")
    for name, term, label in (
        ("user", "seller", "seller@example.org"),
        ("category", "tabl", "tables"),
        ("location", "Berl", "Berlin, Germany"),
    ):
        choose(page, name, term, label)
    page.get_by_role("link", name="Add another Item image").click()
    page.fill("[name=images-0-url]", "https://example.org/a.jpg")
    page.click("[name=_save]")
    page.wait_for_url("**/admin/items/item/")


def choose(page: Page, name: str, term: str, label: str) -> None:
    """Choose what the select of that name finds under a term."""
    page.locator(f".field-{name} .select2-selection").click()
    page.locator(".select2-search__field").fill(term)
    options = page.locator(".select2-results__option:not(.loading-results)")
    expect(options).to_have_text([label])
    options.click()


def test_run_is_added(visit: Visit, email: str) -> None:
    make_project(name="Moon shot")

    add_run(visit, email)

    run = Run.objects.get()
    assert (run.project.name, run.external_id, run.kind, run.version) == ("Moon shot", "r-1", "import", 1)


@in_browser_thread
def add_run(visit: Visit, email: str) -> None:
    page = sign_in_to_admin(visit, email)
    page.goto("/admin/runs/run/add/")
    choose(page, "project", "moon", "Moon shot")
    page.fill("[name=external_id]", "r-1")
    page.fill("[name=kind]", "import")
    page.click("[name=_save]")
    page.wait_for_url("**/admin/runs/run/")


def test_member_is_added_to_a_tenant(visit: Visit, email: str) -> None:
    make_user(email="member@example.org")

    add_tenant(visit, email)

    membership = Membership.objects.get()
    assert (membership.tenant.slug, membership.user.email, membership.role) == ("acme", "member@example.org", "member")


@in_browser_thread
def add_tenant(visit: Visit, email: str) -> None:
    page = sign_in_to_admin(visit, email)
    page.goto("/admin/tenancy/tenant/add/")
    page.locator("[name=name]").press_sequentially("Acme")
    expect(page.locator("[name=slug]")).to_have_value("acme")
    page.get_by_role("link", name="Add another Membership").click()
    choose(page, "user", "member", "member@example.org")
    page.click("[name=_save]")
    page.wait_for_url("**/admin/tenancy/tenant/")


def test_link_to_a_password_is_sent_with_the_mouse(
    visit: Visit, live_server: LiveServer, mailoutbox: list[EmailMessage]
) -> None:
    make_superuser("right", email="ada@example.org")
    user = make_user(email="new@example.org")

    send_link(visit, get_url(type(user), "change", user))

    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]


@in_browser_thread
def send_link(visit: Visit, address: str) -> None:
    page = sign_in_to_admin(visit)
    page.goto(address)
    page.get_by_role("link", name="Send a link to set a password").click()
    page.get_by_role("button", name="Send the link").click()
    page.wait_for_url(f"**{address}")
    expect(page.get_by_text("A link to set a password was sent to new@example.org.")).to_be_visible()


def test_items_are_exported_changed_in_a_spreadsheet_and_imported(visit: Visit, item: Item) -> None:
    make_item(name="another")

    sideways, told = export_and_import(visit, {"9999999999.99": "12.50"})

    item.refresh_from_db()
    assert (item.price, item.version, item.name) == (Decimal("12.50"), 2, LONG)
    assert "Imported items. Added: 0. Changed: 1. As they were: 0." in told
    assert sideways <= 0


@in_browser_thread
def export_and_import(visit: Visit, changes: dict[str, str]) -> tuple[int, str]:
    """How far the preview can be scrolled sideways, and what the list says in the end."""
    page = sign_in_to_admin(visit, viewport=PHONE, accept_downloads=True)
    page.goto(f"/admin/items/item/?q={LONG}")
    choose_from_menu(page, "Export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Submit").click()
    text = download.value.path().read_text("utf-8-sig")
    for old, new in changes.items():
        text = text.replace(old, new)
    page.goto("/admin/items/item/")
    choose_from_menu(page, "Import")
    page.wait_for_load_state()
    page.set_input_files("[name=import_file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("td ins")).to_have_text("12.50")
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.get_by_role("button", name="Confirm import").click()
    page.wait_for_url("**/admin/items/item/")
    return int(sideways), page.inner_text("body")


def choose_from_menu(page: Page, name: str) -> None:
    """What stands beside a list's name on a desk is behind three dots on a phone."""
    page.get_by_text("more_horiz").click()
    page.get_by_role("link", name=name).click()
