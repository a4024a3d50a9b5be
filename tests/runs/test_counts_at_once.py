"""Counts stay right where many write runs at once, and nobody waits for another's counts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from freehold.services import acting_as
from runs.models import RunCount
from runs.services import upkeep
from tests.runs.factories import make_run
from tests.tenancy.factories import make_project

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
INSERT = """
    INSERT INTO app.runs (project_id, external_id, kind, status, started_at, finished_at)
    SELECT %s, %s || n, 'import', 'failed', now(), now() + n * interval '1 s' FROM generate_series(1, 20) n
"""
WRITERS, ROUNDS = 4, 20


def test_counts_are_right_after_many_wrote_at_once(connect_as: Callable[[str], psycopg.Connection]) -> None:
    projects = [make_project().pk, make_project().pk]
    sessions = [connect_as("admin_rw") for _ in range(WRITERS)]

    def write(number: int) -> None:
        for turn in range(ROUNDS):
            with sessions[number].transaction() as block:
                for project in projects if number % 2 else reversed(projects):  # the other way round: no deadlock
                    sessions[number].execute(INSERT, [project, f"{number}-{turn}-"])
                sessions[number].execute(
                    "DELETE FROM app.runs WHERE project_id = %s AND starts_with(external_id, %s) AND random() < 0.1",
                    [projects[0], f"{number}-"],
                )
                if turn % 5 == 4:
                    raise psycopg.Rollback(block)

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write, range(WRITERS)))

    with acting_as("admin"):
        assert upkeep.find_miscounts() == []


def test_parts_are_added_up_now_and_then(connect_as: Callable[[str], psycopg.Connection]) -> None:
    project = make_project()
    session = connect_as("admin_rw")
    for number in range(130):  # two of any 128 transactions in a row add up
        session.execute(
            "INSERT INTO app.runs (project_id, external_id, kind) VALUES (%s, %s, 'x')", [project.pk, f"n{number}"]
        )

    assert RunCount.objects.filter(project=project).count() <= 65
    assert sum(RunCount.objects.values_list("runs", flat=True)) == 130


def test_one_that_counts_does_not_wait_for_another(connect_as: Callable[[str], psycopg.Connection]) -> None:
    run = make_run()
    first, second = connect_as("admin_rw"), connect_as("admin_rw")
    second.execute("SET lock_timeout = '2s'")
    arguments: list[Any] = [run.project_id]
    with first.transaction():
        first.execute(INSERT, [*arguments, "a"])
        second.execute(INSERT, [*arguments, "b"])
