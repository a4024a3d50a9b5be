"""What others read of projects."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from freehold import get_acting
from freehold.acting import acting
from freehold.queries import UNSET, Unset
from tenancy.models import Project
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
