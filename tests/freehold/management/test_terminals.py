"""The moving line of a command that takes a while."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from freehold.management.terminals import TerminalProgress, showing_progress
from freehold.progress import SILENT


def test_terminal_shows_one_step_at_a_time_and_how_far_it_is() -> None:
    with showing_progress(Console(file=StringIO(), force_terminal=True), quiet=False) as progress:
        assert isinstance(progress, TerminalProgress)
        progress.start("reading")
        progress.start("app.items", 5)
        progress.advance(2)
        progress.advance(1)

        assert [(task.description, task.completed, task.total) for task in progress.bar.tasks] == [("app.items", 3, 5)]


@pytest.mark.parametrize(("is_terminal", "quiet"), [(False, False), (True, True)])
def test_elsewhere_nothing_is_shown(is_terminal: bool, quiet: bool) -> None:
    output = StringIO()

    with showing_progress(Console(file=output, force_terminal=is_terminal), quiet=quiet) as progress:
        progress.start("reading", 5)
        progress.advance(5)

    assert progress is SILENT
    assert output.getvalue() == ""
