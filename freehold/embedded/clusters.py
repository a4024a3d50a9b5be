"""Makes the data directory: whole, or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from freehold.embedded.accounts import Account
from freehold.embedded.binaries import Installation
from freehold.embedded.directories import WAY_OUT, Directory, explain_faults
from freehold.embedded.names import HOST, SUPERUSER
from freehold.embedded.places import choose_home
from freehold.embedded.programs import get_complaint, run_program
from freehold.errors import EmbeddedError
from freehold.passfile import find_password, generate_password, get_or_add_password, set_password

_PREFIX = ".new-"  # of what is being made
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
        home = choose_home(directory, account)
    password = get_or_add_password(directory.passfile, user=SUPERUSER, host=HOST)
    with explain_faults(home):
        _remove_leftovers(home)
        scratch = home / f"{_PREFIX}{os.getpid()}"
        scratch.mkdir(mode=0o700)
        try:
            _fill_scratch(scratch, password, account)
            _run_initdb(scratch, installation, account, lock)
            with open(scratch / "data" / "postgresql.conf", "a", encoding="utf-8") as file:
                file.write(_SETTINGS)
            (scratch / "data").rename(home / "data")
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _remove_leftovers(home: Path) -> None:
    """Remove what a killed process left half made."""
    for left in home.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)


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
