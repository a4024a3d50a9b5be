"""A place for the data where the server's account can reach them, when it can't reach PATH (below /root, say)."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from freehold.embedded.accounts import Account, can_reach
from freehold.embedded.binaries import SHARED
from freehold.embedded.directories import Directory, explain_faults, make_path, write_file
from freehold.errors import EmbeddedError

_ORIGIN = "path"  # the file in a place that names the PATH it belongs to


def choose_home(directory: Directory, account: Account | None) -> Path:
    """Give the directory to make the data in: PATH, or a place of its own where the account can't reach PATH."""
    if directory.place.exists():  # a process was killed between choosing it and making the data
        shutil.rmtree(directory.home, ignore_errors=True)
        directory.place.unlink()
    if can_reach(account, directory.path):
        return directory.path
    home = _make_place(directory)
    write_file(directory, directory.place, f"{home}\n")
    return home


def _make_place(directory: Directory) -> Path:
    """Make a directory of this PATH's own, named after it. One that is there holds the data of a PATH now removed.

    Raises:
        EmbeddedError: it can't be made.
    """
    digest = hashlib.sha256(os.fsencode(directory.path)).hexdigest()[:8]
    with explain_faults(SHARED):
        make_path(SHARED)
        for number in range(1, 1000):
            home = SHARED / f"{directory.path.name}-{digest}{f'-{number}' if number > 1 else ''}"
            if home.exists():
                continue
            make_path(home)
            (home / _ORIGIN).write_text(f"{directory.path}\n", encoding="utf-8")
            return home
    raise EmbeddedError(f"{SHARED} holds 999 places for {directory.path}: remove those that nobody needs")


def check_home(directory: Directory) -> None:
    """Refuse to start on data that are gone, or that another PATH uses.

    Raises:
        EmbeddedError: either.
    """
    if not directory.place.exists():
        return
    if not directory.is_initialised:
        if directory.port.exists():  # a server has run here: those were real data
            raise EmbeddedError(
                f"{directory.place} says that the data lie in {directory.data}, but there are none: "
                f"put them back, or remove {directory.path} to begin anew"
            )
        return
    _check_origin(directory)


def _check_origin(directory: Directory) -> None:
    """Refuse a copy of a PATH: both would use the same data. A PATH that was moved is noted under its new name."""
    origin = directory.home / _ORIGIN
    with explain_faults(origin):
        noted = Path(origin.read_text(encoding="utf-8").strip())
        if noted == directory.path:
            return
        other = Directory(noted)
        if other.place.exists() and other.home == directory.home:
            raise EmbeddedError(
                f"{directory.path} is a copy of {noted}, whose data lie in {directory.data}: "
                f"remove {directory.path}, and copy databases with pg_dump"
            )
        origin.write_text(f"{directory.path}\n", encoding="utf-8")
