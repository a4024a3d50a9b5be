"""What others read of projects."""

from __future__ import annotations

from uuid import UUID

from freehold.queries import UNSET, Unset
from tenancy.access import MEMBERS
from tenancy.models import Membership
from tenancy.sql import project


def find_project(asked: UUID | Unset = UNSET) -> UUID | None:
    """Give the project of that id, by default the only one that whoever acts may see; None where there is no such."""
    found = project.list_visible(id=asked)
    return found[0].id if len(found) == 1 else None


def list_projects(ids: list[UUID] | Unset = UNSET) -> list[project.ListNamedRow]:
    """Give the projects that whoever acts may see, by their names, 200 at most; or those of the ids."""
    return project.list_named(ids=ids)


def may_write(project_id: UUID, user_id: UUID) -> bool:
    """Tell whether the user's place in the project's tenant lets them write its runs: for pages, which offer no more
    than that. Policies hold it."""
    places = Membership.objects.filter(tenant__projects=project_id, user=user_id, role__in=MEMBERS)
    return places.exists()
