"""A PostgreSQL for the runs alone: in memory where that can be, and careless of crashes, since it ends with them."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from freehold import embedded

MEMORY = Path("/dev/shm")  # noqa: S108 - a directory of our own is made in it
NEEDED = 4 * 1024**3  # bytes: the test databases of a few processes, and the log
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
CONTRIB = "pgcrypto"  # of what Django's tests make, the extension that fewest servers bring: it needs OpenSSL
ELSEWHERE = re.compile(r"LOG:  conformance: elsewhere (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Server:
    """Where it listens, as the entries of DATABASES have it; what it can do; and what it writes."""

    entry: dict[str, Any]
    version: str
    has_contrib: bool
    log: Path

    def list_tables_elsewhere(self) -> list[str]:
        """Give the tables that were ever made outside the schema, as the event trigger noted them in the log."""
        return sorted(set(ELSEWHERE.findall(self.log.read_text(encoding="utf-8", errors="replace"))))


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server and give it; stop it and remove its directory at the end."""
    directory = Path(tempfile.mkdtemp(prefix="freehold-conformance-", dir=find_memory()))
    directory.chmod(0o755)  # as root the server runs under another account, which must reach its data
    path = str(directory / "postgres")
    try:
        yield set_up(path)
    finally:
        embedded.stop(path)
        shutil.rmtree(directory, ignore_errors=True)


def find_memory() -> Path | None:
    """Give the directory that is memory, if there is one with room."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > NEEDED else None


def set_up(path: str) -> Server:
    """Start the server and make it careless."""
    state = embedded.start(path)
    parameters = {name: str(value) for name, value in conninfo_to_dict(embedded.get_url(path)).items()}
    with psycopg.connect(make_conninfo(**{**parameters, "dbname": "postgres"}), autocommit=True) as connection:
        for name, value in CARELESS.items():
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        connection.execute("SELECT pg_catalog.pg_reload_conf()")
        found = connection.execute("SELECT 1 FROM pg_catalog.pg_available_extensions WHERE name = %s", [CONTRIB])
        has_contrib = found.fetchone() is not None
    entry = {name.upper(): parameters[name] for name in ("host", "port", "user", "password")}
    return Server(entry, str(state.version), has_contrib, Path(state.log))
