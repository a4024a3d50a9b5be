"""The rows of locations: countries and their cities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from master.seeds.geonames import City, list_cities, list_countries, to_degrees
from master.seeds.regions import find_regions
from master.seeds.slugs import slugify


class Place(NamedTuple):
    """A row of locations: a city, or with an empty city a whole country."""

    slug: str
    city: str
    region: str
    country: str
    country_name: str
    latitude: Decimal | None
    longitude: Decimal | None
    population: int | None


def list_places() -> list[Place]:
    """Give the countries by code, then the cities, the largest first. Takes about two seconds."""
    countries = {country.code: country for country in list_countries()}
    cities = list_cities()
    regions = find_regions(cities)
    slugs = make_slugs(cities, regions)
    return [
        *(
            Place(each.code.lower(), "", "", each.code, each.name, None, None, each.population)
            for each in countries.values()
        ),
        *(
            Place(
                slugs[city.geoname],
                city.name,
                regions[city.geoname],
                city.country,
                countries[city.country].name,
                to_degrees(city.latitude),
                to_degrees(city.longitude),
                city.population,
            )
            for city in cities
        ),
    ]


def make_slugs(cities: Iterable[City], regions: Mapping[int, str]) -> dict[int, str]:
    """Map each city's number to its slug, such as `de-bavaria-munich`.

    Where several would have the same, the first keeps it and the others get their number at GeoNames behind it, which
    stays what it is when a release brings a larger namesake.
    """
    slugs: dict[int, str] = {}
    taken: set[str] = set()
    for city in cities:
        parts = (city.country.lower(), slugify(regions[city.geoname]), slugify(city.name))
        plain = "-".join(filter(None, parts))
        slugs[city.geoname] = f"{plain}-{city.geoname}" if plain in taken else plain
        taken.add(plain)
    return slugs
