"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

import datetime
from freehold.queries import Column, Page, Parameter, Query, Segment, Sort, UNSET, Unset
from msgspec import Struct
from typing import Any, Final, Literal
from uuid import UUID

__all__ = [
    "ListRunsRow",
    "list_runs",
    "list_runs_json",
]


class ListRunsRow(Struct, frozen=True):
    """A row of `list_runs`."""

    id: UUID
    project_id: UUID
    external_id: str
    kind: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    metadata: dict[str, Any]
    version: int
    created_at: datetime.datetime
    updated_at: datetime.datetime


_LIST_RUNS: Final[Query[ListRunsRow]] = Query(
    file="runs/sql/run/list_runs.sql",
    kind="many",
    row=ListRunsRow,
    segments=(
        Segment(
            """\
SELECT
    r.id,
    r.project_id,
    r.external_id,
    r.kind,
    r.status,
    r.started_at,
    r.finished_at,
    r.metadata,
    r.version,
    r.created_at,
    r.updated_at
FROM app.runs AS r
WHERE true""",
            line=12,
        ),
        Segment("    AND r.id IN (SELECT found FROM app.search_runs({words}) AS found)", part="words", line=27),
        Segment("    AND r.project_id = {project_id}", part="project_id", line=30),
        Segment("    AND r.status = ANY ({statuses})", part="statuses", line=33),
        Segment("    AND r.created_at >= {since}", part="since", line=36),
        Segment("    AND r.created_at < {until}", part="until", line=39),
        Segment("", role="after", line=41),
        Segment("", role="order", line=7),
    ),
    sqlite=(
        Segment(
            """\
SELECT
    r.id,
    r.project_id,
    r.external_id,
    r.kind,
    r.status,
    r.started_at,
    r.finished_at,
    r.metadata,
    r.version,
    r.created_at,
    r.updated_at
FROM "app.runs" AS r
WHERE true""",
            line=1,
        ),
        Segment(
            """\
    AND NOT EXISTS (
        SELECT 1
        FROM json_each({words}) AS w
        WHERE instr(
            lower(' ' || replace(r.kind || ' ' || r.external_id || ' ' || r.metadata, '"', ' ')), ' ' || lower(w.value)
        ) = 0
    )""",
            part="words",
            line=16,
        ),
        Segment("    AND r.project_id = {project_id}", part="project_id", line=25),
        Segment("    AND r.status IN (SELECT value FROM json_each({statuses}))", part="statuses", line=28),
        Segment("    AND r.created_at >= {since}", part="since", line=31),
        Segment("    AND r.created_at < {until}", part="until", line=34),
        Segment("", role="after", line=36),
        Segment("", role="order", line=7),
    ),
    parameters=(
        Parameter("words", "text", is_list=True, is_nullable=False),
        Parameter("project_id", "uuid", is_list=False, is_nullable=False),
        Parameter("statuses", "text", is_list=True, is_nullable=False),
        Parameter("since", "timestamptz", is_list=False, is_nullable=False),
        Parameter("until", "timestamptz", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("id", "uuid", is_nullable=False),
        Column("project_id", "uuid", is_nullable=False),
        Column("external_id", "varchar", is_nullable=False),
        Column("kind", "varchar", is_nullable=False),
        Column("status", "varchar", is_nullable=False),
        Column("started_at", "timestamptz", is_nullable=True),
        Column("finished_at", "timestamptz", is_nullable=True),
        Column("metadata", "jsonb", is_nullable=False),
        Column("version", "int8", is_nullable=False),
        Column("created_at", "timestamptz", is_nullable=False),
        Column("updated_at", "timestamptz", is_nullable=False),
    ),
    sorts={
        "newest": Sort((("r.created_at", "timestamptz", "DESC"), ("r.id", "uuid", "DESC"),), (9, 0,)),
        "oldest": Sort((("r.created_at", "timestamptz", "ASC"), ("r.id", "uuid", "ASC"),), (9, 0,)),
    },
    page=(50, 200),
    writes=False,
)


def list_runs(
    *,
    words: list[str] | Unset = UNSET,
    project_id: UUID | Unset = UNSET,
    statuses: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    sort: Literal["newest", "oldest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> Page[ListRunsRow]:
    """Runs of whoever asks, a page of them. `words` are the beginnings of words of kind, external id and metadata;
    `since` belongs to the range of times, `until` does not.
    """
    return _LIST_RUNS.fetch_page({"words": words, "project_id": project_id, "statuses": statuses, "since": since, "until": until}, sort=sort, after=after, limit=limit, using=using)


def list_runs_json(
    *,
    words: list[str] | Unset = UNSET,
    project_id: UUID | Unset = UNSET,
    statuses: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    sort: Literal["newest", "oldest"] = "newest",
    after: str = "",
    limit: int = 50,
    using: str = "default",
) -> bytes:
    """The same as JSON: runs of whoever asks, a page of them. `words` are the beginnings of words of kind, external
    id and metadata; `since` belongs to the range of times, `until` does not.
    """
    return _LIST_RUNS.fetch_page_json({"words": words, "project_id": project_id, "statuses": statuses, "since": since, "until": until}, sort=sort, after=after, limit=limit, using=using)
