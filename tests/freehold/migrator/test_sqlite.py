"""Migrations on SQLite: no owners and no locks, and the same records, ways back and ways to go on."""

from __future__ import annotations

import re
from contextlib import nullcontext

import pytest
from django.db import DatabaseError, IntegrityError
from pytest_django.fixtures import Settings

from freehold.errors import MigrationError
from tests.freehold.migrator.estates import Estate
from tests.freehold.migrator.test_rollback import fail, roll_back

pytestmark = pytest.mark.sqlite
SIZE = 'migrations.AddField("meadow", "size", models.IntegerField(null=True)),'
ROW = """migrations.RunSQL("INSERT INTO \\"app.meadow\\" (name) VALUES ('one')", migrations.RunSQL.noop),"""


@pytest.fixture
def meadow(file_estate: Estate) -> Estate:
    """A file with table app.meadow, whose first migration is applied."""
    file_estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    file_estate.migrate("meadow")
    return file_estate


def test_migration_that_was_cut_off_goes_on_behind_the_last_operation_that_was_done(meadow: Estate) -> None:
    meadow.write("meadow", "0002_parts", f'{SIZE} {ROW} migrations.RunSQL("SELECT * FROM gate"),', atomic=False)
    with pytest.raises(DatabaseError, match="no such table: gate"):
        meadow.migrate("meadow")
    meadow.query("CREATE TABLE gate (id)")

    meadow.migrate("meadow")

    assert meadow.query('SELECT name, size FROM "app.meadow"') == [("one", None)]
    assert [row[2] for row in meadow.history if row[1] == "part"] == [f"operation {done} of 3" for done in range(4)]
    assert [row[1] for row in meadow.history] == ["ok", "part", "part", "part", "failed", "part", "ok"]


def test_rows_that_contradict_a_foreign_key_leave_nothing(meadow: Estate) -> None:
    gate = """
    migrations.CreateModel("Gate", [
        ("id", models.BigAutoField(primary_key=True)),
        ("meadow", models.ForeignKey("meadow.Meadow", models.CASCADE)),
    ], options={"db_table": "app.gate"}),
    migrations.RunSQL('INSERT INTO "app.gate" (meadow_id) VALUES (4711)', migrations.RunSQL.noop),
    """
    meadow.write("meadow", "0002_gate", gate)

    with pytest.raises(IntegrityError, match="meadow_id"):
        meadow.migrate("meadow")

    assert meadow.tables == {"app.meadow": ""}
    assert meadow.applied == ["meadow.0001_meadow"]
    assert [row[1] for row in meadow.history] == ["ok", "failed"]


def test_full_disk_leaves_nothing_and_the_run_is_finished_once_there_is_room(
    meadow: Estate, request: pytest.FixtureRequest
) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
    rows = f"{many} INSERT INTO \"app.meadow\" (name) SELECT printf('%0200d', i) FROM n"
    meadow.write("meadow", "0002_rows", f"{SIZE} migrations.RunSQL({rows!r}, migrations.RunSQL.noop),")
    ((pages,),) = meadow.query("PRAGMA page_count")
    meadow.query(f"PRAGMA max_page_count = {pages + 20}")

    with pytest.raises(DatabaseError, match="database or disk is full"):
        meadow.migrate("meadow")
    left = meadow.query('SELECT count(*) FROM "app.meadow"'), meadow.applied
    meadow.query("PRAGMA max_page_count = 1000000")
    meadow.migrate("meadow")

    assert left == ([(0,)], ["meadow.0001_meadow"])
    assert meadow.query('SELECT count(*) FROM "app.meadow"') == [(5000,)]
    assert [row[1] for row in meadow.history] == ["ok", "failed", "ok"]
    request.node.user_properties.append(("faults: full disks on SQLite", 1))


def test_rollback_asks_before_rows_are_lost(meadow: Estate) -> None:
    meadow.query("INSERT INTO \"app.meadow\" (name) VALUES ('a')")

    message = fail("--steps", "1")
    roll_back("--steps", "1", "--yes")

    assert message.startswith("the rollback would lose data (meadow.0001_meadow: 1 row of app.meadow)")
    assert (meadow.tables, meadow.applied) == ({}, [])
    assert meadow.history[-1] == ("down", "ok", "")


def test_part_of_the_map_is_migrated_by_itself(meadow: Estate) -> None:
    meadow.write("meadow", "0002_size", SIZE)

    with pytest.raises(MigrationError, match="--schema auth and meadow: name a part of the map or an app"):
        meadow.migrate("meadow", schema="auth")
    with pytest.raises(MigrationError, match=r"--service api needs \w+\.\w+, which is of schema "):
        meadow.migrate(service="api")
    assert meadow.applied == ["meadow.0001_meadow"]


def test_faked_migration_is_written_down_as_that(meadow: Estate) -> None:
    meadow.write("meadow", "0002_size", SIZE)

    meadow.migrate("meadow", fake=True)

    assert meadow.history[-1] == ("up", "faked", "")


@pytest.fixture
def manor(file_estate: Estate, settings: Settings) -> Estate:
    """A file with table auth.manor, two of whose columns a contract shares."""
    settings.OWNERSHIP = "tests.freehold.migrator.test_shared.SHARING"
    file_estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    file_estate.migrate("manor")
    return file_estate


def list_applied(manor: Estate) -> list[str]:
    return [name for (name,) in manor.query("SELECT name FROM django_migrations WHERE app = 'manor' ORDER BY id")]


TO_WORDS = 'migrations.AlterField("manor", "name", models.BinaryField()),'


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ('migrations.RemoveField("manor", "name"),', "takes away auth.manor (name), "),
        ('migrations.RenameField("manor", "name", "title"),', "takes away auth.manor (name), "),
        (TO_WORDS, "changes auth.manor (name), which a contract shares with api as text, to blob; "),
        ('migrations.RunSQL(\'ALTER TABLE "auth.manor" DROP name\', ""),', "takes away auth.manor (name), "),
        ('migrations.DeleteModel("manor"),', "takes away auth.manor (id), which a contract shares with api and app, "),
    ],
)
def test_migration_that_takes_what_a_contract_shares_is_refused(operation: str, told: str, manor: Estate) -> None:
    manor.write("manor", "0002_bad", operation)

    with pytest.raises(MigrationError, match=re.escape(f"migration manor.0002_bad {told}")):
        manor.migrate("manor")

    assert list_applied(manor) == ["0001_manor"]


def test_column_that_was_missed_at_the_last_is_missed_again(manor: Estate) -> None:
    manor.write("manor", "0002_less", 'migrations.RemoveField("manor", "name"),')
    manor.write("manor", "0003_more", 'migrations.AddField("manor", "size", models.IntegerField(null=True)),')

    for _ in range(2):
        with pytest.raises(MigrationError, match=re.escape("migration manor.0003_more takes away auth.manor (name), ")):
            manor.migrate("manor")

    assert list_applied(manor) == ["0001_manor", "0002_less"]


def test_column_that_one_takes_and_the_last_brings_back_is_history(manor: Estate) -> None:
    manor.write("manor", "0002_less", 'migrations.RemoveField("manor", "name"),')
    manor.write("manor", "0003_more", 'migrations.AddField("manor", "name", models.TextField(default="")),')

    manor.migrate("manor")

    assert list_applied(manor)[-1] == "0003_more"


def test_column_that_expands_is_renamed_at_once(manor: Estate) -> None:
    rename = "from freehold.operations import RenameColumn"
    manor.write("manor", "0002_title", 'RenameColumn("manor", "name", "title", step="expand"),')
    path = manor.directory / manor.package / "manor" / "0002_title.py"
    path.write_text(f"{rename}\n{path.read_text()}")

    manor.migrate("manor")

    assert list_applied(manor) == ["0001_manor", "0002_title"]


@pytest.mark.parametrize("is_before", [False, True], ids=["same", "before"])
def test_column_beside_one_that_expands_stays_held(is_before: bool, manor: Estate) -> None:
    remove, rename = (
        'migrations.RemoveField("manor", "name"),',
        'RenameColumn("manor", "more", "title", step="expand"),',
    )
    add = 'migrations.AddField("manor", "more", models.TextField(default="")),'
    manor.write("manor", "0002_more", add + remove if is_before else add)
    manor.write("manor", "0003_title", rename if is_before else remove + rename)
    path = manor.directory / manor.package / "manor" / "0003_title.py"
    path.write_text(f"from freehold.operations import RenameColumn\n{path.read_text()}")

    with pytest.raises(MigrationError, match=re.escape("manor.0003_title takes away auth.manor (name), ")):
        manor.migrate("manor")


def test_generated_column_that_a_contract_shares_is_held(manor: Estate) -> None:
    manor.query('ALTER TABLE "auth.manor" DROP name')
    manor.query("""ALTER TABLE "auth.manor" ADD name text GENERATED ALWAYS AS (id || '') VIRTUAL""")
    manor.write("manor", "0002_bad", """migrations.RunSQL('ALTER TABLE "auth.manor" DROP name', ""),""")

    with pytest.raises(MigrationError, match=re.escape("manor.0002_bad takes away auth.manor (name), ")):
        manor.migrate("manor")


PRAGMAS = {
    "query_only": ("PRAGMA query_only = on", 0),
    "recursive_triggers": ("PRAGMA recursive_triggers = on", 0),
    "ignore_check_constraints": ("PRAGMA ignore_check_constraints = on", 0),
    "writable_schema": ("PRAGMA writable_schema = on", 0),
    "case_sensitive_like": ("PRAGMA case_sensitive_like = on", 0),
}


@pytest.mark.parametrize("fails", [False, True], ids=["ends", "fails"])
@pytest.mark.parametrize("atomic", [True, False], ids=["atomic", "not_atomic"])
@pytest.mark.parametrize("name", PRAGMAS)
def test_pragma_ends_with_its_migration(name: str, atomic: bool, fails: bool, meadow: Estate) -> None:
    statement, before = PRAGMAS[name]
    fault = 'migrations.RunSQL("SELECT * FROM gate"),' if fails else ""
    meadow.write("meadow", "0002_set", f"migrations.RunSQL({statement!r}, {statement!r}), {fault}", atomic=atomic)

    with pytest.raises(DatabaseError, match="no such table: gate") if fails else nullcontext():
        meadow.migrate("meadow")

    read = "SELECT 'a' NOT LIKE 'A'" if name == "case_sensitive_like" else f"PRAGMA {name}"
    assert meadow.query(read) == [(before,)]
    assert meadow.history[-1][:2] == ("up", "failed" if fails else "ok")


@pytest.mark.parametrize("atomic", [True, False], ids=["atomic", "not_atomic"])
@pytest.mark.parametrize("word", ["journal_mode = off", "main.Journal_Mode(memory)", "locking_mode = exclusive"])
def test_pragma_that_outlasts_its_migration_is_refused(word: str, atomic: bool, meadow: Estate) -> None:
    meadow.write("meadow", "0002_set", f'migrations.RunSQL("PRAGMA {word}", "SELECT 1"),', atomic=atomic)

    with pytest.raises(MigrationError, match=r"meadow.0002_set says PRAGMA (journal|locking)_mode, which outlasts it"):
        meadow.migrate("meadow")

    assert meadow.query("PRAGMA journal_mode") == [("delete",)]
    assert meadow.applied == ["meadow.0001_meadow"]


def test_pragma_of_the_way_down_ends_with_it(meadow: Estate) -> None:
    meadow.write("meadow", "0002_set", 'migrations.RunSQL("SELECT 1", "PRAGMA recursive_triggers = on"),')
    meadow.migrate("meadow")

    roll_back("--steps", "1", "--yes")

    assert meadow.query("PRAGMA recursive_triggers") == [(0,)]
    assert meadow.history[-1] == ("down", "ok", "")
