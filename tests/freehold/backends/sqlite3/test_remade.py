"""SQLite makes a table anew for most changes of its structure: what hangs on it is there afterwards as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, OperationalError, connections, migrations as m, models
from pytest_django import DjangoDbBlocker

from freehold.acting import acting
from freehold.versions import CountedVersion
from tests.freehold.backends.conftest import open_alias
from tests.freehold.backends.labs import Lab

pytestmark = pytest.mark.sqlite
REFUSE = "BEGIN SELECT RAISE(ABORT, 'never'); END"
BODIES = {
    "own": f'CREATE TRIGGER "alpha.own" BEFORE UPDATE ON "alpha.plot" WHEN NEW.name = \'x\' {REFUSE}',
    "another's": (
        'CREATE TRIGGER "alpha.other" AFTER INSERT ON "alpha.hedge" BEGIN UPDATE "alpha.plot" SET name = 1; END'
    ),
    "view": 'CREATE VIEW "alpha.names" AS SELECT name FROM "alpha.plot"',
    "view of a view": 'CREATE VIEW "alpha.first" AS SELECT min(name) AS name FROM "alpha.names"',
    "trigger of a view": f'CREATE TRIGGER "alpha.held" INSTEAD OF INSERT ON "alpha.first" {REFUSE}',
}
CHANGES: dict[str, m.operations.base.Operation] = {
    "column": m.AlterField("Plot", "name", models.CharField(max_length=30, null=True)),
    "new column with a key": m.AddField("Plot", "hedge", models.ForeignKey("lab.Hedge", models.CASCADE, null=True)),
    "constraint": m.AddConstraint(
        "Plot", models.CheckConstraint(condition=~models.Q(name="y"), name="plot_name_check")
    ),
    "name of a column": m.RenameField("Plot", "size", "area"),
}


@pytest.fixture
def lab(django_db_blocker: DjangoDbBlocker) -> Iterator[Lab]:
    entry = connections.settings["default"] | {"NAME": ":memory:", "OPTIONS": {"schemas": ["alpha"]}}
    with django_db_blocker.unblock(), acting(None), open_alias("scratch", entry) as connection:
        lab = Lab(connection, "alpha")
        fields = [("name", models.CharField(max_length=9)), ("size", models.IntegerField(default=1))]
        fields += [("version", models.BigIntegerField(default=1, db_default=1))]
        key = ("id", models.IntegerField(primary_key=True))
        counted = CountedVersion(name="plot_version_counted")
        lab.forwards(
            m.CreateModel("Hedge", [key], {"db_table": "alpha.hedge"}),
            m.CreateModel("Plot", [key, *fields], {"db_table": "alpha.plot"}),
            m.AddConstraint("Plot", counted),
        )
        with connection.cursor() as cursor:
            for text in BODIES.values():
                cursor.execute(text)
        yield lab


def list_bodies(lab: Lab) -> set[tuple[str, str]]:
    """Give name and text of all triggers and views; a constraint's is written with the table."""
    with lab.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
        return set(cursor.fetchall())


@pytest.mark.parametrize("change", CHANGES)
def test_triggers_and_views_stay(change: str, lab: Lab) -> None:
    before = list_bodies(lab)
    lab.forwards(CHANGES[change])

    assert list_bodies(lab) == before
    lab.backwards(1)
    assert list_bodies(lab) == before


def test_they_do_what_they_did(lab: Lab) -> None:
    lab.rows("Plot").create(id=1, name="a")
    lab.forwards(CHANGES["column"])
    with pytest.raises(IntegrityError, match="never"):
        lab.rows("Plot").filter(id=1).update(name="x")
    lab.rows("Hedge").create(id=1)

    assert lab.rows("Plot").values_list("name", "version").get() == ("1", 2)
    with lab.connection.cursor() as cursor, pytest.raises((IntegrityError, OperationalError), match="never"):
        cursor.execute('INSERT INTO "alpha.first" VALUES (1)')


def test_trigger_of_a_constraint_goes_with_it(lab: Lab) -> None:
    before = list_bodies(lab)
    lab.forwards(m.RemoveConstraint("Plot", "plot_version_counted"))

    assert {name for name, _ in before - list_bodies(lab)} == {"plot_version_counted"}
    lab.backwards(1)
    assert list_bodies(lab) == before


def test_trigger_of_a_table_that_another_named_alike_has_stays_where_it_is(lab: Lab) -> None:
    lab.forwards(m.CreateModel("Plots", [("id", models.IntegerField(primary_key=True))], {"db_table": "alpha.plots"}))
    with lab.connection.cursor() as cursor:
        cursor.execute(f'CREATE TRIGGER "alpha.plots_held" BEFORE DELETE ON "alpha.plots" {REFUSE}')
    before = list_bodies(lab)
    lab.forwards(CHANGES["column"])

    assert list_bodies(lab) == before


def test_change_that_fails_outside_of_a_transaction_loses_nothing(lab: Lab) -> None:
    for number in (1, 2):
        lab.rows("Plot").create(id=number, name="same")
    before = list_bodies(lab)
    unique = m.AlterField("Plot", "name", models.CharField(max_length=9, unique=True))
    unique.atomic = False
    with pytest.raises(IntegrityError):
        lab.forwards(unique)

    assert list_bodies(lab) == before
    assert "new__alpha.plot" not in lab.connection.introspection.table_names()


def test_trigger_that_names_a_view_made_later_stays(lab: Lab) -> None:
    with lab.connection.cursor() as cursor:
        cursor.execute(
            'CREATE TRIGGER "alpha.early" AFTER DELETE ON "alpha.hedge" BEGIN SELECT 1 FROM "alpha.late"; END'
        )
        cursor.execute('CREATE VIEW "alpha.late" AS SELECT name FROM "alpha.plot"')
    before = list_bodies(lab)
    lab.forwards(CHANGES["column"])

    assert list_bodies(lab) == before
