"""Bob's request, held where Ann may look at it: while a statement runs, between two, after a fault, behind a cursor."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

STAGES = ("idle", "cursor", "active", "failed", "writing", "between")
LOCK = 81_512_007  # the judge holds it, and Bob's statement waits for it
WITHIN = 30.0  # seconds
_is_there, _may_go = threading.Event(), threading.Event()


def wait() -> None:
    """Say that the request is where it should be, and stay."""
    _is_there.set()
    _may_go.wait(WITHIN)


def linger(stage: str, marks: list[str]) -> list[list[str]]:
    """Work as the stage says; give what was found."""
    from django.db import connection, transaction

    from items.models import Item

    own = Item.objects.filter(name__in=marks, is_active=False)
    with connection.cursor() as cursor:
        if stage == "active":
            _is_there.set()
            cursor.execute(
                "SELECT name FROM app.items WHERE name = ANY (%s) AND pg_advisory_lock_shared(%s) IS NOT NULL",
                [marks, LOCK],
            )
            return [list(row) for row in cursor.fetchall()]
        if stage == "between":
            found = [[name] for name in own.values_list("name", flat=True)]
            wait()
            return found
        with transaction.atomic():
            return list(_work(stage, own, cursor, marks))


def _work(stage: str, own: Any, cursor: Any, marks: list[str]) -> Iterator[list[str]]:
    from django.db import DatabaseError, transaction

    if stage == "failed":
        with suppress(DatabaseError), transaction.atomic():
            cursor.execute("SELECT %s::text::integer, name FROM app.items WHERE name = ANY (%s)", [marks[0], marks])
    elif stage == "writing":
        own.update(description=marks[0])
    rows = own.values_list("name", flat=True).iterator(chunk_size=1)
    if stage == "cursor":
        yield [next(rows)]
    wait()
    yield from ([name] for name in rows)


@contextmanager
def holding(stage: str, judge: Any, request: Callable[[], Any]) -> Iterator[list[Any]]:
    """Have the request made by another thread and held there inside the block; give its answer, afterwards."""
    _is_there.clear()
    _may_go.clear()
    answers: list[Any] = []
    judge.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    thread = threading.Thread(target=lambda: answers.append(request()), daemon=True)
    thread.start()
    try:
        assert _is_there.wait(WITHIN), stage
        while stage == "active" and not judge.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchall():
            pass
        yield answers
    finally:
        _may_go.set()
        judge.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        thread.join(WITHIN)


LOOKS = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v') AND c.relname ~ '^pg_(stat|prepared|cursors|locks|settings|backend|shmem|replication)'
    AND n.nspname <> 'information_schema' ORDER BY 1
"""
FURTHER_LOOKS = (
    "SELECT pg_stat_get_backend_activity(id) FROM pg_stat_get_backend_idset() AS id",
    "SELECT * FROM pg_stat_get_activity(NULL)",
    "SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    "SELECT pg_log_backend_memory_contexts(pid) FROM pg_stat_activity WHERE usename = current_user",
    "SELECT pg_read_file(pg_current_logfile())",
    "SELECT * FROM pg_cursor()",
    "SELECT * FROM pg_prepared_statement()",
    "FETCH ALL _django_curs_1",
    "LISTEN app",
    "SELECT t::text FROM app.items t WHERE NOT is_active FOR UPDATE SKIP LOCKED",
    "SELECT * FROM pg_listening_channels()",
    "SELECT pg_notification_queue_usage()",
    "SELECT current_setting('freehold.proof', true)",
    "SELECT pg_export_snapshot()",
)


def list_looks(judge: psycopg.Connection) -> list[str]:
    """Give what another connection can ask about what goes on."""
    found = judge.execute(LOOKS).fetchall()
    return [*(f"SELECT * FROM {name} LIMIT 250" for (name,) in found), *FURTHER_LOOKS]


def read_log(judge: psycopg.Connection) -> str:
    """Give the log of an embedded server."""
    row = judge.execute("SHOW data_directory").fetchone()
    directory = Path(str(row and row[0]))
    places = (each / "server.log" for each in (directory, directory.parent))
    return next(each for each in places if each.exists()).read_text(errors="replace")
