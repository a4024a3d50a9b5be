"""Items for end users: browse, search, choose a place, look at one."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from items import queries
from items.browsing import MOST_PLACES, Address, link_tiles, list_links, make_address, make_context
from items.forms import BrowseForm
from master.queries import find_country, list_locations_named, list_trail

RELATED = 5


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Show the items that the query string asks for; to htmx, only what changes with the results."""
    context = make_context(BrowseForm(request.GET))
    if not wants_part(request):
        response = render(request, "items/browse.html", context)
    else:
        response = render(request, "items/_browse_part.html", context)
        if not request.GET.get("page"):
            response["HX-Push-Url"] = context["url"]
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


@require_safe
def show_places(request: HttpRequest) -> HttpResponse:
    """Show countries, or a country's cities, that have items, and places by name; to htmx, only the names found."""
    form = BrowseForm(request.GET)
    form.is_valid()
    typed = form.get_text("place").strip()
    address = make_address(form, None)
    matches = list_locations_named(typed, limit=MOST_PLACES) if typed else []
    context = {
        "form": form,
        "place_typed": typed,
        "places": [(match, address.link(location=match.slug)) for match in matches],
    }
    if wants_part(request):
        response = render(request, "items/_suggestions.html", context)
    else:
        response = render(request, "items/places.html", {**context, **list_places(request.GET.get("country", ""))})
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def list_places(country: str) -> dict[str, object]:
    """Give the template's country and cities, or its countries where none is asked for.

    Raises:
        Http404: no country has that code.
    """
    if not country:
        return {"countries": queries.count_items_by_country()}
    # A code is two letters: anything else need not be looked for, and a NUL byte must not.
    found = find_country(country.upper()) if len(country) == 2 and country.isascii() and country.isalpha() else None
    if found is None:
        raise Http404(f"no country {country!r}")
    return {"country": found, "cities": queries.count_items_by_city(found.country)}


@require_safe
def show_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show one item that is on offer."""
    item = queries.find_item(item_id)
    if item is None:
        raise Http404(f"no item {item_id}")
    context = {
        "item": item,
        "trail": list_links(list_trail(item.category.path), Address({})),
        "related": link_tiles(queries.list_related_tiles(item, limit=RELATED)),
    }
    return render(request, "items/item.html", context)


def wants_part(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part; going back in history it wants the whole page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # HtmxMiddleware sets it
    return bool(htmx) and not htmx.history_restore_request
