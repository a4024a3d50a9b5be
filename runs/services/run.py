"""Changes the state of a run, and deletes one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from freehold import StaleRecordError
from runs.models import Run
from runs.models.run import FINAL, FOLLOWING
from runs.services.moments import OUTSIDE, is_outside


def change_status(*, run_id: UUID, versions: Collection[int] | None, status: str, at: datetime | None = None) -> None:
    """Let a run go on to a status, `at` that time, by default now: when it started, or when it ended.

    `versions` are those that the change is for, None for any.

    Raises:
        Run.DoesNotExist: there is none that whoever acts may see.
        StaleRecordError: it has another version.
        ValidationError: the status can't follow, or the time lies before its start or can't be kept.
        PolicyError: whoever acts may only read it.
    """
    if is_outside(at):
        raise ValidationError({"at": f"This is {OUTSIDE}."})
    with transaction.atomic():
        run = _get(run_id, versions)
        if status not in FOLLOWING[run.status]:
            raise ValidationError({"status": f"A run that is {run.status} can't become {status}."})
        moment = at or timezone.now()
        run.status, run.finished_at = status, moment if status in FINAL else None
        run.started_at = run.started_at if status in FINAL else moment
        if run.finished_at and run.started_at and run.finished_at < run.started_at:
            raise ValidationError({"at": "The run has not started by then."})
        run.save(force_update=True)


def delete_run(*, run_id: UUID, versions: Collection[int] | None) -> None:
    """Delete a run.

    Raises:
        Run.DoesNotExist, StaleRecordError, PolicyError: as above.
    """
    with transaction.atomic():
        run = _get(run_id, versions)
        if not Run.objects.filter(pk=run.pk).delete()[0]:
            raise IntegrityError("app.runs: a run that is seen was not deleted")


def _get(run_id: UUID, versions: Collection[int] | None) -> Run:
    """Give the run, locked until the transaction ends."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if versions is not None and run.version not in versions:
        raise StaleRecordError(f"app.runs: version {run.version}, another was expected; read it again")
    return run
