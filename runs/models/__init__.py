"""The models of runs: what programs did, and how often."""

from runs.models.run import Run, RunStatus
from runs.models.run_count import RunCount

__all__ = ["Run", "RunCount", "RunStatus"]
