"""`manage.py history show` and `repair`, and what `migrate` does about edited migrations."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.core.management import CommandError
from django.db import DatabaseError
from pytest_django.fixtures import Settings

from freehold.errors import MigrationError
from freehold.history import edits
from freehold.history.recording import get_account
from freehold.verification.repair import RepairError
from tests.freehold.verification.ledgers import IS_POSTGRESQL, Ledger, answer

LOGIN = "migrator" if IS_POSTGRESQL else get_account()


@pytest.fixture
def manor(ledger: Ledger) -> Ledger:
    """The ledger with two migrations, of which the first was edited after being applied."""
    for name in ("0001_manor", "0002_gate"):
        ledger.write_sql("manor", name, "SELECT 1", back="SELECT 2")
    ledger.migrate("manor", "0001")
    file = ledger.get_file("0001_manor.py")
    file.write_text(file.read_text() + "# edited\n")
    return ledger


# --- Repair ----------------------------------------------------------------------------------------------------------
def test_repair_writes_down_who_accepted_what_and_changes_no_row(manor: Ledger) -> None:
    before = manor.list_rows()

    manor.repair("manor", "0001_manor", reason="a comment alone")

    *rows, row = manor.list_rows()
    (applied,) = (each for each in rows if each.app == "manor")
    assert rows == before
    assert (row.kind, row.direction, row.app, row.name, row.outcome) == (
        "migrate",
        "up",
        "manor",
        "0001_manor",
        "accepted",
    )
    assert (row.login, row.account, row.reason) == (LOGIN, get_account(), "a comment alone")
    assert (row.checksum_before, row.checksum == applied.checksum) == (applied.checksum, False)
    assert row.sources["manor/0001_manor.py"].endswith("# edited\n")
    assert row.detail == "H001: An applied migration was edited"


@pytest.mark.parametrize(("text", "accepts"), [("y", True), ("Yes", True), ("n", False), (" ", False)])
def test_repair_asks_first(text: str, accepts: bool, manor: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, text)

    if accepts:
        manor.run("repair", "--all")
    else:
        with pytest.raises(RepairError, match=r"^nothing was accepted$"):
            manor.run("repair", "--all")

    assert bool(manor.verify()) is not accepts


def test_repair_without_anybody_to_ask_is_refused(manor: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "")

    with pytest.raises(RepairError) as caught:
        manor.run("repair", "--all")

    assert str(caught.value) == ("nobody is there to answer: --yes accepts without a question; nothing was accepted")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name what you accept: `manage.py history repair APP NAME`, or --all"),
        (["manor"], "name what you accept: `manage.py history repair APP NAME`, or --all"),
        (["manor", "0001", "--all"], "name what you accept: `manage.py history repair APP NAME`, or --all"),
        (["manor", "0002"], "nothing is amiss with manor 0002: `manage.py history verify` lists what is"),
    ],
)
def test_repair_of_nothing_is_refused(arguments: list[str], message: str, manor: Ledger) -> None:
    with pytest.raises(RepairError) as caught:
        manor.repair(*arguments)

    assert str(caught.value) == message


def test_repair_where_all_agrees_says_so(ledger: Ledger) -> None:
    assert ledger.repair("--all") == "Nothing to accept: history, code and database agree.\n"


def test_repair_of_what_changed_since_it_was_shown_is_refused(manor: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(_: str) -> str:
        file = manor.get_file("0001_manor.py")
        file.write_text(file.read_text() + "# again\n")
        return "y"

    monkeypatch.setattr("builtins.input", change)

    with pytest.raises(RepairError) as caught:
        manor.run("repair", "--all")

    assert str(caught.value) == "something changed in the meantime; nothing was accepted: run it again"
    assert [row.outcome for row in manor.list_rows(app="manor")] == ["ok"]


# --- Migrate ---------------------------------------------------------------------------------------------------------
REFUSAL = (
    "edited after being applied: manor.0001_manor ({}); nothing was applied. `manage.py history verify` shows what "
    "differs: undo the edit and write a new migration, or accept it as it is with `manage.py history repair manor "
    "0001_manor`; MIGRATION_EDITED=warn goes on without"
)


@pytest.mark.parametrize("target", ["0002", "zero"])
def test_migrate_does_not_build_on_an_edited_migration(target: str, manor: Ledger) -> None:
    with pytest.raises(MigrationError) as caught:
        manor.migrate("manor", target)

    assert str(caught.value) == REFUSAL.format(manor.get_file("0001_manor.py"))
    assert [row.name for row in manor.list_rows(app="manor")] == ["0001_manor"]


def test_migrate_goes_on_where_the_setting_says_so_and_names_it(manor: Ledger, settings: Settings) -> None:
    settings.MIGRATION_EDITED = "warn"

    printed = manor.migrate("manor")

    assert "  Edited after being applied: manor.0001_manor. `manage.py history verify` shows what differs\n" in printed
    assert [row.name for row in manor.list_rows(app="manor")] == ["0001_manor", "0002_gate"]


@pytest.mark.parametrize(("debug", "way"), [(True, "warn"), (False, "refuse")])
def test_unset_it_depends_on_debug(debug: bool, way: str, settings: Settings) -> None:
    settings.MIGRATION_EDITED, settings.DEBUG = "", debug

    assert edits.get_way() == way


def test_setting_of_another_word_is_refused(manor: Ledger, settings: Settings) -> None:
    settings.MIGRATION_EDITED = "ignore"

    with pytest.raises(MigrationError, match=r"^MIGRATION_EDITED is 'ignore': it takes refuse or warn$"):
        manor.migrate("manor")


WAYS: dict[str, Callable[[Ledger], object]] = {
    "nothing to apply": lambda ledger: ledger.migrate("manor", "0001"),
    "fake": lambda ledger: ledger.migrate("manor", fake=True),
    "accepted": lambda ledger: (ledger.repair("manor", "0001"), ledger.migrate("manor")),
    "a plan": lambda ledger: ledger.migrate("manor", plan=True),
}


@pytest.mark.parametrize("way", WAYS)
def test_migrate_has_nothing_against(way: str, manor: Ledger) -> None:
    WAYS[way](manor)


def test_migrations_of_installed_packages_do_not_stop_it(manor: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "PACKAGES", {manor.package})  # a directory above the migration, as site-packages is

    manor.migrate("manor")

    (found,) = manor.verify()
    assert (found["rule"], found["level"]) == ("H001", "warning")
    assert found["hint"].startswith("Upgrading a package changed it; ")


# --- Show ------------------------------------------------------------------------------------------------------------
def test_show_prints_the_latest_rows_and_what_was_accepted(manor: Ledger) -> None:
    manor.repair("manor", "0001", reason="a comment alone")
    first, second = manor.list_rows(app="manor")

    lines = manor.run("show", "--limit", "2")[1].splitlines()

    assert lines[0].split()[:6] == ["row", "started", "what", "kind", "direction", "outcome"]
    assert [line.split()[3:7] for line in lines[1:3]] == [
        ["manor.0001_manor", "migrate", "up", "ok"],
        ["manor.0001_manor", "migrate", "up", "accepted"],
    ]
    assert lines[3:] == [
        "      H001: An applied migration was edited",
        f"      checksum {first.checksum[:12]} is now {second.checksum[:12]}",
        "      reason: a comment alone",
    ]


def test_show_as_json_has_every_column_and_the_sources(manor: Ledger) -> None:
    (found,) = json.loads(manor.run("show", "--app", "manor", "--format", "json")[1])

    (row,) = manor.list_rows(app="manor")
    assert (found["name"], found["checksum"], found["sources"]) == ("0001_manor", row.checksum, row.sources)
    assert found["duration"] == row.duration.total_seconds()
    assert len(found["link"]) == 64


def test_show_can_be_narrowed(manor: Ledger) -> None:
    manor.write_sql("manor", "0003_well", "SELECT * FROM nothing_of_that_name")
    manor.repair("--all")
    with pytest.raises(DatabaseError):
        manor.migrate("manor")

    failed = json.loads(manor.run("show", "--failed", "--format", "json")[1])
    seeds = json.loads(manor.run("show", "--kind", "seed", "--format", "json")[1])
    everything = json.loads(manor.run("show", "--limit", "0", "--format", "json")[1])

    assert [row["name"] for row in failed] == ["0003_well"]
    assert seeds == []
    assert len(everything) == len(manor.list_rows())


def test_show_of_a_kind_that_there_is_not_is_refused(ledger: Ledger) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'rumour'"):
        ledger.run("show", "--kind", "rumour")
