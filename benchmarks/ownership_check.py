"""`ownership check` on a catalogue of 10,000 tables: the whole look, and the look where a digest shows no change.

20 schemas, 3 services with column grants, sequences, functions and policies among them. The time is that of the check
in a running process, without the start of Python; the number of queries is counted at the driver.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

from benchmarks.server import running_server
from freehold import embedded
from freehold.ownership import Contract, Ownership, Schema, Service
from freehold.ownership.comparable import DatabasePolicy, RowSecurity

TABLES, SCHEMAS, ROUNDS = 10_000, 20, 7
EACH = TABLES // SCHEMAS
NAMES = [f"s{number:02}" for number in range(SCHEMAS)]
SECURED = 25  # tables of each schema that have policies
LIMITS = {"read anew": 0.6, "by the digest": 0.15}


def main() -> None:
    """Print the times and the number of queries, for this catalogue and for a tenth of it."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(INSTALLED_APPS=["freehold"], DATABASES={}, BASE_DIR=tempfile.mkdtemp())
    django.setup()
    with running_server() as path:
        for each in (EACH // 10, EACH):
            times, work, queries = measure(path, each)
            for kind, limit in LIMITS.items():
                print(
                    f"ownership check of {each * SCHEMAS:,} tables, {kind}: {times[kind]:.3f} s (limit {limit} s), "
                    f"{work[kind]:.3f} s of CPU, {queries[kind]} queries"
                )


def measure(path: str, each: int) -> tuple[dict[str, float], dict[str, float], dict[str, int]]:
    """Give, of each kind of look, the seconds of the fastest, the CPU of client and server together, the queries."""
    from freehold.rights.alignment import apply_ownership
    from freehold.rights.look import find_drift

    ownership, name = make_map(each), f"bench_{each}"
    fill(path, name, each)
    times: dict[str, float] = {}
    work: dict[str, float] = {}
    queries: dict[str, int] = {}
    with declared(each), psycopg.connect(get_url(path, name), autocommit=True) as session:
        apply_ownership(session, ownership)
        session.execute("VACUUM ANALYZE")
        for kind in LIMITS:
            seconds = []
            before = read_work(session)
            for _ in range(ROUNDS):
                with counted() as count:
                    started = time.perf_counter()
                    assert find_drift(session, ownership, anew=kind == "read anew") == []
                    seconds.append(time.perf_counter() - started)
                queries[kind] = count.queries
            times[kind] = min(seconds)  # others may use the machine too
            work[kind] = (read_work(session) - before) / ROUNDS
    return times, work, queries


def read_work(session: psycopg.Connection) -> float:
    """Give the seconds of CPU that this process and the session's server process have used."""
    words = Path(f"/proc/{session.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def make_map(each: int) -> Ownership:
    """Give a map in which each service writes a third of the schemas and reads columns of the others."""
    services = ("one", "two", "three")
    writes = {service: tuple(NAMES[number :: len(services)]) for number, service in enumerate(services)}
    return Ownership(
        schemas=(*(Schema(name) for name in NAMES), Schema("public", owner="migrator")),
        services=tuple(Service(service, writes=writes[service]) for service in services),
        contracts=tuple(
            Contract(name, service, read={f"t{table}": ("id", "name") for table in range(0, each, 10)})
            for service in services
            for name in NAMES
            if name not in writes[service]
        ),
        combined="all_rw",
    )


@contextmanager
def declared(each: int) -> Iterator[None]:
    """Declare policies on some tables of each schema."""
    service = {name: ("one_rw", "two_rw", "three_rw")[number % 3] for number, name in enumerate(NAMES)}
    tables = [(name, f"t{table}") for name in NAMES for table in range(min(SECURED, each))]
    policies = [
        policy
        for name, table in tables
        for policy in (
            DatabasePolicy(name, table, "own", "ALL", (service[name],), "owner = current_user", "owner = current_user"),
            DatabasePolicy(name, table, "owner", "ALL", (f"{name}_owner",), "true", "true"),
        )
    ]
    secured = [RowSecurity(*table) for table in tables]
    with (
        patch("freehold.rights.declared.list_policies", lambda ownership: policies),
        patch("freehold.rights.declared.list_row_security", lambda ownership: secured),
    ):
        yield


def fill(path: str, name: str, each: int) -> None:
    """Make the database with its tables, each of its owner's."""
    with psycopg.connect(embedded.get_url(path, "postgres"), autocommit=True) as admin:
        admin.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    with psycopg.connect(get_url(path, name), autocommit=True) as admin:
        for schema in NAMES:
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [f"{schema}_owner"]).fetchone():
                admin.execute(f"CREATE ROLE {schema}_owner NOINHERIT")
            admin.execute(f"CREATE SCHEMA {schema} AUTHORIZATION {schema}_owner; SET ROLE {schema}_owner")
            for first in range(0, each, 500):  # a transaction's locks are limited
                admin.execute(FILL.format(schema=schema, first=first, last=min(first + 500, each) - 1))
            admin.execute("RESET ROLE")


FILL = """
    DO $$
    BEGIN
        FOR number IN {first}..{last} LOOP
            EXECUTE format('CREATE TABLE {schema}.t%s (id bigint PRIMARY KEY, name text, owner text, kind int, '
                'made timestamptz, note text, amount numeric, flag boolean)', number);
        END LOOP;
    END $$
"""


def get_url(path: str, name: str) -> str:
    """Give a superuser's URL of a database."""
    return embedded.get_url(path, "postgres").rsplit("/", 1)[0] + f"/{name}"


@dataclass
class Count:
    """How many statements were sent."""

    queries: int = 0


@contextmanager
def counted() -> Iterator[Count]:
    """Count the statements that cursors send inside the block."""
    count = Count()
    execute = psycopg.Cursor.execute

    def counting(self: Any, *args: Any, **kwargs: Any) -> Any:
        count.queries += 1
        return execute(self, *args, **kwargs)

    with patch.object(psycopg.Cursor, "execute", counting):
        yield count


if __name__ == "__main__":
    main()
