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
    "ListVisibleRow",
    "list_visible",
    "list_visible_json",
]


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
