from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone
from msgspec.structs import astuple
from pytest_django import DjangoAssertNumQueries

from freehold.acting.logins import using_login
from items import queries
from items.forms import SORT_CHOICES
from items.models import Item
from items.queries import ItemFilter
from items.sql import item as sql
from tests.auth_app.factories import make_user
from tests.items.factories import make_item, make_item_image
from tests.master.factories import make_category, make_country, make_location
from tests.profile.factories import make_profile

pytestmark = pytest.mark.django_db


def find(**conditions: object) -> set[Item]:
    tiles = queries.list_tiles(ItemFilter(**conditions), sort="newest", start=0, limit=50)
    return set(Item.objects.filter(pk__in=[tile.id for tile in tiles]))


def list_related(item: Item, *, rows: int = 5) -> list[UUID]:
    return [row.id for row in sql.list_related(category_id=item.category_id, item_id=item.pk, rows=rows)]


def test_items_not_on_offer_are_never_listed_counted_or_found() -> None:
    country = make_country("DE", country_name="Germany", slug="germany")
    hidden = make_item(is_active=False, location=make_location("Berlin"))
    assert find() == set()
    assert find(place=country.slug) == set()
    assert queries.count_items_by_branch(ItemFilter()) == {}
    assert sql.count_by_country() == []
    assert sql.count_by_city(country="DE") == []
    assert sql.list_currencies() == []
    assert sql.find_item(id=hidden.pk) is None
    assert list_related(make_item(category=hidden.category)) == []


@pytest.mark.parametrize("word", ["OAK", "oak", "planed", "größe", "GRÖSSE", "Größe"])
def test_word_matches_name_or_description_without_regard_to_case(word: str) -> None:
    item = make_item(name="Oak shelf", description="Planed. Größe: 2 m. GRÖSSE")
    make_item(name="Lamp")
    assert find(words=(word,)) == {item}


@pytest.mark.parametrize("word", ["o", "shel", "sturd", "7"])
def test_word_matches_by_its_beginning_and_not_from_its_middle_on(word: str) -> None:
    item = make_item(name="Oak shelf", description="It is\nsturdy, 72 cm")
    make_item(name="Broom himself 67")
    assert find(words=(word,)) == {item}


@pytest.mark.postgresql
@pytest.mark.parametrize("word", ["tables", "chairs", "DRAWERS", "planing"])
def test_word_matches_by_its_stem(word: str) -> None:
    item = make_item(name="Oak table, one chair", description="A drawer, planed")
    make_item(name="Lamp")
    assert find(words=(word,)) == {item}


@pytest.mark.parametrize("word", ["the", "The", "th"])
def test_word_that_is_in_every_text_is_looked_for_too(word: str) -> None:
    item = make_item(name="The oak shelf")
    make_item(name="Oak shelf")
    assert find(words=(word,)) == {item}


@pytest.mark.parametrize(
    "word", ["%", "_", "\\", "'", ":*", "100%", "oak'", "oak\\", "(oak", "oak:*", "oak|lamp", "!oak"]
)
def test_word_with_signs_is_no_operator(word: str) -> None:
    make_item(name="Lamp 1000")
    found = find(words=(word, "shelf"))
    assert {item.name for item in found} <= {"Oak shelf 100%"}
    make_item(name="Oak shelf 100%")
    assert not find(words=(word, "lamp")) or word in {"%", "_", "\\", "'", ":*", "100%"}


@pytest.mark.postgresql
@pytest.mark.parametrize(("word", "is_found"), [("x" * 3000, True), ("y" * 3000, False)])
def test_word_of_any_length_is_taken_and_its_beginning_counts(word: str, is_found: bool) -> None:
    item = make_item(name="x" * 120)
    assert find(words=(word,)) == ({item} if is_found else set())


def test_item_of_a_very_long_description_is_kept_and_found_by_its_beginning() -> None:
    text = " ".join(f"wort{number}-größe{number}" for number in range(100_000))
    item = make_item(description=text)
    assert find(words=("wort77",)) == {item}


def test_words_must_all_match() -> None:
    item = make_item(name="Oak shelf")
    make_item(name="Oak table")
    assert find(words=("oak", "shelf")) == {item}


def test_country_matches_items_in_its_cities_and_in_the_country_itself() -> None:
    country = make_country("FR", country_name="France", slug="france")
    lyon = make_location("Lyon", country="FR", country_name="France")
    inside = {make_item(location=country), make_item(location=lyon)}
    make_item(location=make_location("Berlin"))
    assert find(place="france") == inside
    assert find(place=lyon.slug) == {item for item in inside if item.location == lyon}


def test_prices_are_bounds_that_belong_to_the_range() -> None:
    make_item(price=Decimal("9.99"))
    inside = {make_item(price=Decimal(10)), make_item(price=Decimal(20))}
    make_item(price=Decimal("20.01"))
    assert find(least=Decimal(10), most=Decimal(20)) == inside


def test_currency_leaves_out_all_others() -> None:
    make_item(currency="USD")
    item = make_item(currency="EUR")
    assert find(currency="EUR") == {item}
    assert [each.currency for each in sql.list_currencies()] == ["EUR", "USD"]


@pytest.mark.parametrize(
    ("sort", "expected"), [("newest", "cba"), ("cheapest", "cab"), ("dearest", "cba"), ("name", "abc")]
)
def test_items_are_sorted_and_prices_compared_within_a_currency(sort: str, expected: str) -> None:
    now = timezone.now()
    for hours, (name, price, currency) in enumerate([("a", 5, "USD"), ("b", 7, "USD"), ("c", 9, "EUR")]):
        make_item(name=name, price=price, currency=currency, created_at=now + timedelta(hours=hours))
    found = queries.list_tiles(ItemFilter(), sort=sort, start=0, limit=9)
    assert "".join(tile.name for tile in found) == expected


@pytest.mark.parametrize(("sort", "expected"), [("cheapest", "acb"), ("dearest", "acb"), ("name", "acb")])
def test_items_alike_are_sorted_by_the_newest_first(sort: str, expected: str) -> None:
    now = timezone.now()
    for description, hours in (("b", 0), ("a", 2), ("c", 1)):
        make_item(name="x", price=5, description=description, created_at=now + timedelta(hours=hours))
    found = queries.list_tiles(ItemFilter(), sort=sort, start=0, limit=9)
    texts = dict(Item.objects.values_list("pk", "description"))
    assert "".join(texts[tile.id] for tile in found) == expected


def test_branch_counts_include_everything_below_and_leave_the_category_condition_out() -> None:
    phones, other = make_category("phones"), make_category("phones-old")
    android = make_category("android", parent=phones)
    for category in (phones, android, android, other):
        make_item(category=category)
    counts = queries.count_items_by_branch(ItemFilter(category="phones/android"))
    assert counts == {"": 4, "phones": 3, "phones/android": 2, "phones-old": 1}
    assert counts["nowhere"] == 0


def test_category_matches_itself_and_all_below_but_not_what_only_begins_alike() -> None:
    art = make_category("art")
    inside = {make_item(category=art), make_item(category=make_category("print", parent=art))}
    make_item(category=make_category("art-deco"))
    assert find(category="art") == inside


def test_counts_by_country_and_city() -> None:
    lyon = make_location("Lyon", slug="lyon-fr", region="Rhône", country="FR", country_name="France")
    make_country("FR", country_name="France", slug="france")
    make_item(location=lyon)
    make_item(location=lyon)
    make_item(location=make_location("Berlin"))
    make_item()
    assert [astuple(each) for each in sql.count_by_country()] == [("FR", "France", 2), ("DE", "Germany", 1)]
    assert [astuple(each) for each in sql.count_by_city(country="FR")] == [("lyon-fr", "Lyon", "Rhône", 2)]


def test_seller_is_named_by_the_profile_then_by_the_account_and_never_by_the_address() -> None:
    named, plain, blank, anonymous = (
        make_user(display_name="Ada L."), make_user(display_name="Bob"), make_user(display_name="Cy"), make_user()
    )  # fmt: skip
    make_profile(user=named, display_name="Ada & Co")
    make_profile(user=blank, display_name="")
    names = [sql.find_item(id=make_item(user=user).pk).seller_name for user in (named, plain, blank, anonymous)]
    assert names == ["Ada & Co", "Bob", "Cy", ""]


def test_item_unknown_is_none() -> None:
    assert sql.find_item(id=uuid4()) is None


def test_related_items_are_the_newest_others_of_the_category() -> None:
    category = make_category()
    item, other, newest = (make_item(category=category) for _ in range(3))
    make_item()
    assert list_related(item) == [newest.pk, other.pk]
    assert list_related(item, rows=1) == [newest.pk]


def test_images_come_in_their_order() -> None:
    item = make_item()
    second, first = make_item_image(item=item, position=2), make_item_image(item=item, position=1)
    assert [each.id for each in sql.list_images(item_id=item.pk)] == [first.pk, second.pk]
    (tile,) = queries.list_tiles(ItemFilter(), sort="newest", start=0, limit=9)
    assert (tile.picture_url, tile.picture_alt) == (first.url, first.alt)


def test_tile_without_image_and_location_says_so() -> None:
    make_item()
    (tile,) = queries.list_tiles(ItemFilter(), sort="newest", start=0, limit=9)
    assert (tile.picture_url, tile.city, tile.country_name) == (None, None, None)


def test_list_takes_one_query_however_many_items(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(5):
        make_item_image(item=make_item(location=make_location()))
    with django_assert_num_queries(1):
        for tile in queries.list_tiles(ItemFilter(), sort="newest", start=0, limit=50):
            assert all((tile.city, tile.picture_url, tile.name, tile.currency))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_every_query_is_allowed_to_the_login_of_the_owning_service() -> None:
    country = make_country("DE", country_name="Germany", slug="germany")
    item = make_item(location=make_location("Berlin"), name="Oak")
    make_profile(user=item.user)
    make_item_image(item=item)
    wanted = ItemFilter(("oak",), item.category.path, country.slug, Decimal(0), Decimal(50), "EUR")
    with using_login(connection, "api_rw"):
        found = [queries.list_tiles(wanted, sort=sort, start=0, limit=5) for sort, _ in SORT_CHOICES]
        assert [[tile.id for tile in tiles] for tiles in found] == [[item.pk]] * len(SORT_CHOICES)
        assert queries.count_items_by_branch(wanted) == {"": 1, item.category.path: 1}
        assert [astuple(each) for each in sql.count_by_country()] == [("DE", "Germany", 1)]
        assert len(sql.count_by_city(country="DE")) == 1
        assert [each.currency for each in sql.list_currencies()] == ["EUR"]
        assert sql.find_item(id=item.pk).seller_name == "Ada"
        assert list_related(item) == []
