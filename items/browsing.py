"""What the browse page shows: the form's words turned into a filter, the open branch of the tree, pages and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.urls import reverse

from items import queries
from items.forms import BrowseForm
from items.money import format_money
from items.queries import ItemFilter, Tile
from master.models import Location
from master.queries import Branch, find_location, list_locations_named, list_open_branches, split_path

PAGE_SIZE: Final = 24
MOST_PAGES: Final = 100  # what lies further down is found by narrowing, not by an OFFSET of thousands
MOST_PLACES: Final = 12
NO_ID: Final = str(UUID(int=0))


@dataclass(frozen=True)
class Address:
    """The browse page's address with the conditions that hold now.

    Its links are made here and not by `{% querystring %}`, which costs ten times as much for each of a tree's.
    """

    parameters: Mapping[str, str]
    path: str = field(default_factory=partial(reverse, "items:browse"))

    def link(self, **changes: object) -> str:
        """Give the address with some conditions changed, or taken away where empty."""
        kept = {name: value for name, value in {**self.parameters, **changes}.items() if value}
        return self.path + (f"?{urlencode(kept)}" if kept else "")

    def link_page(self, number: int) -> str:
        """Give the address of a page; the first has no number."""
        return self.link(page=number if number > 1 else "")


class Node(NamedTuple):
    """A branch of the tree with the number of items in it and below it; `children` only where the tree is open."""

    branch: Branch
    url: str
    total: int
    current: bool
    children: list[Node]


def make_context(form: BrowseForm) -> dict[str, Any]:
    """Give what the template shows for a bound form: five queries, one more for a location and one for a typed place.

    Raises:
        Http404: the category or the location does not exist.
    """
    form.is_valid()
    categories = list_open_branches(form.get_text("category"))
    trail = find_trail(form.get_text("category"), categories)
    category = trail[-1] if trail else None
    location, places = choose_location(form)
    address = make_address(form, location)
    wanted = make_filter(form, category, location)
    counts = queries.count_items_by_branch(wanted)
    total = counts[category.path if category else ""]
    page = make_page(total, form.page_number)
    heading = name_page(category, location)
    start = max(page.start_index() - 1, 0)
    return {
        "form": form,
        "category": category,
        "location": location,
        "url": address.link(),
        "heading": heading,
        "title": name_tab(heading, form, page.number),
        "trail": list_links(trail, address),
        "tree": build_tree(categories, counts, address, category),
        "all_url": address.link(category=""),
        "places": [(place, address.link(location=place.slug)) for place in places],
        "place_typed": form.get_text("place"),
        "currencies": queries.list_currencies(),
        "chips": list_chips(form, location, address),
        "total": total,
        "tiles": link_tiles(queries.list_tiles(wanted, sort=form.order, start=start, limit=PAGE_SIZE)),
        "page": page,
        **link_pages(page, address),
    }


def find_trail(path: str, categories: Iterable[Branch]) -> list[Branch]:
    """Give the categories from the top down to the one of that path; none for no path.

    Raises:
        Http404: there is none of that path.
    """
    known = {each.path: each for each in categories}
    if path and path not in known:
        raise Http404(f"no category {path!r}")
    return [known[above] for above in split_path(path) if above in known]


def choose_location(form: BrowseForm) -> tuple[Location | None, list[Location]]:
    """Give the location to filter by, or those that what was typed may mean.

    A place typed anew wins over the location that a link carried; it decides alone where it can mean only one.
    """
    typed = form.get_text("place").strip()
    if typed:
        matches = list_locations_named(typed, limit=MOST_PLACES)
        exact = [match for match in matches if (match.city or match.country_name).casefold() == typed.casefold()]
        chosen = exact if len(exact) == 1 else matches
        return (chosen[0], []) if len(chosen) == 1 else (None, matches)
    slug = form.get_text("location")
    location = find_location(slug) if slug else None
    if slug and location is None:
        raise Http404(f"no location {slug!r}")
    return location, []


def make_address(form: BrowseForm, location: Location | None) -> Address:
    """Give the address of the first page with every valid condition, in a fixed order, defaults left out."""
    parameters = {name: form.get_text(name) for name in ("q", "category", "least", "most", "currency", "sort")}
    for name in ("least", "most"):
        price = form.get_price(name)
        parameters[name] = "" if price is None else f"{price:f}"
    if form.order == "newest":
        parameters["sort"] = ""
    return Address({**parameters, "location": location.slug if location else ""})


def make_filter(form: BrowseForm, category: Branch | None, location: Location | None) -> ItemFilter:
    """Give what to look for."""
    return ItemFilter(
        words=form.words,
        category=category.path if category else "",
        location=location,
        least=form.get_price("least"),
        most=form.get_price("most"),
        currency=form.get_text("currency"),
    )


def build_tree(
    categories: Iterable[Branch], counts: Mapping[str, int], address: Address, selected: Branch | None
) -> list[Node]:
    """Give the top of the tree with all levels below that are among `categories`; `counts` are by path."""
    below: dict[UUID | None, list[Branch]] = {}
    for each in categories:
        below.setdefault(each.parent_id, []).append(each)

    def make_node(each: Branch) -> Node:
        children = [make_node(child) for child in below.get(each.id, [])]
        return Node(each, address.link(category=each.path), counts[each.path], each == selected, children)

    return [make_node(each) for each in below.get(None, [])]


def list_links(trail: Iterable[Branch], address: Address) -> list[tuple[Branch, str]]:
    """Give each category with the page that shows it."""
    return [(each, address.link(category=each.path)) for each in trail]


def link_tiles(tiles: Iterable[Tile]) -> list[tuple[Tile, str, str]]:
    """Give each tile with its item's page and place. One address serves all: to make it takes as long as a tile."""
    address = reverse("items:item", args=[NO_ID])
    return [
        (tile, address.replace(NO_ID, str(tile["id"])), name_place(tile["city"], tile["country_name"]))
        for tile in tiles
    ]


def make_page(total: int, number: int) -> Page[int]:
    """Give the page of that number, the last where there are fewer. It holds places in the results, not items:

    their number is known from the categories' counts, and so no statement need count again.
    """
    return Paginator(range(min(total, PAGE_SIZE * MOST_PAGES)), PAGE_SIZE).get_page(number)


def link_pages(page: Page[int], address: Address) -> dict[str, Any]:
    """Give the pages to go to, each with its address; a gap among `steps` and what lies beyond have none."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "steps": [(number, address.link_page(number) if isinstance(number, int) else "") for number in numbers],
        "previous": address.link_page(page.number - 1) if page.has_previous() else "",
        "next": address.link_page(page.number + 1) if page.has_next() else "",
    }


def list_chips(form: BrowseForm, location: Location | None, address: Address) -> list[tuple[str, str]]:
    """Give each condition that holds, and the page without it."""
    chips = []
    if form.words:
        chips.append((f"“{form.get_text('q')}”", address.link(q="")))
    if location:
        chips.append((name_place(location.city, location.country_name), address.link(location="")))
    currency = form.get_text("currency")
    for name, words in (("least", "from"), ("most", "up to")):
        price = form.get_price(name)
        if price is not None:
            amount = format_money(price, currency) if currency else f"{price:,}"
            chips.append((f"{words} {amount}", address.link(**{name: ""})))
    if currency:
        chips.append((f"in {currency}", address.link(currency="")))
    return chips


def name_place(city: str | None, country_name: str | None) -> str:
    """Give city and country, or the country alone; nothing for nowhere."""
    return ", ".join(name for name in (city, country_name) if name)


def name_page(category: Branch | None, location: Location | None) -> str:
    """Give where we are: `Phones in Lyon`."""
    name = category.name if category else "Items"
    return f"{name} in {location.city or location.country_name}" if location else name


def name_tab(heading: str, form: BrowseForm, number: int) -> str:
    """Give the heading with what was searched for, for the browser's tab: `Phones in Lyon: old (page 2)`."""
    words = f": {' '.join(form.words)}" if form.words else ""
    return heading + words + (f" (page {number})" if number > 1 else "")
