"""Times that programs tell: with an offset, and such that they are in UTC what Python can hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec

OUTSIDE: Final = "not in the years 1 to 9999, in UTC"
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


def is_outside(moment: datetime | None) -> bool:
    """Tell whether it lies before year 1 or after year 9999 in UTC, as 0001-01-01T00:00:00+01:00 does. A type can't say
    so, and runs_moments_check of app.runs refuses it."""
    if moment is not None:
        try:
            moment.astimezone(UTC)
        except OverflowError:
            return True
    return False
