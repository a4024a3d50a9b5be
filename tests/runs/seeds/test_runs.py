"""The demo runs."""

from __future__ import annotations

from collections import Counter

from runs.models import Run, RunStatus
from runs.models.run import FINAL
from runs.seeds import history


def test_runs_are_in_every_state_and_most_went_well(seeded: str) -> None:
    states = Counter(Run.objects.using(seeded).values_list("status", flat=True))

    assert set(states) == set(RunStatus.values)
    assert states["succeeded"] > states.total() / 2
    assert states.total() == 63


def test_runs_are_valid_and_their_times_follow_one_another(seeded: str) -> None:
    for run in Run.objects.using(seeded):
        run.clean_fields()
        times = [each for each in (run.created_at, run.started_at, run.finished_at) if each]
        assert times == sorted(times)
        assert run.updated_at == times[-1]
        assert (run.status in FINAL) is bool(run.finished_at)


def test_runs_are_the_same_every_time() -> None:
    assert list(history.list_runs()) == list(history.list_runs())
