"""What others read of categories and locations."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.text import slugify
from msgspec.structs import astuple

from master.models import Location
from master.sql import category, location

LOCATION_FIELDS = ("id", "slug", "city", "region", "country", "country_name")


class Branch(NamedTuple):
    """A category as a link to it: as models, those of a page would take twice as long."""

    id: UUID
    parent_id: UUID | None
    name: str
    path: str


def split_path(path: str) -> list[str]:
    """Give the paths of the categories from the top down to `path`, itself the last; none for an empty one."""
    return list(accumulate(path.split("/"), "{}/{}".format)) if path else []


def list_open_branches(path: str) -> list[Branch]:
    """Give what is seen of the tree when it is open down to `path`: the top, and the level below each on the way.

    Each level in its order: by position, then by name. An empty path opens nothing.
    """
    return [Branch(*astuple(row)) for row in category.list_open(paths=split_path(path))]


def list_trail(path: str) -> list[Branch]:
    """Give the categories from the top down to the one of that path."""
    return [Branch(*astuple(row)) for row in category.list_trail(paths=split_path(path))]


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


def list_places(text: str, *, limit: int) -> list[location.SearchLocationsRow]:
    """The same as rows: at most `limit` cities and countries whose name begins with `text`."""
    name = re.sub("([!%_])", r"!\1", text).upper() + "%"
    plain = slugify(text)
    return location.search_locations(name=name, slug=f"{plain}%" if plain else "", most=limit)
