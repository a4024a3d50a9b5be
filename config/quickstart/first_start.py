"""Which databases `manage.py quickstart` made itself: into those alone it puts demo data without being told to.

One that is on a server was made by whoever made it, empty or not. An embedded PostgreSQL or a SQLite file is
quickstart's own where it found nothing there. A file beside it says so until all is in it: a first start may be cut
off, and the next one goes on. From then on the demo data themselves tell.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold import embedded
from freehold.filetrust import open_trusted

MEMORY = ":memory:"


class FirstStart:
    """One database that quickstart may be making: it `is_new`, or one that an earlier start `is_resumed` from."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        place = find_place(connection)
        self.mark = place.with_name(f"{place.name}.making") if place else None
        self.is_new = bool(place and is_nothing_there(connection, place))
        self.is_resumed = bool(self.mark and self.mark.exists() and not self.is_new)

    def begin(self) -> None:
        """Leave the mark, before anything is made. Where none can be made, nobody goes on from a first start."""
        if self.is_new and self.mark:
            with suppress(OSError):
                self.mark.parent.mkdir(parents=True, exist_ok=True)
                os.close(open_trusted(self.mark, os.O_WRONLY | os.O_CREAT))

    def end(self) -> None:
        """Take it away: all is there."""
        if self.mark:
            with suppress(OSError):
                self.mark.unlink(missing_ok=True)


def find_place(connection: BaseDatabaseWrapper) -> Path | None:
    """Give the file or directory that the database is; none where it is on a server, or in memory."""
    entry = connection.settings_dict
    if connection.vendor == "sqlite":
        return None if str(entry["NAME"]) == MEMORY else Path(entry["NAME"])
    path = entry["OPTIONS"].get("embedded")
    return Path(path) if path else None


def is_nothing_there(connection: BaseDatabaseWrapper, place: Path) -> bool:
    """Tell whether there is no database yet: no file, or one that a look at it has made, without a byte in it."""
    if connection.vendor == "sqlite":
        return not place.exists() or (place.is_file() and place.stat().st_size == 0)
    return not embedded.status(str(place)).initialised
