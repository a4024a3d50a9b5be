"""As root: the server's own account, and data of `nobody` that are handed over to it."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from freehold import embedded
from tests.freehold.embedded.conftest import Connect
from tests.freehold.embedded.privacy import Machine, needs_privacy

pytestmark = [pytest.mark.postgresql, *needs_privacy]
NOBODY = pwd.getpwnam("nobody").pw_uid
NOTE = "freehold: PostgreSQL runs as nobody, which other programs may too ({}): docs/embedded.md, Accounts\n"


@pytest.fixture
def machine(base: Path) -> Machine:
    (base / "machine").mkdir(mode=0o755)
    return Machine(base / "machine")


def get_uid(machine: Machine) -> int:
    return int(machine.find_account().split(":")[2])


def list_owners(data: Path) -> set[int]:
    """Give to whom all belongs that lies there."""
    return {each.lstat().st_uid for each in (data, *data.rglob("*"))}


def list_open(directory: Path) -> list[Path]:
    """Give what others than its owner may read or write."""
    return [each for each in (directory, *directory.rglob("*")) if stat.S_IMODE(each.lstat().st_mode) & 0o077]


def has_adduser() -> bool:
    """Say whether there is a busybox that makes accounts; Debian's does not."""
    if not shutil.which("busybox"):
        return False
    return "adduser" in subprocess.run(["busybox", "--list"], capture_output=True, text=True).stdout.split()


# --- Made -------------------------------------------------------------------------------------------------------------
def test_root_makes_an_account_that_nobody_logs_in_to_and_runs_as_it(machine: Machine, fresh: str) -> None:
    account, said = machine.start(fresh)

    line = machine.find_account().split(":")
    assert (account, said) == ("freehold", "")
    assert 0 < int(line[2]) < 1000
    assert line[4:] == ["PostgreSQL of Freehold", "/nonexistent", "/usr/sbin/nologin"]
    assert list_owners(Path(fresh, "data")) == {int(line[2])}
    assert list_open(Path(fresh, "data")) == []
    assert Path(fresh, "pgpass").stat().st_uid == 0
    assert stat.S_IMODE(Path(fresh, "pgpass").stat().st_mode) == 0o600


def test_two_servers_that_start_at_once_make_it_once(machine: Machine, base: Path) -> None:
    code = (
        "import json, subprocess, sys\n"
        "code = 'import sys; from freehold import embedded; print(embedded.start(sys.argv[1]).account)'\n"
        f"paths = [{str(base)!r} + '/' + name for name in ('one', 'two', 'three')]\n"
        "words = [[sys.executable, '-c', code, path] for path in paths]\n"
        "runs = [subprocess.Popen(each, stdout=subprocess.PIPE, text=True) for each in words]\n"
        "print(json.dumps([run.communicate()[0] for run in runs]))"
    )

    said = machine.execute(code)

    assert said == (["freehold\n"] * 3, "")
    assert machine.find_account().count("\n") == 0


@pytest.mark.skipif(not has_adduser(), reason="has no busybox with adduser, which takes other options")
def test_busybox_makes_it_too(machine: Machine, fresh: str) -> None:
    code = (
        "import json; from freehold.embedded import accounts\n"
        "which = accounts.shutil.which\n"
        "accounts.shutil.which = lambda name, path=None: which(name, path=path) if name == 'busybox' else None\n"
        f"print(json.dumps(embedded.start({fresh!r}).account))"
    )

    assert machine.execute(code) == ("freehold", "")
    assert get_uid(machine) < 1000


# --- Not to be made ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("freehold:x:1234:1234:Ann:/home/ann:/bin/bash", "is no system account, with the number 1234"),
        ("freehold:x:777:777:PostgreSQL of Freehold:/:/bin/sh", "has a shell to log in with, /bin/sh"),
        ("freehold:x:777:777:PostgreSQL of Freehold:/:", "has a shell to log in with, /bin/sh"),
        ("freehold:x:0:0:PostgreSQL of Freehold:/:/bin/false", "is no system account, with the number 0"),
        (
            "freehold:x:777:777:Land registry:/srv:/usr/sbin/nologin",
            "was not made for this: its comment is not 'PostgreSQL of Freehold'",
        ),
        ("freehold:x:1:1:PostgreSQL of Freehold:/:/usr/sbin/nologin", "has the number of daemon too"),
    ],
)
def test_account_of_that_name_that_is_something_else_is_left_alone(
    machine: Machine, fresh: str, line: str, why: str
) -> None:
    account, said = machine.start(fresh, before=f"echo '{line}' >> /etc/passwd")

    assert (account, said) == ("nobody", NOTE.format(f"the account freehold {why}"))
    assert machine.find_account() == line


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ("mount -o remount,bind,ro /etc", "no account freehold can be made: useradd: cannot lock /etc/passwd"),
        ("echo freehold:x:4321: >> /etc/group", "no account freehold can be made: useradd: group freehold exists"),
        ("mount -t tmpfs none /usr/sbin", "there is no useradd or adduser here to make the account freehold"),
    ],
)
def test_account_that_can_not_be_made_leaves_the_server_to_nobody(
    machine: Machine, fresh: str, before: str, why: str
) -> None:
    account, said = machine.start(fresh, before=before)

    assert account == "nobody"
    assert said.startswith(NOTE.split("{}")[0] + why)
    assert said.count("\n") == 1
    assert machine.find_account() == ""


def test_pg_account_named_makes_none(machine: Machine, fresh: str) -> None:
    assert machine.start(fresh, PG_ACCOUNT="nobody") == ("nobody", "")
    assert machine.find_account() == ""


# --- Data of nobody ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("variables", [{}, {"PG_ACCOUNT": "freehold"}])
def test_data_of_nobody_are_handed_over(
    machine: Machine, path: str, variables: dict[str, str], connect: Connect
) -> None:
    data = Path(path, "data")
    (data / "postgresql.conf").chmod(0o666)
    if variables:
        machine.run("useradd", "--system", "freehold")  # as the user made it

    account, said = machine.start(path, **variables)

    assert account == "freehold"
    assert said == (f"freehold: {data} belonged to nobody, and now to the account freehold, which PostgreSQL runs as\n")
    assert list_owners(data) == {get_uid(machine)}
    assert list_open(data) == []
    with connect(path) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_data_that_were_handed_over_are_so_once(machine: Machine, path: str) -> None:
    machine.start(path)
    embedded.stop(path)

    assert machine.start(path) == ("freehold", "")


def test_data_that_lie_elsewhere_are_handed_over_there(machine: Machine, base: Path) -> None:
    (base / "hidden").mkdir(mode=0o700)
    path = str(base / "hidden" / "pg")
    code = f"import json; print(json.dumps(embedded.status({path!r}).data)); embedded.stop({path!r})"
    machine.start(path, PG_ACCOUNT="nobody")
    data, _ = machine.execute(code)

    account, _ = machine.start(path)

    kept = machine.directory / Path(data).relative_to("/var")
    assert (account, list_owners(kept)) == ("freehold", {get_uid(machine)})
    machine.execute(code)


@pytest.mark.parametrize("calls", [0, 1, 500, -1])
def test_start_that_was_killed_while_handing_over_is_finished_by_the_next(
    machine: Machine, path: str, calls: int
) -> None:
    """Before the first file, after one, in the midst, and before the directory itself."""
    data = Path(path, "data")
    calls = calls if calls >= 0 else len(list(data.rglob("*")))
    code = (
        "import itertools, os, signal; from freehold.embedded import handovers\n"
        "left, fchown = itertools.count(), os.fchown\n"
        "def give(*arguments):\n"
        f"    if next(left) == {calls}: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    fchown(*arguments)\n"
        f"handovers.os.fchown = give; embedded.start({path!r})"
    )
    killed = machine.run(sys.executable, "-c", f"from freehold import embedded\n{code}")
    assert killed.returncode == -9
    assert data.stat().st_uid == NOBODY

    account, said = machine.start(path)

    assert (account, said.count("\n")) == ("freehold", 1)
    assert list_owners(data) == {get_uid(machine)}


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("link", "is a symbolic link"),
        ("link to a directory", "is a symbolic link"),
        ("second name", "has a second name (a hard link)"),
        ("pipe", "is no plain file"),
        ("another's", "belongs to the account number 0"),
    ],
)
def test_data_that_hold_what_is_not_given_away_stay_nobodys(
    machine: Machine, path: str, base: Path, kind: str, why: str
) -> None:
    secret, loot = base / "secret", Path(path, "data", "base", "loot")
    (secret / "below").mkdir(parents=True)
    (secret / "file").write_text("x")
    make = {
        "link": lambda: loot.symlink_to(secret / "file"),
        "link to a directory": lambda: loot.symlink_to(secret),
        "second name": lambda: os.link(secret / "file", loot),
        "pipe": lambda: (os.mkfifo(loot), os.chown(loot, NOBODY, -1)),
        "another's": lambda: loot.write_text("x"),
    }
    make[kind]()

    account, said = machine.start(path)

    assert (account, said) == ("nobody", NOTE.format(f"{loot} {why}"))
    assert Path(path, "data").stat().st_uid == NOBODY
    assert list_owners(secret) == {0}
