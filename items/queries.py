"""What pages read of items: only those on offer, and of their sellers nothing but the names to show.

Every field is named, since the service that owns this module may read a few columns of `auth.user` and no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, TypedDict
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from items.models import Item, ItemImage
from master.models import Location
from master.queries import LOCATION_FIELDS

DETAILS: Final = (
    "id", "name", "description", "price", "currency", "created_at", "updated_at", "version",
    "category_id", "category__path", "location_id", *(f"location__{field}" for field in LOCATION_FIELDS),
)  # fmt: skip
SORTS: Final = {
    "newest": ("-created_at", "-id"),
    "cheapest": ("currency", "price", "-created_at", "-id"),
    "dearest": ("currency", "-price", "-created_at", "-id"),
    "name": ("name", "-created_at", "-id"),
}


class Tile(TypedDict):
    """What is shown of an item among others. `picture` is the first of its images, with `url` and `alt`."""

    id: UUID
    name: str
    price: Decimal
    currency: str
    city: str | None
    country_name: str | None
    picture: dict[str, Any] | None


# Made once: that takes as long as to read their rows. Each use narrows or orders, and so reads, a copy of its own.
_ON_OFFER: Final = Item.objects.active().order_by()
_TILES: Final = _ON_OFFER.values(
    "id", "name", "price", "currency", city=F("location__city"), country_name=F("location__country_name")
)
_COUNTS: Final = _ON_OFFER.values_list("category__path").annotate(Count("pk"))
_CURRENCIES: Final = _ON_OFFER.values_list("currency", flat=True).distinct()
_PICTURES: Final = ItemImage.objects.order_by("-position").values("item_id", "url", "alt")


@dataclass(frozen=True)
class ItemFilter:
    """What to look for: every condition holds at once, an empty one not at all.

    A `category` is a path and means all below it too. A `location` without a city means its whole country.
    Prices are in whatever currency an item has, unless `currency` says which.
    """

    words: tuple[str, ...] = ()
    category: str = ""
    location: Location | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    currency: str = ""


def list_tiles(wanted: ItemFilter, *, sort: str, start: int, limit: int) -> list[Tile]:
    """Give what a page shows of its items: two queries. `sort` is a key of SORTS."""
    return _read_tiles(_TILES.filter(_match(wanted)).order_by(*SORTS[sort])[start : start + limit])


def count_items_by_branch(wanted: ItemFilter) -> Counter[str]:
    """Give how many items each category holds with all below it, by its path, whatever category `wanted` asks for.

    All together are under the empty path.
    """
    counts: Counter[str] = Counter()
    for path, count in _COUNTS.filter(_match(replace(wanted, category=""))):
        counts[""] += count
        while path:
            counts[path] += count
            path = path.rpartition("/")[0]
    return counts


def count_items_by_country() -> list[tuple[str, str, int]]:
    """Give code, name and number of items of each country that has any, by name."""
    rows = _ON_OFFER.filter(location__isnull=False).values("location__country", "location__country_name")
    counted = rows.annotate(count=Count("pk")).order_by("location__country_name")
    return list(counted.values_list("location__country", "location__country_name", "count"))


def count_items_by_city(country: str) -> list[tuple[str, str, str, int]]:
    """Give slug, city, region and number of items of each city of the country that has any, by name."""
    rows = _ON_OFFER.filter(location__country=country).exclude(location__city="")
    counted = rows.values("location__slug").annotate(count=Count("pk")).order_by("location__city", "location__slug")
    return list(counted.values_list("location__slug", "location__city", "location__region", "count"))


def list_currencies() -> list[str]:
    """Give the codes of all currencies that items are priced in."""
    return list(_CURRENCIES.order_by("currency"))


def find_item(item_id: UUID) -> Item | None:
    """Give the item with location, category, images and `seller_name`, or None where none of that id is on offer."""
    items = _ON_OFFER.select_related("category", "location").prefetch_related(Prefetch("images", _order_images()))
    return items.only(*DETAILS).annotate(seller_name=_name_seller()).filter(pk=item_id).first()


def list_related_tiles(item: Item, *, limit: int) -> list[Tile]:
    """Give other items of the same category, the newest first."""
    others = _TILES.filter(category_id=item.category_id).exclude(pk=item.pk)
    return _read_tiles(others.order_by(*SORTS["newest"])[:limit])


def _match(wanted: ItemFilter) -> Q:
    matches = Q()
    for word in wanted.words:
        matches &= _contains(word)
    if wanted.category:
        matches &= Q(category__path=wanted.category) | Q(category__path__startswith=f"{wanted.category}/")
    if wanted.location:
        matches &= _lies_in(wanted.location)
    if wanted.least is not None:
        matches &= Q(price__gte=wanted.least)
    if wanted.most is not None:
        matches &= Q(price__lte=wanted.most)
    return matches & Q(currency=wanted.currency) if wanted.currency else matches


def _contains(word: str) -> Q:
    """Match the word anywhere in name or description, without regard to case.

    SQLite folds the case of ASCII only, so a word beyond it is looked for in its usual spellings too.
    """
    spellings: Collection[str] = {word}
    if not word.isascii():
        spellings = sorted({word, word.lower(), word.upper(), word.capitalize()})
    matches = Q()
    for spelling in spellings:
        matches |= Q(name__icontains=spelling) | Q(description__icontains=spelling)
    return matches


def _lies_in(location: Location) -> Q:
    return Q(location__country=location.country) if location.is_country else Q(location_id=location.pk)


def _name_seller() -> Coalesce:
    """Prefer the name of the profile; a user without any name to show stays empty, never an e-mail address."""
    return Coalesce(NullIf(F("user__profile__display_name"), Value("")), F("user__display_name"))


def _read_tiles(items: QuerySet[Item, Any]) -> list[Tile]:
    """Read plain rows: as models with their locations and all their images, a page of them takes twice as long."""
    rows: list[Any] = list(items)
    pictures = _PICTURES.filter(item__in=[row["id"] for row in rows])
    first = {picture["item_id"]: picture for picture in pictures}  # they come in reverse: the first one stays
    for row in rows:
        row["picture"] = first.get(row["id"])
    return rows


def _order_images() -> QuerySet[ItemImage]:
    return ItemImage.objects.only("id", "item_id", "url", "alt", "position").order_by("position")
