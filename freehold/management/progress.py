"""Shows how far a command is: a moving line on a terminal, nothing elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress as Bar,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from freehold.progress import SILENT, Progress


class TerminalProgress(Progress):
    """One line that tells the step at hand, with a bar where the number of rows is known."""

    def __init__(self, bar: Bar) -> None:
        self.bar = bar
        self.task: TaskID | None = None

    def start(self, what: str, total: int | None = None) -> None:
        """Replace the line."""
        if self.task is not None:
            self.bar.remove_task(self.task)
        self.task = self.bar.add_task(what, total=total)

    def advance(self, count: int) -> None:
        """Move the bar."""
        if self.task is not None:
            self.bar.advance(self.task, count)


@contextmanager
def showing_progress(console: Console, *, quiet: bool) -> Iterator[Progress]:
    """Give what the engine tells its progress to; the line is gone when the block ends."""
    if quiet or not console.is_terminal:
        yield SILENT
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        yield TerminalProgress(bar)
