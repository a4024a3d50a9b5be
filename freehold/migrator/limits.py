"""How long a migration may wait for a lock and how long a statement may take, and how often it is tried."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from django.db import DatabaseError
from django.db.migrations import Migration

from freehold.errors import MigrationError

_Result = TypeVar("_Result")

_UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
_TIME = re.compile(r"(\d{1,9})\s*(ms|s|min|h)")
_DEFAULTS = {"lock_timeout": "5s", "statement_timeout": "15min"}
_RETRIES = 10
_LONGEST_PAUSE = 30.0  # seconds
FIRST_PAUSE = 0.5
# lock_not_available, deadlock_detected, serialization_failure (manual, appendix A): a moment later it may succeed.
_TRANSIENT = {"55P03", "40P01", "40001"}
INSUFFICIENT_PRIVILEGE = "42501"


@dataclass(frozen=True)
class Limits:
    """Times in milliseconds, 0 for none; `retries` counts what comes after the first attempt; pauses in seconds."""

    lock_timeout: int
    statement_timeout: int
    retries: int
    first_pause: float | None = None  # the module's, where none is given
    longest_pause: float = _LONGEST_PAUSE

    def for_migration(self, migration: Migration) -> Limits:
        """Give the limits of one migration, whose class may name its own as `lock_timeout` and `statement_timeout`.

        Raises:
            MigrationError: it names something that is no time.
        """
        where = f"migration {migration.app_label}.{migration.name}"
        own = {name: getattr(migration, name) for name in _DEFAULTS if hasattr(migration, name)}
        return replace(self, **{name: read_time(value, f"{where}: {name}") for name, value in own.items()})

    def get_pause(self, attempt: int) -> float:
        """Give the seconds to wait after so many attempts: twice as long each time, up to the longest."""
        return min((self.first_pause or FIRST_PAUSE) * 2.0 ** (attempt - 1), self.longest_pause)


def get_limits() -> Limits:
    """Give what the settings say.

    Raises:
        MigrationError: one of them is not a time, or not a number of retries.
    """
    times = {
        name: read_time(getattr(settings, f"MIGRATION_{name.upper()}", default), f"MIGRATION_{name.upper()}")
        for name, default in _DEFAULTS.items()
    }
    return Limits(**times, retries=read_retries(getattr(settings, "MIGRATION_RETRIES", _RETRIES)))


def read_time(value: Any, name: str) -> int:
    """Give a time in milliseconds; `name` says in the error where it stands."""
    found = _TIME.fullmatch(str(value).strip())
    if str(value).strip() == "0":
        return 0
    if not found:
        raise MigrationError(
            f"{name} is {value!r}: give a time with its unit, such as 500ms, 5s, 15min or 1h; 0 is none"
        )
    return int(found[1]) * _UNITS[found[2]]


def read_retries(value: Any) -> int:
    if not re.fullmatch(r"\d{1,4}", str(value).strip()):
        raise MigrationError(f"MIGRATION_RETRIES is {value!r}: give a whole number, 0 for one attempt alone")
    return int(value)


def get_sqlstate(error: BaseException) -> str:
    """Give the server's code for an error of the driver's or of Django's; empty where the server said nothing."""
    return getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None) or ""


def is_transient(error: BaseException) -> bool:
    """Tell whether the same statement, in a new transaction, may succeed a moment later."""
    return get_sqlstate(error) in _TRANSIENT or getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_BUSY"


class Patience:
    """Tries again what failed for want of a lock, a bounded number of times.

    `say` is told of each wait; `get_reason` gives who is in the way, as far as that was seen.
    """

    def __init__(self, limits: Limits, say: Callable[[str], object], get_reason: Callable[[], str]) -> None:
        self.limits = limits
        self.say = say
        self.get_reason = get_reason
        self.pauses: list[str] = []  # why it had to wait, a line for each time

    def outlast(self, act: Callable[[int], _Result]) -> _Result:
        """Give what `act` gives, which is told the number of the attempt and leaves nothing behind when it fails."""
        for attempt in count(1):
            try:
                return act(attempt)
            except (DatabaseError, psycopg.Error) as error:
                if not is_transient(error) or attempt > self.limits.retries:
                    raise
                self.wait(" ".join(str(error).split()), attempt)
        raise AssertionError("count() does not end")

    def wait(self, why: str, attempt: int) -> None:
        pause = self.limits.get_pause(attempt)
        self.pauses.append(f"attempt {attempt}: {why}{self.get_reason()}")
        self.say(f"{why}{self.get_reason()}; again in {pause:g} s ({attempt} of {self.limits.retries})")
        time.sleep(pause)
