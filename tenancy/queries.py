"""What others read of projects."""

from __future__ import annotations

from uuid import UUID

from freehold.queries import UNSET, Unset
from tenancy.sql import project


def find_project(asked: UUID | Unset = UNSET) -> UUID | None:
    """Give the project of that id, by default the only one that whoever acts may see; None where there is no such."""
    found = project.list_visible(id=asked)
    return found[0].id if len(found) == 1 else None
