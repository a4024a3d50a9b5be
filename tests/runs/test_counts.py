"""Counts of runs are what the runs are, whoever writes them, at once too; percentiles are right to two per cent."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from freehold.acting import acting
from freehold.errors import PolicyError
from freehold.services import acting_as
from runs.models import Run, RunCount
from runs.models.run import FINAL, FOLLOWING
from runs.models.run_count import find_bucket
from runs.services import upkeep
from runs.sql import run_count
from runs.sql.run_count import SummarizeRunsRow
from tests.auth_app.factories import make_user
from tests.rls import as_key, as_user
from tests.runs.factories import make_run
from tests.tenancy.factories import make_project

pytestmark = pytest.mark.django_db
ConnectAs = Callable[[str], psycopg.Connection]
BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)


def make_ended(project: Any, seconds: float, **fields: Any) -> Run:
    """Make a run of that day that took so long."""
    times = {"created_at": BEGIN, "started_at": BEGIN, "finished_at": BEGIN + timedelta(seconds=seconds)}
    return make_run(project=project, **{"status": "succeeded", **times, **fields})


def summarize(project: Any) -> list[SummarizeRunsRow]:
    with as_key(project):
        return run_count.summarize_runs(project_id=project.pk, first=date(2026, 1, 1), last=date(2026, 12, 31))


def count_wrong() -> int:
    with acting_as("admin"):
        return len(upkeep.find_miscounts())


@pytest.mark.parametrize("change", ["insert", "bulk", "update", "status", "another day", "delete", "nothing else"])
def test_every_change_is_counted(change: str) -> None:
    project = make_project()
    runs = [make_ended(project, 1 + number) for number in range(5)]
    waiting = make_run(project=project, created_at=BEGIN)
    all_runs = Run.objects.filter(project=project)

    if change == "bulk":
        rows = [Run(project=project, external_id=f"b{number}", kind="x", created_at=BEGIN) for number in range(9)]
        Run.objects.bulk_create(rows)
    elif change == "update":
        all_runs.filter(status="succeeded").update(finished_at=BEGIN + timedelta(hours=1))
    elif change == "status":
        all_runs.filter(pk=waiting.pk).update(status="failed", finished_at=BEGIN)
    elif change == "another day":
        all_runs.filter(pk=runs[0].pk).update(created_at=BEGIN - timedelta(days=1))
    elif change == "delete":
        all_runs.filter(pk__in=[each.pk for each in runs[:2]]).delete()
    elif change == "nothing else":
        all_runs.update(kind="other")

    assert count_wrong() == 0
    assert sum(each.runs for each in summarize(project)) == all_runs.count()


def test_counts_go_with_their_project() -> None:
    project = make_project()
    make_ended(project, 1)
    project.delete()

    assert not RunCount.objects.filter(project_id=project.pk).exists()
    assert count_wrong() == 0


def test_summary_tells_numbers_and_times_by_day_and_status() -> None:
    project = make_project()
    for seconds in (1, 2, 3, 4, 100):
        make_ended(project, seconds)
    make_run(project=project, created_at=BEGIN)
    make_ended(make_project(), 50)

    queued, succeeded = summarize(project)
    assert (queued.day, queued.status, queued.runs, queued.timed, queued.average, queued.half) == (
        *(DAY, "queued", 1, 0),
        *(None, None),
    )
    assert (succeeded.runs, succeeded.timed, succeeded.average) == (5, 5, 22)
    assert succeeded.half == pytest.approx(3, rel=0.02)
    assert succeeded.p90 == succeeded.p99 == pytest.approx(100, rel=0.02)


def test_percentiles_are_off_by_two_per_cent_at_most() -> None:
    project = make_project()
    chosen = random.Random(7)
    micros = sorted(int(10 ** chosen.uniform(0, 12)) for _ in range(400))
    times = [timedelta(microseconds=each) for each in micros]
    rows = [
        Run(
            project=project, external_id=f"{number}", kind="x", status="failed", created_at=BEGIN, started_at=BEGIN,
            finished_at=BEGIN + each,
        )
        for number, each in enumerate(times)
    ]  # fmt: skip
    Run.objects.bulk_create(rows)

    (row,) = summarize(project)
    for share, found in ((0.5, row.half), (0.9, row.p90), (0.99, row.p99)):
        exact = micros[int(share * len(micros)) - 1] / 1_000_000
        assert found == pytest.approx(exact, rel=0.02), share


@pytest.mark.parametrize("micros", [0, 1, 2, 3, 999, 10**6, 3_141_592_653])
def test_python_and_the_database_choose_the_same_bucket(micros: int) -> None:
    make_ended(make_project(), micros / 10**6)

    assert RunCount.objects.get().bucket == find_bucket(micros)


def test_buckets_are_narrower_than_two_per_cent_each_way() -> None:
    for low, high in pairwise(1.04**number for number in range(900)):
        estimate = 2 * high / 2.04
        assert abs(estimate - low) / low <= 0.02
        assert abs(estimate - high) / high <= 0.02


def test_nobody_but_the_triggers_writes_counts() -> None:
    project = make_project()
    with as_key(project), pytest.raises(PolicyError, match=r"app\.run_counts"):
        RunCount.objects.create(project=project, day=DAY, status="queued", bucket=0, runs=1, duration=0)


def test_others_see_no_counts() -> None:
    project = make_project()
    make_ended(project, 1)
    arguments = {"project_id": project.pk, "first": DAY, "last": DAY}

    with as_user(make_user()):
        assert (
            not run_count.summarize_runs(**arguments) or connection.vendor == "sqlite"
        )  # the SQL of a file knows none
        assert not RunCount.objects.exists()
    with as_key(make_project()):
        assert not RunCount.objects.exists()


# --- The order of states ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("before", FOLLOWING)
@pytest.mark.parametrize("after", FOLLOWING)
def test_database_holds_runs_to_the_order_of_their_states(before: str, after: str) -> None:
    times = {status: BEGIN if status in FINAL else None for status in FOLLOWING}
    run = make_run(status=before, finished_at=times[before])
    change = Run.objects.filter(pk=run.pk)

    if after == before or after in FOLLOWING[before]:
        assert change.update(status=after, finished_at=times[after]) == 1
    else:
        with pytest.raises(Exception, match=r"app.runs: this status can't follow the one that the run has"):
            change.update(status=after, finished_at=times[after])


# --- The command ------------------------------------------------------------------------------------------------------
def spoil(connect_as: ConnectAs) -> None:
    """Change a count, as no service can."""
    if connection.vendor == "sqlite":
        with acting(None):
            RunCount.objects.update(runs=7)
        return
    with connect_as("migrator") as session:
        session.execute("SET ROLE app_owner")
        session.execute("UPDATE app.run_counts SET runs = 7")


@pytest.mark.django_db(transaction=True)
def test_check_proves_the_counts_and_repairs_them(capsys: pytest.CaptureFixture[str], connect_as: ConnectAs) -> None:
    project = make_project()
    make_ended(project, 3)
    make_run(project=project, created_at=BEGIN)
    call_command("runs", "check")
    assert capsys.readouterr().out == "All runs are counted right.\n"

    spoil(connect_as)
    with pytest.raises(CommandError, match=r"1 days of projects are counted wrong: `manage.py runs check --repair`"):
        call_command("runs", "check")
    assert f"project {project.pk}, 2026-03-01: counted wrong\n" in capsys.readouterr().out
    call_command("runs", "check", "--repair")

    assert count_wrong() == 0
    assert [(each.status, each.runs) for each in summarize(project)] == [("queued", 1), ("succeeded", 1)]


def test_prune_deletes_ended_runs_of_long_ago_in_batches(capsys: pytest.CaptureFixture[str]) -> None:
    project = make_project()
    for _ in range(5):
        make_ended(project, 1)
    kept = {make_run(project=project, created_at=BEGIN).pk, make_run(project=project).pk}

    call_command("runs", "prune", "--older-than", "90d", "--batch", "2")

    assert set(Run.objects.values_list("pk", flat=True)) == kept
    assert capsys.readouterr().out.startswith("2 runs deleted\n4 runs deleted\n5 runs deleted\n5 runs from before ")
    assert count_wrong() == 0


@pytest.mark.parametrize("age", ["", "90", "d", "-1d", "90 d", "1y", "9999999w", "1e3d", "٣d"])
def test_age_that_is_none_is_refused_in_a_line(age: str) -> None:
    with pytest.raises(CommandError, match=r"--older-than .*(write an age as 90d, 12w or 36h|before the year 1)$"):
        call_command("runs", "prune", f"--older-than={age}")
