"""Names of the regions that cities lie in, from countrystatecity-countries (ODbL 1.0).

GeoNames' codes of first-level divisions look like those of ISO 3166-2 and often mean something else (`DE-02` is
Bavaria there, and no code at all in ISO), so nothing is looked up by code. A city is matched by country, name and
place instead, and the cities matched so vote on what their division is called.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from master.seeds.geonames import City

NEAR_LATITUDE = 0.2  # degrees, about 22 km
NEAR_LONGITUDE = 0.3  # degrees, about 33 km at the equator and 17 km at 60° north
MAJORITY = 0.6  # of a division's votes: enough to name its other cities after one region

Place = tuple[str, str]  # country code, casefolded name


class Spot(NamedTuple):
    """Where a place of some name lies, and the name of its region."""

    latitude: float
    longitude: float
    region: str


def find_regions(cities: Iterable[City]) -> dict[int, str]:
    """Map each city's number to the name of its region; empty where nothing says which one."""
    cities = list(cities)
    spots = read_spots({(city.country, city.name.casefold()) for city in cities})
    matched = {city.geoname: match(city, spots.get((city.country, city.name.casefold()), ())) for city in cities}
    divisions = count_votes(cities, matched)
    return {city.geoname: matched[city.geoname] or divisions.get((city.country, city.division), "") for city in cities}


def match(city: City, spots: Iterable[Spot]) -> str:
    """Give the region of the nearest of the spots that lie near the city; empty if none does."""
    near = [
        (abs(spot.latitude - city.latitude) + abs(spot.longitude - city.longitude), spot.region)
        for spot in spots
        if abs(spot.latitude - city.latitude) < NEAR_LATITUDE and abs(spot.longitude - city.longitude) < NEAR_LONGITUDE
    ]
    return min(near)[1] if near else ""


def count_votes(cities: Iterable[City], matched: dict[int, str]) -> dict[Place, str]:
    """Map (country, division) to the region that at least 60 % of its matched cities lie in."""
    votes: defaultdict[Place, Counter[str]] = defaultdict(Counter)
    for city in cities:
        if matched[city.geoname]:
            votes[city.country, city.division][matched[city.geoname]] += 1
    winners = {division: counter.most_common(1)[0] for division, counter in votes.items()}
    return {
        division: region for division, (region, count) in winners.items() if count >= MAJORITY * votes[division].total()
    }


def read_spots(wanted: set[Place]) -> dict[Place, list[Spot]]:
    """Give where the wanted places lie, one entry for each place of that name.

    Reads the package's JSON and not its API, which takes twice the two seconds and keeps every city in memory.
    """
    spots: defaultdict[Place, list[Spot]] = defaultdict(list)
    for country in (files("countrystatecity_countries") / "data" / "by-country").iterdir():
        for region, path in iter_states(country):
            for each in json.loads(path.read_bytes()):
                place = (each["country_code"], each["name"].casefold())
                if place in wanted:
                    spots[place].append(Spot(float(each["latitude"]), float(each["longitude"]), region))
    return spots


def iter_states(country: Traversable) -> Iterator[tuple[str, Traversable]]:
    """Yield the name of each of the country's states that has cities, with the file of those."""
    for state in json.loads((country / "states.json").read_bytes()):
        # CON, AUX and the like can't be file names on Windows: the package puts an underscore before them.
        for directory in (state["state_code"], f"_{state['state_code']}"):
            path = country / "states" / directory / "cities.json"
            if path.is_file():
                yield state["name"].strip(), path
                break
