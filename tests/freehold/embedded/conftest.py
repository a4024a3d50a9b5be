"""Servers of the tests' own, each in a directory that is gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from freehold import embedded
from freehold.embedded import binaries, clusters
from freehold.embedded.directories import Directory


def find_memory() -> str | None:
    """Give a directory in memory, where fsync costs nothing; none where it is too small for several servers."""
    try:
        return "/dev/shm" if shutil.disk_usage("/dev/shm").free > 2**30 else None
    except OSError:
        return None


MEMORY = find_memory()
Connect = Callable[..., psycopg.Connection]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what the caller's shell may have set; no account is made on this machine (`privacy.py`)."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PG_ACCOUNT", "nobody")


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give an empty directory that every account can pass through; servers below it are stopped at the end."""
    directory = Path(tempfile.mkdtemp(prefix="freehold-embedded-", dir=MEMORY))
    directory.chmod(0o755)
    for module in (binaries, clusters):
        monkeypatch.setattr(module, "SHARED", directory / "shared")
    yield directory
    for pgpass in directory.rglob("pgpass"):
        embedded.stop(str(pgpass.parent))
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def model() -> Iterator[str]:
    """Give a path with data and no server, made once: to copy it takes a tenth of what making it takes."""
    directory = Path(tempfile.mkdtemp(prefix="freehold-embedded-", dir=MEMORY))
    directory.chmod(0o755)
    path = str(directory / "postgres")
    embedded.start(path)
    embedded.stop(path)
    Directory(Path(path)).log.unlink()  # each copy counts its own starts
    yield path
    shutil.rmtree(directory)


@pytest.fixture
def fresh(base: Path) -> str:
    """Give a path at which nothing is yet."""
    return str(base / "fresh")


@pytest.fixture
def path(base: Path, model: str) -> str:
    """Give a path with data and no server."""
    subprocess.run(["cp", "-a", model, base / "postgres"], check=True)
    return str(base / "postgres")


@pytest.fixture
def files(path: str) -> Directory:
    """Give the files of `path`."""
    return Directory(Path(path))


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Give a function that connects to the server of a path as its superuser."""
    opened: list[psycopg.Connection] = []

    def connect(path: str, **parameters: object) -> psycopg.Connection:
        address = {**embedded.get_address(path), "user": "postgres", "dbname": "freehold", **parameters}
        opened.append(psycopg.connect(**address, autocommit=True))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()
