"""One of the two tables that say what is applied is lost: it is named, and made again from the other."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from freehold.errors import FreeholdError
from freehold.findings import LookError
from freehold.verification.repair import RepairError
from tests.freehold.verification.ledgers import ALIAS, HISTORY, RECORD, Ledger

LOST_RECORD = (
    "public.django_migrations is lost or empty: public.migration_history says what is applied, and `manage.py history "
    "repair django_migrations` writes it down again"
)
LOST_HISTORY = (
    "public.migration_history is lost: django_migrations says what is applied, and `manage.py history repair "
    "migration_history` makes it again with a row for each"
)
WAYS = [  # how a table is lost, and what is said
    ([f"DROP TABLE {RECORD}"], "django_migrations", LOST_RECORD),
    ([f"DELETE FROM {RECORD}"], "django_migrations", LOST_RECORD),
    ([f"DELETE FROM {RECORD} WHERE app = 'freehold'"], "django_migrations", LOST_RECORD),
    ([f"DROP TABLE {HISTORY}"], "migration_history", LOST_HISTORY),
]
EACH = pytest.mark.parametrize(
    ("statements", "table", "said"), WAYS, ids=["dropped record", "emptied record", "part of record", "history"]
)


@pytest.fixture
def manor(ledger: Ledger) -> Ledger:
    """The ledger with two migrations that are applied, and one of them taken back and applied again."""
    for name in ("0001_manor", "0002_gate"):
        ledger.write_sql("manor", name, "SELECT 1", back="SELECT 2")
    ledger.migrate("manor")
    ledger.migrate("manor", "0001")
    return ledger


def list_applied(ledger: Ledger) -> list[tuple[str, str]]:
    return ledger.execute(f"SELECT app, name FROM {RECORD} ORDER BY app, name")


@EACH
def test_lost_table_is_named_in_one_line_and_nothing_is_done(
    statements: list[str], table: str, said: str, manor: Ledger
) -> None:
    manor.execute(*statements)

    for command in (["migrate", "manor"], ["migrate", "--plan"], ["rollback", "--steps", "1", "--yes"]):
        with pytest.raises(FreeholdError) as caught:
            call_command(*command, database=ALIAS, verbosity=0)
        assert str(caught.value) == said
    for command in (["verify"], ["show"], ["repair", "--all", "--yes"]):
        with pytest.raises(LookError) as caught:
            manor.run(*command)
        assert str(caught.value) == said


@EACH
def test_lost_table_is_made_again_from_the_other(statements: list[str], table: str, said: str, manor: Ledger) -> None:
    before = list_applied(manor)
    manor.execute(*statements)

    printed = manor.repair(table, reason="a restore without it")

    assert printed == f"Made public.{table} again, with {len(before)} migrations: see `manage.py history verify`.\n"
    assert list_applied(manor) == before
    assert {each for each in manor.tell() if not each.startswith("H010")} == set()
    assert [each.reason for each in manor.list_rows(outcome="accepted")][-1:] == ["a restore without it"]
    assert "No migrations to apply" in manor.migrate("manor", "0001", verbosity=1)
    assert "Applying manor.0002_gate" in manor.migrate("manor", verbosity=1)


def test_history_that_was_made_again_is_guarded_and_hangs_together(manor: Ledger) -> None:
    manor.execute(f"DROP TABLE {HISTORY}")

    manor.repair("migration_history")

    assert not [each for each in manor.tell() if each.startswith(("H008", "H009"))]
    with pytest.raises(Exception, match="append-only"):
        manor.execute(f"DELETE FROM {HISTORY}")


@pytest.mark.parametrize("table", ["django_migrations", "migration_history"])
def test_table_that_is_there_is_not_made_again(table: str, manor: Ledger) -> None:
    with pytest.raises(RepairError) as caught:
        manor.repair(table)

    assert str(caught.value) == f"public.{table} is not lost, or the other is as well: there is nothing to make it from"


def test_both_tables_lost_is_a_database_without_a_history(manor: Ledger) -> None:
    manor.execute(f"DROP TABLE {RECORD}", f"DROP TABLE {HISTORY}")

    with pytest.raises(RepairError):
        manor.repair("django_migrations")
    with pytest.raises(LookError) as caught:
        manor.run("verify")

    assert str(caught.value).endswith("freehold.0001_migration_history is not applied; run `manage.py migrate`")


def test_what_a_squashed_migration_replaces_is_written_down_again(manor: Ledger) -> None:
    folder = manor.get_file("0001_manor.py").parent
    text = (folder / "0001_manor.py").read_text()
    squashed = text.replace(
        "    dependencies", '    replaces = [("manor", "0001_manor"), ("manor", "0002_gate")]\n    dependencies'
    )
    (folder / "0001_squashed.py").write_text(squashed)
    manor.migrate("manor", "zero")
    manor.migrate("manor")
    before = list_applied(manor)
    manor.execute(f"DELETE FROM {RECORD}")

    manor.repair("django_migrations", reason="lost")

    assert list_applied(manor) == before
    assert "No migrations to apply" in manor.migrate("manor", verbosity=1)
