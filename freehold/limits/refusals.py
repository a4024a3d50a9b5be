"""Refusals in the log: a line a minute with how many there were. One for each would be the caller's to fill it with."""

from __future__ import annotations

import logging
import time
from typing import Final

EVERY: Final = 60.0  # seconds
_logger = logging.getLogger("freehold.limits")


class Refusals:
    """Those of a process. Nothing is locked: that two threads lose one of thousands, or write two lines, is no harm."""

    def __init__(self) -> None:
        self.count = 0
        self.told = float("-inf")  # when the last line was written

    def add(self) -> None:
        """Count one; write the line where it is time, of what came since the last."""
        self.count += 1
        now = time.monotonic()
        if now >= self.told + EVERY:
            count, self.count, self.told = self.count, 0, now
            _logger.warning("Refused by a limit since the last such line: requests=%d", count)


REFUSALS: Final = Refusals()
