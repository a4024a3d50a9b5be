"""kill -9 of the migrator before each message of a run: the next one finishes, and nothing is applied twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django.fixtures import Settings

from tests.dumps import dump_database
from tests.freehold.embedded.processes import Child
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.migrator.interruptions import choose, run_interrupted

pytestmark = [pytest.mark.postgresql, pytest.mark.once]
SOME = 5

REFERENCE = """
    migrations.CreateModel("Meadow", [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.TextField(db_index=True)),
        ("manor", models.ForeignKey("manor.Manor", models.CASCADE)),
    ], options={"db_table": "app.meadow"}),
"""
WITHOUT_TRANSACTION = """
    migrations.AddField("manor", "colour", models.TextField(default="red", db_default="red")),
    AddIndexConcurrently("manor", models.Index(fields=["name"], name="manor_name_idx")),
    migrations.RunSQL(
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS manor_colour_idx ON auth.manor (colour)",
        "DROP INDEX CONCURRENTLY IF EXISTS auth.manor_colour_idx",
    ),
    migrations.AddField("manor", "parent", models.ForeignKey("manor.Manor", models.CASCADE, null=True)),
"""
CODE = """
    migrations.RunPython(
        lambda apps, editor: apps.get_model("manor", "Manor").objects.using("estate").create(name="first"),
        migrations.RunPython.noop,
    ),
"""
CHANGES = """
    migrations.RenameField("manor", "name", "title"),
    migrations.AlterField("manor", "title", models.CharField(max_length=80)),
    migrations.RunSQL("INSERT INTO auth.manor (title) VALUES ('second')", migrations.RunSQL.noop),
"""


@pytest.fixture
def estate(estate: Estate, settings: Settings) -> Estate:
    """Migrations of two owners: with and without a transaction, with rows, code, and a key from one to the other."""
    settings.OWNERSHIP = "tests.freehold.migrator.maps.HOLDING"  # a key of Django's own is NO ACTION in the database
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    estate.write("manor", "0002_parts", WITHOUT_TRANSACTION, atomic=False)
    estate.write("manor", "0003_code", CODE)
    estate.write("manor", "0004_changes", CHANGES)
    estate.write("meadow", "0001_meadow", REFERENCE, after=(("manor", "0004_changes"),))
    return estate


@pytest.fixture
def whole(estate: Estate) -> str:
    """The schema as it is after a run that nothing interrupts; it is taken back again."""
    up(estate)
    found = dump(estate)
    down(estate)
    forget(estate)
    return found


def up(estate: Estate) -> None:
    estate.migrate("meadow")


def down(estate: Estate) -> None:
    call_command("rollback", "--to", "manor", "zero", "--yes", database=ALIAS, verbosity=0)


def forget(estate: Estate) -> None:
    """Empty the history of the tests' apps, so that what follows is counted from nothing."""
    connections[ALIAS].close()
    estate.clear_history()


def dump(estate: Estate) -> str:
    path = connections.settings[ALIAS]["OPTIONS"]["embedded"]
    return dump_database(path, estate.server["dbname"], "--schema=auth", "--schema=app")


def count_messages(estate: Estate, act: Callable[[Estate], None]) -> int:
    """Give how many messages a whole run sends."""
    connections[ALIAS].close()
    return run_interrupted(lambda: act(estate), at=0)


def list_ended(estate: Estate, direction: str) -> Counter[str]:
    """Count how often each migration ended well in one direction."""
    return Counter(name for name, way, _, outcome, _ in estate.history if (way, outcome) == (direction, "ok"))


ALL_ONCE = dict.fromkeys(
    ["manor.0001_manor", "manor.0002_parts", "manor.0003_code", "manor.0004_changes", "meadow.0001_meadow"], 1
)


def test_migrator_killed_before_any_message_of_a_run_is_finished_by_the_next(
    estate: Estate, whole: str, request: pytest.FixtureRequest
) -> None:
    total = count_messages(estate, up)
    down(estate)

    for at in (chosen := choose(total, SOME)):
        forget(estate)
        assert run_interrupted(lambda: up(estate), at) == 0, at
        up(estate)

        assert dump(estate) == whole, f"killed before message {at} of {total}"
        assert list_ended(estate, "up") == ALL_ONCE, f"killed before message {at} of {total}"
        assert estate.query("SELECT title FROM auth.manor ORDER BY id") == [("first",), ("second",)]
        assert len(estate.applied) == len(set(estate.applied)) == 5
        down(estate)
    request.node.user_properties.append(("faults: killed clients, with nobody waiting", len(chosen)))


def test_rollback_killed_before_any_message_is_finished_by_the_next(
    estate: Estate, whole: str, request: pytest.FixtureRequest
) -> None:
    up(estate)
    total = count_messages(estate, down)

    for at in (chosen := choose(total, SOME)):
        up(estate)
        forget(estate)
        assert run_interrupted(lambda: down(estate), at) == 0, at
        down_again(estate)

        assert estate.tables == {}, f"killed before message {at} of {total}"
        assert estate.applied == []
        assert list_ended(estate, "down") == ALL_ONCE, f"killed before message {at} of {total}"
    up(estate)
    assert dump(estate) == whole
    request.node.user_properties.append(("faults: rollbacks killed", len(chosen)))


def down_again(estate: Estate) -> None:
    """Roll back what is left, if anything is."""
    if estate.applied:
        down(estate)


@pytest.mark.parametrize("number", [2, 8])
def test_migrators_that_start_at_once_apply_each_migration_once(
    number: int, estate: Estate, whole: str, request: pytest.FixtureRequest
) -> None:
    connections[ALIAS].close()

    for child in [Child(estate.migrate, "meadow") for _ in range(number)]:
        child.wait()

    assert list_ended(estate, "up") == ALL_ONCE
    assert len(estate.applied) == 5
    assert dump(estate) == whole
    request.node.user_properties.append(("faults: migrators at once", 1))
