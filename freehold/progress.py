"""What the engine tells while it works. The command shows it; nobody has to listen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Progress:
    """Hears how far the work is. This one keeps silent."""

    def start(self, what: str, total: int | None = None) -> None:
        """A step of the work begins; `total` is its number of rows, None where that is not known."""

    def advance(self, count: int) -> None:
        """So many more rows of the step are done."""


SILENT = Progress()
LISTENER: ContextVar[Progress] = ContextVar("listener", default=SILENT)


@contextmanager
def heard_by(progress: Progress) -> Iterator[None]:
    """Let what is told inside the block be heard, also by what is handed no Progress: operations of migrations."""
    token = LISTENER.set(progress)
    try:
        yield
    finally:
        LISTENER.reset(token)


def get_listener() -> Progress:
    """Give who listens; one that keeps silent where nobody does."""
    return LISTENER.get()
