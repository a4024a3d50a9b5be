"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

from collections.abc import Iterable
import datetime
from freehold.queries import Column, Page, Parameter, Query, Segment, Sort, UNSET, Unset
from msgspec import Struct
from typing import Any, Final, Literal
from uuid import UUID

__all__ = [
    "FindRunRow",
    "ListRunsRow",
    "ListStatusesRow",
    "LoadRunsArgs",
    "TakeRunsRow",
    "find_run",
    "find_run_json",
    "list_runs",
    "list_runs_json",
    "list_statuses",
    "list_statuses_json",
    "load_runs",
    "prune_runs",
    "take_runs",
    "take_runs_json",
]


class FindRunRow(Struct, frozen=True):
    """A row of `find_run`."""

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


_FIND_RUN: Final[Query[FindRunRow]] = Query(
    file="runs/sql/run/find_run.sql",
    kind="maybe",
    row=FindRunRow,
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
WHERE r.id = {id}""",
            line=6,
        ),
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
WHERE r.id = {id}""",
            line=6,
        ),
    ),
    parameters=(
        Parameter("id", "uuid", is_list=False, is_nullable=False),
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
    writes=False,
)


def find_run(
    *,
    id: UUID,
    using: str = "default",
) -> FindRunRow | None:
    """A run by its id."""
    return _FIND_RUN.fetch_maybe({"id": id}, using=using)


def find_run_json(
    *,
    id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: a run by its id."""
    return _FIND_RUN.fetch_maybe_json({"id": id}, using=using)


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
            line=11,
        ),
        Segment("    AND r.id IN (SELECT found FROM app.search_runs({words}) AS found)", part="words", line=26),
        Segment("    AND r.project_id = {project_id}", part="project_id", line=29),
        Segment("    AND r.status = ANY ({statuses})", part="statuses", line=32),
        Segment("    AND r.kind = {kind}", part="kind", line=35),
        Segment("    AND r.created_at >= {since}", part="since", line=38),
        Segment("    AND r.created_at < {until}", part="until", line=41),
        Segment("", role="after", line=43),
        Segment("", role="order", line=6),
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
        Segment("    AND r.kind = {kind}", part="kind", line=31),
        Segment("    AND r.created_at >= {since}", part="since", line=34),
        Segment("    AND r.created_at < {until}", part="until", line=37),
        Segment("", role="after", line=39),
        Segment("", role="order", line=6),
    ),
    parameters=(
        Parameter("words", "text", is_list=True, is_nullable=False),
        Parameter("project_id", "uuid", is_list=False, is_nullable=False),
        Parameter("statuses", "text", is_list=True, is_nullable=False),
        Parameter("kind", "text", is_list=False, is_nullable=False),
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
    kind: str | Unset = UNSET,
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
    return _LIST_RUNS.fetch_page({"words": words, "project_id": project_id, "statuses": statuses, "kind": kind, "since": since, "until": until}, sort=sort, after=after, limit=limit, using=using)


def list_runs_json(
    *,
    words: list[str] | Unset = UNSET,
    project_id: UUID | Unset = UNSET,
    statuses: list[str] | Unset = UNSET,
    kind: str | Unset = UNSET,
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
    return _LIST_RUNS.fetch_page_json({"words": words, "project_id": project_id, "statuses": statuses, "kind": kind, "since": since, "until": until}, sort=sort, after=after, limit=limit, using=using)


class ListStatusesRow(Struct, frozen=True):
    """A row of `list_statuses`."""

    external_id: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]


_LIST_STATUSES: Final[Query[ListStatusesRow]] = Query(
    file="runs/sql/run/list_statuses.sql",
    kind="many",
    row=ListStatusesRow,
    segments=(
        Segment(
            """\
SELECT r.external_id, r.status
FROM app.runs AS r
WHERE r.project_id = {project_id}
    AND r.external_id = ANY ({external_ids})""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
SELECT r.external_id, r.status
FROM "app.runs" AS r
WHERE r.project_id = {project_id}
    AND r.external_id IN (SELECT value FROM json_each({external_ids}))""",
            line=5,
        ),
    ),
    parameters=(
        Parameter("project_id", "uuid", is_list=False, is_nullable=False),
        Parameter("external_ids", "text", is_list=True, is_nullable=False),
    ),
    columns=(
        Column("external_id", "varchar", is_nullable=False),
        Column("status", "varchar", is_nullable=False),
    ),
    writes=False,
)


def list_statuses(
    *,
    project_id: UUID,
    external_ids: list[str],
    using: str = "default",
) -> list[ListStatusesRow]:
    """The status of each of these runs of a project."""
    return _LIST_STATUSES.fetch_many({"project_id": project_id, "external_ids": external_ids}, using=using)


def list_statuses_json(
    *,
    project_id: UUID,
    external_ids: list[str],
    using: str = "default",
) -> bytes:
    """The same as JSON: the status of each of these runs of a project."""
    return _LIST_STATUSES.fetch_many_json({"project_id": project_id, "external_ids": external_ids}, using=using)


class LoadRunsArgs(Struct, frozen=True, kw_only=True):
    """What `load_runs` takes for each row."""

    project_id: UUID
    external_id: str
    kind: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"] | Unset = UNSET
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    metadata: Any | Unset = UNSET


_LOAD_RUNS: Final[Query[None]] = Query(
    file="runs/sql/run/load_runs.sql",
    kind="load",
    segments=(
        Segment("INSERT INTO app.runs (", line=6),
        Segment("", role="columns", line=6),
        Segment(")", line=6),
        Segment("", role="rows", line=7),
        Segment(
            """\
ON CONFLICT (project_id, external_id) DO UPDATE
SET
    kind = excluded.kind,
    status = excluded.status,
    started_at = coalesce(excluded.started_at, runs.started_at),
    finished_at = excluded.finished_at,
    metadata = CASE WHEN excluded.metadata = '{{}}' THEN runs.metadata ELSE excluded.metadata END,
    updated_at = CURRENT_TIMESTAMP
WHERE (runs.status = excluded.status OR runs.status IN ('queued', 'running') AND excluded.status <> 'queued')
    AND (
        runs.kind <> excluded.kind
        OR runs.status <> excluded.status
        OR runs.started_at IS DISTINCT FROM coalesce(excluded.started_at, runs.started_at)
        OR runs.finished_at IS DISTINCT FROM excluded.finished_at
        OR runs.metadata <> excluded.metadata AND excluded.metadata <> '{{}}'
    )""",
            line=8,
        ),
    ),
    sqlite=(
        Segment(
            """\
INSERT INTO "app.runs" AS "runs" (""",
            line=6,
        ),
        Segment("", role="columns", line=6),
        Segment(")", line=6),
        Segment("", role="rows", line=7),
        Segment(
            """\
ON CONFLICT (project_id, external_id) DO UPDATE
SET
    kind = excluded.kind,
    status = excluded.status,
    started_at = coalesce(excluded.started_at, runs.started_at),
    finished_at = excluded.finished_at,
    metadata = CASE WHEN excluded.metadata = '{{}}' THEN runs.metadata ELSE excluded.metadata END,
    updated_at = CURRENT_TIMESTAMP
WHERE (runs.status = excluded.status OR runs.status IN ('queued', 'running') AND excluded.status <> 'queued')
    AND (
        runs.kind <> excluded.kind
        OR runs.status <> excluded.status
        OR runs.started_at IS DISTINCT FROM coalesce(excluded.started_at, runs.started_at)
        OR runs.finished_at IS DISTINCT FROM excluded.finished_at
        OR runs.metadata <> excluded.metadata AND excluded.metadata <> '{{}}'
    )""",
            line=8,
        ),
    ),
    parameters=(
        Parameter("project_id", "uuid", is_list=False, is_nullable=False),
        Parameter("external_id", "varchar", is_list=False, is_nullable=False),
        Parameter("kind", "varchar", is_list=False, is_nullable=False),
        Parameter("status", "varchar", is_list=False, is_nullable=False, has_default=True),
        Parameter("started_at", "timestamptz", is_list=False, is_nullable=True),
        Parameter("finished_at", "timestamptz", is_list=False, is_nullable=True),
        Parameter("metadata", "jsonb", is_list=False, is_nullable=False, has_default=True),
    ),
)


def load_runs(
    rows: Iterable[LoadRunsArgs],
    *,
    using: str = "default",
) -> int:
    """Inserts runs; one that its project has already becomes what is new of it, where its status may follow. Gives
    how many were changed.
    """
    return _LOAD_RUNS.load(rows, using=using)


_PRUNE_RUNS: Final[Query[None]] = Query(
    file="runs/sql/run/prune_runs.sql",
    kind="execrows",
    segments=(
        Segment(
            """\
DELETE FROM app.runs
WHERE id IN (
    SELECT r.id
    FROM app.runs AS r
    WHERE r.created_at < {before} AND r.status IN ('succeeded', 'failed', 'cancelled')
    ORDER BY r.created_at
    LIMIT {most}
)""",
            line=6,
        ),
    ),
    sqlite=(
        Segment(
            """\
DELETE FROM "app.runs" AS "runs"
WHERE id IN (
    SELECT r.id
    FROM "app.runs" AS r
    WHERE r.created_at < {before} AND r.status IN ('succeeded', 'failed', 'cancelled')
    ORDER BY r.created_at
    LIMIT {most}
)""",
            line=6,
        ),
    ),
    parameters=(
        Parameter("before", "timestamptz", is_list=False, is_nullable=False),
        Parameter("most", "int8", is_list=False, is_nullable=False),
    ),
)


def prune_runs(
    *,
    before: datetime.datetime,
    most: int,
    using: str = "default",
) -> int:
    """Deletes some of the ended runs that were made before a time."""
    return _PRUNE_RUNS.execute_count({"before": before, "most": most}, using=using)


class TakeRunsRow(Struct, frozen=True):
    """A row of `take_runs`."""

    changed: int
    unfollowing: list[str]


_TAKE_RUNS: Final[Query[TakeRunsRow]] = Query(
    file="runs/sql/run/take_runs.sql",
    kind="one",
    row=TakeRunsRow,
    segments=(
        Segment(
            """\
SELECT t.changed, t.unfollowing
FROM app.take_runs({project_id}, {reports}) AS t""",
            line=8,
        ),
    ),
    sqlite=(),
    parameters=(
        Parameter("project_id", "uuid", is_list=False, is_nullable=False),
        Parameter("reports", "jsonb", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("changed", "int8", is_nullable=False),
        Column("unfollowing", "text[]", is_nullable=False),
    ),
    writes=True,
)


def take_runs(
    *,
    project_id: UUID,
    reports: list[dict[str, Any]],
    using: str = "default",
) -> TakeRunsRow:
    """Does what load_runs does, for a service token: how many runs were changed, and which can't go on to what was
    reported.
    """
    return _TAKE_RUNS.fetch_one({"project_id": project_id, "reports": reports}, using=using)


def take_runs_json(
    *,
    project_id: UUID,
    reports: list[dict[str, Any]],
    using: str = "default",
) -> bytes:
    """The same as JSON: does what load_runs does, for a service token: how many runs were changed, and which can't
    go on to what was reported.
    """
    return _TAKE_RUNS.fetch_one_json({"project_id": project_id, "reports": reports}, using=using)
