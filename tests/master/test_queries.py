import pytest

from master import queries
from tests.master.factories import make_category, make_country, make_location, to_spot

pytestmark = pytest.mark.django_db


def test_categories_come_in_their_order_by_position_then_name() -> None:
    second = make_category("b", position=1, name="B")
    third = make_category("a", position=1, name="C")
    first = make_category("z", position=0)
    assert [each.id for each in queries.list_open_branches("")] == [first.pk, second.pk, third.pk]


def test_categories_open_down_to_a_path_are_each_level_on_the_way_and_the_one_below() -> None:
    a = make_category("a")
    b, other = make_category("b", parent=a), make_category("x", parent=make_category("d"))
    c = make_category("c", parent=b)
    make_category("e", parent=make_category("ab"))
    top = [each.path for each in queries.list_open_branches("")]
    assert top == ["a", "ab", "d"]
    assert {each.path for each in queries.list_open_branches("a")} == {*top, "a/b"}
    assert {each.path for each in queries.list_open_branches("a/b")} == {*top, "a/b", c.path}
    assert {each.path for each in queries.list_open_branches("no/such")} == set(top)
    assert other.path not in {each.path for each in queries.list_open_branches(c.path)}


def test_trail_leads_from_the_top_to_the_path() -> None:
    a = make_category("a")
    b = make_category("b", parent=a)
    make_category("c", parent=b)
    assert [each.id for each in queries.list_trail("a/b")] == [a.pk, b.pk]
    assert queries.list_trail("") == []


@pytest.mark.parametrize("text", ["São", "são", "sao paulo", "SAO"])
def test_location_is_found_by_the_beginning_of_its_name_with_or_without_accents(text: str) -> None:
    city = make_location("São Paulo", slug="sao-paulo-br")
    make_location("Recife", slug="recife-br")
    assert queries.list_locations_named(text, limit=5) == [to_spot(city)]


def test_country_is_found_by_its_name_and_not_through_each_of_its_cities() -> None:
    country = make_country("FR", country_name="France", slug="france")
    make_location("Lyon", slug="lyon-fr", country="FR", country_name="France")
    assert queries.list_locations_named("fran", limit=5) == [to_spot(country)]


def test_locations_named_are_the_largest_first_and_no_more_than_asked_for() -> None:
    small = make_location("Paris", slug="paris-1", population=10)
    unknown = make_location("Paris", slug="paris-2", population=None)
    large = make_location("Paris", slug="paris-3", population=20)
    assert queries.list_locations_named("par", limit=5) == [to_spot(each) for each in (large, small, unknown)]
    assert queries.list_locations_named("par", limit=1) == [to_spot(large)]


@pytest.mark.parametrize("text", ["%", "_", "\\", "東"])
def test_location_by_a_text_with_no_letter_of_a_slug_is_no_wildcard(text: str) -> None:
    make_location("Paris", slug="paris")
    assert queries.list_locations_named(text, limit=5) == []


def test_location_and_country_unknown_are_none() -> None:
    make_location("Paris", slug="paris", country="FR")
    assert queries.find_location("nowhere") is None
    assert queries.find_country("FR") is None
    assert queries.find_location("paris").city == "Paris"


def test_country_is_found_by_its_code() -> None:
    country = make_country("FR", slug="france")
    make_location("Lyon", slug="lyon-fr", country="FR")
    assert queries.find_country("FR") == to_spot(country)
