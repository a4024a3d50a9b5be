"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

import datetime
from freehold.queries import Column, Page, Parameter, Query, Segment, Sort, UNSET, Unset
from msgspec import Struct
from typing import Final, Literal
from uuid import UUID

__all__ = [
    "FindProjectRow",
    "ListNamedRow",
    "ListProjectsRow",
    "ListVisibleRow",
    "find_project",
    "find_project_json",
    "list_named",
    "list_named_json",
    "list_projects",
    "list_projects_json",
    "list_visible",
    "list_visible_json",
]


class FindProjectRow(Struct, frozen=True):
    """A row of `find_project`."""

    id: UUID
    tenant_id: UUID
    name: str
    slug: str
    version: int
    created_at: datetime.datetime
    updated_at: datetime.datetime


_FIND_PROJECT: Final[Query[FindProjectRow]] = Query(
    file="tenancy/sql/project/find_project.sql",
    kind="maybe",
    row=FindProjectRow,
    segments=(
        Segment(
            """\
SELECT p.id, p.tenant_id, p.name, p.slug, p.version, p.created_at, p.updated_at
FROM app.projects AS p
WHERE p.id = {id}""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT p.id, p.tenant_id, p.name, p.slug, p.version, p.created_at, p.updated_at
FROM "app.projects" AS p
WHERE p.id = {id}""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("tenant_id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("slug", "varchar", is_nullable=False),
        Column("version", "int8", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("updated_at", "timestamptz", is_nullable=False),
    ),
    writes=False,
)


def find_project(
    *,
    id: UUID,
    using: str = "default",
) -> FindProjectRow | None:
    """A project by its id."""
    return _FIND_PROJECT.fetch_maybe({"id": id}, using=using)


def find_project_json(
    *,
    id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: a project by its id."""
    return _FIND_PROJECT.fetch_maybe_json({"id": id}, using=using)


class ListNamedRow(Struct, frozen=True):
    """A row of `list_named`."""

    id: UUID
    name: str
    tenant_name: str


_LIST_NAMED: Final[Query[ListNamedRow]] = Query(
    file="tenancy/sql/project/list_named.sql",
    kind="many",
    row=ListNamedRow,
    segments=(
        Segment(
            """\
SELECT
    p.id,
    p.name,
    t.name AS tenant_name
FROM app.projects AS p
INNER JOIN app.tenants AS t ON t.id = p.tenant_id
WHERE true""",
            line=6,
        ),
        Segment("    AND p.id = ANY ({ids})", part="ids", line=14),
        Segment(
            """\
ORDER BY p.name, t.name, p.id
LIMIT 200""",
            line=16,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    p.id,
    p.name,
    t.name AS tenant_name
FROM "app.projects" AS p
INNER JOIN "app.tenants" AS t ON t.id = p.tenant_id
WHERE true""",
            line=6,
        ),
        Segment("    AND p.id IN (SELECT value FROM json_each({ids}))", part="ids", line=14),
        Segment(
            """\
ORDER BY p.name, t.name, p.id
LIMIT 200""",
            line=16,
        ),
    ),
    parameters=(
        Parameter("ids", "uuid", is_list=True, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("tenant_name", "varchar", is_nullable=False),
    ),
    writes=False,
)


def list_named(
    *,
    ids: list[UUID] | Unset = UNSET,
    using: str = "default",
) -> list[ListNamedRow]:
    """The projects that whoever asks may see with their tenants' names, by both names, as many as people choose
    from; or those of these ids.
    """
    return _LIST_NAMED.fetch_many({"ids": ids}, using=using)


def list_named_json(
    *,
    ids: list[UUID] | Unset = UNSET,
    using: str = "default",
) -> bytes:
    """The same as JSON: the projects that whoever asks may see with their tenants' names, by both names, as many as
    people choose from; or those of these ids.
    """
    return _LIST_NAMED.fetch_many_json({"ids": ids}, using=using)


class ListProjectsRow(Struct, frozen=True):
    """A row of `list_projects`."""

    id: UUID
    tenant_id: UUID
    name: str
    slug: str
    version: int
    created_at: datetime.datetime
    updated_at: datetime.datetime


_LIST_PROJECTS: Final[Query[ListProjectsRow]] = Query(
    file="tenancy/sql/project/list_projects.sql",
    kind="many",
    row=ListProjectsRow,
    segments=(
        Segment(
            """\
SELECT p.id, p.tenant_id, p.name, p.slug, p.version, p.created_at, p.updated_at
FROM app.projects AS p
WHERE true""",
            line=8,
        ),
        Segment("    AND p.tenant_id = {tenant_id}", part="tenant_id", line=12),
        Segment("", role="after", line=14),
        Segment("", role="order", line=4),
    ),
    sqlite=(
        Segment(
            """\
SELECT p.id, p.tenant_id, p.name, p.slug, p.version, p.created_at, p.updated_at
FROM "app.projects" AS p
WHERE true""",
            line=8,
        ),
        Segment("    AND p.tenant_id = {tenant_id}", part="tenant_id", line=12),
        Segment("", role="after", line=14),
        Segment("", role="order", line=4),
    ),
    parameters=(
        Parameter("tenant_id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("tenant_id", "uuid", is_nullable=False),
        Column("name", "varchar", is_nullable=False),
        Column("slug", "varchar", is_nullable=False),
        Column("version", "int8", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("updated_at", "timestamptz", is_nullable=False),
    ),
    sorts={
        "slug": Sort((("p.slug", "varchar", "ASC"), ("p.id", "uuid", "ASC"),), (3, 0,)),
        "newest": Sort((("p.created_at", "timestamptz", "DESC"), ("p.id", "uuid", "DESC"),), (5, 0,)),
    },
    page=(50, 200),
    writes=False,
)


def list_projects(
    *,
    tenant_id: UUID | Unset = UNSET,
    sort: Literal["slug", "newest"] = "slug",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> Page[ListProjectsRow]:
    """Projects that whoever asks may see, a page of them."""
    return _LIST_PROJECTS.fetch_page({"tenant_id": tenant_id}, sort=sort, after=after, limit=limit, using=using)


def list_projects_json(
    *,
    tenant_id: UUID | Unset = UNSET,
    sort: Literal["slug", "newest"] = "slug",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> bytes:
    """The same as JSON: projects that whoever asks may see, a page of them."""
    return _LIST_PROJECTS.fetch_page_json({"tenant_id": tenant_id}, sort=sort, after=after, limit=limit, using=using)


class ListVisibleRow(Struct, frozen=True):
    """A row of `list_visible`."""

    id: UUID


_LIST_VISIBLE: Final[Query[ListVisibleRow]] = Query(
    file="tenancy/sql/project/list_visible.sql",
    kind="many",
    row=ListVisibleRow,
    segments=(
        Segment(
            """\
SELECT p.id
FROM app.projects AS p
WHERE true""",
            line=5,
        ),
        Segment("    AND p.id = {id}", part="id", line=9),
        Segment("LIMIT 2", line=11),
    ),
    sqlite=(
        Segment(
            """\
SELECT p.id
FROM "app.projects" AS p
WHERE true""",
            line=5,
        ),
        Segment("    AND p.id = {id}", part="id", line=9),
        Segment("LIMIT 2", line=11),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
    ),
    writes=False,
)


def list_visible(
    *,
    id: UUID | Unset = UNSET,
    using: str = "default",
) -> list[ListVisibleRow]:
    """The projects that whoever asks may see, or the one of an id; two of them tell that it is more than one."""
    return _LIST_VISIBLE.fetch_many({"id": id}, using=using)


def list_visible_json(
    *,
    id: UUID | Unset = UNSET,
    using: str = "default",
) -> bytes:
    """The same as JSON: the projects that whoever asks may see, or the one of an id; two of them tell that it is
    more than one.
    """
    return _LIST_VISIBLE.fetch_many_json({"id": id}, using=using)
