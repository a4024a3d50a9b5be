"""Gives the data to the account that the server now runs under. Root walks where another account may write: nothing is
followed, and each file is changed by the descriptor that was looked at."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from freehold.embedded.programs import Account, can_reach
from freehold.errors import EmbeddedError

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class _ObstacleError(EmbeddedError):
    """Something in the data that is not given away."""


def find_obstacle(data: Path, account: Account) -> str:
    """Say what keeps the data from being handed over to the account; nothing where nothing does."""
    if not can_reach(account, data.parent):
        return f"{data.parent} is out of reach for the account {account.name}"
    givers = _get_givers(data, account)
    try:
        for _, found, path in _walk(data):
            _check(found, path, givers)
    except _ObstacleError as error:
        return str(error)
    return ""


def hand_over(data: Path, account: Account) -> bool:
    """Give the data directory, with all in it, to the account; say whether it was another's. The server is stopped.

    The directory itself goes last: until then it is its former owner's, and who is killed at this leaves the rest to
    the next start.

    Raises:
        EmbeddedError: something is in the way that was not there when it was looked for.
    """
    if data.stat().st_uid in (0, account.uid):  # what root copied there is not given away unasked
        return False
    givers = _get_givers(data, account)
    for descriptor, found, path in _walk(data):
        _check(found, path, givers)
        if path == data:
            os.sync()  # a power failure may not keep the last step without those before
        os.fchown(descriptor, account.uid, account.gid)
        os.fchmod(descriptor, stat.S_IMODE(found.st_mode) & 0o700)
    return True


def _get_givers(data: Path, account: Account) -> set[int]:
    """Give whose files may be there: the former owner's, and the new one's of a run that was killed."""
    return {data.stat().st_uid, account.uid}


def _walk(data: Path) -> Iterator[tuple[int, os.stat_result, Path]]:
    """Give an open descriptor, its state and the path of all that lies there, a directory after what is in it."""
    if data.is_symlink():  # which fwalk passes over in silence
        raise _ObstacleError(f"{data} is a symbolic link")
    for root, directories, files, opened in os.fwalk(data, topdown=False, onerror=_raise):
        for name in [*files, *directories]:
            path = Path(root, name)
            if name in directories:  # its own turn was before; one that is a link had none
                if path.is_symlink():
                    raise _ObstacleError(f"{path} is a symbolic link")
                continue
            yield from _open(path, opened)
        yield opened, os.fstat(opened), Path(root)


def _open(path: Path, directory: int) -> Iterator[tuple[int, os.stat_result, Path]]:
    try:
        descriptor = os.open(path.name, _FLAGS, dir_fd=directory)
    except OSError as error:
        what = "is a symbolic link" if path.is_symlink() else f"can't be opened ({error.strerror})"
        raise _ObstacleError(f"{path} {what}") from error
    try:
        yield descriptor, os.fstat(descriptor), path
    finally:
        os.close(descriptor)


def _check(found: os.stat_result, path: Path, givers: set[int]) -> None:
    """Refuse what may be somebody else's, or lie elsewhere too."""
    if not stat.S_ISDIR(found.st_mode):
        if not stat.S_ISREG(found.st_mode):
            raise _ObstacleError(f"{path} is no plain file")
        if found.st_nlink > 1:
            raise _ObstacleError(f"{path} has a second name (a hard link)")
    if found.st_uid not in givers:
        raise _ObstacleError(f"{path} belongs to the account number {found.st_uid}")


def _raise(error: OSError) -> None:
    raise _ObstacleError(f"{error.filename} can't be read ({error.strerror})") from error
