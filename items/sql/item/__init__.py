"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

from collections.abc import Iterable
import datetime
from decimal import Decimal
from freehold.queries import Column, Page, Parameter, Query, Segment, Sort, UNSET, Unset
from msgspec import Struct
from typing import Final, Literal
from uuid import UUID

__all__ = [
    "CountByCategoryRow",
    "CountByCityRow",
    "CountByCountryRow",
    "FindItemCategoryRow",
    "FindItemLocationRow",
    "FindItemRow",
    "ListCurrenciesRow",
    "ListImagesRow",
    "ListItemsCategoryRow",
    "ListItemsLocationRow",
    "ListItemsRow",
    "ListRelatedRow",
    "ListTilesRow",
    "LoadItemsArgs",
    "RepriceItemsArgs",
    "RepriceItemsRow",
    "count_by_category",
    "count_by_category_json",
    "count_by_city",
    "count_by_city_json",
    "count_by_country",
    "count_by_country_json",
    "find_item",
    "find_item_json",
    "list_currencies",
    "list_currencies_json",
    "list_images",
    "list_images_json",
    "list_items",
    "list_items_json",
    "list_related",
    "list_related_json",
    "list_tiles",
    "list_tiles_json",
    "load_items",
    "reprice_items",
]


class CountByCategoryRow(Struct, frozen=True):
    """A row of `count_by_category`."""

    path: str
    items: int


_COUNT_BY_CATEGORY: Final[Query[CountByCategoryRow]] = Query(
    file="items/sql/item/count_by_category.sql",
    kind="many",
    row=CountByCategoryRow,
    segments=(
        Segment(
            """\
SELECT c.path, count(*) AS items
FROM app.items AS i
JOIN master.categories AS c ON c.id = i.category_id
WHERE i.is_active""",
            line=5,
        ),
        Segment("    AND i.id IN (SELECT found FROM app.search_items({words}) AS found)", part="words", line=10),
        Segment(
            """\
    AND i.location_id IN (
        SELECT p.id
        FROM master.locations AS w
        JOIN master.locations AS p ON p.id = w.id OR (w.city = '' AND p.country = w.country)
        WHERE w.slug = {place}
    )""",
            part="place",
            line=13,
        ),
        Segment("    AND i.price_cents >= {least_cents} AND i.price_cents <= {most_cents}", part="price", line=21),
        Segment("    AND i.currency = {currency}", part="currency", line=24),
        Segment("GROUP BY c.path", line=26),
    ),
    sqlite=(
        Segment(
            """\
SELECT c.path, count(*) AS items
FROM "app.items" AS i
JOIN "master.categories" AS c ON c.id = i.category_id
WHERE i.is_active""",
            line=1,
        ),
        Segment(
            """\
    AND NOT EXISTS (
        SELECT 1
        FROM json_each({words}) AS w
        WHERE instr(
            lower(' ' || replace(i.name || ' ' || i.description, char(10), ' ')), ' ' || lower(w.value)
        ) = 0
    )""",
            part="words",
            line=6,
        ),
        Segment(
            """\
    AND i.location_id IN (
        SELECT p.id
        FROM "master.locations" AS w
        JOIN "master.locations" AS p ON p.id = w.id OR (w.city = '' AND p.country = w.country)
        WHERE w.slug = {place}
    )""",
            part="place",
            line=15,
        ),
        Segment("    AND i.price_cents >= {least_cents} AND i.price_cents <= {most_cents}", part="price", line=23),
        Segment("    AND i.currency = {currency}", part="currency", line=26),
        Segment("GROUP BY c.path", line=28),
    ),
    parameters=(
        Parameter("words", "text", is_list=True, is_nullable=False),
        Parameter("place", "text", is_list=False, is_nullable=False),
        Parameter("least_cents", "int8", is_list=False, is_nullable=False),
        Parameter("most_cents", "int8", is_list=False, is_nullable=False),
        Parameter("currency", "text", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("path", "varchar", is_nullable=False),
        Column("items", "int8", is_nullable=False),
    ),
    writes=False,
)


def count_by_category(
    *,
    words: list[str] | Unset = UNSET,
    place: str | Unset = UNSET,
    least_cents: int | Unset = UNSET,
    most_cents: int | Unset = UNSET,
    currency: str | Unset = UNSET,
    using: str = "default",
) -> list[CountByCategoryRow]:
    """How many items on offer each category has that has any, by its path; conditions are those of `list_items`."""
    return _COUNT_BY_CATEGORY.fetch_many({"words": words, "place": place, "least_cents": least_cents, "most_cents": most_cents, "currency": currency}, using=using)


def count_by_category_json(
    *,
    words: list[str] | Unset = UNSET,
    place: str | Unset = UNSET,
    least_cents: int | Unset = UNSET,
    most_cents: int | Unset = UNSET,
    currency: str | Unset = UNSET,
    using: str = "default",
) -> bytes:
    """The same as JSON: how many items on offer each category has that has any, by its path; conditions are those of
    `list_items`.
    """
    return _COUNT_BY_CATEGORY.fetch_many_json({"words": words, "place": place, "least_cents": least_cents, "most_cents": most_cents, "currency": currency}, using=using)


class CountByCityRow(Struct, frozen=True):
    """A row of `count_by_city`."""

    slug: str
    city: str
    region: str
    items: int


_COUNT_BY_CITY: Final[Query[CountByCityRow]] = Query(
    file="items/sql/item/count_by_city.sql",
    kind="many",
    row=CountByCityRow,
    segments=(
        Segment(
            """\
SELECT l.slug, l.city, l.region, count(*) AS items
FROM app.items AS i
JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active AND l.country = {country} AND l.city <> ''
GROUP BY l.slug, l.city, l.region
ORDER BY l.city, l.slug""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT l.slug, l.city, l.region, count(*) AS items
FROM "app.items" AS i
JOIN "master.locations" AS l ON l.id = i.location_id
WHERE i.is_active AND l.country = {country} AND l.city <> ''
GROUP BY l.slug, l.city, l.region
ORDER BY l.city, l.slug""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("country", "text", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("slug", "varchar", is_nullable=False),
        Column("city", "varchar", is_nullable=False),
        Column("region", "varchar", is_nullable=False),
        Column("items", "int8", is_nullable=False),
    ),
    writes=False,
)


def count_by_city(
    *,
    country: str,
    using: str = "default",
) -> list[CountByCityRow]:
    """Each city of a country that has items on offer, with their number, by name."""
    return _COUNT_BY_CITY.fetch_many({"country": country}, using=using)


def count_by_city_json(
    *,
    country: str,
    using: str = "default",
) -> bytes:
    """The same as JSON: each city of a country that has items on offer, with their number, by name."""
    return _COUNT_BY_CITY.fetch_many_json({"country": country}, using=using)


class CountByCountryRow(Struct, frozen=True):
    """A row of `count_by_country`."""

    country: str
    country_name: str
    items: int


_COUNT_BY_COUNTRY: Final[Query[CountByCountryRow]] = Query(
    file="items/sql/item/count_by_country.sql",
    kind="many",
    row=CountByCountryRow,
    segments=(
        Segment(
            """\
SELECT l.country, l.country_name, count(*) AS items
FROM app.items AS i
JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active
GROUP BY l.country, l.country_name
ORDER BY l.country_name""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT l.country, l.country_name, count(*) AS items
FROM "app.items" AS i
JOIN "master.locations" AS l ON l.id = i.location_id
WHERE i.is_active
GROUP BY l.country, l.country_name
ORDER BY l.country_name""",
            line=5,
        ),
    ),
    columns=(
        Column("country", "varchar", is_nullable=False),
        Column("country_name", "varchar", is_nullable=False),
        Column("items", "int8", is_nullable=False),
    ),
    writes=False,
)


def count_by_country(
    *,
    using: str = "default",
) -> list[CountByCountryRow]:
    """Each country that has items on offer, with their number, by name."""
    return _COUNT_BY_COUNTRY.fetch_many({}, using=using)


def count_by_country_json(
    *,
    using: str = "default",
) -> bytes:
    """The same as JSON: each country that has items on offer, with their number, by name."""
    return _COUNT_BY_COUNTRY.fetch_many_json({}, using=using)


class FindItemCategoryRow(Struct, frozen=True):
    """`category` of a row of `find_item`."""

    id: UUID
    slug: str
    path: str


class FindItemLocationRow(Struct, frozen=True):
    """`location` of a row of `find_item`."""

    id: UUID
    slug: str
    city: str
    region: str
    country: str
    country_name: str


class FindItemRow(Struct, frozen=True):
    """A row of `find_item`."""

    id: UUID
    name: str
    description: str
    price: Decimal
    currency: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int
    seller_name: str
    category: FindItemCategoryRow
    location: FindItemLocationRow | None


_FIND_ITEM: Final[Query[FindItemRow]] = Query(
    file="items/sql/item/find_item.sql",
    kind="maybe",
    row=FindItemRow,
    segments=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.description,
    i.price,
    i.currency,
    i.created_at,
    i.updated_at,
    i.version,
    coalesce(nullif(f.display_name, ''), u.display_name) AS seller_name,
    c.id AS "category.id",
    c.slug AS "category.slug",
    c.path AS "category.path",
    l.id AS location_id,
    l.slug AS location_slug,
    l.city AS location_city,
    l.region AS location_region,
    l.country AS location_country,
    l.country_name AS location_country_name
FROM app.items AS i
JOIN auth."user" AS u ON u.id = i.user_id
JOIN master.categories AS c ON c.id = i.category_id
LEFT JOIN app.profiles AS f ON f.user_id = i.user_id
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active AND i.id = {id}""",
            line=8,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.description,
    i.price,
    i.currency,
    i.created_at,
    i.updated_at,
    i.version,
    coalesce(nullif(f.display_name, ''), u.display_name) AS seller_name,
    c.id AS "category.id",
    c.slug AS "category.slug",
    c.path AS "category.path",
    l.id AS location_id,
    l.slug AS location_slug,
    l.city AS location_city,
    l.region AS location_region,
    l.country AS location_country,
    l.country_name AS location_country_name
FROM "app.items" AS i
JOIN "auth.user" AS u ON u.id = i.user_id
JOIN "master.categories" AS c ON c.id = i.category_id
LEFT JOIN "app.profiles" AS f ON f.user_id = i.user_id
LEFT JOIN "master.locations" AS l ON l.id = i.location_id
WHERE i.is_active AND i.id = {id}""",
            line=8,
        ),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("description", "text", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
        Column("currency", "varchar", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("updated_at", "timestamptz", is_nullable=False),
        Column("version", "int8", is_nullable=False),
        Column("seller_name", "text", is_nullable=False),
        Column("category.id", "uuid", is_nullable=False),
        Column("category.slug", "varchar", is_nullable=False),
        Column("category.path", "varchar", is_nullable=False),
        Column("location.id", "uuid", is_nullable=True),
        Column("location.slug", "varchar", is_nullable=True),
        Column("location.city", "varchar", is_nullable=True),
        Column("location.region", "varchar", is_nullable=True),
        Column("location.country", "varchar", is_nullable=True),
        Column("location.country_name", "varchar", is_nullable=True),
    ),
    writes=False,
)


def find_item(
    *,
    id: UUID,
    using: str = "default",
) -> FindItemRow | None:
    """An item on offer by its id, with its category, where it is and what its seller is called: by the profile, else
    by the account, never by an address.
    """
    return _FIND_ITEM.fetch_maybe({"id": id}, using=using)


def find_item_json(
    *,
    id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: an item on offer by its id, with its category, where it is and what its seller is called: by
    the profile, else by the account, never by an address.
    """
    return _FIND_ITEM.fetch_maybe_json({"id": id}, using=using)


class ListCurrenciesRow(Struct, frozen=True):
    """A row of `list_currencies`."""

    currency: str


_LIST_CURRENCIES: Final[Query[ListCurrenciesRow]] = Query(
    file="items/sql/item/list_currencies.sql",
    kind="many",
    row=ListCurrenciesRow,
    segments=(
        Segment(
            """\
SELECT DISTINCT i.currency
FROM app.items AS i
WHERE i.is_active
ORDER BY i.currency""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT DISTINCT i.currency
FROM "app.items" AS i
WHERE i.is_active
ORDER BY i.currency""",
            line=5,
        ),
    ),
    columns=(
        Column("currency", "varchar", is_nullable=False),
    ),
    writes=False,
)


def list_currencies(
    *,
    using: str = "default",
) -> list[ListCurrenciesRow]:
    """The codes of all currencies that items on offer are priced in."""
    return _LIST_CURRENCIES.fetch_many({}, using=using)


def list_currencies_json(
    *,
    using: str = "default",
) -> bytes:
    """The same as JSON: the codes of all currencies that items on offer are priced in."""
    return _LIST_CURRENCIES.fetch_many_json({}, using=using)


class ListImagesRow(Struct, frozen=True):
    """A row of `list_images`."""

    id: UUID
    url: str
    alt: str
    position: int


_LIST_IMAGES: Final[Query[ListImagesRow]] = Query(
    file="items/sql/item/list_images.sql",
    kind="many",
    row=ListImagesRow,
    segments=(
        Segment(
            """\
SELECT m.id, m.url, m.alt, m.position
FROM app.item_images AS m
WHERE m.item_id = {item_id}
ORDER BY m.position""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT m.id, m.url, m.alt, m.position
FROM "app.item_images" AS m
WHERE m.item_id = {item_id}
ORDER BY m.position""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("item_id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("url", "varchar", is_nullable=False),
        Column("alt", "varchar", is_nullable=False),
        Column("position", "int4", is_nullable=False),
    ),
    writes=False,
)


def list_images(
    *,
    item_id: UUID,
    using: str = "default",
) -> list[ListImagesRow]:
    """The images of an item, in their order."""
    return _LIST_IMAGES.fetch_many({"item_id": item_id}, using=using)


def list_images_json(
    *,
    item_id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: the images of an item, in their order."""
    return _LIST_IMAGES.fetch_many_json({"item_id": item_id}, using=using)


class ListItemsCategoryRow(Struct, frozen=True):
    """`category` of a row of `list_items`."""

    id: UUID
    slug: str


class ListItemsLocationRow(Struct, frozen=True):
    """`location` of a row of `list_items`."""

    id: UUID
    city: str
    country: str


class ListItemsRow(Struct, frozen=True):
    """A row of `list_items`."""

    id: UUID
    name: str
    price: Decimal
    price_cents: int
    currency: str
    created_at: datetime.datetime
    category: ListItemsCategoryRow
    location: ListItemsLocationRow | None


_LIST_ITEMS: Final[Query[ListItemsRow]] = Query(
    file="items/sql/item/list_items.sql",
    kind="many",
    row=ListItemsRow,
    segments=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.price,
    i.price_cents,
    i.currency,
    i.created_at,
    c.id AS "category.id",
    c.slug AS "category.slug",
    l.id AS location_id,
    l.city AS location_city,
    l.country AS location_country
FROM app.items AS i
JOIN master.categories AS c ON c.id = i.category_id
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active""",
            line=16,
        ),
        Segment("    AND i.id IN (SELECT found FROM app.search_items({words}) AS found)", part="words", line=33),
        Segment(
            """\
    AND i.category_id IN (
        SELECT b.id FROM master.categories AS b WHERE b.path = {category} OR b.path ^@ ({category} || '/')
    )""",
            part="category",
            line=36,
        ),
        Segment(
            """\
    AND i.location_id IN (
        SELECT p.id
        FROM master.locations AS w
        JOIN master.locations AS p ON p.id = w.id OR (w.city = '' AND p.country = w.country)
        WHERE w.slug = {place}
    )""",
            part="place",
            line=41,
        ),
        Segment("    AND i.price_cents >= {least_cents} AND i.price_cents <= {most_cents}", part="price", line=49),
        Segment("    AND i.currency = {currency}", part="currency", line=52),
        Segment("", role="after", line=54),
        Segment("", role="order", line=6),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.price,
    i.price_cents,
    i.currency,
    i.created_at,
    c.id AS "category.id",
    c.slug AS "category.slug",
    l.id AS location_id,
    l.city AS location_city,
    l.country AS location_country
FROM "app.items" AS i
JOIN "master.categories" AS c ON c.id = i.category_id
LEFT JOIN "master.locations" AS l ON l.id = i.location_id
WHERE i.is_active""",
            line=1,
        ),
        Segment(
            """\
    AND NOT EXISTS (
        SELECT 1
        FROM json_each({words}) AS w
        WHERE instr(
            lower(' ' || replace(i.name || ' ' || i.description, char(10), ' ')), ' ' || lower(w.value)
        ) = 0
    )""",
            part="words",
            line=18,
        ),
        Segment(
            """\
    AND i.category_id IN (
        SELECT b.id
        FROM "master.categories" AS b
        WHERE b.path = {category} OR substr(b.path, 1, length({category}) + 1) = {category} || '/'
    )""",
            part="category",
            line=27,
        ),
        Segment(
            """\
    AND i.location_id IN (
        SELECT p.id
        FROM "master.locations" AS w
        JOIN "master.locations" AS p ON p.id = w.id OR (w.city = '' AND p.country = w.country)
        WHERE w.slug = {place}
    )""",
            part="place",
            line=34,
        ),
        Segment("    AND i.price_cents >= {least_cents} AND i.price_cents <= {most_cents}", part="price", line=42),
        Segment("    AND i.currency = {currency}", part="currency", line=45),
        Segment("", role="after", line=47),
        Segment("", role="order", line=6),
    ),
    parameters=(
        Parameter("words", "text", is_list=True, is_nullable=False),
        Parameter("category", "text", is_list=False, is_nullable=False),
        Parameter("place", "text", is_list=False, is_nullable=False),
        Parameter("least_cents", "int8", is_list=False, is_nullable=False),
        Parameter("most_cents", "int8", is_list=False, is_nullable=False),
        Parameter("currency", "text", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
        Column("price_cents", "int8", is_nullable=False),
        Column("currency", "varchar", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("category.id", "uuid", is_nullable=False),
        Column("category.slug", "varchar", is_nullable=False),
        Column("location.id", "uuid", is_nullable=True),
        Column("location.city", "varchar", is_nullable=True),
        Column("location.country", "varchar", is_nullable=True),
    ),
    sorts={
        "newest": Sort((("i.created_at", "timestamptz", "DESC"), ("i.id", "uuid", "DESC"),), (5, 0,)),
        "cheapest": Sort((("i.currency", "varchar", "ASC"), ("i.price_cents", "int8", "ASC"), ("i.id", "uuid", "ASC"),), (4, 3, 0,)),
        "dearest": Sort((("i.currency", "varchar", "ASC"), ("i.price_cents", "int8", "DESC"), ("i.id", "uuid", "DESC"),), (4, 3, 0,)),
        "name": Sort((("i.name", "varchar", "ASC"), ("i.id", "uuid", "ASC"),), (1, 0,)),
    },
    page=(50, 200),
    writes=False,
)


def list_items(
    *,
    words: list[str] | Unset = UNSET,
    category: str | Unset = UNSET,
    place: str | Unset = UNSET,
    least_cents: int | Unset = UNSET,
    most_cents: int | Unset = UNSET,
    currency: str | Unset = UNSET,
    sort: Literal["newest", "cheapest", "dearest", "name"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> Page[ListItemsRow]:
    """Items on offer with their categories and where they are, a page of them; not the reader's own alone. `words`
    are the beginnings or the stems of words, `category` is a path and means all below it too, `place` a slug, and
    a country's means all its cities; prices are in hundredths, of whatever currency unless that is given.
    """
    return _LIST_ITEMS.fetch_page({"words": words, "category": category, "place": place, "least_cents": least_cents, "most_cents": most_cents, "currency": currency}, sort=sort, after=after, limit=limit, using=using)


def list_items_json(
    *,
    words: list[str] | Unset = UNSET,
    category: str | Unset = UNSET,
    place: str | Unset = UNSET,
    least_cents: int | Unset = UNSET,
    most_cents: int | Unset = UNSET,
    currency: str | Unset = UNSET,
    sort: Literal["newest", "cheapest", "dearest", "name"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> bytes:
    """The same as JSON: items on offer with their categories and where they are, a page of them; not the reader's
    own alone. `words` are the beginnings or the stems of words, `category` is a path and means all below it too,
    `place` a slug, and a country's means all its cities; prices are in hundredths, of whatever currency unless
    that is given.
    """
    return _LIST_ITEMS.fetch_page_json({"words": words, "category": category, "place": place, "least_cents": least_cents, "most_cents": most_cents, "currency": currency}, sort=sort, after=after, limit=limit, using=using)


class ListRelatedRow(Struct, frozen=True):
    """A row of `list_related`."""

    id: UUID
    name: str
    price: Decimal
    currency: str
    city: str | None
    country_name: str | None
    picture_url: str | None
    picture_alt: str | None


_LIST_RELATED: Final[Query[ListRelatedRow]] = Query(
    file="items/sql/item/list_related.sql",
    kind="many",
    row=ListRelatedRow,
    segments=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.price,
    i.currency,
    l.city,
    l.country_name,
    (SELECT m.url FROM app.item_images AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_url,
    (SELECT m.alt FROM app.item_images AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_alt
FROM app.items AS i
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active AND i.category_id = {category_id} AND i.id <> {item_id}
ORDER BY i.created_at DESC, i.id DESC
LIMIT {rows}""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.price,
    i.currency,
    l.city,
    l.country_name,
    (SELECT m.url FROM "app.item_images" AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_url,
    (SELECT m.alt FROM "app.item_images" AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_alt
FROM "app.items" AS i
LEFT JOIN "master.locations" AS l ON l.id = i.location_id
WHERE i.is_active AND i.category_id = {category_id} AND i.id <> {item_id}
ORDER BY i.created_at DESC, i.id DESC
LIMIT {rows}""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("category_id", "uuid", is_list=False, is_nullable=False),
        Parameter("item_id", "uuid", is_list=False, is_nullable=False),
        Parameter("rows", "int8", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
        Column("currency", "varchar", is_nullable=False),
        Column("city", "varchar", is_nullable=True),
        Column("country_name", "varchar", is_nullable=True),
        Column("picture_url", "varchar", is_nullable=True),
        Column("picture_alt", "varchar", is_nullable=True),
    ),
    writes=False,
)


def list_related(
    *,
    category_id: UUID,
    item_id: UUID,
    rows: int,
    using: str = "default",
) -> list[ListRelatedRow]:
    """Other items on offer of a category, the newest first, each with the first of its images."""
    return _LIST_RELATED.fetch_many({"category_id": category_id, "item_id": item_id, "rows": rows}, using=using)


def list_related_json(
    *,
    category_id: UUID,
    item_id: UUID,
    rows: int,
    using: str = "default",
) -> bytes:
    """The same as JSON: other items on offer of a category, the newest first, each with the first of its images."""
    return _LIST_RELATED.fetch_many_json({"category_id": category_id, "item_id": item_id, "rows": rows}, using=using)


class ListTilesRow(Struct, frozen=True):
    """A row of `list_tiles`."""

    id: UUID
    name: str
    price: Decimal
    currency: str
    city: str | None
    country_name: str | None
    picture_url: str | None
    picture_alt: str | None


_LIST_TILES: Final[Query[ListTilesRow]] = Query(
    file="items/sql/item/list_tiles.sql",
    kind="many",
    row=ListTilesRow,
    segments=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.price,
    i.currency,
    l.city,
    l.country_name,
    (SELECT m.url FROM app.item_images AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_url,
    (SELECT m.alt FROM app.item_images AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_alt
FROM app.items AS i
LEFT JOIN master.locations AS l ON l.id = i.location_id
WHERE i.is_active""",
            line=11,
        ),
        Segment("    AND i.id IN (SELECT found FROM app.search_items({words}) AS found)", part="words", line=24),
        Segment(
            """\
    AND i.category_id IN (
        SELECT b.id FROM master.categories AS b WHERE b.path = {category} OR b.path ^@ ({category} || '/')
    )""",
            part="category",
            line=27,
        ),
        Segment(
            """\
    AND i.location_id IN (
        SELECT p.id
        FROM master.locations AS w
        JOIN master.locations AS p ON p.id = w.id OR (w.city = '' AND p.country = w.country)
        WHERE w.slug = {place}
    )""",
            part="place",
            line=32,
        ),
        Segment("    AND i.price_cents >= {least_cents} AND i.price_cents <= {most_cents}", part="price", line=40),
        Segment("    AND i.currency = {currency}", part="currency", line=43),
        Segment("", role="order", line=5),
        Segment("LIMIT {rows} OFFSET {start}", line=46),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    i.id,
    i.name,
    i.price,
    i.currency,
    l.city,
    l.country_name,
    (SELECT m.url FROM "app.item_images" AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_url,
    (SELECT m.alt FROM "app.item_images" AS m WHERE m.item_id = i.id ORDER BY m.position LIMIT 1) AS picture_alt
FROM "app.items" AS i
LEFT JOIN "master.locations" AS l ON l.id = i.location_id
WHERE i.is_active""",
            line=1,
        ),
        Segment(
            """\
    AND NOT EXISTS (
        SELECT 1
        FROM json_each({words}) AS w
        WHERE instr(
            lower(' ' || replace(i.name || ' ' || i.description, char(10), ' ')), ' ' || lower(w.value)
        ) = 0
    )""",
            part="words",
            line=14,
        ),
        Segment(
            """\
    AND i.category_id IN (
        SELECT b.id
        FROM "master.categories" AS b
        WHERE b.path = {category} OR substr(b.path, 1, length({category}) + 1) = {category} || '/'
    )""",
            part="category",
            line=23,
        ),
        Segment(
            """\
    AND i.location_id IN (
        SELECT p.id
        FROM "master.locations" AS w
        JOIN "master.locations" AS p ON p.id = w.id OR (w.city = '' AND p.country = w.country)
        WHERE w.slug = {place}
    )""",
            part="place",
            line=30,
        ),
        Segment("    AND i.price_cents >= {least_cents} AND i.price_cents <= {most_cents}", part="price", line=38),
        Segment("    AND i.currency = {currency}", part="currency", line=41),
        Segment("", role="order", line=5),
        Segment("LIMIT {rows} OFFSET {start}", line=44),
    ),
    parameters=(
        Parameter("words", "text", is_list=True, is_nullable=False),
        Parameter("category", "text", is_list=False, is_nullable=False),
        Parameter("place", "text", is_list=False, is_nullable=False),
        Parameter("least_cents", "int8", is_list=False, is_nullable=False),
        Parameter("most_cents", "int8", is_list=False, is_nullable=False),
        Parameter("currency", "text", is_list=False, is_nullable=False),
        Parameter("rows", "int8", is_list=False, is_nullable=False),
        Parameter("start", "int8", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
        Column("currency", "varchar", is_nullable=False),
        Column("city", "varchar", is_nullable=True),
        Column("country_name", "varchar", is_nullable=True),
        Column("picture_url", "varchar", is_nullable=True),
        Column("picture_alt", "varchar", is_nullable=True),
    ),
    sorts={
        "newest": Sort((("i.created_at", "", "DESC"), ("i.id", "", "DESC"),), ()),
        "cheapest": Sort((("i.currency", "", "ASC"), ("i.price_cents", "", "ASC"), ("i.created_at", "", "DESC"), ("i.id", "", "DESC"),), ()),
        "dearest": Sort((("i.currency", "", "ASC"), ("i.price_cents", "", "DESC"), ("i.created_at", "", "DESC"), ("i.id", "", "DESC"),), ()),
        "name": Sort((("i.name", "", "ASC"), ("i.created_at", "", "DESC"), ("i.id", "", "DESC"),), ()),
    },
    writes=False,
)


def list_tiles(
    *,
    rows: int,
    start: int,
    words: list[str] | Unset = UNSET,
    category: str | Unset = UNSET,
    place: str | Unset = UNSET,
    least_cents: int | Unset = UNSET,
    most_cents: int | Unset = UNSET,
    currency: str | Unset = UNSET,
    sort: Literal["newest", "cheapest", "dearest", "name"] = "newest",
    using: str = "default",
) -> list[ListTilesRow]:
    """What a numbered page shows of the items on offer, each with the first of its images; conditions are those of
    `list_items`, which goes by keys.
    """
    return _LIST_TILES.fetch_many({"words": words, "category": category, "place": place, "least_cents": least_cents, "most_cents": most_cents, "currency": currency, "rows": rows, "start": start}, sort=sort, using=using)


def list_tiles_json(
    *,
    rows: int,
    start: int,
    words: list[str] | Unset = UNSET,
    category: str | Unset = UNSET,
    place: str | Unset = UNSET,
    least_cents: int | Unset = UNSET,
    most_cents: int | Unset = UNSET,
    currency: str | Unset = UNSET,
    sort: Literal["newest", "cheapest", "dearest", "name"] = "newest",
    using: str = "default",
) -> bytes:
    """The same as JSON: what a numbered page shows of the items on offer, each with the first of its images;
    conditions are those of `list_items`, which goes by keys.
    """
    return _LIST_TILES.fetch_many_json({"words": words, "category": category, "place": place, "least_cents": least_cents, "most_cents": most_cents, "currency": currency, "rows": rows, "start": start}, sort=sort, using=using)


class LoadItemsArgs(Struct, frozen=True, kw_only=True):
    """What `load_items` takes for each row."""

    id: UUID | Unset = UNSET
    user_id: UUID
    category_id: UUID
    location_id: UUID | None
    name: str
    description: str | Unset = UNSET
    price: Decimal
    currency: str | Unset = UNSET
    is_active: bool | Unset = UNSET


_LOAD_ITEMS: Final[Query[None]] = Query(
    file="items/sql/item/load_items.sql",
    kind="load",
    segments=(
        Segment("INSERT INTO app.items (", line=6),
        Segment("", role="columns", line=6),
        Segment(")", line=6),
        Segment("", role="rows", line=7),
        Segment("ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = excluded.price, currency = excluded.currency", line=8),
    ),
    sqlite=(
        Segment(
            """\
INSERT INTO "app.items" AS "items" (""",
            line=6,
        ),
        Segment("", role="columns", line=6),
        Segment(")", line=6),
        Segment("", role="rows", line=7),
        Segment("ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = excluded.price, currency = excluded.currency", line=8),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False, has_default=True),
        Parameter("user_id", "uuid", is_list=False, is_nullable=False),
        Parameter("category_id", "uuid", is_list=False, is_nullable=False),
        Parameter("location_id", "uuid", is_list=False, is_nullable=True),
        Parameter("name", "varchar", is_list=False, is_nullable=False),
        Parameter("description", "text", is_list=False, is_nullable=False, has_default=True),
        Parameter("price", "numeric", is_list=False, is_nullable=False),
        Parameter("currency", "varchar", is_list=False, is_nullable=False, has_default=True),
        Parameter("is_active", "bool", is_list=False, is_nullable=False, has_default=True),
    ),
)


def load_items(
    rows: Iterable[LoadItemsArgs],
    *,
    using: str = "default",
) -> int:
    """Inserts items; one whose id is there already gets the new name, price and currency."""
    return _LOAD_ITEMS.load(rows, using=using)


class RepriceItemsArgs(Struct, frozen=True, kw_only=True):
    """What `reprice_items` takes for each row."""

    price: Decimal
    id: UUID


class RepriceItemsRow(Struct, frozen=True):
    """A row of `reprice_items`."""

    id: UUID
    price: Decimal


_REPRICE_ITEMS: Final[Query[RepriceItemsRow]] = Query(
    file="items/sql/item/reprice_items.sql",
    kind="batch",
    row=RepriceItemsRow,
    segments=(
        Segment(
            """\
UPDATE app.items
SET price = {price}
WHERE id = {id}
RETURNING id, price""",
            line=6,
        ),
    ),
    sqlite=(
        Segment(
            """\
UPDATE "app.items" AS "items"
SET price = {price}
WHERE id = {id}
RETURNING id, price""",
            line=6,
        ),
    ),
    parameters=(
        Parameter("price", "numeric", is_list=False, is_nullable=False),
        Parameter("id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("price", "numeric(12,2)", is_nullable=False),
    ),
    writes=True,
)


def reprice_items(
    rows: Iterable[RepriceItemsArgs],
    *,
    using: str = "default",
) -> list[list[RepriceItemsRow]]:
    """Sets the price of each item and gives what it is then."""
    return _REPRICE_ITEMS.run_batch(rows, using=using)
