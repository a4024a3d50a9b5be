"""Migrations wait for locks no longer than they may, try again, and name who is in their way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connections

from freehold.errors import MigrationError
from freehold.migrator import limits
from freehold.migrator.limits import Limits, read_retries, read_time
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.migrator.test_executor import refuse

COLUMN = 'migrations.AddField("meadow", "colour", models.TextField(default="", db_default="")),'
INDEX = 'AddIndexConcurrently("meadow", models.Index(fields=["name"], name="meadow_name_idx")),'
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('app.meadow_name_idx')"


@pytest.fixture(autouse=True)
def impatience(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short times, so that a test waits no longer than it takes."""
    settings.MIGRATION_LOCK_TIMEOUT = "400ms"  # type: ignore[attr-defined]
    settings.MIGRATION_RETRIES = 2  # type: ignore[attr-defined]
    monkeypatch.setattr(limits, "FIRST_PAUSE", 0.05)


@pytest.fixture
def meadow(estate: Estate) -> Estate:
    """The estate with table app.meadow, applied."""
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    estate.migrate("meadow")
    return estate


@contextmanager
def someone_reading(estate: Estate) -> Iterator[psycopg.Connection]:
    """Keep a transaction open that has read the table, as a service that does not end it."""
    with psycopg.connect(**estate.server, application_name="forgetful") as reader:
        reader.execute("SELECT count(*) FROM app.meadow")
        yield reader


# --- An open transaction in the way --------------------------------------------------------------------------------
def test_migration_in_whose_way_a_transaction_stands_gives_up_and_names_it(meadow: Estate) -> None:
    meadow.write("meadow", "0002_colour", COLUMN)

    with someone_reading(meadow) as reader:
        message = refuse(meadow, "meadow")
        process = reader.info.backend_pid

    assert message.startswith(
        "migration meadow.0002_colour got no lock: OperationalError: canceling statement due to lock"
    )
    assert f"in its way: process {process} of postgres (forgetful), idle in transaction" in message
    assert "SELECT count(*) FROM app.meadow" in message
    assert "tried 3 times, with a lock_timeout of 0.4 s; nothing of it was applied" in message
    assert meadow.applied == ["meadow.0001_meadow"]
    assert [row[1:4] for row in meadow.history] == [("up", "app_owner", "ok"), ("up", "app_owner", "failed")]


def test_migration_is_tried_again_once_the_way_is_free(meadow: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    meadow.write("meadow", "0002_colour", COLUMN)

    with someone_reading(meadow) as reader:
        leave_after_first_failure(monkeypatch, reader)
        output = meadow.migrate("meadow")

    assert "waiting: canceling statement due to lock timeout" in output
    assert meadow.applied == ["meadow.0001_meadow", "meadow.0002_colour"]
    assert meadow.query("SELECT count(colour) FROM app.meadow") == [(0,)]
    (*_, (name, way, _, outcome, detail)) = meadow.history
    assert (name, way, outcome) == ("meadow.0002_colour", "up", "ok")
    assert detail.startswith("attempt 1: canceling statement due to lock timeout")


def leave_after_first_failure(monkeypatch: pytest.MonkeyPatch, reader: psycopg.Connection) -> None:
    """End the reader's transaction once the migration has waited in vain and given way, which lets others through."""
    wait = limits.Patience.wait

    def leave(patience: limits.Patience, why: str, attempt: int) -> None:
        wait(patience, why, attempt)
        reader.rollback()

    monkeypatch.setattr(limits.Patience, "wait", leave)


def test_code_of_a_migration_is_run_again_with_its_models_as_they_were(
    meadow: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
    migrations.AddField("meadow", "size", models.IntegerField(null=True)),
    migrations.RunPython(
        lambda apps, editor: apps.get_model("meadow", "Meadow").objects.using("estate").create(name="a", size=1)
    ),
    """
    meadow.write("meadow", "0002_size", code)

    with someone_reading(meadow) as reader:
        leave_after_first_failure(monkeypatch, reader)
        meadow.migrate("meadow")

    assert meadow.query("SELECT name, size FROM app.meadow") == [("a", 1)]


def test_way_down_has_limits_too(meadow: Estate) -> None:
    with someone_reading(meadow):
        message = refuse(meadow, "meadow", "zero")

    assert "migration meadow.0001_meadow got no lock" in message
    assert meadow.applied == ["meadow.0001_meadow"]


def test_migration_names_times_of_its_own(meadow: Estate) -> None:
    meadow.write("meadow", "0002_colour", COLUMN)
    path = meadow.directory / meadow.package / "meadow" / "0002_colour.py"
    path.write_text(path.read_text().replace("    atomic =", '    lock_timeout = "120ms"\n    atomic ='))

    with someone_reading(meadow):
        message = refuse(meadow, "meadow")

    assert "with a lock_timeout of 0.12 s" in message


def test_statement_that_takes_too_long_is_named_with_its_limit(meadow: Estate, settings: object) -> None:
    settings.MIGRATION_STATEMENT_TIMEOUT = "100ms"  # type: ignore[attr-defined]
    meadow.write_sql("meadow", "0002_sleep", "SELECT pg_sleep(30)")

    message = refuse(meadow, "meadow")

    assert message == (
        "migration meadow.0002_sleep: a statement took longer than its statement_timeout of 0.1 s: SELECT "
        "pg_sleep(30); nothing of it was applied. Give the Migration class a longer "
        '`statement_timeout = "1h"`, or split the statement'
    )


def test_limits_end_with_the_migration(meadow: Estate) -> None:
    meadow.write("meadow", "0002_index", INDEX, atomic=False)
    meadow.migrate("meadow")

    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("20s",)


def test_rights_wait_for_a_lock_no_longer_either(meadow: Estate) -> None:
    meadow.query("REVOKE ALL ON app.meadow FROM api_rw")
    meadow.write_sql("meadow", "0002_nothing", "SELECT 1")

    with psycopg.connect(**meadow.server, application_name="locked out") as holder:
        holder.execute("ALTER TABLE app.meadow OWNER TO app_owner")
        message = refuse(meadow, "meadow")
        process = holder.info.backend_pid

    assert message.startswith("migrations are applied, but rights and policies could not be brought in line: ")
    assert "lock timeout" in message
    assert f"in its way: process {process}" in message


# --- Without a transaction ----------------------------------------------------------------------------------------
def test_migration_that_was_cut_off_goes_on_behind_the_last_operation_that_was_done(meadow: Estate) -> None:
    twice = 'migrations.AddField("meadow", "size", models.IntegerField(null=True)),'
    meadow.write("meadow", "0002_parts", f"{COLUMN} {twice} {INDEX}", atomic=False)

    with psycopg.connect(**meadow.server) as writer:
        writer.execute("LOCK TABLE app.meadow IN SHARE UPDATE EXCLUSIVE MODE")
        message = refuse(meadow, "meadow")  # the columns want more than that lock allows
    assert "it runs without a transaction" in message
    meadow.migrate("meadow")

    assert meadow.query(VALID) == [(True,)]
    assert meadow.applied == ["meadow.0001_meadow", "meadow.0002_parts"]


def test_operation_that_was_done_is_not_done_twice(meadow: Estate) -> None:
    insert = "migrations.RunSQL(\"INSERT INTO app.meadow (name) VALUES ('one')\", migrations.RunSQL.noop),"
    fails = 'migrations.RunSQL("SELECT FROM app.gate"),'
    meadow.write("meadow", "0002_parts", f"{COLUMN} {insert} {fails}", atomic=False)
    with pytest.raises(Exception, match=r"app\.gate"):
        meadow.migrate("meadow")
    meadow.query("SET ROLE app_owner; CREATE TABLE app.gate AS SELECT 1 AS id")

    meadow.migrate("meadow")

    assert meadow.query("SELECT name FROM app.meadow WHERE name = 'one'") == [("one",)]
    details = [row[4] for row in meadow.history if row[3] == "part"]
    assert details == [f"operation {number} of 3" for number in (0, 1, 2, 3)]


def test_migration_that_was_cut_off_and_edited_since_is_refused(meadow: Estate) -> None:
    fails = 'migrations.RunSQL("SELECT FROM app.gate"),'
    meadow.write("meadow", "0002_parts", f"{COLUMN} {fails}", atomic=False)
    with pytest.raises(Exception, match=r"app\.gate"):
        meadow.migrate("meadow")
    path = meadow.directory / meadow.package / "meadow" / "0002_parts.py"
    path.write_text(path.read_text().replace("SELECT FROM app.gate", "SELECT 1"))

    message = refuse(meadow, "meadow")

    assert "was cut off after operation 1 of 2 and has been edited since" in message


# --- Bad input ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", ["5", "five seconds", "-1s", "", "1d"])
def test_time_without_unit_or_sense_is_refused(value: str) -> None:
    with pytest.raises(MigrationError) as caught:
        read_time(value, "MIGRATION_LOCK_TIMEOUT")
    assert str(caught.value).startswith(f"MIGRATION_LOCK_TIMEOUT is {value!r}: give a time with its unit")


def test_times_are_read_with_their_units() -> None:
    assert [read_time(value, "") for value in ("0", "500ms", "5s", "15min", "1h", 0)] == [
        0,
        500,
        5000,
        900_000,
        3_600_000,
        0,
    ]


def test_retries_that_are_no_number_are_refused() -> None:
    with pytest.raises(MigrationError, match="MIGRATION_RETRIES is 'often': give a whole number"):
        read_retries("often")


def test_pauses_double_up_to_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FIRST_PAUSE", 0.5)
    found = Limits(0, 0, 10)
    assert [found.get_pause(attempt) for attempt in (1, 2, 3, 7, 9)] == [0.5, 1.0, 2.0, 30.0, 30.0]
