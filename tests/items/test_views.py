import re
from html import unescape

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st
from pytest_django import DjangoAssertNumQueries

from items.browsing import PAGE_SIZE
from items.models import Item
from tests.items.factories import make_item, make_item_image
from tests.master.factories import make_category, make_country, make_location
from tests.profile.factories import make_profile

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
HOSTILE = [
    "page=zzz", "page=-1", "page=0", "page=" + "9" * 5000, "page=%00", "page=1&page=2",
    "q=%00", "q=a%00b", "q=" + "x" * 9000, "q=%F0%9F%92%A9", "q=%ED%A0%80", "q=%FF%FE", "q=%25_%5C",
    "q=%22%3E%3Cscript%3E", "q=" + "+".join("abcdefghijklmnopqrstuvwxyz"), "q='%3B+drop+table+items--",
    "least=-1", "least=abc", "least=1e400", "least=1" + "0" * 400, "least=NaN", "most=-Infinity", "most=%00",
    "least=5&most=1", "least=1e-400", "least=%EF%BC%91", "sort=sideways", "sort=%00",
    "currency=eur", "currency=%00", "currency=EURO",
    "place=%00", "place=" + "x" * 9000, "place=%25", "place=%F0%9F%92%A9", "place=.",
    "category=%00", "category=" + "x" * 9000, "location=%00", "location=" + "x" * 9000,
    "country=%00", "country=%25%25", "country=ÄÖ", "country=FRA", "&&&===", "q[]=1",
]  # fmt: skip
PARAMETERS = ["q", "category", "location", "place", "least", "most", "page", "sort"]
NOT_FOUND = ["category=no/such", "category=../etc", "category=ELECTRONICS", "location=nowhere", "location='--"]


def make_items(number: int) -> None:
    """So many, called x."""
    first = make_item(name="x")
    fields = {"user": first.user, "category": first.category, "name": "x", "price": 1}
    Item.objects.bulk_create(Item(**fields) for _ in range(number - 1))


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_browse_of_hostile_input_is_a_normal_page(client: Client, query: str, headers: dict[str, str]) -> None:
    make_item(name="Oak shelf")
    assert client.get(f"/items/?{query}", headers=headers).status_code == 200


@pytest.mark.parametrize("query", NOT_FOUND)
def test_browse_of_an_unknown_category_or_location_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/items/?{query}").status_code == 404


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_places_of_hostile_input_never_fails(client: Client, query: str, headers: dict[str, str]) -> None:
    make_item(location=make_location())
    assert client.get(f"/items/places/?{query}", headers=headers).status_code in {200, 404}


@given(
    st.dictionaries(st.sampled_from(["q", "category", "location", "place", "least", "most", "page", "sort"]), st.text())
)
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_browse_of_any_text_never_fails(client: Client, parameters: dict[str, str]) -> None:
    assert client.get("/items/", parameters).status_code in {200, 404}


@pytest.mark.parametrize(
    "path", ["zzz", "00000000-0000-0000-0000-00000000000", "16ba6d86-473f-4786-9cfe-7bef841b57e8", "%00", "..%2f"]
)
def test_item_at_a_wrong_address_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/items/{path}/").status_code == 404


@pytest.mark.parametrize("path", ["/items/", "/items/places/"])
def test_pages_take_no_post(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_browse_of_an_empty_database_says_so(client: Client) -> None:
    text = client.get("/items/").content.decode()
    assert "Nothing is on offer yet" in text
    assert '<strong class="figure">0</strong> items' in text


def test_browse_shows_what_fits_and_keeps_the_form_filled(client: Client) -> None:
    category = make_category("furniture", name="Furniture & co")
    make_item(name="Oak <shelf>", category=category, price=1200, currency="EUR", location=make_location("Lyon"))
    make_item(name="Lamp", category=category)
    text = client.get("/items/?q=oak&category=furniture&least=5&sort=name").content.decode()
    assert "Oak &lt;shelf&gt;" in text
    assert "€1,200.00" in text
    assert "Lyon, Germany" in text
    assert "Lamp" not in text
    assert '<input type="hidden" name="category" value="furniture">' in text
    assert 'name="q" value="oak"' in text
    assert 'name="least" value="5"' in text
    assert '<option value="name" selected>' in text
    assert "<title>Furniture &amp; co: oak · Freehold</title>" in text


def test_browse_without_scripts_has_a_form_and_links_for_everything(client: Client) -> None:
    make_category("furniture")
    text = client.get("/items/").content.decode()
    assert '<form class="browse" id="browse" method="get" action="/items/"' in text
    assert '<button class="button" type="submit">Search</button>' in text
    assert 'href="/items/?category=furniture"' in text
    assert 'href="/items/places/"' in text


def test_browse_for_htmx_is_the_part_and_the_clean_address(client: Client) -> None:
    make_item(name="Oak shelf")
    response = client.get("/items/?q=oak&place=&least=&most=&currency=&sort=newest", headers=HTMX)
    text = response.content.decode()
    assert "<html" not in text
    assert "Oak shelf" in text
    assert 'id="count" hx-swap-oob="innerHTML"' in text
    assert response["HX-Push-Url"] == "/items/?q=oak"
    assert {"HX-Request", "HX-History-Restore-Request"} <= set(re.split(r",\s*", response["Vary"]))


def test_browse_restored_from_history_is_the_whole_page(client: Client) -> None:
    response = client.get("/items/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in response.content.decode()


def test_browse_in_pages_shows_each_item_once(client: Client) -> None:
    category = make_category()
    names = {make_item(name=f"Thing {number:03}", category=category).name for number in range(PAGE_SIZE + 3)}
    pages = [client.get(f"/items/?sort=name&page={number}").content.decode() for number in (1, 2)]
    found = [re.findall(r"Thing \d{3}", page) for page in pages]
    assert [len(names) for names in found] == [PAGE_SIZE, 3]
    assert set(found[0] + found[1]) == names


def list_page_links(client: Client, address: str) -> list[str]:
    """The pager of the page there: what each of its parts says, and where it leads."""
    pager = client.get(address).content.decode().split('<nav class="pages"')[1].split("</nav>")[0]
    return [
        unescape("".join(found))
        for found in re.findall(r'<(?:a|span)(?: rel="\w+")?(?: href="(.*?)")?.*?>(.*?)<', pager)
    ]


def test_pager_in_the_middle_shows_gaps_on_both_sides(client: Client) -> None:
    make_items(PAGE_SIZE * 8 + 1)
    assert list_page_links(client, "/items/?page=5&q=x&least=-1") == [
        "?q=x&page=4Previous", "?q=x&page=11", "…", "?q=x&page=44", "5", "?q=x&page=66", "…", "?q=x&page=99",
        "?q=x&page=6Next",
    ]  # fmt: skip


def test_pager_at_both_ends_leads_no_further(client: Client) -> None:
    make_items(PAGE_SIZE + 1)
    assert list_page_links(client, "/items/") == ["Previous", "1", "?page=22", "?page=2Next"]
    assert list_page_links(client, "/items/?page=2") == ["?page=1Previous", "?page=11", "2", "Next"]


def test_tree_marks_the_selected_category(client: Client) -> None:
    make_category("chair", parent=make_category("furniture"))
    text = client.get("/items/?category=furniture%2Fchair").content.decode()
    assert re.findall(r'<a href="([^"]*)" aria-current="page" class="zero">', text) == [
        "/items/?category=furniture%2Fchair"
    ]


def test_browse_takes_as_many_queries_for_many_items_as_for_one(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for size in (1, 6):
        for _ in range(size):
            make_item_image(item=make_item(location=make_location()))
        with django_assert_num_queries(4):  # categories, their counts, items, currencies
            client.get("/items/")


def test_browse_of_a_place_that_may_be_several_asks_which(client: Client) -> None:
    make_location("Paris", slug="paris-us", region="Texas")
    make_location("Paris", slug="paris-fr", region="Île-de-France")
    text = client.get("/items/?place=paris&q=oak").content.decode()
    assert "Which “paris”?" in text
    assert 'href="/items/?q=oak&amp;location=paris-fr"' in text


def test_browse_of_a_place_that_is_none_says_so(client: Client) -> None:
    text = client.get("/items/?place=Xanadu").content.decode()
    assert "No place begins with “Xanadu”." in text


def test_places_for_htmx_are_links_that_keep_the_other_conditions(client: Client) -> None:
    make_location("Lyon", slug="lyon-fr")
    text = client.get("/items/places/?place=lyo&q=oak&sort=name", headers=HTMX).content.decode()
    assert "<html" not in text
    assert 'href="/items/?q=oak&amp;sort=name&amp;location=lyon-fr"' in text


def test_places_lead_from_the_country_to_its_cities(client: Client) -> None:
    make_country("FR", country_name="France", slug="france")
    make_item(location=make_location("Lyon", slug="lyon-fr", country="FR", country_name="France"))
    assert 'href="/items/places/?country=FR"' in client.get("/items/places/").content.decode()
    text = client.get("/items/places/?country=fr").content.decode()
    assert 'href="/items/?location=lyon-fr"' in text
    assert 'href="/items/?location=france"' in text


def test_places_of_an_unknown_country_are_not_found(client: Client) -> None:
    assert client.get("/items/places/?country=XX").status_code == 404


def test_item_shows_everything_there_is_to_know(client: Client) -> None:
    phones = make_category("phones", name="Phones")
    android = make_category("android", parent=phones, name="Android")
    item = make_item(
        name="Fairphone", description="First line.\n\n<b>Second</b>", price="249.50", currency="CHF", category=android,
        location=make_location("Lyon", region="Rhône", country="FR", country_name="France", slug="lyon-fr"),
    )  # fmt: skip
    make_profile(user=item.user, display_name="Ada & Co")
    make_item_image(item=item, url="https://example.org/back.jpg", alt="The back", position=1)
    make_item_image(item=item, url="https://example.org/front.jpg", alt="The front", position=0)
    make_item(name="Pixel", category=android)
    text = client.get(f"/items/{item.pk}/").content.decode()
    assert '<h1 id="name">Fairphone</h1>' in text
    assert "CHF\N{NO-BREAK SPACE}249.50" in text
    assert "<p>First line.</p>" in text
    assert "&lt;b&gt;Second&lt;/b&gt;" in text
    assert "Ada &amp; Co" in text
    assert item.user.email not in text
    assert "Lyon, Rhône, France" in text
    assert 'href="/items/?category=phones%2Fandroid">Android</a>' in text
    assert text.index("front.jpg") < text.index("back.jpg")
    assert 'alt="The front"' in text
    assert "More in Android" in text
    assert "Pixel" in text


def test_item_not_on_offer_is_not_found(client: Client) -> None:
    assert client.get(f"/items/{make_item(is_active=False).pk}/").status_code == 404


def test_item_takes_four_queries_however_much_hangs_on_it(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    item = make_item(location=make_location())
    for position in range(4):
        make_item_image(item=item, position=position)
        make_item_image(item=make_item(category=item.category, location=make_location()))
    with django_assert_num_queries(4):  # item, images, categories, related items
        client.get(f"/items/{item.pk}/")
