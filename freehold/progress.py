"""What the engine tells while it works. The command shows it; nobody has to listen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Progress:
    """Hears how far the work is. This one keeps silent."""

    def start(self, what: str, total: int | None = None) -> None:
        """A step of the work begins; `total` is its number of rows, None where that is not known."""

    def advance(self, count: int) -> None:
        """So many more rows of the step are done."""


class LineProgress(Progress):
    """Writes how far a step is each time that `interval` seconds have gone by, below the line that was begun."""

    def __init__(self, write: Callable[[str], object], interval: float = 5.0) -> None:
        self.write, self.interval = write, interval

    def start(self, what: str, total: int | None = None) -> None:
        """Begin to count; a step that takes no longer than the interval says nothing."""
        self.what, self.total, self.count = what, total, 0
        self.due = time.monotonic() + self.interval

    def advance(self, count: int) -> None:
        self.count += count
        if time.monotonic() >= self.due:
            of = f" of about {self.total:,}" if self.total else ""
            self.write(f"\n    {self.what}: {self.count:,}{of} rows...")
            self.due = time.monotonic() + self.interval


SILENT = Progress()
_LISTENER: ContextVar[Progress] = ContextVar("listener", default=SILENT)


@contextmanager
def heard_by(progress: Progress) -> Iterator[None]:
    """Let what is told inside the block be heard, also by what is handed no Progress: operations of migrations."""
    token = _LISTENER.set(progress)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def get_listener() -> Progress:
    """Give who listens; one that keeps silent where nobody does."""
    return _LISTENER.get()
