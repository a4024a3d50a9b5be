"""Categories and locations: what everyone refers to. It changes seldom, and may be kept for a while by anybody."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
from django.http import HttpResponse
from msgspec import Meta

from freehold.api import Bounded, Endpoint, Headers, IfNoneMatch, Query, Text, operation, route, write_etag
from master.queries import list_places
from master.sql import category, location

PUBLIC: Final = "public, max-age=300"
KEPT: Final = {"ETag": "Of all categories as they are now"}


class CategoryNode(msgspec.Struct):
    """A category with those below it, in their order."""

    id: UUID
    name: str
    slug: str
    path: str
    children: list[CategoryNode]


class Tree(msgspec.Struct):
    """The categories at the top."""

    rows: list[CategoryNode]


class Categories(Endpoint):
    """The tree of categories."""

    cache = PUBLIC

    @operation(Tree, name="list_categories", tag="reference", headers=KEPT, is_conditional=True)
    def get(self, parsed_headers: Headers[IfNoneMatch]) -> HttpResponse:
        """Give the whole tree."""
        content = msgspec.json.encode(grow_tree(category.list_all()))
        return self.answer(content, etag=write_etag(content))


def grow_tree(rows: list[category.ListAllRow]) -> Tree:
    """Give the tree of rows that come from the top down."""
    nodes = {row.id: CategoryNode(row.id, row.name, row.slug, row.path, []) for row in rows}
    tree = Tree([])
    for row in rows:
        parent = nodes.get(row.parent_id) if row.parent_id else None
        (parent.children if parent else tree.rows).append(nodes[row.id])
    return tree


class Places(msgspec.Struct):
    """Locations, the largest first."""

    rows: list[location.ListNamedRow]


class PlacesQuery(Bounded):
    """What to look for."""

    q: Annotated[Text, Meta(min_length=1, max_length=100, description="The beginning of a city's or country's name")]
    limit: Annotated[int, Meta(ge=1, le=50, description="How many at most")] = 20


class Locations(Endpoint):
    """Cities and whole countries."""

    cache = PUBLIC

    @operation(Places, name="search_locations", tag="reference", errors=[422])
    def get(self, parsed_query: Query[PlacesQuery]) -> HttpResponse:
        """Give those whose name begins with `q`; accents count only where `q` has them."""
        return self.answer(Places(list_places(parsed_query.q, limit=parsed_query.limit)))


ROUTES = [
    route("categories", Categories.as_view(), name="categories"),
    route("locations", Locations.as_view(), name="locations"),
]
