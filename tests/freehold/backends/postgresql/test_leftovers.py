"""W010 to W016: what a stock Django with a schema in quotes leaves behind is found, and mended by the hint."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import migrations as m, models
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.models import Index
from pytest_django import Settings

from freehold.backends.postgresql.expectations import list_made
from freehold.backends.postgresql.leftovers import Leftover, Search
from tests.freehold.backends.conftest import Connect
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.catalogue import Catalogue, read_catalogue
from tests.freehold.backends.postgresql.changes import CHANGES, Operations, pair, table, text
from tests.freehold.backends.postgresql.further_changes import FURTHER_CHANGES

pytestmark = pytest.mark.postgresql

STOCK = "django.db.backends.postgresql"
ALL_CHANGES = CHANGES | FURTHER_CHANGES
LEAVES = {  # what a stock Django leaves behind of these changes, by id
    "RemoveIndex": ["W010"],
    "RemoveIndex, expression": ["W010"],
    "RemoveIndex, condition and include": ["W010"],
    "RemoveIndex, BRIN": ["W010"],
    "RemoveIndex, GIN": ["W010"],
    "RemoveIndexConcurrently": ["W010"],
    "RemoveConstraint, conditional": ["W010"],
    "RemoveConstraint, functional": ["W010"],
    "RemoveConstraint, covering": ["W010"],
    "db_index, off": ["W010", "W010"],
    "unique, off": ["W010", "W011"],
    "unique, to db_index": ["W011"],
    "primary key, another column": ["W011"],
    "PositiveInteger to Integer": ["W012"],
    "foreign key, db_constraint off": ["W013"],
    "foreign key, db_index off": ["W010"],
    "foreign key, to another table": ["W013"],
    "many to many, to another table": ["W013"],
    "many to many through a model to itself": ["W010", "W013"],
    "ForeignKey to OneToOneField": ["W010"],
    "primary key, another type": ["W014"],
    "primary key of text, longer": ["W014"],
    "serial to BigAuto": ["W015"],
    "serial to Integer": ["W016"],
}


class QuotedLab(Lab):
    """A stock Django with the quotes inside the name of the table."""

    def t(self, name: str) -> str:
        return f'{self.schema}"."{name}'

    def forwards(self, *operations: Operation, together: bool = False) -> None:
        for operation in operations:
            if isinstance(operation, m.RunSQL):  # which has the quotes of a name without any
                operation.sql = operation.sql.replace('"".""', '"."')
        super().forwards(*operations, together=together)


@pytest.fixture
def quoted(scratch: Any, connect: Connect) -> Lab:
    """A stock Django over schema alpha, off the search path; the same database as `scratch`."""
    return QuotedLab(connect("stock", engine=STOCK, search_path="beta"), "alpha")


def find(connection: Any, change: Operations, **options: Any) -> list[Leftover]:
    """Give the leftovers, by the models that the operations lead to."""
    lab = Lab(connection)
    operations = [*change[0], *change[1]]
    for operation in operations:
        lab.states.append(lab.states[-1].clone())
        operation.state_forwards("lab", lab.states[-1])
    migration = Migration("0001_initial", "lab")
    migration.operations = operations
    options = {"made": list_made([migration]), **options}
    return Search(connection, lab.states[-1].apps.get_models(include_auto_created=True), **options).find()


def read(connection: Any, schema: str) -> Catalogue:
    with connection.cursor() as cursor:
        return read_catalogue(cursor, schema)


def run(connection: Any, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize("name", LEAVES)
def test_leftovers_of_stock_django_are_found_and_mended_to_the_engines_catalogue(
    name: str, scratch: Any, quoted: Lab
) -> None:
    change, own = ALL_CHANGES[name], Lab(scratch, "beta")
    for operations in change(quoted.t):
        quoted.forwards(*operations)
    for operations in change(own.t):
        own.forwards(*operations)
    before = read(scratch, "alpha")

    found = find(scratch, change(Lab(scratch, "alpha").t))
    run(scratch, *(leftover.statement for leftover in found))

    assert [leftover.id for leftover in found] == [f"freehold.{number}" for number in LEAVES[name]]
    assert read(scratch, "alpha") == read(scratch, "beta") != before
    assert find(scratch, change(Lab(scratch, "alpha").t)) == []


@pytest.mark.parametrize("name", ALL_CHANGES)
def test_what_the_engine_made_is_no_leftover(name: str, scratch: Any) -> None:
    own = Lab(scratch, "alpha")
    for operations in ALL_CHANGES[name](own.t):
        own.forwards(*operations)
    by_hand = any(isinstance(operation, m.RunSQL) for operation in own.done)

    assert find(scratch, (own.done, [])) == []
    assert by_hand or find(scratch, (own.done, []), made=None) == []


# --- What is made by hand is meant ---------------------------------------------------------------------------------
BY_HAND = (
    "CREATE INDEX of_ours ON alpha.item (name)",
    "ALTER TABLE alpha.item ADD CONSTRAINT short CHECK (name <> '')",
    "ALTER TABLE alpha.item ADD CONSTRAINT once UNIQUE (name)",
    "ALTER TABLE alpha.item ADD CONSTRAINT itself FOREIGN KEY (size) REFERENCES alpha.item (id)",
    "CREATE SEQUENCE alpha.numbers OWNED BY alpha.item.size",
)


@pytest.mark.parametrize("statement", BY_HAND)
def test_what_was_made_by_hand_is_told_from_what_a_migration_made(statement: str, scratch: Any) -> None:
    own = Lab(scratch, "alpha")
    own.forwards(table(own.t, "item", ("name", text()), ("size", models.BigIntegerField(null=True))))

    run(scratch, statement)

    assert find(scratch, (own.done, [])) == []
    assert len(find(scratch, (own.done, []), made=None)) == 1


def test_index_of_a_table_with_the_same_name_in_another_schema_is_none_of_ours(scratch: Any) -> None:
    own, other = Lab(scratch, "alpha"), Lab(scratch, "beta")
    own.forwards(table(own.t, "item", ("name", text())))
    other.forwards(table(other.t, "item", ("name", text(db_index=True))))
    without = table(other.t, "item", ("name", text()))

    assert find(scratch, (own.done, [])) == []
    assert [leftover.text for leftover in find(scratch, ([without], []))] == [
        "The index beta.item_name_3e3640c3",
        "The index beta.item_name_3e3640c3_like",
    ]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("CREATE INDEX item_name_size_0a1b2c3d ON alpha.item (name, size)", "index"),
        ("CREATE UNIQUE INDEX item_name_size_0a1b2c3d ON alpha.item (name) WHERE size > 0", "unique index"),
    ],
)
def test_index_of_another_kind_is_not_taken_for_that_of_the_column(statement: str, kind: str, scratch: Any) -> None:
    own = Lab(scratch, "alpha")
    own.forwards(table(own.t, "item", ("name", text(db_index=True)), ("size", models.IntegerField())))

    run(scratch, statement)

    assert [leftover.text for leftover in find(scratch, (own.done, []))] == [
        f"The {kind} alpha.item_name_size_0a1b2c3d"
    ]


def test_foreign_key_to_a_table_of_the_same_name_in_another_schema_is_left_over(scratch: Any) -> None:
    own, other = Lab(scratch, "alpha"), Lab(scratch, "beta")
    own.forwards(*pair(own.t))
    other.forwards(table(other.t, "parent"))

    run(
        scratch,
        "ALTER TABLE alpha.child ADD CONSTRAINT child_parent_id_0a1b2c3d_fk "
        "FOREIGN KEY (parent_id) REFERENCES beta.parent",
    )

    assert [(leftover.id, leftover.statement) for leftover in find(scratch, (own.done, []))] == [
        ("freehold.W013", 'ALTER TABLE "alpha"."child" DROP CONSTRAINT IF EXISTS "child_parent_id_0a1b2c3d_fk";')
    ]


# --- What is looked at ---------------------------------------------------------------------------------------------
def test_tables_without_a_known_schema_cost_no_query(scratch: Any, django_assert_num_queries: Any) -> None:
    change = ([table(str, "item", ("name", text(db_index=True)))], [])

    with django_assert_num_queries(0, connection=scratch):
        assert find(scratch, change) == []


def test_number_of_queries_does_not_grow_with_the_tables(scratch: Any, django_assert_num_queries: Any) -> None:
    own = Lab(scratch, "alpha")
    own.forwards(*pair(own.t), *(table(own.t, f"item{number}", ("name", text(unique=True))) for number in range(3)))

    with django_assert_num_queries(3, connection=scratch):
        assert find(scratch, (own.done, [])) == []


def test_unmanaged_model_asks_for_nothing(scratch: Any) -> None:
    own = Lab(scratch, "alpha")
    own.forwards(table(own.t, "item", ("name", text(db_index=True))))
    unmanaged = [table(own.t, "item", ("name", text()), managed=False)]

    assert find(scratch, (unmanaged, [])) == []


class Elsewhere:
    """Keeps every table of the lab in another database."""

    def allow_migrate(self, database: str, app_label: str, **hints: Any) -> bool | None:
        return False if app_label == "lab" else None


def test_model_of_another_database_asks_for_nothing(scratch: Any, settings: Settings) -> None:
    own = Lab(scratch, "alpha")
    own.forwards(table(own.t, "item", ("name", text(db_index=True))))
    without = ([table(own.t, "item", ("name", text()))], [])
    assert len(find(scratch, without)) == 2

    settings.DATABASE_ROUTERS = [f"{__name__}.Elsewhere"]

    assert find(scratch, without) == []


def test_index_is_declared_by_each_operation_that_names_one() -> None:
    migration = Migration("0001_initial", "lab")
    migration.operations = [
        table(str, "item", ("name", text()), indexes=[Index(fields=["name"], name="one")]),
        m.AddIndex("item", Index(fields=["name"], name="two")),
        m.RenameIndex("item", "four", old_name="three"),
        m.SeparateDatabaseAndState([m.AddIndex("item", Index(fields=["name"], name="five"))]),
        m.RunSQL("SELECT 1", state_operations=[m.AddIndex("item", Index(fields=["name"], name="six"))]),
    ]

    assert list_made([migration])["lab"].names == {"one", "two", "three", "five", "six"}
