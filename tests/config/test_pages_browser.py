"""The pages in a real Chromium: what they look like to it, what they load, that they work with and without scripts."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from django import urls
from django.views import defaults
from django.views.csrf import csrf_failure
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from config import views
from freehold.services.routes import served_by
from items.browsing import PAGE_SIZE
from studio.views import show_database
from tests.auth_app.factories import make_superuser
from tests.config.browser import PHONE, Visit, find_violations, in_browser_thread, list_missing
from tests.config.test_style_sheet import measure_luminance
from tests.items.factories import make_item, make_item_image
from tests.master.factories import make_category, make_country, make_location

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
PAGES = {
    "home": "/",
    "database": "/database",  # what staff see at /
    "browse": "/items/",
    "category": "/items/?category=furniture/chairs",
    "search": "/items/?q=oak&least=1&sort=cheapest&currency=EUR",
    "long": f"/items/?q={LONG}",
    "bad": "/items/?least=-1&most=1e400",
    "which": "/items/?place=paris",
    "places": "/items/places/",
    "country": "/items/places/?country=FR",
    "item": "item",
    "login": "/login/",
    "not-found": "/nowhere",
}
FAULTS = {"/forbidden": 403, "/forged": 403, "/odd": 400, "/broken": 500, "/away": 503, "/not-migrated": 503}
urlpatterns = [
    urls.path("database", served_by("web")(show_database)),
    urls.path("forbidden", served_by("web")(lambda request: defaults.permission_denied(request, PermissionError()))),
    urls.path("forged", served_by("web")(csrf_failure)),
    urls.path("odd", served_by("web")(lambda request: defaults.bad_request(request, ValueError()))),
    urls.path("broken", served_by("web")(defaults.server_error)),
    urls.path("away", views.answer_away),
    urls.path("not-migrated", views.answer_not_migrated),
    urls.path("", urls.include("config.urls")),
]


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """The address of a site with more than a page of items, long words everywhere, and two places of one name."""
    furniture = make_category("furniture", name="Furniture")
    chairs = make_category("chairs", parent=furniture, name="Chairs")
    make_country("FR", country_name="France", slug="france")
    paris = make_location("Paris", slug="paris-fr", country="FR", country_name="France", population=2_000_000)
    make_location("Paris", slug="paris-us", country="US", country_name="United States", population=25_000)
    for number in range(PAGE_SIZE):
        make_item(name=f"Plain chair {number:02}", category=chairs)
    make_item(name=f"Oak {LONG}", description=LONG, category=chairs, location=paris, price="9999999999.99")
    item = make_item(name="Oak shelf", category=furniture, location=paris)
    for position in range(3):
        make_item_image(item=item, url=f"{live_server.url}/static/favicon.svg", alt=LONG, position=position)
    PAGES["item"] = f"/items/{item.pk}/"
    make_superuser("right", email="ada@example.org", display_name=LONG)
    return live_server.url


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Opens pages of the site; what the browser complained of fails the test at its end."""
    visit = Visit(browser, site)
    yield visit
    visit.close()
    assert visit.faults == []


def measure_overflow(page: Page) -> int:
    """How many pixels the page can be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def measure_ground(page: Page) -> float:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return measure_luminance("#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@in_browser_thread
def test_pages_on_a_phone_fit_and_wear_the_scheme(visit: Visit, scheme: str) -> None:
    page = visit.open("/", viewport=PHONE, color_scheme=scheme)
    for name, path in PAGES.items():
        page.goto(path)
        assert (name, measure_overflow(page)) == (name, 0)
        assert (name, measure_ground(page) < 0.05) == (name, scheme == "dark")


@in_browser_thread
def test_pages_with_text_at_200_percent_fit(visit: Visit) -> None:
    page = visit.open("/")
    for name, path in PAGES.items():
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert (name, measure_overflow(page)) == (name, 0)


@in_browser_thread
def test_pages_have_one_heading_of_the_first_level_and_skip_none(visit: Visit) -> None:
    page = visit.open("/")
    for name, path in PAGES.items():
        page.goto(path)
        levels = page.eval_on_selector_all("h1, h2, h3, h4, h5, h6", "all => all.map(each => +each.tagName[1])")
        assert (name, levels[0], levels.count(1)) == (name, 1, 1)
        assert all(after <= before + 1 for before, after in pairwise(levels)), (name, levels)


@in_browser_thread
def test_pages_name_every_control_and_use_an_id_once(visit: Visit) -> None:
    page = visit.open("/")
    for name, path in PAGES.items():
        page.goto(path)
        unnamed = page.eval_on_selector_all(
            "input:not([type=hidden]), select, textarea", "all => all.filter(each => !each.labels.length).length"
        )
        ids = page.eval_on_selector_all("[id]", "all => all.map(each => each.id)")
        assert (name, unnamed, len(ids)) == (name, 0, len(set(ids)))


@in_browser_thread
def test_pages_have_nothing_serious_against_them(visit: Visit) -> None:
    page = visit.open("/")
    for name, path in PAGES.items():
        page.goto(path)
        assert (name, find_violations(page), list_missing(page)) == (name, [], [])


@in_browser_thread
def test_pages_about_faults_have_nothing_serious_against_them(visit: Visit) -> None:
    visit.expected += [f"the server responded with a status of {status}" for status in FAULTS.values()]
    page = visit.open("/")
    for path, status in FAULTS.items():
        assert (path, page.goto(path).status) == (path, status)
        assert (path, find_violations(page), list_missing(page)) == (path, [], [])


@in_browser_thread
def test_home_of_staff_is_the_page_of_the_database(visit: Visit) -> None:
    page = visit.open("/login/?next=/")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill("right")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One database, and every table has an owner")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Good things find new owners")


@in_browser_thread
def test_first_stop_of_the_keyboard_skips_to_the_content(visit: Visit) -> None:
    page = visit.open("/items/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@in_browser_thread
def test_search_as_you_type_changes_results_counts_and_address(visit: Visit) -> None:
    page = visit.open("/items/?category=furniture")
    page.get_by_role("searchbox", name="Search").press_sequentially("oak sh")
    expect(page.locator("#count")).to_have_text("1 item")
    expect(page.get_by_role("link", name="Oak shelf")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/items/\?q=oak\+sh&category=furniture$"))
    expect(page).to_have_title("Furniture: oak sh · Freehold")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.go_back()
    expect(page.locator("#count")).to_contain_text(f"{PAGE_SIZE + 2} items")


@in_browser_thread
def test_place_as_you_type_offers_places_that_lead_to_their_items(visit: Visit) -> None:
    page = visit.open("/items/?q=oak")
    page.get_by_label("Place").press_sequentially("pari")
    page.get_by_role("link", name="Paris France").click()
    expect(page).to_have_url(re.compile(r"/items/\?q=oak&location=paris-fr$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Items in Paris")
    expect(page.locator("#count")).to_have_text("2 items")


@in_browser_thread
def test_next_page_comes_without_loading_everything_again(visit: Visit) -> None:
    page = visit.open("/items/")
    page.evaluate("window.kept = true")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#count")).to_contain_text("page 2 of 2")
    expect(page).to_have_url(re.compile(r"/items/\?page=2$"))
    assert page.evaluate("window.kept")


@in_browser_thread
def test_browse_without_scripts_searches_filters_and_turns_pages(visit: Visit) -> None:
    page = visit.open("/items/", java_script_enabled=False)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#count")).to_contain_text("page 2 of 2")
    page.get_by_role("searchbox", name="Search").fill("oak")
    page.get_by_label("Place").fill("paris")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Paris France").click()
    expect(page.locator("#count")).to_have_text("2 items")


@in_browser_thread
def test_filters_on_a_phone_open_at_a_touch_and_stand_open_on_a_desk(visit: Visit) -> None:
    phone = visit.open("/items/", viewport=PHONE)
    expect(phone.get_by_label("Place")).to_be_hidden()
    phone.get_by_text("Categories and filters").click()
    expect(phone.get_by_label("Place")).to_be_visible()
    expect(visit.open("/items/").get_by_label("Place")).to_be_visible()


@in_browser_thread
def test_sign_in_and_out(visit: Visit) -> None:
    page = visit.open("/login/?next=/items/")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill("right")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/items/$"))
    expect(page.get_by_role("link", name="Admin")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()


@in_browser_thread
def test_header_of_someone_with_a_long_name_fits_a_phone(visit: Visit) -> None:
    page = visit.open("/login/", viewport=PHONE)
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill("right")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.wait_for_load_state()
    assert measure_overflow(page) == 0


@in_browser_thread
def test_motion_that_is_not_wanted_is_left_out(visit: Visit) -> None:
    for motion, expected in (("reduce", "auto"), ("no-preference", "smooth")):
        page = visit.open("/items/", reduced_motion=motion)
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == expected
