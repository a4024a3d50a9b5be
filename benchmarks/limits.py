"""What a count costs: of the application, and of the database.

    python -m benchmarks.limits

As `api_rw` against an embedded server of its own, a call after the other, CPU time of the process and of the server's
session. *take* counts for a text; *found* finds a user by a session's proof and counts for them, in the place of
*asked*, the statement that only finds them.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable
from typing import Any

import psutil
import psycopg

from auth_app.proofs import get_proof, get_row_key
from benchmarks.server import migrated_server
from freehold import embedded

ROUNDS = 9
CALLS = 1000
MEASURE = "--measure"


def main() -> None:
    """Print the figures, by a process of service api."""
    import subprocess

    with migrated_server(seeds=False, SERVICE="api") as (server, environment):
        with psycopg.connect(embedded.get_url(server), autocommit=True) as admin:
            make_session(admin)
        subprocess.run([sys.executable, "-m", "benchmarks.limits", MEASURE], check=True, env=environment)


def make_session(admin: psycopg.Connection) -> None:
    admin.execute("INSERT INTO auth.user (email, password, is_superuser) VALUES ('a@example.org', 'x', false)")
    admin.execute(
        "INSERT INTO auth.session (session_key, session_data, expire_date, user_id) "
        "SELECT %s, '', now() + interval '1 day', id FROM auth.user",
        [get_row_key(get_proof("key"))],
    )


def measure() -> None:
    import django

    django.setup()
    from django.db import connection

    from freehold.acting import get_acting
    from freehold.acting.principals import LazyPrincipal
    from freehold.limits import Limit, postgresql, take
    from freehold.services import acting_as

    limit = Limit(1_000_000, 3600)
    proof = f"session:{get_proof('key')}"
    kinds: Any = (("user", limit), ("api_key", limit), ("anonymous", limit))
    with acting_as("api"):
        acting = get_acting()
        assert acting

        def found() -> None:
            user, _, taken = postgresql.LINE.take_found(
                acting.working_for(LazyPrincipal(proof)), kinds, bytes(32), bytes(32)
            )
            assert user
            assert taken

        def asked() -> None:
            assert LazyPrincipal(proof).principal.user_id

        calls: dict[str, Callable[[], Any]] = {
            "take": lambda: take("test", "somebody", limit, is_strict=True),
            "found": found,
            "asked": asked,
        }
        take("test", "somebody", limit, is_strict=True)
        asked()
        pids = {
            "asked": connection.connection.info.backend_pid,
            **dict.fromkeys(("take", "found"), postgresql.LINE.wrapper.connection.info.backend_pid),  # type: ignore[union-attr]
        }
        spent: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
        for _ in range(ROUNDS):
            for name, call in calls.items():
                spent[name].append(spend(call, pids[name]))
    for name, each in spent.items():
        own, server = (statistics.median(column) for column in zip(*each, strict=True))
        print(f"{name:6} {own:6.0f} µs of the application, {server:6.0f} µs of the server's session")


def spend(call: Callable[[], Any], pid: int) -> tuple[float, float]:
    """Give the CPU time of a call in microseconds: of this process, and of the server's session."""
    processes = (psutil.Process(os.getpid()), psutil.Process(pid))
    before = [sum(each.cpu_times()[:2]) for each in processes]
    for _ in range(CALLS):
        call()
    after = [sum(each.cpu_times()[:2]) for each in processes]
    own, server = ((end - start) / CALLS * 1e6 for start, end in zip(before, after, strict=True))
    return own, server


if __name__ == "__main__":
    measure() if MEASURE in sys.argv else main()
