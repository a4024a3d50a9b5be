"""Changes what members may do, and lets them go."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from django.db import Error

from freehold import FreeholdError
from tenancy.models import Membership
from tenancy.services.rows import change_row, delete_row

_KEPT: Final = "a tenant keeps its last owner"  # in the words of the trigger, migration 0014_last_owner


class LastOwnerError(FreeholdError):
    """A tenant would be left without an owner."""


def change_role(*, membership_id: UUID, versions: Collection[int] | None, role: str) -> None:
    """Give a member another role; raises as `change_row`, and

    Raises:
        LastOwnerError: it is the tenant's last owner.
    """
    with _keeping_owner():
        change_row(Membership, membership_id, versions=versions, changes={"role": role})


def end_membership(*, membership_id: UUID, versions: Collection[int] | None) -> None:
    """Let a member go, be it whoever acts; raises as `delete_row`, and LastOwnerError."""
    with _keeping_owner():
        delete_row(Membership, membership_id, versions=versions)


@contextmanager
def _keeping_owner() -> Iterator[None]:
    try:
        yield
    except Error as error:
        if _KEPT not in str(error):
            raise
        words = "A tenant keeps its last owner: make another member owner first."
        raise LastOwnerError(words) from error
