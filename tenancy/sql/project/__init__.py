"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

from freehold.queries import Column, Parameter, Query, Segment, UNSET, Unset
from msgspec import Struct
from typing import Final
from uuid import UUID

__all__ = [
    "ListNamedRow",
    "ListVisibleRow",
    "list_named",
    "list_named_json",
    "list_visible",
    "list_visible_json",
]


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
