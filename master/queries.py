"""What others read of categories and locations."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.utils.text import slugify

from master.models import Category, Location

LOCATION_FIELDS = ("id", "slug", "city", "region", "country", "country_name")


def list_categories() -> list[Category]:
    """Give the whole tree, a few hundred rows, each level in its order: by position, then by name."""
    fields = ("id", "parent_id", "name", "path", "position")
    return list(Category.objects.only(*fields).order_by("position", "name", "path"))


def find_location(slug: str) -> Location | None:
    """Give the city or country of that slug, or None."""
    return Location.objects.only(*LOCATION_FIELDS).filter(slug=slug).first()


def find_country(code: str) -> Location | None:
    """Give the row that stands for the country of ISO 3166-1 `code`, or None."""
    return Location.objects.countries().only(*LOCATION_FIELDS).filter(country=code).first()


def list_locations_named(text: str, *, limit: int) -> list[Location]:
    """Give at most `limit` cities and countries whose name begins with `text`, the largest first.

    Accents count only where the text has them: `sao paulo` finds São Paulo through its slug.
    """
    return list(_name_matches(text).order_by(F("population").desc(nulls_last=True), "slug")[:limit])


def _name_matches(text: str) -> QuerySet[Location]:
    begins = Q(city__istartswith=text) | Q(city="", country_name__istartswith=text)
    plain = slugify(text)
    if plain:
        begins |= Q(slug__startswith=plain)
    return Location.objects.only(*LOCATION_FIELDS).filter(begins)
