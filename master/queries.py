"""What others read of categories and locations."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from django.utils.text import slugify
from msgspec.structs import astuple

from master.sql import category, location


class Branch(NamedTuple):
    """A category as a link to it: as models, those of a page would take twice as long."""

    id: UUID
    parent_id: UUID | None
    name: str
    path: str


class Spot(NamedTuple):
    """A city, or, with an empty city, a whole country, as a link to it."""

    id: UUID
    slug: str
    city: str
    region: str
    country: str
    country_name: str


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


def find_location(slug: str) -> Spot | None:
    """Give the city or country of that slug, or None."""
    row = location.find_location(slug=slug)
    return Spot(*astuple(row)) if row else None


def find_country(code: str) -> Spot | None:
    """Give what stands for the country of ISO 3166-1 `code`, or None."""
    row = location.find_country(country=code)
    return Spot(*astuple(row)) if row else None


def list_locations_named(text: str, *, limit: int) -> list[Spot]:
    """Give at most `limit` cities and countries whose name begins with `text`, the largest first.

    Accents count only where the text has them: `sao paulo` finds São Paulo through its slug.
    """
    return [Spot(*astuple(row)) for row in list_places(text, limit=limit)]


def list_places(text: str, *, limit: int) -> list[location.ListNamedRow]:
    """The same as the rows that they are."""
    return location.list_named(text=text, slug=slugify(text) or None, rows=limit)
