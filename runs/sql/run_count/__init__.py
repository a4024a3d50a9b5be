"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

import datetime
from freehold.queries import Column, Parameter, Query, Segment, UNSET, Unset
from msgspec import Struct
from typing import Final
from uuid import UUID

__all__ = [
    "CountByStatusRow",
    "FindMiscountsRow",
    "SummarizeRunsRow",
    "count_by_status",
    "count_by_status_json",
    "find_miscounts",
    "find_miscounts_json",
    "summarize_runs",
    "summarize_runs_json",
]


class CountByStatusRow(Struct, frozen=True):
    """A row of `count_by_status`."""

    status: str
    runs: int


_COUNT_BY_STATUS: Final[Query[CountByStatusRow]] = Query(
    file="runs/sql/run_count/count_by_status.sql",
    kind="many",
    row=CountByStatusRow,
    segments=(
        Segment(
            """\
SELECT c.status, CAST(sum(c.runs) AS bigint) AS runs
FROM app.run_counts AS c
WHERE c.day >= {first}""",
            line=6,
        ),
        Segment("    AND c.project_id = {project_id}", part="project_id", line=10),
        Segment("GROUP BY c.status", line=12),
    ),
    sqlite=(
        Segment(
            """\
SELECT c.status, CAST(sum(c.runs) AS bigint) AS runs
FROM "app.run_counts" AS c
WHERE c.day >= {first}""",
            line=6,
        ),
        Segment("    AND c.project_id = {project_id}", part="project_id", line=10),
        Segment("GROUP BY c.status", line=12),
    ),
    parameters=(
        Parameter("first", "date", is_list=False, is_nullable=False),
        Parameter("project_id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("status", "varchar", is_nullable=False),
        Column("runs", "int8", is_nullable=False),
    ),
    writes=False,
)


def count_by_status(
    *,
    first: datetime.date,
    project_id: UUID | Unset = UNSET,
    using: str = "default",
) -> list[CountByStatusRow]:
    """How many runs there are by status since a day, of all projects that whoever asks may see or of one."""
    return _COUNT_BY_STATUS.fetch_many({"first": first, "project_id": project_id}, using=using)


def count_by_status_json(
    *,
    first: datetime.date,
    project_id: UUID | Unset = UNSET,
    using: str = "default",
) -> bytes:
    """The same as JSON: how many runs there are by status since a day, of all projects that whoever asks may see or
    of one.
    """
    return _COUNT_BY_STATUS.fetch_many_json({"first": first, "project_id": project_id}, using=using)


class FindMiscountsRow(Struct, frozen=True):
    """A row of `find_miscounts`."""

    project_id: UUID
    day: datetime.date


_FIND_MISCOUNTS: Final[Query[FindMiscountsRow]] = Query(
    file="runs/sql/run_count/find_miscounts.sql",
    kind="many",
    row=FindMiscountsRow,
    segments=(
        Segment(
            """\
WITH counted AS (
    SELECT
        r.project_id,
        CAST(r.created_at AT TIME ZONE 'UTC' AS date) AS day,
        r.status,
        CASE
            WHEN isfinite(r.started_at) AND isfinite(r.finished_at)
                THEN CAST(extract(epoch FROM r.finished_at - r.started_at) * 1000000 AS numeric(30, 0))
        END AS micros
    FROM app.runs AS r
),
both_sides AS (
    SELECT
        c.project_id,
        c.day,
        c.status,
        CASE WHEN c.micros >= 1 THEN ceil(ln(CAST(c.micros AS float8)) / ln(CAST(1.04 AS float8))) WHEN c.micros = 0 THEN -1 ELSE -2 END AS bucket,
        1 AS runs,
        coalesce(c.micros, 0) AS duration
    FROM counted AS c
    UNION ALL
    SELECT c.project_id, c.day, c.status, c.bucket, -c.runs, -c.duration
    FROM app.run_counts AS c
)
SELECT DISTINCT b.project_id, b.day
FROM both_sides AS b
GROUP BY b.project_id, b.day, b.status, b.bucket
HAVING sum(b.runs) <> 0 OR sum(b.duration) <> 0
ORDER BY b.project_id, b.day""",
            line=5,
        ),
    ),
    sqlite=(
        Segment(
            """\
WITH timed AS (
    SELECT
        r.project_id,
        date(r.created_at) AS day,
        r.status,
        (CAST(strftime('%s', substr(r.finished_at, 1, 19)) AS INTEGER) - CAST(strftime('%s', substr(r.started_at, 1, 19)) AS INTEGER)) * 1000000
        + CASE WHEN substr(r.finished_at, 20, 1) = '.' THEN CAST(substr(substr(r.finished_at, 21) || '000000', 1, 6) AS INTEGER) ELSE 0 END
        - CASE WHEN substr(r.started_at, 20, 1) = '.' THEN CAST(substr(substr(r.started_at, 21) || '000000', 1, 6) AS INTEGER) ELSE 0 END
            AS micros
    FROM "app.runs" AS r
),
both_sides AS (
    SELECT
        t.project_id,
        t.day,
        t.status,
        CASE WHEN t.micros >= 1 THEN CAST(ceil(ln(t.micros) / ln(1.04)) AS INTEGER) WHEN t.micros = 0 THEN -1 ELSE -2 END AS bucket,
        1 AS runs,
        coalesce(t.micros, 0) AS duration
    FROM timed AS t
    UNION ALL
    SELECT c.project_id, c.day, c.status, c.bucket, -c.runs, -c.duration
    FROM "app.run_counts" AS c
)
SELECT DISTINCT b.project_id, b.day
FROM both_sides AS b
GROUP BY b.project_id, b.day, b.status, b.bucket
HAVING sum(b.runs) <> 0 OR sum(b.duration) <> 0
ORDER BY b.project_id, b.day""",
            line=1,
        ),
    ),
    columns=(
        Column("project_id", "uuid", is_nullable=False),
        Column("day", "date", is_nullable=False),
    ),
    writes=False,
)


def find_miscounts(
    *,
    using: str = "default",
) -> list[FindMiscountsRow]:
    """The projects and days whose counts are not what their runs are; all of it is seen at one time."""
    return _FIND_MISCOUNTS.fetch_many({}, using=using)


def find_miscounts_json(
    *,
    using: str = "default",
) -> bytes:
    """The same as JSON: the projects and days whose counts are not what their runs are; all of it is seen at one
    time.
    """
    return _FIND_MISCOUNTS.fetch_many_json({}, using=using)


class SummarizeRunsRow(Struct, frozen=True):
    """A row of `summarize_runs`."""

    day: datetime.date
    status: str
    runs: int
    timed: int
    average: float | None
    half: float | None
    p90: float | None
    p99: float | None


_SUMMARIZE_RUNS: Final[Query[SummarizeRunsRow]] = Query(
    file="runs/sql/run_count/summarize_runs.sql",
    kind="many",
    row=SummarizeRunsRow,
    segments=(
        Segment(
            """\
WITH counted AS (
    SELECT c.day, c.status, c.bucket, sum(c.runs) AS runs, sum(c.duration) AS duration
    FROM app.run_counts AS c
    WHERE c.project_id = {project_id} AND c.day >= {first} AND c.day <= {last}
    GROUP BY c.day, c.status, c.bucket
    HAVING sum(c.runs) > 0
),
ranked AS (
    SELECT
        counted.day,
        counted.status,
        counted.runs,
        CASE WHEN counted.bucket >= -1 THEN counted.runs ELSE 0 END AS timed,
        CASE WHEN counted.bucket >= -1 THEN counted.duration ELSE 0 END AS duration,
        CASE WHEN counted.bucket >= 0 THEN 2 * power(1.04, counted.bucket) / 2.04 / 1000000 WHEN counted.bucket = -1 THEN 0 END
            AS seconds,
        sum(CASE WHEN counted.bucket >= -1 THEN counted.runs ELSE 0 END)
            OVER (PARTITION BY counted.day, counted.status ORDER BY counted.bucket) AS upto,
        sum(CASE WHEN counted.bucket >= -1 THEN counted.runs ELSE 0 END)
            OVER (PARTITION BY counted.day, counted.status) AS total
    FROM counted
)
SELECT
    ranked.day,
    ranked.status,
    CAST(sum(ranked.runs) AS bigint) AS runs,
    CAST(sum(ranked.timed) AS bigint) AS timed,
    CAST(sum(ranked.duration) / nullif(sum(ranked.timed), 0) / 1000000 AS double precision) AS average,
    CAST(min(CASE WHEN ranked.upto >= 0.5 * ranked.total THEN ranked.seconds END) AS double precision) AS half,
    CAST(min(CASE WHEN ranked.upto >= 0.9 * ranked.total THEN ranked.seconds END) AS double precision) AS p90,
    CAST(min(CASE WHEN ranked.upto >= 0.99 * ranked.total THEN ranked.seconds END) AS double precision) AS p99
FROM ranked
GROUP BY ranked.day, ranked.status
ORDER BY ranked.day, ranked.status""",
            line=8,
        ),
    ),
    sqlite=(
        Segment(
            """\
WITH counted AS (
    SELECT c.day, c.status, c.bucket, sum(c.runs) AS runs, sum(c.duration) AS duration
    FROM "app.run_counts" AS c
    WHERE c.project_id = {project_id} AND c.day >= {first} AND c.day <= {last}
    GROUP BY c.day, c.status, c.bucket
    HAVING sum(c.runs) > 0
),
ranked AS (
    SELECT
        counted.day,
        counted.status,
        counted.runs,
        CASE WHEN counted.bucket >= -1 THEN counted.runs ELSE 0 END AS timed,
        CASE WHEN counted.bucket >= -1 THEN counted.duration ELSE 0 END AS duration,
        CASE WHEN counted.bucket >= 0 THEN 2 * power(1.04, counted.bucket) / 2.04 / 1000000 WHEN counted.bucket = -1 THEN 0 END
            AS seconds,
        sum(CASE WHEN counted.bucket >= -1 THEN counted.runs ELSE 0 END)
            OVER (PARTITION BY counted.day, counted.status ORDER BY counted.bucket) AS upto,
        sum(CASE WHEN counted.bucket >= -1 THEN counted.runs ELSE 0 END)
            OVER (PARTITION BY counted.day, counted.status) AS total
    FROM counted
)
SELECT
    ranked.day,
    ranked.status,
    CAST(sum(ranked.runs) AS bigint) AS runs,
    CAST(sum(ranked.timed) AS bigint) AS timed,
    CAST(sum(ranked.duration) / nullif(sum(ranked.timed), 0) / 1000000 AS double precision) AS average,
    CAST(min(CASE WHEN ranked.upto >= 0.5 * ranked.total THEN ranked.seconds END) AS double precision) AS half,
    CAST(min(CASE WHEN ranked.upto >= 0.9 * ranked.total THEN ranked.seconds END) AS double precision) AS p90,
    CAST(min(CASE WHEN ranked.upto >= 0.99 * ranked.total THEN ranked.seconds END) AS double precision) AS p99
FROM ranked
GROUP BY ranked.day, ranked.status
ORDER BY ranked.day, ranked.status""",
            line=8,
        ),
    ),
    parameters=(
        Parameter("project_id", "uuid", is_list=False, is_nullable=False),
        Parameter("first", "date", is_list=False, is_nullable=False),
        Parameter("last", "date", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("day", "date", is_nullable=False),
        Column("status", "varchar", is_nullable=False),
        Column("runs", "int8", is_nullable=False),
        Column("timed", "int8", is_nullable=False),
        Column("average", "float8", is_nullable=True),
        Column("half", "float8", is_nullable=True),
        Column("p90", "float8", is_nullable=True),
        Column("p99", "float8", is_nullable=True),
    ),
    writes=False,
)


def summarize_runs(
    *,
    project_id: UUID,
    first: datetime.date,
    last: datetime.date,
    using: str = "default",
) -> list[SummarizeRunsRow]:
    """How many runs a project had on each day by status, and how long they took in seconds: on average, and at most
    for a half, nine tenths and ninety-nine hundredths of those whose duration is known, each off by two per cent
    at most.
    """
    return _SUMMARIZE_RUNS.fetch_many({"project_id": project_id, "first": first, "last": last}, using=using)


def summarize_runs_json(
    *,
    project_id: UUID,
    first: datetime.date,
    last: datetime.date,
    using: str = "default",
) -> bytes:
    """The same as JSON: how many runs a project had on each day by status, and how long they took in seconds: on
    average, and at most for a half, nine tenths and ninety-nine hundredths of those whose duration is known, each
    off by two per cent at most.
    """
    return _SUMMARIZE_RUNS.fetch_many_json({"project_id": project_id, "first": first, "last": last}, using=using)
