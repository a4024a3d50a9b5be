"""For tests of projects that are built on the engine: `docs/rules.md` shows how a suite uses it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from freehold_lint.watcher import Crossing, CrossingError, Watch, watching

__all__ = ["Crossing", "CrossingError", "Watch", "refusing_crossings", "watching"]


@contextmanager
def refusing_crossings() -> Iterator[Watch]:
    """Fail at the block's end if a query inside it crossed schemas without a contract.

    Raises:
        CrossingError: one did; each is named with its service, table, owner and line of code.
    """
    with watching() as watch:
        yield watch
    watch.check()
