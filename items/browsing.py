"""What the browse page is made of: links that change one condition, the open branch of the tree, chips and places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.urls import reverse

from items.forms import BrowseForm
from items.money import format_money
from items.sql.item import ListRelatedRow, ListTilesRow
from master.queries import Branch, Spot, find_location, list_locations_named, split_path

PAGE_SIZE: Final = 24
MOST_PAGES: Final = 100  # what lies further down is found by narrowing, not by an OFFSET of thousands
MOST_PLACES: Final = 12
NO_ID: Final = str(UUID(int=0))
Tile = ListTilesRow | ListRelatedRow


@dataclass(frozen=True)
class Address:
    """The browse page's address with the conditions that hold now.

    The tree's links are made here: `{% querystring %}`, which the pager has, takes five to ten times as long for each.
    """

    conditions: Mapping[str, str]
    path: str = field(default_factory=partial(reverse, "items:browse"))

    def link(self, **changes: str) -> str:
        """Give the address of the first page with some conditions changed, or taken away where empty."""
        kept = {name: value for name, value in {**self.conditions, **changes}.items() if value}
        return self.path + (f"?{urlencode(kept)}" if kept else "")


def find_trail(path: str, branches: Iterable[Branch]) -> list[Branch]:
    """Give the categories from the top down to the one of that path; none for no path.

    Raises:
        Http404: there is none of that path.
    """
    known = {each.path: each for each in branches}
    if path and path not in known:
        raise Http404(f"no category {path!r}")
    return [known[above] for above in split_path(path) if above in known]


def choose_location(form: BrowseForm) -> tuple[Spot | None, list[Spot]]:
    """Give the location to filter by, or those that what was typed may mean.

    A place typed anew wins over the location that a link carried; it decides alone where it can mean only one.
    """
    if typed := form.cleaned_data["place"]:
        matches = list_locations_named(typed, limit=MOST_PLACES)
        exact = [match for match in matches if (match.city or match.country_name).casefold() == typed.casefold()]
        chosen = exact if len(exact) == 1 else matches
        return (chosen[0], []) if len(chosen) == 1 else (None, matches)
    slug = form.cleaned_data["location"]
    location = find_location(slug) if slug else None
    if slug and location is None:
        raise Http404(f"no location {slug!r}")
    return location, []


def build_tree(branches: Iterable[Branch], counts: Mapping[str, int], address: Address) -> list[dict[str, Any]]:
    """Give the top of the tree; each branch with its page, the items in it by `counts`, and the branches below it."""
    nodes: dict[UUID, dict[str, Any]] = {
        each.id: {"branch": each, "url": address.link(category=each.path), "total": counts[each.path], "children": []}
        for each in branches
    }
    for node in nodes.values():
        if node["branch"].parent_id:
            nodes[node["branch"].parent_id]["children"].append(node)
    return [node for node in nodes.values() if not node["branch"].parent_id]


def make_page(total: int, number: int | None) -> Page[int]:
    """Give the page of that number, the first for none and the last where there are fewer.

    It holds places in the results, not items: their number is known from the categories' counts, and so no statement
    need count them again.
    """
    return Paginator(range(min(total, PAGE_SIZE * MOST_PAGES)), PAGE_SIZE).get_page(number or 1)


def link_categories(trail: Iterable[Branch], address: Address) -> list[tuple[Branch, str]]:
    """Give each category with the page that shows it."""
    return [(each, address.link(category=each.path)) for each in trail]


def link_places(places: Iterable[Spot], address: Address) -> list[tuple[Spot, str]]:
    """Give each place with the page that shows what is there."""
    return [(each, address.link(location=each.slug)) for each in places]


def link_tiles(tiles: Iterable[Tile]) -> list[tuple[Tile, str, str]]:
    """Give each tile with its item's page and place. One address serves all: to make it takes as long as a tile."""
    address = reverse("items:item", args=[NO_ID])
    return [(tile, address.replace(NO_ID, str(tile.id)), name_place(tile.city, tile.country_name)) for tile in tiles]


def list_chips(form: BrowseForm, location: Spot | None, address: Address) -> list[tuple[str, str]]:
    """Give each condition that holds, and the page without it."""
    currency = form.cleaned_data["currency"]
    least, most = (_describe_price(form.cleaned_data[name], currency) for name in ("least", "most"))
    words = {
        "q": f"“{form.cleaned_data['q']}”",
        "location": name_place(location.city, location.country_name) if location else "",
        "least": f"from {least}",
        "most": f"up to {most}",
        "currency": f"in {currency}",
    }
    return [(label, address.link(**{name: ""})) for name, label in words.items() if address.conditions[name]]


def _describe_price(price: Any, currency: str) -> str:
    if price is None:
        return ""
    return format_money(price, currency) if currency else f"{price:,}"


def name_place(city: str | None, country_name: str | None) -> str:
    """Give city and country, or the country alone; nothing for nowhere."""
    return ", ".join(name for name in (city, country_name) if name)


def name_page(category: Branch | None, location: Spot | None) -> str:
    """Give where we are: `Phones in Lyon`."""
    name = category.name if category else "Items"
    return f"{name} in {location.city or location.country_name}" if location else name


def name_tab(heading: str, form: BrowseForm, number: int) -> str:
    """Give the heading with what was searched for, for the browser's tab: `Phones in Lyon: old (page 2)`."""
    words = f": {' '.join(form.words)}" if form.words else ""
    return heading + words + (f" (page {number})" if number > 1 else "")
