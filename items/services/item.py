"""Makes, changes and deletes items with their pictures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from freehold import StaleRecordError
from items.models import Item, ItemImage

COLUMNS: Final = ("category_id", "location_id")  # whose faults Django tells under the relation's name
Images = Sequence[Mapping[str, Any]]


def create_item(*, user_id: UUID, images: Images = (), **columns: Any) -> Item:
    """Make an item of the user's, with pictures in the order given, each a mapping of `url` and `alt`.

    Raises:
        ValidationError: a column or a picture is wrong; by the name that it has here, `images.0.url`.
    """
    item = Item(user_id=user_id, **columns)
    _check(item)
    with transaction.atomic():
        item.save(force_insert=True)
        _put_images(item, images)
    return item


def change_item(*, user_id: UUID, item_id: UUID, versions: Collection[int] | None, changes: Mapping[str, Any]) -> Item:
    """Change columns of the user's item and, where `images` is among them, all its pictures; give the item.

    `versions` are those that the change is for, None for any.

    Raises:
        Item.DoesNotExist: there is no such item of the user's.
        StaleRecordError: it has another version.
        ValidationError: as above.
    """
    columns = dict(changes)
    images = columns.pop("images", None)
    with transaction.atomic():
        item = _get_own(user_id, item_id, versions)
        for name, value in columns.items():
            setattr(item, name, value)
        _check(item)
        item.save(force_update=True)
        if images is not None:
            item.images.all().delete()
            _put_images(item, images)
    return item


def delete_item(*, user_id: UUID, item_id: UUID, versions: Collection[int] | None) -> None:
    """Delete the user's item and what hangs on it.

    Raises:
        Item.DoesNotExist, StaleRecordError: as above.
    """
    with transaction.atomic():
        _get_own(user_id, item_id, versions).delete()


def _get_own(user_id: UUID, item_id: UUID, versions: Collection[int] | None) -> Item:
    """Give the item, locked until the transaction ends."""
    item = Item.objects.select_for_update().get(pk=item_id, user_id=user_id)
    if versions is not None and item.version not in versions:
        raise StaleRecordError(f"app.items: version {item.version}, another was expected; read it again")
    return item


def _check(item: Item) -> None:
    """Check the columns alone: the table's constraints say the same, and hold whoever writes."""
    try:
        item.clean_fields(exclude={"user"})
    except ValidationError as error:
        names = {name.removesuffix("_id"): name for name in COLUMNS}
        raise ValidationError({names.get(name, name): each for name, each in error.error_dict.items()}) from error


def _put_images(item: Item, images: Images) -> None:
    rows = [ItemImage(item=item, position=place, **dict(each)) for place, each in enumerate(images)]
    faults: dict[str, Any] = {}
    for row in rows:
        try:
            row.clean_fields(exclude={"item"})
        except ValidationError as error:
            faults |= {f"images.{row.position}.{name}": each for name, each in error.error_dict.items()}
    if faults:
        raise ValidationError(faults)
    ItemImage.objects.bulk_create(rows)
