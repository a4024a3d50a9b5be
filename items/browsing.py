"""What the browse page shows: the form's words turned into a filter, the category tree, pages and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from items import queries
from items.forms import BrowseForm
from items.models import Item
from items.money import format_money
from items.queries import ItemFilter
from master.models import Category, Location
from master.queries import find_location, list_categories, list_locations_named

PAGE_SIZE: Final = 24
MOST_PAGES: Final = 100  # what lies further down is found by narrowing, not by an OFFSET of thousands
MOST_PLACES: Final = 12

Trail = list[tuple[Category, str]]


@dataclass
class Node:
    """A category with the number of items in it and below it; `children` only where the tree is open."""

    category: Category
    url: str
    count: int
    current: bool = False
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Chip:
    """A condition that holds, and the page without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Step:
    """A page of the pager; `url` is empty for the one shown, `number` is 0 for a gap."""

    number: int
    url: str = ""


@dataclass(frozen=True)
class Pager:
    """Where in the results we are."""

    number: int
    count: int
    steps: tuple[Step, ...]
    previous: str
    next: str


@dataclass(frozen=True)
class Address:
    """The browse page's address with the conditions that hold now."""

    parameters: Mapping[str, str]

    def link(self, **changes: str) -> str:
        """Give the address with some conditions changed, or taken away where empty."""
        kept = {name: value for name, value in {**self.parameters, **changes}.items() if value}
        return reverse("items:browse") + (f"?{urlencode(kept)}" if kept else "")


@dataclass(frozen=True)
class BrowsePage:
    """Everything on the page."""

    form: BrowseForm
    items: list[Item]
    total: int
    tree: list[Node]
    trail: Trail
    location: Location | None
    places: list[tuple[Location, str]]
    place_typed: str
    currencies: list[str]
    chips: list[Chip]
    pager: Pager
    address: Address
    all_url: str

    @property
    def category(self) -> Category | None:
        """The category that is shown, or None for all."""
        return self.trail[-1][0] if self.trail else None

    @property
    def heading(self) -> str:
        """Where we are: `Phones in Lyon`."""
        name = self.category.name if self.category else "Items"
        return f"{name} in {self.location.city or self.location.country_name}" if self.location else name

    @property
    def title(self) -> str:
        """The heading with what was searched for, for the browser's tab: `Phones in Lyon: old (page 2)`."""
        words = f": {' '.join(self.form.words)}" if self.form.words else ""
        return self.heading + words + (f" (page {self.pager.number})" if self.pager.number > 1 else "")


def make_browse_page(form: BrowseForm, page: str) -> BrowsePage:
    """Give the page for a bound form: five queries, one more for a location and one for a typed place.

    Raises:
        Http404: the category or the location does not exist.
    """
    form.is_valid()
    categories = list_categories()
    category = _get_category(form.get_text("category"), categories)
    location, matches = choose_location(form)
    wanted = _make_filter(form, categories, category, location)
    counts = queries.count_items_by_category(wanted)
    address = make_address(form, location)
    total = sum(counts.get(each, 0) for each in (counts if wanted.categories is None else wanted.categories))
    pager = make_pager(total, page, address)
    start = (pager.number - 1) * PAGE_SIZE
    return BrowsePage(
        form=form,
        items=queries.list_items(wanted, sort=form.order, start=start, limit=PAGE_SIZE),
        total=total,
        tree=build_tree(categories, counts, address, category),
        trail=make_trail(category, categories, address),
        location=location,
        places=[(match, address.link(location=match.slug)) for match in matches],
        place_typed=form.get_text("place"),
        currencies=queries.list_currencies(),
        chips=_list_chips(form, location, address),
        pager=pager,
        address=address,
        all_url=address.link(category=""),
    )


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


def build_tree(
    categories: Iterable[Category], counts: Mapping[UUID, int], address: Address, selected: Category | None
) -> list[Node]:
    """Give the top of the tree, open along the way to `selected`; counts include everything below a node."""
    nodes = {
        each.pk: Node(each, address.link(category=each.path), counts.get(each.pk, 0), current=each == selected)
        for each in categories
    }
    below: dict[UUID | None, list[Node]] = {}
    for node in nodes.values():
        below.setdefault(node.category.parent_id, []).append(node)
    for node in sorted(nodes.values(), key=lambda node: -node.category.depth):
        parent = nodes.get(node.category.parent_id) if node.category.parent_id else None
        if parent:
            parent.count += node.count
        if selected and f"{selected.path}/".startswith(f"{node.category.path}/"):
            node.children = below.get(node.category.pk, [])
    return below.get(None, [])


def make_trail(
    category: Category | None, categories: Iterable[Category], address: Address
) -> list[tuple[Category, str]]:
    """Give the categories from the top down to `category`, each with the page that shows it; none for None."""
    above = [each for each in categories if category and f"{category.path}/".startswith(f"{each.path}/")]
    return [(each, address.link(category=each.path)) for each in sorted(above, key=lambda each: each.depth)]


def make_pager(total: int, wanted: str, address: Address) -> Pager:
    """Give the pager at the page that `wanted` names: the first if that is no number, the last if there are fewer."""
    count = max(1, min(-(-total // PAGE_SIZE), MOST_PAGES))
    number = min(max(_read_number(wanted), 1), count)

    def link(page: int) -> str:
        return address.link(page=str(page) if page > 1 else "") if 1 <= page <= count else ""

    shown = sorted({1, count, *range(max(1, number - 1), min(count, number + 1) + 1)})
    steps: list[Step] = []
    for page in shown:
        if steps and page > steps[-1].number + 1:
            steps.append(Step(0))
        steps.append(Step(page, "" if page == number else link(page)))
    return Pager(number, count, tuple(steps), link(number - 1), link(number + 1))


def _read_number(text: str) -> int:
    try:
        return int(text[:9])
    except ValueError:
        return 1


def _get_category(path: str, categories: Iterable[Category]) -> Category | None:
    if not path:
        return None
    category = next((each for each in categories if each.path == path), None)
    if category is None:
        raise Http404(f"no category {path!r}")
    return category


def _make_filter(
    form: BrowseForm, categories: Iterable[Category], category: Category | None, location: Location | None
) -> ItemFilter:
    return ItemFilter(
        words=form.words,
        categories=_list_ids_within(category, categories) if category else None,
        location=location,
        least=form.get_price("least"),
        most=form.get_price("most"),
        currency=form.get_text("currency"),
    )


def _list_ids_within(category: Category, categories: Iterable[Category]) -> frozenset[UUID]:
    return frozenset(each.pk for each in categories if f"{each.path}/".startswith(f"{category.path}/"))


def _list_chips(form: BrowseForm, location: Location | None, address: Address) -> list[Chip]:
    chips = []
    if form.words:
        chips.append(Chip(f"“{form.get_text('q')}”", address.link(q="")))
    if location:
        chips.append(Chip(name_place(location), address.link(location="")))
    currency = form.get_text("currency")
    for name, words in (("least", "from"), ("most", "up to")):
        price = form.get_price(name)
        if price is not None:
            amount = format_money(price, currency) if currency else f"{price:,}"
            chips.append(Chip(f"{words} {amount}", address.link(**{name: ""})))
    if currency:
        chips.append(Chip(f"in {currency}", address.link(currency="")))
    return chips


def name_place(location: Location) -> str:
    """Give city and country, or the country alone."""
    return f"{location.city}, {location.country_name}" if location.city else location.country_name
