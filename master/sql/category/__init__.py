"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

from freehold.queries import Column, Parameter, Query, Segment
from msgspec import Struct
from typing import Final
from uuid import UUID

__all__ = [
    "ListAllRow",
    "ListOpenRow",
    "ListTrailRow",
    "list_all",
    "list_all_json",
    "list_open",
    "list_open_json",
    "list_trail",
    "list_trail_json",
]


class ListAllRow(Struct, frozen=True):
    """A row of `list_all`."""

    id: UUID
    parent_id: UUID | None
    name: str
    slug: str
    path: str


_LIST_ALL: Final[Query[ListAllRow]] = Query(
    file="master/sql/category/list_all.sql",
    kind="many",
    row=ListAllRow,
    segments=(
        Segment(
            """\
SELECT c.id, c.parent_id, c.name, c.slug, c.path
FROM master.categories AS c
ORDER BY length(c.path) - length(replace(c.path, '/', '')), c.position, c.name, c.path""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT c.id, c.parent_id, c.name, c.slug, c.path
FROM "master.categories" AS c
ORDER BY length(c.path) - length(replace(c.path, '/', '')), c.position, c.name, c.path""",
            line=5,
        ),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("parent_id", "uuid", is_nullable=True),
        Column("name", "varchar", is_nullable=False),
        Column("slug", "varchar", is_nullable=False),
        Column("path", "varchar", is_nullable=False),
    ),
    writes=False,
)


def list_all(
    *,
    using: str = "default",
) -> list[ListAllRow]:
    """Every category, those above before those below, each level in its order."""
    return _LIST_ALL.fetch_many({}, using=using)


def list_all_json(
    *,
    using: str = "default",
) -> bytes:
    """The same as JSON: every category, those above before those below, each level in its order."""
    return _LIST_ALL.fetch_many_json({}, using=using)


class ListOpenRow(Struct, frozen=True):
    """A row of `list_open`."""

    id: UUID
    parent_id: UUID | None
    name: str
    path: str


_LIST_OPEN: Final[Query[ListOpenRow]] = Query(
    file="master/sql/category/list_open.sql",
    kind="many",
    row=ListOpenRow,
    segments=(
        Segment(
            """\
SELECT c.id, c.parent_id, c.name, c.path
FROM master.categories AS c
LEFT JOIN master.categories AS p ON p.id = c.parent_id
WHERE c.parent_id IS NULL OR p.path = ANY ({paths})
ORDER BY c.position, c.name, c.path""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT c.id, c.parent_id, c.name, c.path
FROM "master.categories" AS c
LEFT JOIN "master.categories" AS p ON p.id = c.parent_id
WHERE c.parent_id IS NULL OR p.path IN (SELECT value FROM json_each({paths}))
ORDER BY c.position, c.name, c.path""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("paths", "text", is_list=True, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("parent_id", "uuid", is_nullable=True),
        Column("name", "varchar", is_nullable=False),
        Column("path", "varchar", is_nullable=False),
    ),
    writes=False,
)


def list_open(
    *,
    paths: list[str],
    using: str = "default",
) -> list[ListOpenRow]:
    """What is seen of the tree when it is open down to some paths: the top, and the level below each of them."""
    return _LIST_OPEN.fetch_many({"paths": paths}, using=using)


def list_open_json(
    *,
    paths: list[str],
    using: str = "default",
) -> bytes:
    """The same as JSON: what is seen of the tree when it is open down to some paths: the top, and the level below
    each of them.
    """
    return _LIST_OPEN.fetch_many_json({"paths": paths}, using=using)


class ListTrailRow(Struct, frozen=True):
    """A row of `list_trail`."""

    id: UUID
    parent_id: UUID | None
    name: str
    path: str


_LIST_TRAIL: Final[Query[ListTrailRow]] = Query(
    file="master/sql/category/list_trail.sql",
    kind="many",
    row=ListTrailRow,
    segments=(
        Segment(
            """\
SELECT c.id, c.parent_id, c.name, c.path
FROM master.categories AS c
WHERE c.path = ANY ({paths})
ORDER BY c.path""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT c.id, c.parent_id, c.name, c.path
FROM "master.categories" AS c
WHERE c.path IN (SELECT value FROM json_each({paths}))
ORDER BY c.path""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("paths", "text", is_list=True, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("parent_id", "uuid", is_nullable=True),
        Column("name", "varchar", is_nullable=False),
        Column("path", "varchar", is_nullable=False),
    ),
    writes=False,
)


def list_trail(
    *,
    paths: list[str],
    using: str = "default",
) -> list[ListTrailRow]:
    """The categories of some paths, from the top down."""
    return _LIST_TRAIL.fetch_many({"paths": paths}, using=using)


def list_trail_json(
    *,
    paths: list[str],
    using: str = "default",
) -> bytes:
    """The same as JSON: the categories of some paths, from the top down."""
    return _LIST_TRAIL.fetch_many_json({"paths": paths}, using=using)
