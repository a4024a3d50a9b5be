"""Makes categories and locations. Every call gives another row; keywords override."""

from decimal import Decimal
from itertools import count
from typing import Any

from master.models import Category, Location
from master.queries import Spot

NUMBERS = count(1)


def make_category(slug: str = "", parent: Category | None = None, **fields: Any) -> Category:
    slug = slug or f"category-{next(NUMBERS)}"
    path = f"{parent.path}/{slug}" if parent else slug
    return Category.objects.create(**{"parent": parent, "name": slug.title(), "slug": slug, "path": path, **fields})


def make_location(city: str | None = None, **fields: Any) -> Location:
    number = next(NUMBERS)
    defaults = {
        "city": f"City {number}" if city is None else city,
        "country": "DE",
        "country_name": "Germany",
        "latitude": Decimal("52.52437"),
        "longitude": Decimal("13.41053"),
        "slug": f"location-{number}",
    }
    return Location.objects.create(**{**defaults, **fields})


def make_country(country: str = "DE", **fields: Any) -> Location:
    defaults = {"country_name": f"Country {country}", "latitude": None, "longitude": None}
    return make_location("", country=country, **{**defaults, **fields})


def to_spot(row: Location) -> Spot:
    return Spot(row.pk, row.slug, row.city, row.region, row.country, row.country_name)
