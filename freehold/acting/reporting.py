"""One line in the log for each statement that was refused: who acted, what it was about, in which request. No value of
the statement stands in it, and no more of its text than a name."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from freehold.acting import Acting

NOBODY: Final = "-"
_LONGEST: Final = 200  # characters of a name, which an injected statement may have made
_logger = logging.getLogger("freehold.refusals")
_is_expected: ContextVar[bool] = ContextVar("freehold_refusal_expected", default=False)


def report_refusal(acting: Acting | None, kind: str, name: str, *, login: str = "") -> None:
    """Log that something was refused: `kind` is what `name` is, such as `table`. `login` is the connection's."""
    if _is_expected.get():
        return
    words = {
        "service": acting.service if acting else "",
        kind: name,
        "request": acting.request_id if acting else "",
        **({"login": login} if login else {}),
    }
    _logger.warning("refused: %s", " ".join(f"{each}={_show(value)}" for each, value in words.items()))


@contextmanager
def expecting_refusal() -> Iterator[None]:
    """Log nothing inside the block, which tries what may be refused."""
    token = _is_expected.set(True)
    try:
        yield
    finally:
        _is_expected.reset(token)


def _show(name: str) -> str:
    """Give a name as one word of a line, whatever characters it has."""
    shown = name[:_LONGEST]
    return (shown if shown.isprintable() and " " not in shown else repr(shown)) or NOBODY
