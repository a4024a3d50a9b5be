"""Locks between processes of one machine, held by the kernel: they end with the process, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from freehold.filetrust import open_trusted

if sys.platform != "win32":
    import fcntl

_PAUSE = 0.02  # seconds between two tries: a blocking flock can't have a time limit


@contextmanager
def file_lock(path: Path, *, shared: bool = False, timeout: float | None = None) -> Iterator[int]:
    """Hold a lock on the file (or directory) `path` inside the block; give its file descriptor.

    A process that inherits the descriptor holds the lock too, until the last of them is gone (flock(2)). On Windows,
    which has no flock, nothing is locked.

    Raises:
        TimeoutError: others held it for all of `timeout` seconds (None waits for ever, 0 tries once).
        OSError: the file can't be opened or made.
    """
    descriptor = open_for_lock(path)
    try:
        take_lock(descriptor, shared=shared, timeout=timeout)
        yield descriptor
    finally:
        os.close(descriptor)


def open_for_lock(path: Path) -> int:
    """Open `path`; make a file with mode 0600 where it is missing.

    Raises:
        FileTrustError: it is a link, a pipe, or somebody else's.
    """
    if path.is_dir():
        return os.open(path, os.O_RDONLY)
    return open_trusted(path, os.O_RDWR | os.O_CREAT)


def take_lock(descriptor: int, *, shared: bool = False, timeout: float | None = None) -> None:
    """Lock the open file.

    Raises:
        TimeoutError: others held it for all of `timeout` seconds.
    """
    if sys.platform == "win32":
        return
    deadline = None if timeout is None else time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError from None
            time.sleep(_PAUSE)
        else:
            return
