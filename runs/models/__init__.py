"""The models of runs: what programs did."""

from runs.models.run import Run, RunStatus

__all__ = ["Run", "RunStatus"]
