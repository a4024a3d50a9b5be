"""Items and favorites."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import asdict

from freehold.api import (
    END,
    USERS,
    Body,
    Bounded,
    Endpoint,
    Headers,
    IfMatch,
    IfNoneMatch,
    Path,
    Query,
    Text,
    Words,
    operation,
    read_versions,
    route,
)
from freehold.queries import Page
from items.models import Item
from items.queries import Conditions, ItemFilter, write_conditions
from items.services.favorite import mark_item, unmark_item
from items.services.item import change_item, create_item, delete_item
from items.sql import detail, favorite, item, own

MOST_IMAGES: Final = 20
PRICE: Final = r"^[0-9]{1,10}(\.[0-9]{1,2})?" + END
Name = Annotated[Words, Meta(min_length=1, max_length=200)]
Description = Annotated[Text, Meta(max_length=50_000)]
Price = Annotated[str, Meta(pattern=PRICE, description="A decimal number as text, such as 9.50")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}" + END, description="Code of ISO 4217")]
Limit = Annotated[int, Meta(ge=1, le=200, description="How many at most")]
After = Annotated[str, Meta(max_length=2000, description="`next` of the page before")]
CHANGES: Final = (404, 412, 413, 415, 422, 428)
ETAG: Final = {"ETag": "Of the item as it is now; send it as If-Match to change it"}
MADE: Final = {**ETAG, "Location": "Where it is"}


class ItemsQuery(Bounded):
    """What to look for, and in which order."""

    q: Annotated[Text, Meta(max_length=200, description="Words, by their stems or how they begin")] = ""
    category: Annotated[Text, Meta(max_length=400, description="A path: it and all below it")] = ""
    place: Annotated[Text, Meta(max_length=200, description="A location's slug; a country's means its cities")] = ""
    least: Price | UnsetType = UNSET
    most: Price | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    sort: Literal["newest", "cheapest", "dearest", "name"] = "newest"
    after: After = ""
    limit: Limit = 50

    @property
    def conditions(self) -> Conditions:
        """What the statement takes."""
        least, most = (None if each is UNSET else Decimal(each) for each in (self.least, self.most))
        words, currency = tuple(self.q.split()), self.currency or ""
        return write_conditions(ItemFilter(words=words, place=self.place, least=least, most=most, currency=currency))


class Image(Bounded):
    """A picture, by its address."""

    url: Annotated[Text, Meta(min_length=1, max_length=2000)]
    alt: Annotated[Text, Meta(max_length=300, description="What it shows")] = ""


Images = Annotated[list[Image], Meta(max_length=MOST_IMAGES)]


class NewItem(Bounded):
    """What an item is made of."""

    name: Name
    category_id: UUID
    price: Price
    location_id: UUID | None = None
    description: Description = ""
    currency: Currency = "EUR"
    is_active: bool = True
    images: Images = []


class ItemChanges(Bounded):
    """What changes; the rest stays. `images` are all of them, in their order."""

    name: Name | UnsetType = UNSET
    category_id: UUID | UnsetType = UNSET
    price: Price | UnsetType = UNSET
    location_id: UUID | UnsetType | None = UNSET
    description: Description | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    images: Images | UnsetType = UNSET


class ItemDetail(detail.FindSeenRow, frozen=True):
    """An item with its pictures."""

    images: list[Image]


class ItemPath(msgspec.Struct):
    """Which item."""

    item_id: UUID


class PageQuery(Bounded):
    """Which page."""

    after: After = ""
    limit: Limit = 50


class Items(Endpoint):
    """Items on offer."""

    @operation(Page[item.ListItemsRow], name="list_items", tag="items", errors=[422])
    def get(self, parsed_query: Query[ItemsQuery]) -> HttpResponse:
        """Give a page of those on offer."""
        asked = parsed_query
        content = item.list_items_json(
            **asked.conditions, category=asked.category or UNSET, sort=asked.sort, after=asked.after, limit=asked.limit
        )
        return self.answer(content)

    @operation(
        ItemDetail, name="create_item", tag="items", auth=USERS, status=201, errors=[413, 415, 422], headers=MADE
    )
    def post(self, parsed_body: Body[NewItem]) -> HttpResponse:
        """Offer something."""
        made = create_item(user_id=self.get_user_id(), **list_columns(parsed_body))
        return answer_item(self, made.pk, status=201)


class OneItem(Endpoint):
    """An item."""

    @operation(ItemDetail, name="get_item", tag="items", errors=[404, 422], headers=ETAG, is_conditional=True)
    def get(self, parsed_path: Path[ItemPath], parsed_headers: Headers[IfNoneMatch]) -> HttpResponse:
        """Give one that is on offer, or one's own."""
        return answer_item(self, parsed_path.item_id)

    @operation(ItemDetail, name="change_item", tag="items", auth=USERS, errors=CHANGES, headers=ETAG)
    def patch(
        self, parsed_path: Path[ItemPath], parsed_headers: Headers[IfMatch], parsed_body: Body[ItemChanges]
    ) -> HttpResponse:
        """Change one's own item."""
        versions, item_id = read_versions(parsed_headers), parsed_path.item_id
        with self.owning(item_id):
            change_item(
                user_id=self.get_user_id(), item_id=item_id, versions=versions, changes=list_columns(parsed_body)
            )
        return answer_item(self, item_id)

    @operation(name="delete_item", tag="items", auth=USERS, status=204, errors=[404, 412, 422, 428])
    def delete(self, parsed_path: Path[ItemPath], parsed_headers: Headers[IfMatch]) -> HttpResponse:
        """Delete one's own item."""
        versions, item_id = read_versions(parsed_headers), parsed_path.item_id
        with self.owning(item_id):
            delete_item(user_id=self.get_user_id(), item_id=item_id, versions=versions)
        return self.answer(status=204)

    @contextmanager
    def owning(self, item_id: UUID) -> Iterator[None]:
        """Tell whoever may see the item, and not change it, from whoever may not even see it."""
        try:
            yield
        except Item.DoesNotExist as error:
            if detail.find_seen(id=item_id, user_id=self.get_user_id()):
                raise PermissionDenied from error
            raise Http404 from error


class OwnItems(Endpoint):
    """One's own items."""

    @operation(Page[own.ListOwnRow], name="list_own_items", tag="items", auth=USERS, errors=[422])
    def get(self, parsed_query: Query[PageQuery]) -> HttpResponse:
        """Give a page of one's own, on offer or not."""
        asked = parsed_query
        return self.answer(own.list_own_json(user_id=self.get_user_id(), after=asked.after, limit=asked.limit))


class Favorites(Endpoint):
    """What one has marked."""

    @operation(Page[favorite.ListFavoritesRow], name="list_favorites", tag="favorites", auth=USERS, errors=[422])
    def get(self, parsed_query: Query[PageQuery]) -> HttpResponse:
        """Give a page of what is marked and still to be seen, the last mark first."""
        asked = parsed_query
        found = favorite.list_favorites_json(user_id=self.get_user_id(), after=asked.after, limit=asked.limit)
        return self.answer(found)


class OneFavorite(Endpoint):
    """A mark on an item."""

    @operation(name="mark_item", tag="favorites", auth=USERS, status=204, errors=[404, 422])
    def put(self, parsed_path: Path[ItemPath]) -> HttpResponse:
        """Mark an item; once more is no fault."""
        user_id, item_id = self.get_user_id(), parsed_path.item_id
        if detail.find_seen(id=item_id, user_id=user_id) is None:
            raise Http404
        mark_item(user_id=user_id, item_id=item_id)
        return self.answer(status=204)

    @operation(name="unmark_item", tag="favorites", auth=USERS, status=204, errors=[404, 422])
    def delete(self, parsed_path: Path[ItemPath]) -> HttpResponse:
        """Take the mark back."""
        if not unmark_item(user_id=self.get_user_id(), item_id=parsed_path.item_id):
            raise Http404
        return self.answer(status=204)


def list_columns(body: NewItem | ItemChanges) -> dict[str, Any]:
    """Give what the body brings, as services take it."""
    found = {name: value for name, value in asdict(body).items() if value is not UNSET}
    if "price" in found:
        found["price"] = Decimal(found["price"])
    if "images" in found:
        found["images"] = [asdict(each) for each in found["images"]]
    return found


def answer_item(endpoint: Endpoint, item_id: UUID, *, status: int = 200) -> HttpResponse:
    """Give the item that whoever asks may see, as it is now.

    Raises:
        Http404: there is none.
    """
    row = detail.find_seen(id=item_id, user_id=endpoint.user_id)
    if row is None:
        raise Http404
    found = ItemDetail(
        **asdict(row), images=[Image(url=each.url, alt=each.alt) for each in item.list_images(item_id=item_id)]
    )
    place = {"Location": reverse("api:item", args=[item_id])} if status == HTTPStatus.CREATED else None
    return endpoint.answer_version(found, row.version, status=status, headers=place)


ROUTES = [
    route("items", Items.as_view(), name="items"),
    route("items/<uuid:item_id>", OneItem.as_view(), name="item"),
    route("me/items", OwnItems.as_view(), name="own-items"),
    route("favorites", Favorites.as_view(), name="favorites"),
    route("favorites/<uuid:item_id>", OneFavorite.as_view(), name="favorite"),
]
