"""The admin site in a real Chromium: nothing sticks out, nothing fails to load, and it works with the mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from items.models import Item
from master.models import Category, Location
from tests.admin.pages import get_url
from tests.auth_app.factories import make_session, make_superuser
from tests.config.browser import CHROMIUM, DESK, PHONE, Visit, in_browser_thread, launch, quit_browser
from tests.config.test_style_sheet import measure_luminance
from tests.items.factories import make_item, make_item_image
from tests.master.factories import make_category, make_location

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LISTS = ("auth_app/session", "items/item", "freehold/migrationhistory")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed: apt-get install chromium")
    driver, browser = launch(CHROMIUM)
    yield browser
    quit_browser(driver, browser)


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


def sign_in(visit: Visit, **options: object) -> Page:
    # Unfold's scripts (Alpine) evaluate text, which the policy of the other pages forbids.
    page = visit.open("/admin/login/", bypass_csp=True, **options)
    page.fill("[name=username]", "ada@example.org")
    page.fill("[name=password]", "right")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    return page


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
    ]
    overflows, grounds = measure_pages(visit, addresses, viewport, scheme)

    assert {address: pixels for address, pixels in overflows.items() if pixels > 0} == {}
    assert all((ground < 0.2) == (scheme == "dark") for ground in grounds)


@in_browser_thread
def measure_pages(
    visit: Visit, addresses: list[str], viewport: dict[str, int], scheme: str
) -> tuple[dict[str, int], list[float]]:
    """How far each page can be scrolled sideways, in pixels, and how bright its ground is."""
    page = sign_in(visit, viewport=viewport, color_scheme=scheme)
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
    page = sign_in(visit)
    page.goto(address)
    page.locator(".field-category .select2-selection").click()
    page.locator(".select2-search__field").fill(term)
    options = page.locator(".select2-results__option:not(.loading-results)")
    expect(options).to_have_text(["tables"])
    options.click()
    page.click("[name=_save]")
    page.wait_for_url("**/admin/items/item/")
