"""Counts, on whichever database the project has, and says what happens where that can't be."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

from freehold.limits import postgresql, sqlite3 as sqlite, turns
from freehold.limits.turns import FAULTS, PausedError
from freehold.limits.values import Limit, LimitsError, Taken

UNCOUNTED: Final = Taken(is_allowed=True, remaining=0, seconds=0, is_counted=False)
_logger = logging.getLogger(__name__)
_told: dict[str, float] = {}  # the last words in the log, and until when they are not said again
_T = TypeVar("_T")


def take(name: str, whose: str, limit: Limit, *, amount: int = 1, is_strict: bool = False) -> Taken:
    """Count `amount` for somebody, unless that were more than the limit allows; then nothing is counted.

    `name` is what they do, 63 characters at most; `whose` whom it is about, such as an address or an id: the database
    gets its digest. The service that acts has counters of its own, which no other reads or changes. Where the counter
    can't be reached it is allowed, with a line in the log; `is_strict`: it is an error, for what must not be tried
    uncounted, such as passwords.

    Raises:
        LimitsError: the counter can't be reached, where `is_strict`.
        ValueError: the amount is not 1 to what the limit allows, or no database keeps the name.
    """
    if not (1 <= amount <= limit.allowed and 1 <= len(name) <= 63):
        raise ValueError(f"take({name!r}) takes a name of 1 to 63 characters and an amount of 1 to {limit.allowed}")
    check_name(name)
    engine, digest = choose_engine(), make_digest(whose)
    return reach(lambda: engine.take(name, digest, limit, amount), UNCOUNTED, is_strict=is_strict)


def forget(name: str, whose: str) -> None:
    """Let somebody begin anew, as after a password that was right. Without the counter it is left, with a line in the
    log: its window ends.

    Raises:
        ValueError: no database keeps the name.
    """
    check_name(name)
    engine, digest = choose_engine(), make_digest(whose)
    reach(lambda: engine.forget(name, digest), None)


def check_name(name: str) -> None:
    """See that the database can keep it.

    Raises:
        ValueError: it has NUL, or half of a surrogate pair.
    """
    if "\0" in name or any("\ud800" <= each <= "\udfff" for each in name):
        raise ValueError(f"the name {name!r} of what is counted has NUL or a surrogate, which no database keeps")


def make_digest(whose: str) -> bytes:
    """Give what the database knows them by. Any text is somebody, also one that was no UTF-8 where it came from."""
    return hashlib.sha256(whose.encode(errors="surrogatepass")).digest()


def choose_engine() -> postgresql.Line | sqlite.File:
    """Give what counts in the default database's stead."""
    return postgresql.LINE if connections[DEFAULT_DB_ALIAS].vendor == "postgresql" else sqlite.FILE


def reach(ask: Callable[[], _T], otherwise: _T, *, is_strict: bool = False) -> _T:
    """Give the counter's answer. Where there is none, log it, the same words once in PAUSE seconds.

    Raises:
        LimitsError: there is none, where `is_strict`.
    """
    try:
        return ask()
    except FAULTS as fault:
        if not isinstance(fault, PausedError):
            tell(str(fault).partition("\n")[0] or type(fault).__name__)
        if is_strict:
            raise LimitsError(f"the counter of limits can't be reached: {fault}") from fault
    return otherwise


def tell(why: str) -> None:
    """Write a line of what was not counted."""
    now = time.monotonic()
    if now >= _told.get(why, 0.0):
        _told.clear()
        _told[why] = now + turns.PAUSE
        _logger.error("Not counted: %s", why)


def resume() -> None:
    """Ask again at once."""
    postgresql.LINE.paused = sqlite.FILE.paused = 0.0
    _told.clear()
