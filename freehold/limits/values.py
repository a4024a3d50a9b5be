"""What a limit is, and what an answer to it says. Values only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from freehold.errors import FreeholdError

LONGEST: Final = 604_800  # seconds: a week
MOST: Final = 1_000_000_000
_FORM: Final = re.compile(r"([0-9]{1,10})/([0-9]{1,6})", re.ASCII)


class LimitsError(FreeholdError):
    """A limit is none, or its counter can't be reached."""


@dataclass(frozen=True)
class Limit:
    """How many are `allowed` in a window of so many `seconds`, which begins with the first."""

    allowed: int
    seconds: int

    def __post_init__(self) -> None:
        if not (1 <= self.allowed <= MOST and 1 <= self.seconds <= LONGEST):
            raise LimitsError(f"a limit is 1 to {MOST} in 1 to {LONGEST} seconds, not {self}")

    def __str__(self) -> str:
        return f"{self.allowed}/{self.seconds}"


@dataclass(frozen=True)
class Taken:
    """Whether it `is_allowed`, how many are left, and for how many seconds the window still lasts. Where it is not
    `is_counted`, the counter could not be reached, and the rest says nothing."""

    is_allowed: bool
    remaining: int
    seconds: int
    is_counted: bool = True


def parse_limits(texts: Mapping[str, str]) -> dict[str, Limit]:
    """Give the limits by their names, from texts such as `600/60`: how many, and in how many seconds.

    Raises:
        LimitsError: a text is none.
    """
    found = {}
    for name, text in texts.items():
        match = _FORM.fullmatch(text)
        if not match:
            raise LimitsError(f"{name} has the limit {text!r}: write how many and in how many seconds, as 600/60")
        try:
            found[name] = Limit(int(match[1]), int(match[2]))
        except LimitsError as error:
            raise LimitsError(f"{name}: {error}") from None
    return found
