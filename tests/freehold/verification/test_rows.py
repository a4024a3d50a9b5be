"""Rows that were changed, removed or added behind the history's back, and triggers that were taken off."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connections, transaction
from django.utils import timezone

from freehold.acting.logins import using_login
from freehold.history.recording import record
from tests.freehold.verification.ledgers import ALIAS, HISTORY, IS_POSTGRESQL, Ledger

TRIGGERS = (
    ("migration_history_append_only", "migration_history_rows_append_only")
    if IS_POSTGRESQL
    else ("public.migration_history_update", "public.migration_history_delete", "public.migration_history_replace")
)
COLUMNS = "kind, direction, app, name, checksum, owner_role, login, started_at, duration, outcome, code_version, detail"
FORGED = f"INSERT INTO {HISTORY} ({COLUMNS}) SELECT {COLUMNS} FROM {HISTORY} WHERE app = 'manor' AND name LIKE '0001%'"


@pytest.fixture
def manor(ledger: Ledger) -> Ledger:
    """The ledger with three migrations, applied."""
    for name in ("0001_manor", "0002_gate", "0003_well"):
        ledger.write_sql("manor", name, "SELECT 1", back="SELECT 2")
    ledger.migrate("manor")
    return ledger


def tamper(ledger: Ledger, statement: str) -> None:
    """Run a statement while the triggers are off, as only who owns the table can, and put them back."""
    if IS_POSTGRESQL:
        off = [f"ALTER TABLE {HISTORY} DISABLE TRIGGER USER"]
        on = [f"ALTER TABLE {HISTORY} ENABLE ALWAYS TRIGGER {name}" for name in TRIGGERS]
    else:
        made = ledger.execute(f"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{HISTORY[1:-1]}'")
        off, on = [f'DROP TRIGGER "{name}"' for name in TRIGGERS], [text for (text,) in made]
    ledger.execute(*off, statement, *on)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        (f"UPDATE {HISTORY} SET login = 'somebody' WHERE name = '0002_gate'", "0002_gate"),
        (f"UPDATE {HISTORY} SET started_at = '2001-01-01' WHERE name = '0002_gate'", "0002_gate"),
        (f"UPDATE {HISTORY} SET sources = '{{}}' WHERE name = '0002_gate'", "0002_gate"),
        (f"UPDATE {HISTORY} SET link = '' WHERE name = '0002_gate'", "0002_gate"),
        (f"DELETE FROM {HISTORY} WHERE name = '0001_manor'", "0002_gate"),
    ],
)
def test_row_that_was_changed_or_whose_predecessor_is_gone_is_named(statement: str, name: str, manor: Ledger) -> None:
    (row,) = manor.list_rows(app="manor", name=name)
    tamper(manor, statement)

    found = [each for each in manor.tell() if each.startswith("H008")]
    printed = manor.repair("--all", reason="restored from a backup")
    after = manor.verify()

    assert found == [f"H008 row {row.pk}"]
    assert printed.endswith("written down in public.migration_history.\n")
    assert after == []
    accepted = manor.list_rows(kind="history")[-1]
    assert (accepted.app, accepted.name, accepted.outcome, accepted.reason) == (
        "freehold",
        str(row.pk),
        "accepted",
        "restored from a backup",
    )


def test_accepted_row_that_is_changed_again_is_named_again(manor: Ledger) -> None:
    tamper(manor, f"UPDATE {HISTORY} SET login = 'somebody' WHERE name = '0002_gate'")
    manor.repair("--all")
    tamper(manor, f"UPDATE {HISTORY} SET login = 'somebody else' WHERE name = '0002_gate'")

    assert [each[:4] for each in manor.tell()] == ["H008"]


def test_row_that_something_else_wrote_is_named(manor: Ledger) -> None:
    manor.execute(FORGED)

    (found,) = manor.verify()

    last = manor.list_rows(app="manor")[-1]
    assert found["rule"] == "H008"
    assert found["message"] == (
        f"manor.0001_manor up, {last.started_at:%Y-%m-%d %H:%M} UTC: it was written by something else"
    )


def test_rows_from_before_there_were_links_are_covered_by_the_first_that_has_one(ledger: Ledger) -> None:
    ledger.write_sql("manor", "0001_manor", "SELECT 1")
    ledger.migrate("freehold", "0003")
    ledger.migrate("manor")
    ledger.migrate("freehold")
    (first,) = ledger.list_rows(
        name="0004_append_only_history", direction="up", link__gt="", started_at__gt=after(ledger)
    )

    before = ledger.tell()
    tamper(ledger, f"UPDATE {HISTORY} SET login = 'somebody' WHERE name = '0001_manor'")

    assert before == []
    assert ledger.tell() == [f"H008 row {first.pk}"]


def after(ledger: Ledger) -> object:
    """Give when the tests' own migration was applied, a moment earlier."""
    return ledger.list_rows(app="manor")[-1].started_at - timedelta(microseconds=1)


@pytest.mark.postgresql
def test_rows_of_two_writers_at_once_follow_each_other(manor: Ledger) -> None:
    waiting = (
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
        "WHERE NOT l.granted AND l.locktype = 'advisory' AND d.datname = current_database()"
    )
    other = Thread(target=add_row, args=["second"])

    with using_login(connections[ALIAS], "migrator"), transaction.atomic(using=ALIAS):
        add_row("first")
        other.start()
        while other.is_alive() and manor.query(waiting) != [(1,)]:
            pass  # until it waits, or has not
    other.join()

    assert [row.name for row in manor.list_rows(app="x")] == ["first", "second"]
    assert manor.verify() == []


def add_row(name: str) -> None:
    """Add a row as the migrator, on this thread's connection."""
    connection = connections[ALIAS]
    with nullcontext() if connection.in_atomic_block else using_login(connection, "migrator"):
        record(
            kind="seed",
            direction="down",
            app="x",
            name=name,
            started_at=timezone.now(),
            duration=timedelta(),
            using=ALIAS,
        )
    if not connection.in_atomic_block:
        connection.close()


# --- The guard -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", TRIGGERS)
def test_trigger_that_was_taken_off_is_named_and_made_again(name: str, manor: Ledger) -> None:
    manor.execute(f'DROP TRIGGER "{name}"' + (f" ON {HISTORY}" if IS_POSTGRESQL else ""))

    (found,) = manor.verify()
    manor.repair("freehold", "guard", reason="the restore lost it")

    assert found["rule"] == "H009"
    assert name in found["object"]
    assert found["hint"] == (
        "`manage.py history repair freehold guard` makes it again; see who took it off, and what they wrote"
    )
    assert manor.verify() == []
    assert [(row.name, row.reason) for row in manor.list_rows(kind="history")] == [("guard", "the restore lost it")]


@pytest.mark.sqlite
def test_trigger_that_is_not_declared_is_named_and_dropped(manor: Ledger) -> None:
    manor.execute(f"CREATE TRIGGER swallow BEFORE INSERT ON {HISTORY} BEGIN SELECT RAISE(IGNORE); END")

    found = [(each["object"], each["message"]) for each in manor.verify()]
    manor.repair("freehold", "guard")

    assert found == [("trigger swallow", "not declared")]
    assert manor.verify() == []


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("damage", "count"),
    [
        (f"ALTER TABLE {HISTORY} DISABLE TRIGGER migration_history_append_only", 1),
        (f"DROP TRIGGER migration_history_rows_append_only ON {HISTORY}", 1),
        (f"GRANT UPDATE, DELETE, TRUNCATE ON {HISTORY} TO migrator", 1),
        ("DROP FUNCTION public.refuse_history_change() CASCADE", 2),
    ],
)
def test_migrate_mends_the_guard_at_its_end(damage: str, count: int, manor: Ledger) -> None:
    manor.migrate("manor")  # finds that all is as declared, and remembers it
    manor.execute(damage)

    before = manor.tell()
    manor.migrate("manor")

    assert [each[:4] for each in before] == ["H009"] * count
    assert manor.verify() == []
