"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

from freehold.queries import Column, Parameter, Query, Segment
from msgspec import Struct
from typing import Final
from uuid import UUID

__all__ = [
    "SearchLocationsRow",
    "search_locations",
    "search_locations_json",
]


class SearchLocationsRow(Struct, frozen=True):
    """A row of `search_locations`."""

    id: UUID
    slug: str
    city: str
    region: str
    country: str
    country_name: str
    population: int | None


_SEARCH_LOCATIONS: Final[Query[SearchLocationsRow]] = Query(
    file="master/sql/location/search_locations.sql",
    kind="many",
    row=SearchLocationsRow,
    segments=(
        Segment(
            """\
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name, l.population
FROM master.locations AS l
WHERE upper(l.city) LIKE {name} ESCAPE '!' OR l.city = '' AND upper(l.country_name) LIKE {name} ESCAPE '!'
    OR l.slug LIKE {slug}
ORDER BY coalesce(l.population, 0) DESC, l.slug
LIMIT {most}""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name, l.population
FROM "master.locations" AS l
WHERE upper(l.city) LIKE {name} ESCAPE '!' OR l.city = '' AND upper(l.country_name) LIKE {name} ESCAPE '!'
    OR l.slug LIKE {slug}
ORDER BY coalesce(l.population, 0) DESC, l.slug
LIMIT {most}""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("name", "text", is_list=False, is_nullable=False),
        Parameter("slug", "text", is_list=False, is_nullable=False),
        Parameter("most", "int8", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("slug", "varchar", is_nullable=False),
        Column("city", "varchar", is_nullable=False),
        Column("region", "varchar", is_nullable=False),
        Column("country", "varchar", is_nullable=False),
        Column("country_name", "varchar", is_nullable=False),
        Column("population", "int4", is_nullable=True),
    ),
    writes=False,
)


def search_locations(
    *,
    name: str,
    slug: str,
    most: int,
    using: str = "default",
) -> list[SearchLocationsRow]:
    """Cities and countries whose name or slug begins with something, the largest first."""
    return _SEARCH_LOCATIONS.fetch_many({"name": name, "slug": slug, "most": most}, using=using)


def search_locations_json(
    *,
    name: str,
    slug: str,
    most: int,
    using: str = "default",
) -> bytes:
    """The same as JSON: cities and countries whose name or slug begins with something, the largest first."""
    return _SEARCH_LOCATIONS.fetch_many_json({"name": name, "slug": slug, "most": most}, using=using)
