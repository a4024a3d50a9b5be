"""What lies where below the PATH of `embedded:///PATH`, and who may touch it."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from freehold.errors import EmbeddedError
from freehold.filetrust import make_file, resolve_trusted

WAY_OUT = 'put another path into DATABASE_URL=embedded:///PATH, or OPTIONS["embedded"]'


class Directory:
    """One PATH and the files in it. The data lie in it too, except where `place` names another directory for them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = path / "lock"  # held by the process that starts or stops the server
        self.lease = path / "lease"  # held, shared, by each process that wants the server to stay up
        self.alive = path / "alive"  # held by the server's own processes, all of them, as long as one of them lives
        self.port = path / "port"  # the port of the last start, which the next one takes again
        self.passfile = path / "pgpass"  # the passwords of the superuser, the migrator and the services
        self.log = path / "server.log"
        self.place = path / "place"  # names the directory that holds the data where the account can't reach PATH

    @property
    def home(self) -> Path:
        """The directory that holds the data directory."""
        with explain_faults(self.place):
            try:
                return Path(self.place.read_text(encoding="utf-8").strip())
            except FileNotFoundError:
                return self.path

    @property
    def data(self) -> Path:
        """PGDATA."""
        return self.home / "data"

    @property
    def is_initialised(self) -> bool:
        """Whether there are data: they appear whole or not at all."""
        return (self.data / "PG_VERSION").exists()


@contextmanager
def explain_faults(path: str | Path) -> Iterator[None]:
    """Turn what the file system refuses inside the block into one line; a lock's time limit passes as it is."""
    try:
        yield
    except TimeoutError:
        raise
    except OSError as error:
        where = error.filename or path
        if isinstance(error, NotADirectoryError | FileExistsError | FileNotFoundError):
            hint = f"it must be a directory, or one that can be made: {WAY_OUT}"
        elif error.errno in (errno.ENOSPC, errno.EDQUOT):
            hint = f"make room, or {WAY_OUT}"
        else:
            hint = f"see who owns it, or {WAY_OUT}"
        shown = os.fsdecode(where) if isinstance(where, bytes) else where
        raise EmbeddedError(f"the embedded PostgreSQL can't use {shown} ({error.strerror or error}): {hint}") from error


def get_directory(path: str | Path) -> Directory:
    """Give the directory, which need not exist yet.

    Raises:
        EmbeddedError: the path is relative, a file, or belongs to someone whose passwords the caller may not read; or
            this is Windows, which has neither flock nor a way to start a server under another account.
    """
    if sys.platform == "win32":
        raise EmbeddedError(
            "the embedded PostgreSQL does not run on Windows: use WSL, or a server of your own (postgresql://…)"
        )
    _check_name(str(path))
    with explain_faults(path):
        directory = Directory(resolve_trusted(Path(path)))
        if _exists(directory.path) and not directory.path.is_dir():
            raise FileExistsError(errno.EEXIST, "it is a file", str(path))
        if directory.passfile.exists() and not os.access(directory.passfile, os.R_OK):
            raise EmbeddedError(
                f"the embedded PostgreSQL in {path} belongs to another account, which alone may read "
                f"{directory.passfile}: run as that account, or {WAY_OUT}"
            )
    return directory


def _exists(path: Path) -> bool:
    """Say whether there is such a file; unlike `Path.exists`, raise when that can't be said."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True


def _check_name(path: str) -> None:
    """Refuse a path that postmaster.pid, a file of lines in UTF-8, can't carry."""
    if not os.path.isabs(path):
        raise EmbeddedError(f"the path {path!r} of the embedded PostgreSQL is relative: give it from the root, /…")
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", path):
        raise EmbeddedError(f"the path {path!r} of the embedded PostgreSQL holds a character it can't use: {WAY_OUT}")


def check_vacancy(directory: Directory) -> None:
    """Refuse a PATH that is something else already, before anything is written there.

    Raises:
        EmbeddedError: it is the data directory of a PostgreSQL itself, or its `data` is of another kind.
    """
    with explain_faults(directory.path):
        if (directory.path / "PG_VERSION").exists():
            raise EmbeddedError(
                f"{directory.path} is itself the data directory of a PostgreSQL, which its own server must start: "
                f"connect to that server (postgresql://…), or {WAY_OUT}"
            )
        if directory.data.exists() and not directory.is_initialised and any(directory.data.iterdir()):
            raise EmbeddedError(f"{directory.data} holds something else than PostgreSQL's data: {WAY_OUT}")


def make_directory(directory: Directory) -> None:
    """Make PATH where it is missing: closed for others, except that root lets the server's account pass through."""
    with explain_faults(directory.path):
        make_path(directory.path, 0o700)


def make_path(path: Path, mode: int = 0o777) -> None:
    """Make the directory and its missing parents. What another process made is left as it is."""
    if path.is_dir():
        return
    make_path(path.parent)
    try:
        path.mkdir(mode=mode)
    except FileExistsError:
        if not path.is_dir():
            raise
    else:
        if os.geteuid() == 0:
            path.chmod(0o755)  # whatever root's umask is, the server's account must be able to pass


def write_file(directory: Directory, path: Path, text: str) -> None:
    """Put a file with this text in the place of `path`, whole."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with explain_faults(path):
        make_file(scratch, text, 0o644)
        give_to_owner(directory, scratch)
        scratch.replace(path)


def give_to_owner(directory: Directory, path: Path) -> None:
    """As root in another person's PATH, give the file to that person: the one who owns the passwords."""
    if os.geteuid() == 0 and directory.passfile.exists():
        owner = directory.passfile.lstat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
