"""What migrations leave of functions and triggers is recorded; what a person changes is named until it is adopted."""

from __future__ import annotations

import pytest
from django.core.management import CommandError
from django.db import DatabaseError

from freehold.errors import MigrationError
from freehold.history.recording import get_account
from freehold.verification.repair import RepairError
from tests.freehold.verification.ledgers import HISTORY, IS_POSTGRESQL, Ledger
from tests.freehold.verification.test_rows import tamper

LOGIN = "migrator" if IS_POSTGRESQL else get_account()
TABLE = "auth.gate" if IS_POSTGRESQL else '"auth.gate"'
MAKE_TABLE = f"CREATE TABLE {TABLE} (id int, name text)"
WATCH = (
    "CREATE OR REPLACE FUNCTION auth.watch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
    "SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NEW; END'"
)
MAKE_TRIGGER = (
    f"CREATE TRIGGER watched BEFORE UPDATE OF name ON {TABLE} FOR EACH ROW EXECUTE FUNCTION auth.watch()"
    if IS_POSTGRESQL
    else f"CREATE TRIGGER watched BEFORE UPDATE OF name ON {TABLE} BEGIN SELECT 1; END"
)
SPY = MAKE_TRIGGER.replace("watched", "spy").replace("UPDATE OF name", "DELETE")
DROP = "DROP TRIGGER {} ON " + TABLE if IS_POSTGRESQL else "DROP TRIGGER {}"


@pytest.fixture
def gate(ledger: Ledger) -> Ledger:
    """The ledger with a table and a trigger of it, applied."""
    made = [MAKE_TABLE, WATCH, MAKE_TRIGGER] if IS_POSTGRESQL else [MAKE_TABLE, MAKE_TRIGGER]
    ledger.write_sql("manor", "0001_gate", *made)
    ledger.migrate("manor")
    return ledger


def migrate_before(ledger: Ledger, *more: str) -> None:
    """Let the table and its trigger be there before the history has room for them."""
    ledger.migrate("freehold", "zero")
    ledger.migrate("freehold", "0005")
    ledger.write_sql("manor", "0001_gate", MAKE_TABLE, *([WATCH] if IS_POSTGRESQL else []), MAKE_TRIGGER, *more)
    ledger.migrate("manor")
    ledger.migrate("freehold")
    if IS_POSTGRESQL:
        ledger.run("adopt", "public", "--reason", "the engine's own")


def read(ledger: Ledger, name: str) -> list[str]:
    """Give the names that the latest row of a migration has in its structure, those that it took away with a minus."""
    structure = ledger.list_rows(name=name)[-1].structure or {}
    return [
        name if mark else f"-{name}"
        for sort, marks in sorted(structure.items())
        if sort != "schemas"
        for name, mark in marks.items()
    ]


def alter(body: str = "RETURN OLD") -> str:
    """Give the function with another body."""
    return WATCH.replace("RETURN NEW", body)


# --- What is recorded ------------------------------------------------------------------------------------------------
def test_first_row_that_can_has_a_whole_record_of_each_schema(ledger: Ledger) -> None:
    (row,) = ledger.list_rows(name="0006_structure")

    assert row.structure["schemas"] == ["app", "auth", "limits", "master", "public", "seal"]
    assert read(ledger, "0006_structure") == (["public.count_version()"] if IS_POSTGRESQL else [])
    assert ledger.verify() == []


def test_migration_leaves_what_it_changed_and_others_nothing(gate: Ledger) -> None:
    gate.write_sql("manor", "0002_nothing", "SELECT 1", back="SELECT 2")
    gate.write_sql("manor", "0003_gone", DROP.format("watched"), back=MAKE_TRIGGER)
    gate.migrate("manor")
    up = read(gate, "0003_gone")
    gate.migrate("manor", "0002")

    made = ["auth.watch()"] if IS_POSTGRESQL else []
    assert read(gate, "0001_gate") == [*made, "auth.gate.watched"]
    assert gate.list_rows(name="0002_nothing")[-1].structure is None
    assert (up, read(gate, "0003_gone")) == (["-auth.gate.watched"], ["auth.gate.watched"])
    assert gate.verify() == []


def test_table_and_column_that_a_migration_renames_are_no_finding(gate: Ledger) -> None:
    gate.write_sql("manor", "0002_column", f"ALTER TABLE {TABLE} RENAME name TO title")
    gate.write_sql(
        "manor", "0003_table", f"ALTER TABLE {TABLE} RENAME TO " + ("door" if IS_POSTGRESQL else '"auth.door"')
    )
    gate.migrate("manor")

    assert gate.verify() == []
    assert read(gate, "0003_table") == ["auth.door.watched", "-auth.gate.watched"]


def test_failed_migration_leaves_nothing(gate: Ledger) -> None:
    gate.write_sql("manor", "0002_spy", SPY, "SELECT nowhere")
    with pytest.raises((MigrationError, DatabaseError)):
        gate.migrate("manor")

    assert gate.list_rows(name="0002_spy")[-1].structure is None
    assert gate.verify() == []


def test_faked_migration_leaves_nothing(gate: Ledger) -> None:
    gate.execute(SPY)
    gate.write_sql("manor", "0002_spy", SPY)
    gate.migrate("manor", fake=True)

    assert gate.tell() == ["H010 trigger auth.gate.spy"]


def test_migration_without_a_transaction_leaves_what_it_did_before_it_failed(gate: Ledger) -> None:
    gate.write_sql("manor", "0002_spy", SPY, "SELECT nowhere", atomic=False)
    with pytest.raises((MigrationError, DatabaseError)):
        gate.migrate("manor")

    assert [each for each in gate.tell() if each.startswith("H010")] == []
    gate.execute(DROP.format("spy"))
    assert "H010 trigger auth.gate.spy" in gate.tell()


def test_history_without_the_column_is_written_and_says_nothing(ledger: Ledger) -> None:
    migrate_before(ledger)

    (found,) = ledger.verify()
    count = "1 function, 1 trigger" if IS_POSTGRESQL else "1 trigger"
    assert (found["rule"], found["object"], found["level"]) == ("H010", "schema auth", "warning")
    assert found["message"] == f"{count} without a record; recorded: a record of what migrations left"
    assert found["hint"] == "Look at what stands there; manage.py history adopt auth --reason … makes that the record"


# --- What a person changes -------------------------------------------------------------------------------------------
def test_trigger_made_by_hand_is_not_taken_over_by_a_migration(gate: Ledger) -> None:
    gate.execute(SPY)
    gate.write_sql("manor", "0002_more", MAKE_TRIGGER.replace("watched", "more"))
    gate.migrate("manor")

    assert read(gate, "0002_more") == ["auth.gate.more"]
    assert gate.tell() == ["H010 trigger auth.gate.spy"]


def test_trigger_dropped_by_hand_is_named_until_a_migration_makes_it_again(gate: Ledger) -> None:
    gate.execute(DROP.format("watched"))
    (found,) = gate.verify()
    gate.write_sql("manor", "0002_again", MAKE_TRIGGER)
    gate.migrate("manor")

    assert found["message"] == "no such trigger; recorded: on, as manor.0001_gate left it"
    assert gate.verify() == []


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("statement", "label"),
    [
        (alter(), "function auth.watch()"),
        ("ALTER FUNCTION auth.watch() SECURITY INVOKER", "function auth.watch()"),
        ("ALTER FUNCTION auth.watch() SET row_security = off", "function auth.watch()"),
        (f"ALTER TABLE {TABLE} DISABLE TRIGGER watched", "trigger auth.gate.watched"),
        (f"CREATE RULE swallow AS ON DELETE TO {TABLE} DO INSTEAD NOTHING", "rule auth.gate.swallow"),
    ],
)
def test_change_stays_named_until_it_is_adopted(statement: str, label: str, gate: Ledger) -> None:
    gate.execute("SET ROLE auth_owner", statement)
    gate.write_sql("manor", "0002_more", "CREATE FUNCTION auth.more() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    gate.migrate("manor")
    before = gate.tell()
    status, printed = gate.run("adopt", label.partition(" ")[2], "--reason", "a hot fix")

    assert before == [f"H010 {label}"]
    assert (status, printed.startswith(f"Adopted {label}: ")) == (0, True)
    assert gate.verify() == []
    row = gate.list_rows(kind="history")[-1]
    assert (row.app, row.outcome, row.reason, row.login, row.account) == (
        "auth",
        "accepted",
        "a hot fix",
        LOGIN,
        get_account(),
    )
    gate.execute("SET ROLE auth_owner", "ALTER FUNCTION auth.more() STABLE")
    assert gate.tell() == ["H010 function auth.more()"]


@pytest.mark.postgresql
def test_migration_that_sets_a_function_anew_ends_the_finding(gate: Ledger) -> None:
    gate.execute("SET ROLE auth_owner", alter())
    gate.write_sql("manor", "0002_watch", alter("RAISE NOTICE ''seen''; RETURN NEW"))
    gate.migrate("manor")

    assert gate.verify() == []


# --- Adopting --------------------------------------------------------------------------------------------------------
def test_adopt_takes_a_schema_that_was_migrated_before_in_one_row(ledger: Ledger) -> None:
    migrate_before(ledger)

    status, _ = ledger.run("adopt", "auth", "--reason", "it was migrated before")

    (row,) = ledger.list_rows(kind="history", app="auth")
    assert (status, ledger.verify()) == (0, [])
    assert (row.app, row.name, row.reason, row.structure["schemas"]) == (
        "auth",
        "structure",
        "it was migrated before",
        ["auth"],
    )
    ledger.execute(SPY)
    assert ledger.tell() == ["H010 trigger auth.gate.spy"]


def test_adopt_by_name_leaves_the_rest_of_a_schema_without_a_record(ledger: Ledger) -> None:
    migrate_before(ledger, SPY)

    ledger.run("adopt", "auth.gate.watched", "--reason", "looked at")
    rest = ledger.tell()
    ledger.execute(DROP.format("watched"))

    assert rest == ["H010 schema auth"]
    assert ledger.tell() == ["H010 schema auth", "H010 trigger auth.gate.watched"]


def test_adopt_takes_what_is_gone(gate: Ledger) -> None:
    gate.execute(DROP.format("watched"))
    gate.run("adopt", "auth.gate.watched", "--reason", "nobody needs it")

    assert gate.verify() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["auth.nothing", "--reason", "x"], "nothing is called auth.nothing: write a schema of the map, a function"),
        (["auth.gate.spy", "auth.gate.nothing", "--reason", "x"], "nothing is called auth.gate.nothing: "),
        (["auth.gate.watched", "--reason", "x"], "trigger auth.gate.watched is what the history says"),
        (["app", "--reason", "x"], "schema app is what the history says: there is nothing to adopt"),
        (["auth", "--reason", " "], "--reason is empty: say why what stands there is right; nothing was adopted"),
    ],
)
def test_adopt_of_what_it_can_not_is_refused(arguments: list[str], words: str, gate: Ledger) -> None:
    gate.execute(SPY)
    with pytest.raises(RepairError, match="^" + words.replace("(", r"\(")):
        gate.run("adopt", *arguments)

    assert gate.list_rows(kind="history") == []


def test_adopt_without_a_reason_is_refused(gate: Ledger) -> None:
    with pytest.raises(CommandError, match="--reason"):
        gate.run("adopt", "auth")


def test_repair_accepts_what_verify_names(gate: Ledger) -> None:
    gate.execute(SPY)
    gate.repair("--all", reason="seen")

    assert gate.verify() == []


# --- The chain and the way back --------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", ["NULL", "'{}'"])
def test_record_that_was_changed_is_named(value: str, gate: Ledger) -> None:
    (row,) = gate.list_rows(name="0001_gate")
    tamper(gate, f"UPDATE {HISTORY} SET structure = {value} WHERE name = '0001_gate'")

    assert f"H008 row {row.pk}" in gate.tell()


def test_record_outlives_the_way_back_and_what_ran_meanwhile_is_named(gate: Ledger) -> None:
    gate.migrate("freehold", "0005")
    gate.write_sql("manor", "0002_spy", SPY)
    gate.migrate("manor")
    gate.migrate("freehold")

    assert gate.tell() == ["H010 trigger auth.gate.spy"]
