"""What the database refuses of runs, each constraint at least once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from runs.models import Run, RunStatus
from runs.models.run import FINAL, MOMENTS
from tests.constraints import Refusal, assert_refused, list_constraints, save_stale
from tests.dialect import DIALECT
from tests.runs.factories import make_run
from tests.tenancy.factories import make_project

NOW = timezone.now()
BEFORE = NOW - timedelta(seconds=1)
TABLE = "app.runs" if DIALECT == "postgresql" else '"app.runs"'
BELOW = "-infinity" if DIALECT == "postgresql" else "-0001-01-01 00:00:00"


def make_two_of_a_name() -> None:
    project = make_project()
    make_run(project=project, external_id="42")
    make_run(project=project, external_id="42")


def write_moment(column: str, text: str) -> None:
    run = make_run(status="failed", finished_at=NOW) if column == "finished_at" else make_run()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET {column} = %s WHERE external_id = %s", [text, run.external_id])


REFUSED: list[Refusal] = [
    (make_two_of_a_name, "runs_project_external_id_uniq"),
    (lambda: make_run(kind=""), "runs_kind_check"),
    (lambda: make_run(external_id=""), "runs_kind_check"),
    (lambda: make_run(status="done", finished_at=NOW), "runs_status_check"),
    (lambda: make_run(status="failed", started_at=NOW, finished_at=BEFORE), "runs_finished_at_check"),
    (lambda: write_moment("started_at", "infinity"), "runs_moments_check"),
    (lambda: write_moment("started_at", BELOW), "runs_moments_check"),
    (lambda: write_moment("finished_at", "infinity"), "runs_moments_check"),
    (lambda: write_moment("created_at", "infinity"), "runs_created_at_check"),
    (lambda: write_moment("created_at", BELOW), "runs_created_at_check"),
    (lambda: write_moment("updated_at", "infinity"), "runs_created_at_check"),
    (lambda: make_run(status="failed"), "runs_final_check"),
    (lambda: make_run(status="running", finished_at=NOW), "runs_final_check"),
    (lambda: make_run(metadata=[]), "runs_metadata_check"),
    (lambda: make_run(version=0), "runs_version_check"),
    (lambda: save_stale(make_run()), "runs_version_counted"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "constraint"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_row_against_a_constraint_is_refused(make, constraint) -> None:
    assert_refused(make, constraint)


def test_every_constraint_is_tried() -> None:
    assert {constraint for _, constraint in REFUSED} == list_constraints(Run)


@pytest.mark.django_db
@pytest.mark.parametrize("status", RunStatus.values)
def test_run_in_every_status_is_accepted(status: str) -> None:
    finished_at = NOW if status in FINAL else None

    assert make_run(status=status, started_at=BEFORE, finished_at=finished_at).pk


@pytest.mark.django_db
def test_first_and_last_moments_are_accepted_and_read() -> None:
    run = make_run(status="failed", started_at=MOMENTS[0], finished_at=MOMENTS[1])
    run.refresh_from_db()

    assert (run.started_at, run.finished_at) == MOMENTS


@pytest.mark.django_db
def test_run_cancelled_before_it_started_is_accepted() -> None:
    assert make_run(status="cancelled", finished_at=NOW).pk


@pytest.mark.django_db
def test_run_with_the_external_id_of_another_projects_is_accepted() -> None:
    make_run(external_id="42")

    assert make_run(external_id="42").pk
