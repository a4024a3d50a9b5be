"""Marks items, and takes marks back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from items.models import Favorite


def mark_item(*, user_id: UUID, item_id: UUID) -> bool:
    """Mark the item for the user; tell whether this call did.

    Raises:
        IntegrityError: there is no such item, where the transaction ends.
    """
    with transaction.atomic():
        return Favorite.objects.get_or_create(user_id=user_id, item_id=item_id)[1]


def unmark_item(*, user_id: UUID, item_id: UUID) -> bool:
    """Take the user's mark from the item; tell whether there was one."""
    with transaction.atomic():
        return bool(Favorite.objects.filter(user_id=user_id, item_id=item_id).delete()[0])
