"""Projects: what a tenant works on."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import msgspec
from django.http import Http404, HttpResponse
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict

from freehold.api import (
    KEYS_AND_USERS,
    USERS,
    Body,
    Bounded,
    Endpoint,
    Headers,
    IfMatch,
    IfNoneMatch,
    Path,
    Query,
    operation,
    read_versions,
    route,
)
from freehold.queries import Page
from tenancy.api.answers import (
    CHANGES,
    DELETES,
    ETAG,
    MADE,
    InTenantQuery,
    Name,
    Slug,
    answer_found,
    list_changes,
    place,
    seeking,
)
from tenancy.services.project import change_project, create_project, delete_project
from tenancy.sql import project, tenant


class ProjectsQuery(InTenantQuery):
    """Of which tenant, in which order."""

    sort: Literal["slug", "newest"] = "slug"


class NewProject(Bounded):
    """What a project is made of."""

    tenant_id: UUID
    name: Name
    slug: Slug


class ProjectChanges(Bounded):
    """What changes; the rest stays."""

    name: Name | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET


class ProjectPath(msgspec.Struct):
    """Which project."""

    project_id: UUID


class Projects(Endpoint):
    """Projects of whoever asks; for a key its own."""

    @operation(Page[project.ListProjectsRow], name="list_projects", tag="projects", auth=KEYS_AND_USERS, errors=[422])
    def get(self, parsed_query: Query[ProjectsQuery]) -> HttpResponse:
        """Give a page of them."""
        asked = parsed_query
        found = project.list_projects_json(
            tenant_id=asked.tenant, sort=asked.sort, after=asked.after, limit=asked.limit
        )
        return self.answer(found)

    @operation(
        project.FindProjectRow, name="create_project", tag="projects", auth=USERS, status=201,
        errors=[404, 413, 415, 422], headers=MADE,
    )  # fmt: skip
    def post(self, parsed_body: Body[NewProject]) -> HttpResponse:
        """Make one in a tenant, as its owner or an admin."""
        if tenant.find_tenant(id=parsed_body.tenant_id, user_id=self.user_id) is None:
            raise Http404
        with seeking():
            made = create_project(**asdict(parsed_body))
        return answer_found(self, project.find_project(id=made.pk), status=201, headers=place("project", made.pk))


class OneProject(Endpoint):
    """A project."""

    @operation(
        project.FindProjectRow, name="get_project", tag="projects", auth=KEYS_AND_USERS, errors=[404, 422],
        headers=ETAG, is_conditional=True,
    )  # fmt: skip
    def get(self, parsed_path: Path[ProjectPath], parsed_headers: Headers[IfNoneMatch]) -> HttpResponse:
        """Give one."""
        return answer_found(self, project.find_project(id=parsed_path.project_id))

    @operation(project.FindProjectRow, name="change_project", tag="projects", auth=USERS, errors=CHANGES, headers=ETAG)
    def patch(
        self, parsed_path: Path[ProjectPath], parsed_headers: Headers[IfMatch], parsed_body: Body[ProjectChanges]
    ) -> HttpResponse:
        """Change it, as an owner or admin of its tenant."""
        versions, project_id = read_versions(parsed_headers), parsed_path.project_id
        with seeking():
            change_project(project_id=project_id, versions=versions, changes=list_changes(parsed_body))
        return answer_found(self, project.find_project(id=project_id))

    @operation(name="delete_project", tag="projects", auth=USERS, status=204, errors=DELETES)
    def delete(self, parsed_path: Path[ProjectPath], parsed_headers: Headers[IfMatch]) -> HttpResponse:
        """Delete it with its keys and runs, as an owner or admin of its tenant."""
        versions = read_versions(parsed_headers)
        with seeking():
            delete_project(project_id=parsed_path.project_id, versions=versions)
        return self.answer(status=204)


ROUTES = [
    route("projects", Projects.as_view(), name="projects"),
    route("projects/<uuid:project_id>", OneProject.as_view(), name="project"),
]
