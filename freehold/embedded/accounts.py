"""Under whom root starts the server: an account that PG_ACCOUNT names, the owner of the data, or one of its own, made
where it is missing; `nobody` where none can be made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from freehold.embedded.handovers import find_obstacle
from freehold.embedded.programs import Account, get_complaint
from freehold.errors import EmbeddedError
from freehold.filelocks import file_lock

if sys.platform != "win32":
    import pwd

OWN: Final = "freehold"
SHARED_BY_ALL: Final = "nobody"
MADE_FOR: Final = "PostgreSQL of Freehold"  # the comment of the account: one without it was made for something else
_PROGRAMS: Final = "/usr/sbin:/sbin:/usr/bin:/bin"  # root's PATH may be anybody's
_FIRST_OF_PEOPLE: Final = 1000  # UID_MIN of login.defs(5), where nobody changed it
_SHELLS: Final = ("/usr/sbin/nologin", "/sbin/nologin", "/usr/bin/false", "/bin/false")
_PATIENCE: Final = 30.0  # seconds for the program that makes it, and for another process's


class _NoAccountError(EmbeddedError):
    """The account of its own is not there, and can't be made or used."""


def find_account(data: Path) -> Account | None:
    """Give the account that a root process starts the server as; none for anyone else: it runs as the caller.

    It is the one that PG_ACCOUNT names, else the owner of the data directory where there is one, else an account of
    the server's own. `nobody` takes its place where it can't be made; data of `nobody` are to be handed over to it
    (`handovers.hand_over`). `note` of the account says why not.

    Raises:
        EmbeddedError: PG_ACCOUNT names no account, root, or another one than the owner of the data.
    """
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid if data.exists() else 0
    if named := os.environ.get("PG_ACCOUNT", "").strip():
        return _get_named(named, owner, data)
    if owner and owner != _find_uid(SHARED_BY_ALL):
        return _get_owner(owner, data)
    try:
        account = get_own_account()
        if owner and (obstacle := find_obstacle(data, account)):
            raise _NoAccountError(obstacle)
    except _NoAccountError as error:
        note = f"PostgreSQL runs as {SHARED_BY_ALL}, which other programs may too ({error}): docs/embedded.md, Accounts"
        return replace(_get_account(SHARED_BY_ALL), note=note)
    return account


def _get_named(name: str, owner: int, data: Path) -> Account:
    """Give the account of PG_ACCOUNT. Data of `nobody` go to the server's own, and to no other."""
    account = _get_account(name)
    if owner in (0, account.uid):
        return account
    if name == OWN and owner == _find_uid(SHARED_BY_ALL) and not find_obstacle(data, account):
        return account
    raise EmbeddedError(
        f"PG_ACCOUNT={name}, but {data} belongs to {_get_owner(owner, data).name}: "
        f"unset PG_ACCOUNT, or stop the server and give the directory to {name} with chown -R"
    )


def _get_account(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise EmbeddedError(
            f"there is no account {name!r} to run PostgreSQL: set PG_ACCOUNT to one that exists"
        ) from None
    if entry.pw_uid == 0:
        raise EmbeddedError(f"PG_ACCOUNT={name} is root, which PostgreSQL refuses to run as: name an ordinary account")
    return Account(name, entry.pw_uid, entry.pw_gid, tuple(os.getgrouplist(name, entry.pw_gid)))


def _get_owner(uid: int, path: Path) -> Account:
    """Give the account with this number; one without a name will do to start a server, though not to make one."""
    try:
        return _get_account(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return Account(str(uid), uid, path.stat().st_gid)


def _find_uid(name: str) -> int | None:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


# --- The server's own -------------------------------------------------------------------------------------------------
def get_own_account() -> Account:
    """Give the account of the server's own, made where it is missing; of several processes one makes it.

    Raises:
        EmbeddedError: it can't be made, or one of that name is something else.
    """
    if _find_uid(OWN) is None:
        with _holding_accounts():
            if _find_uid(OWN) is None:
                _make_account()
    if fault := _find_fault(pwd.getpwnam(OWN)):
        raise _NoAccountError(f"the account {OWN} {fault}")
    return _get_account(OWN)


def _find_fault(entry: pwd.struct_passwd) -> str:
    """Say what keeps the account from being one that was made for this, with no one else behind it; else nothing."""
    if not 0 < entry.pw_uid < _FIRST_OF_PEOPLE:
        return f"is no system account, with the number {entry.pw_uid}"
    if Path(entry.pw_shell).name not in ("nologin", "false"):
        return f"has a shell to log in with, {entry.pw_shell or '/bin/sh'}"
    if entry.pw_gecos.partition(",")[0] != MADE_FOR:
        return f"was not made for this: its comment is not {MADE_FOR!r}"
    if others := [each.pw_name for each in pwd.getpwall() if each.pw_uid == entry.pw_uid and each.pw_name != OWN]:
        return f"has the number of {others[0]} too"
    return ""


@contextmanager
def _holding_accounts() -> Iterator[None]:
    """Hold a lock where the accounts lie: a container has its own."""
    try:
        with file_lock(Path("/etc"), timeout=_PATIENCE):
            yield
    except OSError as error:  # TimeoutError too
        raise _NoAccountError(f"no account {OWN} can be made: {error.strerror or 'others hold the lock'}") from error


def _make_account() -> None:
    command = _find_command()
    try:
        said = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise _NoAccountError(f"no account {OWN} can be made: {error}") from error
    if said.returncode or _find_uid(OWN) is None:
        raise _NoAccountError(f"no account {OWN} can be made: {get_complaint(said.stderr or said.stdout)}")


def _find_command() -> list[str]:
    """Give the words that make the account: shadow's useradd, or busybox's adduser, which takes other options."""
    shell = next((each for each in _SHELLS if os.path.exists(each)), _SHELLS[0])
    if program := shutil.which("useradd", path=_PROGRAMS):
        words = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        return [program, *words, "--shell", shell, "--comment", MADE_FOR, OWN]
    options = ["-S", "-D", "-H", "-h", "/nonexistent", "-s", shell, "-g", MADE_FOR, OWN]
    if program := shutil.which("adduser", path=_PROGRAMS):  # Debian's own, in Perl, needs useradd and is not met here
        return [program, *options]
    if program := shutil.which("busybox", path=_PROGRAMS):
        return [program, "adduser", *options]
    raise _NoAccountError(f"there is no useradd or adduser here to make the account {OWN}")
