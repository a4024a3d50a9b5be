"""The models of runs: what programs did."""

from runs.models.run import Run

__all__ = ["Run"]
