"""The statement of runs' list as a service calls it, on both dialects."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from freehold.queries import CursorError
from runs.models import Run
from runs.sql import run as sql
from tests.rls import as_key
from tests.runs.factories import make_run
from tests.tenancy.factories import make_project

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def runs() -> list[Run]:
    """Five of a project, an hour apart, the newest first."""
    project = make_project()
    return [
        make_run(
            project=project,
            kind="import" if number < 3 else "backup",
            external_id=f"job-{number}",
            status="queued" if number else "running",
            metadata={"host": f"Node{number}", "tags": ["night's", 'a"b'], "attempt": 70 + number},
            created_at=NOW - timedelta(hours=number),
        )
        for number in range(5)
    ]


def find(run: Run, **conditions: Any) -> list[UUID]:
    with as_key(run.project):
        return [row.id for row in sql.list_runs(**conditions).rows]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["imp"], [0, 1, 2]),
        (["IMPORT", "job-2"], [2]),
        (["node3"], [3]),
        (["73"], [3]),
        (["host"], [0, 1, 2, 3, 4]),
        (["ode3"], []),
        (["import", "backup"], []),
    ],
)
def test_words_match_the_beginnings_of_words_of_kind_external_id_and_metadata(
    runs: list[Run], words: list[str], found: list[int]
) -> None:
    assert find(runs[0], words=words) == [runs[number].pk for number in found]


def test_conditions_narrow_what_is_found(runs: list[Run]) -> None:
    assert find(runs[0], statuses=["running", "failed"]) == [runs[0].pk]
    assert find(runs[0], statuses=[]) == []
    assert find(runs[0], project_id=make_project().pk) == []
    times = {"since": NOW - timedelta(hours=3), "until": NOW - timedelta(hours=1)}
    assert find(runs[0], **times) == [runs[2].pk, runs[3].pk]
    assert find(runs[0], **times, sort="oldest", words=["backup"], project_id=runs[0].project_id) == [runs[3].pk]


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_pages_follow_one_another_without_gap_or_repeat(runs: list[Run], sort: Any) -> None:
    found, after = [], ""
    with as_key(runs[0].project):
        while not found or after:
            page = sql.list_runs(sort=sort, after=after, limit=2)
            found += [row.id for row in page.rows]
            after = page.next or ""

    expected = [run.pk for run in runs]
    assert found == (expected if sort == "newest" else expected[::-1])


def test_row_and_json_say_the_same(runs: list[Run]) -> None:
    with as_key(runs[0].project):
        (row,) = sql.list_runs(limit=1).rows
        (told,) = json.loads(sql.list_runs_json(limit=1))["rows"]

    assert (row.status, row.metadata["tags"], row.started_at) == ("running", ["night's", 'a"b'], None)
    assert (told["metadata"], told["id"], told["version"]) == (row.metadata, str(row.id), 1)


@pytest.mark.postgresql
def test_cursor_of_another_project_is_refused_and_other_tenants_runs_are_not_there(runs: list[Run]) -> None:
    other = make_run(kind="import")
    with as_key(runs[0].project):
        after = sql.list_runs(limit=2).next or ""

    assert find(other, words=["import"]) == [other.pk]
    assert find(other, project_id=runs[0].project_id) == []
    with as_key(other.project), pytest.raises(CursorError):
        sql.list_runs(limit=2, after=after)


def test_metadata_of_any_length_is_kept_and_found(runs: list[Run]) -> None:
    words = {f"key{number}": f"value{number}-größe" for number in range(60_000)}
    run = make_run(project=runs[0].project, metadata={"aaa": "first"} | words)

    assert find(run, words=["first"]) == [run.pk]
    if connection.vendor == "postgresql":
        assert find(run, words=["value59999"]) == []  # beyond what is looked at
