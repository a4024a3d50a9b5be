"""A migration is applied once, whatever ends the session that has the lock, and whoever else applied it meanwhile."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from freehold.errors import MigrationError
from freehold.history.chain import KEY as HISTORY_KEY
from freehold.migrator.executor import OwnedExecutor
from freehold.migrator.lock import WORK_KEY
from tests.freehold.embedded.processes import Child, wait_for
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.migrator.test_lock import closed_gate, count_migrators, is_waiting_at_gate

pytestmark = pytest.mark.postgresql

END = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND starts_with(application_name, 'freehold migrate')
"""
AT_WORK = "Waiting for another migrate to end: a session (login migrator, backend "
GATE = 'migrations.RunSQL("LOCK TABLE app.gate", migrations.RunSQL.noop), migrations.RunSQL("SELECT 1", "SELECT 1"),'
ROW = """migrations.RunSQL("INSERT INTO app.meadow (name) VALUES ('one')", migrations.RunSQL.noop),"""
CODE = """
    migrations.RunPython(lambda apps, editor: (
        apps.get_model("meadow", "Meadow").objects.using("estate").create(name="one"),
        editor.execute("LOCK TABLE app.gate"),
        editor.execute("SELECT 1"),
    ), migrations.RunPython.noop, atomic=True),
"""
FIELD = 'migrations.AddField("meadow", "size", models.IntegerField(null=True)),'


@pytest.fixture
def meadow(estate: Estate) -> Estate:
    """The estate with table app.meadow, applied, and a gate that migrations wait at."""
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    estate.migrate("meadow")
    estate.query("SET ROLE app_owner; CREATE TABLE app.gate ()")
    return estate


def list_rows(estate: Estate) -> list[tuple[object, ...]]:
    return estate.query("SELECT name FROM app.meadow")


# --- The lock's session ends ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("operations", "atomic"),
    [(ROW + GATE, True), (CODE, True), (FIELD + CODE, False)],
    ids=["sql", "code", "without a transaction"],
)
def test_migration_whose_lock_is_lost_stops_and_is_applied_once_by_the_next(
    operations: str, atomic: bool, meadow: Estate, tmp_path: Path
) -> None:
    meadow.write("meadow", "0002_row", operations, atomic=atomic)
    connections[ALIAS].close()

    with closed_gate(meadow):
        first = Child(meadow.migrate, "meadow")
        wait_for(lambda: is_waiting_at_gate(meadow))
        assert meadow.query(END) == [(1,)]
        wait_for(lambda: count_migrators(meadow) == 0)
        log = tmp_path / "second.log"
        second = Child(meadow.migrate_aloud, log)
        wait_for(lambda: log.exists() and AT_WORK in log.read_text())

    with pytest.raises(
        AssertionError, match=r"LockLostError: the lock of migrate was lost: its session \(backend [1-9]"
    ) as caught:
        first.wait()
    assert "stopped before the next statement. Run the command again" in str(caught.value)
    assert "  Applying meadow.0002_row... OK" in second.wait().splitlines()
    assert list_rows(meadow) == [("one",)]
    assert [row[3] for row in meadow.history if row[3] != "part"] == ["ok", "ok"]


def test_rollback_whose_lock_is_lost_stops_and_is_done_once_by_the_next(meadow: Estate) -> None:
    back = 'migrations.RunSQL("SELECT 1", "DELETE FROM app.meadow WHERE name = \'one\'"),'
    gate = 'migrations.RunSQL("SELECT 1", "LOCK TABLE app.gate"),'
    meadow.write("meadow", "0002_row", f"{back} {gate}")  # taken back from its end on
    meadow.migrate("meadow")
    meadow.query("INSERT INTO app.meadow (name) VALUES ('one'), ('two')")
    connections[ALIAS].close()

    def roll_back() -> None:
        call_command("rollback", "--to", "meadow", "0001_meadow", "--yes", database=ALIAS, verbosity=0)

    with closed_gate(meadow):
        first = Child(roll_back)
        wait_for(lambda: is_waiting_at_gate(meadow))
        meadow.query(END)
        wait_for(lambda: count_migrators(meadow) == 0)
        second = Child(roll_back)
        wait_for(lambda: count_migrators(meadow) == 1)

    with pytest.raises(AssertionError, match="LockLostError: the lock of migrate was lost"):
        first.wait()
    second.wait()
    assert list_rows(meadow) == [("two",)]
    assert [row[1:4:2] for row in meadow.history] == [("up", "ok"), ("up", "ok"), ("down", "ok")]


def test_session_that_is_still_at_work_is_waited_for(meadow: Estate, tmp_path: Path) -> None:
    meadow.write("meadow", "0002_row", ROW)
    connections[ALIAS].close()

    with psycopg.connect(**meadow.server) as orphan:  # as one whose client is gone
        orphan.execute(f"SELECT pg_advisory_lock({WORK_KEY})")
        child = Child(meadow.migrate_aloud, log := tmp_path / "said.txt")
        wait_for(lambda: log.exists() and "backend" in log.read_text())
        assert list_rows(meadow) == []

    child.wait()
    assert log.read_text().startswith("Waiting for another migrate to end: a session (login postgres, backend ")
    assert list_rows(meadow) == [("one",)]


def test_work_s_lock_ends_with_the_command(meadow: Estate) -> None:
    assert meadow.query(f"SELECT pg_try_advisory_lock({WORK_KEY})") == [(True,)]


def test_connection_that_code_closed_takes_the_lock_again(meadow: Estate) -> None:
    code = """
        migrations.RunPython(lambda apps, editor: editor.connection.close(), atomic=False),
        migrations.RunSQL("SELECT 1"),
    """
    meadow.write("meadow", "0002_closes", code, atomic=False)

    with pytest.raises(MigrationError, match="began as app_owner and ended as "):
        meadow.migrate("meadow")
    with connections[ALIAS].cursor() as cursor:  # whoever reconnects meanwhile leaves no lock behind
        cursor.execute(f"SELECT pg_try_advisory_lock({WORK_KEY})")
        assert cursor.fetchone() == (True,)
    connections[ALIAS].close()


# --- Somebody else was first ---------------------------------------------------------------------------------------
def settle(monkeypatch: pytest.MonkeyPatch, estate: Estate, statement: str) -> None:
    """Let somebody who knows no lock change what is applied, between the plan and its first migration."""
    own = OwnedExecutor.own_content_types

    def change(self: OwnedExecutor, plan: object) -> None:
        estate.query(statement)
        own(self, plan)  # type: ignore[arg-type]

    monkeypatch.setattr(OwnedExecutor, "own_content_types", change)


RECORD = "INSERT INTO django_migrations (app, name, applied) VALUES ('meadow', '0002_row', now())"


@pytest.mark.parametrize(("atomic", "fake"), [(True, False), (False, False), (True, True)])
def test_migration_that_is_recorded_by_now_is_passed_over(
    atomic: bool, fake: bool, meadow: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    meadow.write("meadow", "0002_row", FIELD + ROW, atomic=atomic)
    meadow.write("meadow", "0003_colour", 'migrations.AddField("meadow", "colour", models.TextField(null=True)),')
    settle(monkeypatch, meadow, f"{RECORD}; SET ROLE app_owner; ALTER TABLE app.meadow ADD COLUMN size integer")

    output = meadow.migrate("meadow", fake=fake)

    assert "  Applying meadow.0002_row... by another migrate meanwhile: OK" in output.replace("FAKED", "OK")
    assert meadow.applied == ["meadow.0001_meadow", "meadow.0002_row", "meadow.0003_colour"]
    assert list_rows(meadow) == []
    assert [row[0] for row in meadow.history] == ["meadow.0001_meadow", "meadow.0003_colour"]


def test_migration_that_is_taken_back_by_now_is_passed_over(meadow: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    back = 'migrations.RunSQL("SELECT 1", "INSERT INTO app.meadow (name) VALUES (\'back\')"),'
    meadow.write("meadow", "0002_row", back)
    meadow.migrate("meadow")
    settle(monkeypatch, meadow, "DELETE FROM django_migrations WHERE name = '0002_row'")

    meadow.migrate("meadow", "0001")

    assert list_rows(meadow) == []
    assert [row[1] for row in meadow.history] == ["up", "up"]


# --- What the history remembers, and how long a courtesy may take -----------------------------------------------------
@pytest.mark.parametrize("number", [100, 1000])
def test_migration_goes_on_where_it_stopped_however_often_it_failed(number: int, meadow: Estate) -> None:
    meadow.write("meadow", "0002_parts", f'{ROW} migrations.RunSQL("SELECT size FROM app.meadow"),', atomic=False)
    with pytest.raises(Exception, match="size"):
        meadow.migrate("meadow")
    meadow.query(
        "INSERT INTO migration_history (kind, direction, app, name, checksum, owner_role, login, account, started_at, "
        "duration, outcome, code_version, detail, checksum_before, reason, link) SELECT kind, direction, app, name, "
        "checksum, owner_role, login, account, started_at, duration, outcome, code_version, detail, checksum_before, "
        "reason, link FROM migration_history, generate_series(1, %s) WHERE outcome = 'failed'",
        number,
    )
    meadow.query("SET ROLE app_owner; ALTER TABLE app.meadow ADD COLUMN size integer")

    meadow.migrate("meadow")

    assert list_rows(meadow) == [("one",)]
    assert meadow.applied == ["meadow.0001_meadow", "meadow.0002_parts"]


def test_failure_that_can_t_be_written_down_is_told_all_the_same(meadow: Estate) -> None:
    meadow.write_sql("meadow", "0002_fails", "SELECT size FROM app.meadow")
    meadow.query(f"ALTER DATABASE {meadow.server['dbname']} SET lock_timeout = 0")
    connections[ALIAS].close()

    try:
        with psycopg.connect(**meadow.server) as cut_off:  # which was about to write a row itself
            cut_off.execute(f"SELECT pg_advisory_xact_lock({HISTORY_KEY})")
            child = Child(meadow.migrate, "meadow")
            wait_for(child.has_ended)
    finally:
        meadow.query(f"ALTER DATABASE {meadow.server['dbname']} SET lock_timeout = '20s'")
    with pytest.raises(AssertionError, match='column "size" does not exist'):
        child.wait()
    assert [row[3] for row in meadow.history] == ["ok"]
