"""Items for end users: browse, search, choose a place, look at one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from items import browsing, queries
from items.browsing import PAGE_SIZE, Address
from items.forms import BrowseForm
from items.queries import ItemFilter
from items.sql import item as sql
from master.queries import find_country, list_locations_named, list_open_branches, list_trail

RELATED: Final = 5


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Show the items that the query string asks for; to htmx, only what changes with the results."""
    form = BrowseForm(request.GET)
    form.is_valid()
    context = list_found(form)
    response = render_part(request, "items/_browse_part.html", "items/browse.html", context)
    if wants_part(request) and not request.GET.get("page"):
        response["HX-Push-Url"] = context["url"]
    return response


def list_found(form: BrowseForm) -> dict[str, Any]:
    """Give what the template shows: four queries, one more for a location and one for a typed place.

    Raises:
        Http404: the category or the location does not exist.
    """
    asked = form.cleaned_data
    branches = list_open_branches(asked["category"])
    trail = browsing.find_trail(asked["category"], branches)
    category = trail[-1] if trail else None
    location, places = browsing.choose_location(form)
    place = location.slug if location else ""
    address = Address({**form.list_conditions(), "location": place})
    wanted = ItemFilter(form.words, asked["category"], place, asked["least"], asked["most"], asked["currency"])
    counts = queries.count_items_by_branch(wanted)
    total = counts[asked["category"]]
    page = browsing.make_page(total, asked["page"])
    tiles = queries.list_tiles(wanted, sort=form.order, start=(page.number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    heading = browsing.name_page(category, location)
    return {
        "form": form,
        "category": category,
        "location": location,
        "heading": heading,
        "title": browsing.name_tab(heading, form, page.number),
        "trail": browsing.link_categories(trail, address),
        "tree": browsing.build_tree(branches, counts, address),
        "all_url": address.link(category=""),
        "places": browsing.link_places(places, address),
        "currencies": [each.currency for each in sql.list_currencies()],
        "chips": browsing.list_chips(form, location, address),
        "total": total,
        "tiles": browsing.link_tiles(tiles),
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "url": address.link(),
        "conditions": QueryDict(address.link().partition("?")[2]),
    }


@require_safe
def show_places(request: HttpRequest) -> HttpResponse:
    """Show countries, or a country's cities, that have items, and places by name; to htmx, only the names found."""
    form = BrowseForm(request.GET)
    form.is_valid()
    typed = form.cleaned_data["place"]
    matches = list_locations_named(typed, limit=browsing.MOST_PLACES) if typed else []
    context = {"form": form, "places": browsing.link_places(matches, Address(form.list_conditions()))}
    if not wants_part(request):
        context |= list_places(request.GET.get("country", ""))
    return render_part(request, "items/_suggestions.html", "items/places.html", context)


def list_places(country: str) -> dict[str, object]:
    """Give the template's country and cities, or its countries where none is asked for.

    Raises:
        Http404: no country has that code.
    """
    if not country:
        return {"countries": sql.count_by_country()}
    # A code is two letters: anything else need not be looked for, and a NUL byte must not.
    found = find_country(country.upper()) if len(country) == 2 and country.isascii() and country.isalpha() else None
    if found is None:
        raise Http404(f"no country {country!r}")
    return {"country": found, "cities": sql.count_by_city(country=found.country)}


@require_safe
def show_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show one item that is on offer."""
    item = sql.find_item(id=item_id)
    if item is None:
        raise Http404(f"no item {item_id}")
    context = {
        "item": item,
        "images": sql.list_images(item_id=item.id),
        "trail": browsing.link_categories(list_trail(item.category.path), Address({})),
        "related": browsing.link_tiles(sql.list_related(category_id=item.category.id, item_id=item.id, rows=RELATED)),
    }
    return render(request, "items/item.html", context)


def render_part(request: HttpRequest, part: str, whole: str, context: dict[str, Any]) -> HttpResponse:
    """Answer with the part where htmx asks for it, else with the whole page."""
    response = render(request, part if wants_part(request) else whole, context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def wants_part(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part; going back in history it wants the whole page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # HtmxMiddleware sets it
    return bool(htmx) and not htmx.history_restore_request
