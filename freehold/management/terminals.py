"""What commands show by way of rich: how far they are, by a moving line on a terminal and nothing elsewhere; tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from rich.table import Table

from freehold.progress import SILENT, Progress
from freehold.seeds.status import GONE, UP, SeedStatus

_COLOURS = {UP: "green", GONE: "red"}


class TerminalProgress(Progress):
    """One line that tells the step at hand, with a bar where the number of rows is known."""

    def __init__(self, bar: Bar) -> None:
        self.bar = bar
        self.task: TaskID | None = None

    def start(self, what: str, total: int | None = None) -> None:
        if self.task is not None:
            self.bar.remove_task(self.task)
        self.task = self.bar.add_task(what, total=total)

    def advance(self, count: int) -> None:
        if self.task is not None:
            self.bar.advance(self.task, count)


@contextmanager
def showing_progress(console: Console, *, quiet: bool) -> Iterator[Progress]:
    """Give what the engine tells its progress to; the line is gone when the block ends."""
    if quiet or not console.is_terminal:
        yield SILENT
        return
    step = TextColumn("{task.description}")
    columns = (SpinnerColumn(), step, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        yield TerminalProgress(bar)


def build_seed_table(statuses: Iterable[SeedStatus]) -> Table:
    table = Table("seed", "kind", "state", "since (UTC)", "rows there / declared", "source")
    for status in statuses:
        colour = _COLOURS.get(status.state, "dim")
        kept = f" ({status.kept:,} made by others)" if status.kept else ""
        table.add_row(
            status.name,
            status.kind,
            f"[{colour}]{status.state}[/]",
            f"{status.since:%Y-%m-%d %H:%M:%S}" if status.since else "",
            f"{status.present:,} / {status.declared:,}{kept}",
            {True: "changed", False: "unchanged", None: ""}[status.is_changed],
        )
    return table
