"""What others read of projects."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from freehold import get_acting
from freehold.acting import acting
from freehold.queries import UNSET, Unset
from tenancy.access import MEMBERS
from tenancy.models import Membership, Project
from tenancy.sql import project, service_token


def find_project(asked: UUID | Unset = UNSET) -> UUID | None:
    """Give the project of that id, by default the only one that whoever acts may see; None where there is no such."""
    found = project.list_visible(id=asked)
    return found[0].id if len(found) == 1 else None


def may_report(project_id: UUID) -> bool:
    """Tell whether the service token that acts may report runs to a project: whether that is one of its tenant."""
    if connection.vendor == "postgresql":
        return service_token.may_report(project_id=project_id).allowed
    found = get_acting()
    if found is None or found.principal.kind != "service":
        return False
    with acting(None):
        return Project.objects.filter(pk=project_id, tenant_id=found.principal.tenant_id).exists()


def list_projects(ids: list[UUID] | Unset = UNSET) -> list[project.ListNamedRow]:
    """Give the projects that whoever acts may see, by their names, 200 at most; or those of the ids."""
    return project.list_named(ids=ids)


def may_write(project_id: UUID, user_id: UUID) -> bool:
    """Tell whether the user's place in the project's tenant lets them write its runs: for pages, which offer no more
    than that. Policies hold it."""
    places = Membership.objects.filter(tenant__projects=project_id, user=user_id, role__in=MEMBERS)
    return places.exists()
