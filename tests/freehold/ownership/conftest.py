"""Servers to bootstrap: the suite's own, and a PostgreSQL 15 where one is installed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from freehold import embedded
from tests.freehold.estates import Parameters, get_server

PROGRAMS_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="package", params=["own", "15"])
def server(request: pytest.FixtureRequest) -> Iterator[Parameters]:
    """Superuser's parameters for a server."""
    if request.param == "own":
        yield get_server()
        return
    if not (PROGRAMS_15 / "postgres").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {PROGRAMS_15}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PG_BIN", str(PROGRAMS_15))
        yield from run_server()


def run_server() -> Iterator[Parameters]:
    """Start a server of the programs in PG_BIN; stop it and remove its data at the end."""
    directory = tempfile.mkdtemp(prefix="freehold-bootstrap-")
    os.chmod(directory, 0o755)
    path = os.path.join(directory, "postgres")
    try:
        server = {**embedded.get_address(path), "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**server, autocommit=True) as admin:
            admin.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
        yield server
    finally:
        embedded.stop(path)
        shutil.rmtree(directory)
