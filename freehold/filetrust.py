"""Opens files that are written, as root above all, without being led elsewhere: by a link, a pipe, or a file of another
account's."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from typing import Final

from freehold.errors import FreeholdError

_FLAGS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class FileTrustError(FreeholdError):
    """A file that would be written is no plain file, or somebody else's."""


def open_trusted(path: Path, flags: int, mode: int = 0o600) -> int:
    """Open the file, or make it where `flags` say so; give its descriptor.

    Raises:
        FileTrustError: it is a link, a pipe or a device; as root also where it has a second name, or belongs neither to
            root nor to whom its directory belongs to, and others than root could put it there.
        OSError: it can't be opened.
    """
    try:
        descriptor = os.open(path, flags | _FLAGS, mode)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _distrust(path, "is a symbolic link") from None
        if error.errno == errno.ENXIO:  # a pipe that nobody reads
            raise _distrust(path, "is no plain file") from None
        raise
    try:
        _check(path, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def make_file(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a new file. One that lies there, or a link, is taken away first and not followed."""
    path.unlink(missing_ok=True)
    descriptor = open_trusted(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def check_trusted(path: Path) -> None:
    """Look at a file that something else will open, where there is one.

    Raises:
        FileTrustError: as above.
    """
    real = resolve_trusted(path)
    try:
        _check(real, real.lstat())
    except FileNotFoundError:
        return


def close_unopened(path: Path) -> None:
    """Take away what others may do with the caller's own file, and what a group may that only reads; do not open it.

    One of another account is left alone, and so is what is no plain file.
    """
    if not hasattr(os, "O_PATH"):  # Linux alone has it
        return
    try:
        descriptor = os.open(path, os.O_PATH | _FLAGS)
    except OSError:
        return
    try:
        found = os.fstat(descriptor)
        kept = 0o700 | (0o070 if found.st_mode & stat.S_IWGRP else 0)
        if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_mode & 0o077 & ~kept:
            os.chmod(f"/proc/self/fd/{descriptor}", stat.S_IMODE(found.st_mode) & kept)
    finally:
        os.close(descriptor)


def resolve_trusted(path: Path) -> Path:
    """Give the path without links. Root follows none that another account made, or could put something else in its
    place.

    Raises:
        FileTrustError: there is one.
    """
    if _is_root():
        whole = Path(os.path.abspath(path))
        for place in (*reversed(whole.parents), whole):
            if place.is_symlink() and (place.lstat().st_uid or place.parent.stat().st_uid):
                raise _distrust(place, "is a symbolic link of another account")
    return Path(os.path.realpath(path))


def _check(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise _distrust(path, "is no plain file")
    if not _is_root():
        return
    if found.st_nlink > 1:
        raise _distrust(path, "has a second name (a hard link)")
    directory = path.parent.stat()
    if not directory.st_uid and not directory.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return  # root alone can have put it there, for its owner
    if found.st_uid not in (0, directory.st_uid):
        raise _distrust(path, "belongs to another account than its directory")


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _distrust(path: Path, what: str) -> FileTrustError:
    return FileTrustError(f"{path} {what}, which is not written to: see who put it there, and remove it")
