"""Turns: the threads of a process share what counts, and none waits long for it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Final

import django.db

from freehold.errors import FreeholdError
from freehold.limits.values import LimitsError

WAIT: Final = 0.5  # seconds to wait for a turn
PAUSE: Final = 5.0  # seconds in which a counter that could not be reached is not asked
FAULTS: Final = (django.db.Error, sqlite3.Error, OSError, FreeholdError)


class PausedError(LimitsError):
    """Nobody is asked for a while; the log has a line of why."""


class Turns:
    """What one thread at a time asks."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.paused = 0.0  # until when

    def renew(self) -> None:
        """Begin anew in a process that was forked: who had the turn is not in it, and would never give it back."""
        self.lock = RLock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Have the turn inside the block; an error after which nobody can be asked is the last for PAUSE seconds.

        Raises:
            LimitsError: none came in time, or nobody is asked.
        """
        self.check()
        if not self.lock.acquire(timeout=WAIT):
            self.check()
            self.pause()
            raise LimitsError(f"no turn to count came in {WAIT:g} seconds")
        try:
            self.check()  # whoever had the turn before may have found nobody: each to find that would be a queue
            with self.pausing():
                yield
        finally:
            self.lock.release()

    @contextmanager
    def pausing(self) -> Iterator[None]:
        try:
            yield
        except FAULTS:
            if self.is_lost():
                self.pause()
            raise

    def check(self) -> None:
        if time.monotonic() < self.paused:
            raise PausedError(f"it could not be reached within the last {PAUSE:.0f} seconds")

    def pause(self) -> None:
        self.paused = time.monotonic() + PAUSE

    def is_lost(self) -> bool:
        """Tell whether an error was one of all and not of what was asked."""
        return True
