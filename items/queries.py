"""What the browse page reads of items: its conditions as the statements of `items.sql.item` take them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypedDict

from freehold.queries import UNSET, Unset
from items.models.item import MAX_PRICE
from items.money import count_hundredths
from items.sql import item
from items.sql.item import ListTilesRow

SortName = Literal["newest", "cheapest", "dearest", "name"]
_MOST_CENTS: Final = count_hundredths(MAX_PRICE)


@dataclass(frozen=True)
class ItemFilter:
    """What to look for: every condition holds at once, an empty one not at all.

    A `category` is a path and means all below it too. A `place` is a location's slug, and a country's means all its
    cities. Prices are in whatever currency an item has, unless `currency` says which.
    """

    words: tuple[str, ...] = ()
    category: str = ""
    place: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    currency: str = ""


class Conditions(TypedDict):
    """What statements take of a filter; UNSET leaves a condition out."""

    words: list[str] | Unset
    place: str | Unset
    least_cents: int | Unset
    most_cents: int | Unset
    currency: str | Unset


def list_tiles(wanted: ItemFilter, *, sort: SortName, start: int, limit: int) -> list[ListTilesRow]:
    """Give what a numbered page shows of its items."""
    conditions = write_conditions(wanted)
    return item.list_tiles(**conditions, category=wanted.category or UNSET, sort=sort, start=start, rows=limit)


def count_items_by_branch(wanted: ItemFilter) -> Counter[str]:
    """Give how many items each category holds with all below it, by its path, whatever category `wanted` asks for.

    All together are under the empty path.
    """
    counts: Counter[str] = Counter()
    for row in item.count_by_category(**write_conditions(wanted)):
        path = row.path
        counts[""] += row.items
        while path:
            counts[path] += row.items
            path = path.rpartition("/")[0]
    return counts


def write_conditions(wanted: ItemFilter) -> Conditions:
    """Give what statements take for it, but for the category, which counts leave out."""
    has_price = wanted.least is not None or wanted.most is not None
    least = 0 if wanted.least is None else count_hundredths(wanted.least)
    most = _MOST_CENTS if wanted.most is None else count_hundredths(wanted.most)
    return {
        "words": list(wanted.words) or UNSET,
        "place": wanted.place or UNSET,
        "least_cents": least if has_price else UNSET,
        "most_cents": most if has_price else UNSET,
        "currency": wanted.currency or UNSET,
    }
