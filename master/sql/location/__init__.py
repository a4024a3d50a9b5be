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
    "FindCountryRow",
    "FindLocationRow",
    "ListNamedRow",
    "find_country",
    "find_country_json",
    "find_location",
    "find_location_json",
    "list_named",
    "list_named_json",
]


class FindCountryRow(Struct, frozen=True):
    """A row of `find_country`."""

    id: UUID
    slug: str
    city: str
    region: str
    country: str
    country_name: str


_FIND_COUNTRY: Final[Query[FindCountryRow]] = Query(
    file="master/sql/location/find_country.sql",
    kind="maybe",
    row=FindCountryRow,
    segments=(
        Segment(
            """\
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name
FROM master.locations AS l
WHERE l.country = {country} AND l.city = ''""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name
FROM "master.locations" AS l
WHERE l.country = {country} AND l.city = ''""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("country", "text", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("slug", "varchar", is_nullable=False),
        Column("city", "varchar", is_nullable=False),
        Column("region", "varchar", is_nullable=False),
        Column("country", "varchar", is_nullable=False),
        Column("country_name", "varchar", is_nullable=False),
    ),
    writes=False,
)


def find_country(
    *,
    country: str,
    using: str = "default",
) -> FindCountryRow | None:
    """The row that stands for the country of a code of ISO 3166-1."""
    return _FIND_COUNTRY.fetch_maybe({"country": country}, using=using)


def find_country_json(
    *,
    country: str,
    using: str = "default",
) -> bytes:
    """The same as JSON: the row that stands for the country of a code of ISO 3166-1."""
    return _FIND_COUNTRY.fetch_maybe_json({"country": country}, using=using)


class FindLocationRow(Struct, frozen=True):
    """A row of `find_location`."""

    id: UUID
    slug: str
    city: str
    region: str
    country: str
    country_name: str


_FIND_LOCATION: Final[Query[FindLocationRow]] = Query(
    file="master/sql/location/find_location.sql",
    kind="maybe",
    row=FindLocationRow,
    segments=(
        Segment(
            """\
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name
FROM master.locations AS l
WHERE l.slug = {slug}""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name
FROM "master.locations" AS l
WHERE l.slug = {slug}""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("slug", "text", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("slug", "varchar", is_nullable=False),
        Column("city", "varchar", is_nullable=False),
        Column("region", "varchar", is_nullable=False),
        Column("country", "varchar", is_nullable=False),
        Column("country_name", "varchar", is_nullable=False),
    ),
    writes=False,
)


def find_location(
    *,
    slug: str,
    using: str = "default",
) -> FindLocationRow | None:
    """The city or country of a slug."""
    return _FIND_LOCATION.fetch_maybe({"slug": slug}, using=using)


def find_location_json(
    *,
    slug: str,
    using: str = "default",
) -> bytes:
    """The same as JSON: the city or country of a slug."""
    return _FIND_LOCATION.fetch_maybe_json({"slug": slug}, using=using)


class ListNamedRow(Struct, frozen=True):
    """A row of `list_named`."""

    id: UUID
    slug: str | None
    city: str
    region: str
    country: str
    country_name: str


_LIST_NAMED: Final[Query[ListNamedRow]] = Query(
    file="master/sql/location/list_named.sql",
    kind="many",
    row=ListNamedRow,
    segments=(
        Segment(
            """\
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name
FROM master.locations AS l
WHERE upper(l.city) ^@ upper({text})
    OR (l.city = '' AND upper(l.country_name) ^@ upper({text}))
    OR l.slug ^@ {slug}
ORDER BY coalesce(l.population, 0) DESC, l.slug
LIMIT {rows}""",
            line=7,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT l.id, l.slug, l.city, l.region, l.country, l.country_name
FROM "master.locations" AS l
WHERE substr(upper(l.city), 1, length({text})) = upper({text})
    OR (l.city = '' AND substr(upper(l.country_name), 1, length({text})) = upper({text}))
    OR substr(l.slug, 1, length({slug})) = {slug}
ORDER BY coalesce(l.population, 0) DESC, l.slug
LIMIT {rows}""",
            line=1,
        ),
    ),
    parameters=(
        Parameter("text", "text", is_list=False, is_nullable=False),
        Parameter("slug", "text", is_list=False, is_nullable=True),
        Parameter("rows", "int8", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("slug", "varchar", is_nullable=True),
        Column("city", "varchar", is_nullable=False),
        Column("region", "varchar", is_nullable=False),
        Column("country", "varchar", is_nullable=False),
        Column("country_name", "varchar", is_nullable=False),
    ),
    writes=False,
)


def list_named(
    *,
    text: str,
    slug: str | None,
    rows: int,
    using: str = "default",
) -> list[ListNamedRow]:
    """At most so many cities and countries whose name begins with a text, or whose slug with that of the text, the
    largest first.
    """
    return _LIST_NAMED.fetch_many({"text": text, "slug": slug, "rows": rows}, using=using)


def list_named_json(
    *,
    text: str,
    slug: str | None,
    rows: int,
    using: str = "default",
) -> bytes:
    """The same as JSON: at most so many cities and countries whose name begins with a text, or whose slug with that
    of the text, the largest first.
    """
    return _LIST_NAMED.fetch_many_json({"text": text, "slug": slug, "rows": rows}, using=using)
