"""Makes, changes and deletes projects."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from tenancy.models import Project
from tenancy.services.rows import change_row, delete_row, naming_taken


def create_project(*, tenant_id: UUID, name: str, slug: str) -> Project:
    """Make a project of the tenant.

    Raises:
        ValidationError: name or slug are wrong.
        TakenError: the tenant has one of this slug.
        PolicyError: whoever acts may not.
    """
    project = Project(tenant_id=tenant_id, name=name, slug=slug)
    project.clean_fields(exclude={"tenant"})
    with naming_taken(Project), transaction.atomic():
        project.save(force_insert=True)
    return project


def change_project(*, project_id: UUID, versions: Collection[int] | None, changes: Mapping[str, Any]) -> None:
    """Change name or slug; raises as `change_row`."""
    change_row(Project, project_id, versions=versions, changes=changes)


def delete_project(*, project_id: UUID, versions: Collection[int] | None) -> None:
    """Delete a project with its keys and runs; raises as `delete_row`."""
    delete_row(Project, project_id, versions=versions)
