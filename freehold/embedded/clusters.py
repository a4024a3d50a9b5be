"""Makes the data directory: whole, or not at all. It lies in PATH, or in a place of its own where the server's account
can't reach PATH (below /root, say)."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from freehold.embedded import HOST, SUPERUSER
from freehold.embedded.binaries import SHARED, Installation
from freehold.embedded.directories import WAY_OUT, Directory, explain_faults, make_path, write_file
from freehold.embedded.programs import Account, can_reach, get_complaint, run_program
from freehold.errors import EmbeddedError
from freehold.filetrust import open_trusted
from freehold.passfile import find_password, generate_password, get_or_add_password, set_password

_PREFIX = ".new-"  # of what is being made
_ORIGIN = "path"  # the file in a place that names the PATH it belongs to
_SETTINGS = """
# --- Freehold: a small server, heard on the loopback interface only ---
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 128MB
password_encryption = 'scram-sha-256'
lc_messages = 'C'
"""


def read_major(directory: Directory) -> int | None:
    """Give the major version that made the data; none where there are none."""
    with explain_faults(directory.data):
        if not directory.is_initialised:
            return None
        return int((directory.data / "PG_VERSION").read_text().strip().split(".")[0])


def make_cluster(directory: Directory, installation: Installation, account: Account | None, lock: int) -> None:
    """Make the data directory beside its final place, then rename it.

    initdb inherits `lock`, the descriptor of the start lock: when this process is killed, the next one waits for the
    orphan to end before it removes what was left.

    Raises:
        EmbeddedError: initdb fails, or the file system refuses.
    """
    with explain_faults(directory.path):
        home = _choose_home(directory, account)
    password = get_or_add_password(directory.passfile, user=SUPERUSER, host=HOST)
    with explain_faults(home):
        for left in home.glob(f"{_PREFIX}*"):  # of a process that was killed at this
            shutil.rmtree(left, ignore_errors=True)
        scratch = home / f"{_PREFIX}{os.getpid()}"
        scratch.mkdir(mode=0o700)
        try:
            _fill_scratch(scratch, password, account)
            _run_initdb(scratch, installation, account, lock)
            conf = open_trusted(scratch / "data" / "postgresql.conf", os.O_WRONLY | os.O_APPEND)
            with os.fdopen(conf, "a", encoding="utf-8") as file:
                file.write(_SETTINGS)
            (scratch / "data").rename(home / "data")
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _fill_scratch(scratch: Path, password: str, account: Account | None) -> None:
    """Put the password and an empty data directory where the account, and nobody else, can read them."""
    (scratch / "data").mkdir(mode=0o700)
    with open(os.open(scratch / "password", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{password}\n")
    if account:
        for path in (scratch / "data", scratch / "password", scratch):
            os.chown(path, account.uid, account.gid)


def _run_initdb(scratch: Path, installation: Installation, account: Account | None, lock: int) -> None:
    """Run initdb with SCRAM passwords and UTF-8.

    Text sorts by code point and folds case by Unicode on every machine: the builtin provider of 17 and later, the C
    library's C.UTF-8 before, or plain C where that is missing.
    """
    command: list[str | Path] = [installation.bin / "initdb", "-D", scratch / "data", "-U", SUPERUSER, "-E", "UTF8"]
    command += ["--auth=scram-sha-256", f"--pwfile={scratch / 'password'}"]
    if installation.major >= 17:
        choices = [["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
    else:
        choices = [["--locale=C", "--lc-ctype=C.UTF-8"], ["--locale=C"]]
    for locale in choices:
        said = run_program([*command, *locale], account=account, pass_fds=[lock])
        if said.returncode == 0:
            return
        if "invalid locale" not in said.stderr:
            break
    raise EmbeddedError(
        f"PostgreSQL's data can't be made in {scratch.parent} ({get_complaint(said.stderr)}): mend that, or {WAY_OUT}"
    )


def restore_password(directory: Directory, installation: Installation, account: Account | None, alive: int) -> None:
    """Give the superuser a new password where the password file has none: the owner of the data needs no old one.

    In single-user mode, before anyone can connect. It is written down after it holds, so that a kill between the two
    leads to another new one.

    Raises:
        EmbeddedError: the data can't be opened.
    """
    if find_password(directory.passfile, user=SUPERUSER, host=HOST) is not None:
        return
    password = generate_password()
    said = run_program(
        [installation.bin / "postgres", "--single", "-D", directory.data, "postgres"],
        account=account,
        text=f"alter role {SUPERUSER} password '{password}'\n",  # letters, digits, - and _: nothing to escape
        pass_fds=[alive],
    )
    if said.returncode or "ERROR:" in said.stderr:
        raise EmbeddedError(
            f"{directory.passfile} has no password of {SUPERUSER}, and a new one can't be set "
            f"({get_complaint(said.stderr)}): put the file back"
        )
    set_password(directory.passfile, user=SUPERUSER, password=password, host=HOST)


# --- Where the data lie -----------------------------------------------------------------------------------------------
def _choose_home(directory: Directory, account: Account | None) -> Path:
    """Give the directory to make the data in: PATH, or a place of its own where the account can't reach PATH."""
    if directory.place.exists():  # a process was killed between choosing it and making the data
        _check_place(directory)
        shutil.rmtree(directory.home, ignore_errors=True)
        directory.place.unlink()
    if can_reach(account, directory.path):
        return directory.path
    home = _make_place(directory)
    write_file(directory, directory.place, f"{home}\n")
    return home


def _make_place(directory: Directory) -> Path:
    """Make a directory of this PATH's own, named after it. One that is there holds the data of a PATH now removed."""
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
    _check_place(directory)
    if not directory.is_initialised:
        if directory.port.exists():  # a server has run here: those were real data
            raise EmbeddedError(
                f"{directory.place} says that the data lie in {directory.data}, but there are none: "
                f"put them back, or remove {directory.path} to begin anew"
            )
        return
    _check_origin(directory)


def _check_place(directory: Directory) -> None:
    """Refuse a `place` that names another directory than one made here: whoever owns PATH may have written it."""
    if directory.home.parent != SHARED or directory.home.is_symlink():
        raise EmbeddedError(
            f"{directory.place} names {directory.home}, which does not lie in {SHARED}: see who wrote it, or {WAY_OUT}"
        )


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
