"""What `manage.py history verify` finds, and that `repair` ends it: each fault of migrations, on both dialects."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from freehold.errors import SeedError
from freehold.findings import LookError
from tests.freehold.verification.ledgers import ALIAS, RECORD, Ledger
from tests.histories import remove_history


@pytest.fixture
def manor(ledger: Ledger) -> Ledger:
    """The ledger with one migration, applied."""
    ledger.write_manor()
    ledger.migrate("manor")
    return ledger


def test_verify_where_all_agrees_finds_nothing(manor: Ledger) -> None:
    assert manor.run("verify") == (0, "No findings.\n")


def test_edited_migration_is_named_with_file_line_and_difference(manor: Ledger) -> None:
    file = manor.get_file("0001_manor.py")
    file.write_text(file.read_text().replace("SELECT 1", "SELECT 3"))

    (found,) = manor.verify()

    line = file.read_text().splitlines().index("        migrations.RunSQL('SELECT 3', 'SELECT 2'),") + 1
    assert (found["rule"], found["object"], found["path"], found["line"]) == (
        "H001",
        "manor.0001_manor",
        str(file),
        line,
    )
    what, _, difference = found["message"].partition("\n")
    (row,) = manor.list_rows(app="manor")
    assert what == f"it was edited; it was applied on {row.started_at:%Y-%m-%d %H:%M} UTC by {row.login}"
    assert difference.splitlines()[1].startswith("+++ ")
    assert [each for each in difference.splitlines()[2:] if each[0] in "+-"] == [
        "-        migrations.RunSQL('SELECT 1', 'SELECT 2'),",
        "+        migrations.RunSQL('SELECT 3', 'SELECT 2'),",
    ]
    assert found["hint"] == (
        "Undo the edit and write a new migration; `manage.py history repair manor 0001_manor` accepts it as it is"
    )


def test_edited_file_that_a_migration_runs_is_named_with_its_difference(ledger: Ledger) -> None:
    ledger.write_file("manor.sql", "SELECT 1;\n")
    ledger.migrate("manor")
    (row,) = ledger.list_rows(app="manor")
    ledger.get_file("manor.sql").write_text("SELECT 2;\n")

    (found,) = ledger.verify()

    assert set(row.sources) == {"manor/0001_manor.py", "manor/manor.sql"}
    assert row.sources["manor/manor.sql"] == "SELECT 1;\n"
    assert found["rule"] == "H001"
    assert found["message"].splitlines()[-2:] == ["-SELECT 1;", "+SELECT 2;"]
    ledger.repair("manor", "0001")
    assert ledger.verify() == []


def test_missing_file_that_a_migration_runs_is_named(ledger: Ledger) -> None:
    ledger.write_file("manor.sql", "SELECT 1;\n")
    ledger.migrate("manor")
    ledger.get_file("manor.sql").unlink()

    (found,) = ledger.verify()

    assert (found["rule"], found["object"]) == ("H003", "manor.0001_manor")
    assert found["message"].startswith("manor/manor.sql, which it runs, is missing; it was applied on ")
    assert found["message"].splitlines()[-1] == "-SELECT 1;"
    ledger.repair("manor", "0001")
    assert ledger.verify() == []


def test_missing_migration_is_named_and_can_be_accepted(manor: Ledger) -> None:
    manor.get_file("0001_manor.py").unlink()
    manor.forget_modules()

    (found,) = manor.verify()

    assert (found["rule"], found["object"]) == ("H003", "manor.0001_manor")
    assert found["message"].startswith("its file is missing; it was applied on ")
    manor.repair("manor", "0001")
    assert manor.verify() == []


@pytest.mark.parametrize("app", ["manor", "nowhere"])
def test_migration_that_is_recorded_and_unknown_is_named(app: str, manor: Ledger) -> None:
    manor.execute(f"INSERT INTO {RECORD} (app, name, applied) VALUES ('{app}', '0007_x', CURRENT_TIMESTAMP)")

    (found,) = manor.verify()

    assert (found["rule"], found["object"]) == ("H004", f"{app}.0007_x")
    assert found["message"] == "Django's record says applied, and the code has no such migration"
    manor.repair(app, "0007_x")
    assert manor.verify() == []


def test_migration_that_stock_django_applied_is_adopted(manor: Ledger) -> None:
    manor.write_sql("manor", "0002_gate", "SELECT 1")
    manor.execute(f"INSERT INTO {RECORD} (app, name, applied) VALUES ('manor', '0002_gate', CURRENT_TIMESTAMP)")

    before = manor.tell()
    manor.repair("manor", "0002")
    after = manor.tell()
    file = manor.get_file("0002_gate.py")
    file.write_text(file.read_text() + "# edited\n")

    assert (before, after) == (["H005 manor.0002_gate"], [])
    assert manor.tell() == ["H001 manor.0002_gate"]
    (row,) = manor.list_rows(name="0002_gate")
    assert (row.direction, row.outcome, row.checksum_before, row.reason) == ("up", "accepted", "", "")


def test_migration_that_djangos_record_lost_is_named(manor: Ledger) -> None:
    manor.execute(f"DELETE FROM {RECORD} WHERE app = 'manor'")

    before = manor.tell()
    manor.repair("manor", "0001_manor")

    assert before == ["H006 manor.0001_manor"]
    assert manor.verify() == []
    assert [(row.direction, row.outcome) for row in manor.list_rows(app="manor")] == [
        ("up", "ok"),
        ("down", "accepted"),
    ]


def test_migration_without_a_transaction_that_failed_is_named_until_it_is_applied(ledger: Ledger) -> None:
    ledger.write_manor(atomic=False, statement="SELECT * FROM nothing_of_that_name")
    with pytest.raises(DatabaseError):
        ledger.migrate("manor")

    (found,) = ledger.verify()
    file = ledger.get_file("0001_manor.py")
    file.write_text(file.read_text().replace("SELECT * FROM nothing_of_that_name", "SELECT 1"))
    ledger.forget_modules()
    ledger.migrate("manor")

    assert (found["rule"], found["object"]) == ("H007", "manor.0001_manor")
    assert found["message"].startswith("it was being applied without a transaction and failed (")
    assert ledger.verify() == []


def test_migration_without_a_transaction_that_failed_can_be_accepted(ledger: Ledger) -> None:
    ledger.write_manor(atomic=False, statement="SELECT * FROM nothing_of_that_name")
    with pytest.raises(DatabaseError):
        ledger.migrate("manor")

    ledger.repair("manor", "0001")

    assert ledger.verify() == []
    assert [(row.direction, row.outcome) for row in ledger.list_rows(app="manor")] == [
        ("up", "part"),
        ("up", "failed"),
        ("down", "accepted"),
    ]


def test_migration_without_a_transaction_that_was_cut_off_is_named(ledger: Ledger) -> None:
    ledger.write_manor(atomic=False, statement="SELECT * FROM nothing_of_that_name")
    with pytest.raises(DatabaseError):
        ledger.migrate("manor")
    remove_history(ALIAS, app="manor", outcome="failed")  # as if the process had been killed

    (found,) = ledger.verify()

    assert found["rule"] == "H007"
    assert "it was cut off after operation 0 of 1" in found["message"]


def test_migration_with_a_transaction_that_failed_is_no_finding(ledger: Ledger) -> None:
    ledger.write_manor(statement="SELECT * FROM nothing_of_that_name")
    with pytest.raises(DatabaseError):
        ledger.migrate("manor")

    assert ledger.verify() == []


def test_squashed_migrations_are_no_finding(manor: Ledger) -> None:
    manor.write_sql("manor", "0002_gate", "SELECT 1")
    manor.migrate("manor")
    file = manor.get_file("0003_squashed.py")
    manor.write_sql("manor", "0003_squashed", "SELECT 1")
    text = file.read_text().replace("dependencies = [('manor', '0002_gate')]", "dependencies = []")
    file.write_text(
        text.replace("atomic =", "replaces = [('manor', '0001_manor'), ('manor', '0002_gate')]\n    atomic =")
    )
    manor.migrate("manor")

    assert manor.verify() == []

    for name in ("0001_manor.py", "0002_gate.py"):
        manor.get_file(name).unlink()
    manor.forget_modules()

    assert manor.verify() == []


def test_squashed_migration_that_was_taken_back_is_no_finding(manor: Ledger) -> None:
    file = manor.get_file("0002_squashed.py")
    manor.write_sql("manor", "0002_squashed", "SELECT 1", back="SELECT 2")
    text = file.read_text().replace("dependencies = [('manor', '0001_manor')]", "dependencies = []")
    file.write_text(text.replace("atomic =", "replaces = [('manor', '0001_manor')]\n    atomic ="))
    manor.migrate("manor")
    manor.migrate("manor", "zero")

    assert manor.verify() == []


def test_file_that_an_operation_inside_of_another_runs_is_kept(ledger: Ledger) -> None:
    ledger.write_file("manor.sql", "SELECT 1;\n")
    file = ledger.get_file("0001_manor.py")
    inner = "migrations.SeparateDatabaseAndState(database_operations=[RunFile(Path(__file__).parent / 'manor.sql')]),"
    file.write_text(file.read_text().replace("RunFile(Path(__file__).parent / 'manor.sql'),", inner))
    ledger.migrate("manor")

    (row,) = ledger.list_rows(app="manor")

    assert row.sources["manor/manor.sql"] == "SELECT 1;\n"


@pytest.mark.parametrize("direction", ["up", "down"])
def test_faked_migration_is_written_down_as_faked(direction: str, manor: Ledger) -> None:
    manor.migrate("manor", "zero", fake=True)
    if direction == "up":
        manor.migrate("manor", fake=True)

    row = manor.list_rows(app="manor")[-1]

    assert (row.direction, row.outcome, row.detail) == (direction, "faked", "")
    assert manor.verify() == []


# --- Where it can't look ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("action", ["verify", "show"])
def test_history_of_an_older_shape_says_what_to_run(action: str, manor: Ledger) -> None:
    manor.migrate("freehold", "0003")

    with pytest.raises(LookError) as caught:
        manor.run(action)

    assert str(caught.value) == (
        "there is no history that can be read: freehold.0004_append_only_history is not applied; run "
        "`manage.py migrate`"
    )
    assert caught.value.exit_status == 2


def test_seeds_with_a_history_of_an_older_shape_say_what_to_run(ledger: Ledger) -> None:
    ledger.migrate("master", "0004")  # without one that left a row of its parts, which an older history has no word for
    ledger.migrate("freehold", "0003")

    with pytest.raises(SeedError) as caught:
        call_command("seed", "up", "master.0001_categories", database=ALIAS)

    assert str(caught.value) == "public.migration_history is of an earlier release: run `manage.py migrate` first"


def test_verify_of_migrations_that_can_not_be_loaded_says_why(manor: Ledger) -> None:
    manor.get_file("0001_manor.py").write_text("")
    manor.forget_modules()

    with pytest.raises(LookError) as caught:
        manor.run("verify")

    assert str(caught.value) == (
        "the history could not be looked at: Migration 0001_manor in app manor has no Migration class"
    )


def test_rows_from_before_sources_were_kept_are_no_finding(ledger: Ledger) -> None:
    ledger.migrate("freehold", "0003")
    ledger.write_manor()
    ledger.migrate("manor")
    ledger.migrate("freehold")
    (row,) = ledger.list_rows(app="manor")

    before = ledger.tell()
    file = ledger.get_file("0001_manor.py")
    file.write_text(file.read_text() + "# edited\n")
    (found,) = ledger.verify()

    assert (row.sources, row.link, len(row.checksum)) == (None, "", 64)
    assert before == []
    assert found["message"].splitlines()[1:] == [
        "manor/0001_manor.py: its text was not kept when it ran, only its checksum"
    ]
