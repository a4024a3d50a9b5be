"""One migrator at a time on SQLite: a lock on a file beside the database, which the kernel ends with the process."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.backends.sqlite3.base import is_file
from freehold.filelocks import open_for_lock, take_lock
from freehold.filetrust import resolve_trusted

SUFFIX = "-migrate"  # behind the database's name, as SQLite names its journals


class FileLock:
    """The lock of one database in a file, given back when the block that it is a context for ends.

    SQLite has one writer at a time, and that for a transaction; this one holds from before the plan is made, and where
    a migration has no transaction. The file stays: to remove it would let two have it. Without flock, on Windows,
    nothing is locked.
    """

    def __init__(self, connection: BaseDatabaseWrapper, say: Callable[[str], object]) -> None:
        self.name = str(connection.settings_dict["NAME"])
        self.say = say
        self.descriptor: int | None = None

    def __enter__(self) -> FileLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None

    def acquire(self) -> bool:
        """Take the lock, waiting as long as another has it; tell whether it had to be taken.

        Raises:
            FileTrustError: its file is a link, a pipe, or somebody else's.
        """
        if self.descriptor is not None or not is_file(self.name):
            return False
        path = resolve_trusted(Path(self.name))
        path = path.with_name(path.name + SUFFIX)
        self.descriptor = open_for_lock(path)
        try:
            take_lock(self.descriptor, timeout=0)
        except TimeoutError:
            self.say(f"Waiting for another migrate to end: it holds {path}.")
            take_lock(self.descriptor)
        return True
