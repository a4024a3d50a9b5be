"""Ends a process with kill -9 just before one of the messages that it sends to the database."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg

from tests.freehold.embedded.processes import Child

ALL = bool(os.environ.get("FAULTS"))  # `make faults`: every message; otherwise some, spread over the run


class Countdown:
    """Counts messages, and calls `end` before the one whose number is given."""

    def __init__(self, at: int, end: Callable[[], object]) -> None:
        self.at, self.end, self.count = at, end, 0

    def __call__(self) -> None:
        """One message is about to be sent."""
        self.count += 1
        if self.count == self.at:
            self.end()


def kill_self() -> None:
    """End this process as the kernel would."""
    os.kill(os.getpid(), signal.SIGKILL)


def count_messages(countdown: Countdown) -> None:
    """Let every message of psycopg's connections in this process be counted, commits among them."""
    wait: Any = psycopg.Connection.wait

    def counted(self: Any, *arguments: Any, **options: Any) -> Any:
        countdown()
        return wait(self, *arguments, **options)

    psycopg.Connection.wait = counted  # type: ignore[method-assign]


def run_interrupted(act: Callable[[], object], at: int, end: Callable[[], object] = kill_self) -> int:
    """Do `act` in a process of its own, in which `end` comes before message number `at`; give how many there were.

    0 where the process did not live to say so.
    """

    def work() -> int:
        countdown = Countdown(at, end)
        count_messages(countdown)
        act()
        return countdown.count

    child = Child(work)
    try:
        return int(child.wait())
    except AssertionError as error:
        if "the process was killed" in str(error):
            return 0
        raise


class Pause:
    """A process that does `act` and stops before message number `at` until it may go on. `watch` has them counted."""

    def __init__(self, act: Callable[[], object], at: int, watch: Callable[[Countdown], None] = count_messages) -> None:
        self.reached, reached = os.pipe()
        allowed, self.allowed = os.pipe()

        def stop() -> None:
            os.write(reached, b".")
            os.read(allowed, 1)

        def work() -> object:
            watch(Countdown(at, stop))
            return act()

        self.child = Child(work)
        for end in (reached, allowed):
            os.close(end)

    def is_reached(self) -> bool:
        """Wait for it; tell whether it stopped, and did not end before."""
        return self.reached in select.select([self.reached, self.child.reader], [], [])[0]

    def go_on(self) -> None:
        with suppress(BrokenPipeError):  # it was killed
            os.write(self.allowed, b".")

    def wait(self) -> str:
        """Give the last line of what it failed with; empty where it did not."""
        for end in (self.reached, self.allowed):
            os.close(end)
        try:
            self.child.wait()
        except AssertionError as error:
            return str(error).strip().splitlines()[-1]
        return ""


def choose(total: int, some: int, turn: int = 0, turns: int = 1) -> list[int]:
    """Give the numbers of the messages to end before: all of them, or `some`, spread evenly. Of tests that go over one
    run, each has others in its `turn`."""
    points = some * turns
    if ALL or total <= some:
        return list(range(1, total + 1))
    return [1 + (total - 1) * (step * turns + turn) // max(points - 1, 1) for step in range(some)]
