"""Foreign keys with ON DELETE and columns that the database fills, on both dialects and under every Django."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import pytest
from django.contrib.admin.utils import NestedObjects
from django.db import connections, migrations as m, models
from django.db.migrations.state import ModelState
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from freehold.acting import acting
from freehold.functions import RandomUUID
from tests.dialect import DIALECT
from tests.freehold.backends.conftest import open_alias
from tests.freehold.backends.labs import Lab

ACTIONS = {"a": "NO ACTION", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
KINDS = [models.DB_CASCADE, models.DB_SET_NULL, models.DB_SET_DEFAULT, models.DO_NOTHING]
EXPECTED = ["CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION"]


@pytest.fixture
def lab(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Any:
    """A schema off the search path on PostgreSQL, the same names in memory on SQLite."""
    if DIALECT == "postgresql":
        yield Lab(request.getfixturevalue("scratch"), "alpha")
        return
    options = {"schemas": ["alpha", "beta"]}
    entry = connections.settings["default"] | {"NAME": ":memory:", "OPTIONS": options}
    with django_db_blocker.unblock(), acting(None), open_alias("scratch", entry) as connection:
        yield Lab(connection, "alpha")


def make(lab: Lab, name: str, *fields: tuple[str, models.Field]) -> m.CreateModel:
    key = ("id", models.BigAutoField(primary_key=True))
    return m.CreateModel(name, [key, *fields], options={"db_table": lab.t(name)})


def link(on_delete: Any, **options: Any) -> models.ForeignKey:
    return models.ForeignKey("lab.parent", on_delete, null=True, db_default=None, **options)


def read_actions(lab: Lab, name: str = "child") -> list[str]:
    """Give what the catalogue says of the table's foreign keys."""
    with lab.connection.cursor() as cursor:
        if DIALECT == "sqlite":
            cursor.execute(f'PRAGMA foreign_key_list("{lab.t(name)}")')
            return [row[6] for row in cursor.fetchall()]
        sql = "SELECT confdeltype FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass"
        cursor.execute(sql, [lab.t(name)])
        return [ACTIONS[row[0]] for row in cursor.fetchall()]


@pytest.mark.parametrize(("on_delete", "action"), list(zip(KINDS, EXPECTED, strict=True)))
def test_table_made_with_on_delete_has_it_in_the_database(on_delete: Any, action: str, lab: Lab) -> None:
    lab.forwards(make(lab, "parent"), make(lab, "child", ("parent", link(on_delete))))

    assert read_actions(lab) == [action]


@pytest.mark.parametrize(("on_delete", "action"), list(zip(KINDS, EXPECTED, strict=True)))
def test_field_added_with_on_delete_has_it_in_the_database(on_delete: Any, action: str, lab: Lab) -> None:
    lab.forwards(make(lab, "parent"), make(lab, "child"))

    lab.forwards(m.AddField("child", "parent", link(on_delete)))

    assert read_actions(lab) == [action]


def test_on_delete_changed_is_changed_in_the_database_and_back(lab: Lab) -> None:
    lab.forwards(make(lab, "parent"), make(lab, "child", ("parent", link(models.CASCADE))))

    for on_delete, action in [*zip(KINDS, EXPECTED, strict=True), (models.SET_NULL, "NO ACTION")]:
        lab.forwards(m.AlterField("child", "parent", link(on_delete)))
        assert read_actions(lab) == [action]
    for action in [*reversed(EXPECTED), "NO ACTION"]:
        lab.backwards(1)
        assert read_actions(lab) == [action]


def test_on_delete_that_python_carries_out_is_changed_without_a_statement(lab: Lab) -> None:
    lab.forwards(make(lab, "parent"), make(lab, "child", ("parent", link(models.CASCADE))))

    with CaptureQueriesContext(lab.connection) as queries:
        lab.forwards(m.AlterField("child", "parent", link(models.SET_NULL)))

    assert not [query["sql"] for query in queries if "child" in query["sql"]]


def test_two_fields_of_one_table_keep_each_its_own_on_delete(lab: Lab) -> None:
    fields = [("a", link(models.DB_CASCADE, related_name="+")), ("b", link(models.CASCADE, related_name="+"))]
    lab.forwards(make(lab, "parent"), make(lab, "child", *fields), m.AddField("child", "size", models.IntegerField()))

    assert sorted(read_actions(lab)) == ["CASCADE", "NO ACTION"]


@pytest.fixture
def family(lab: Lab) -> Lab:
    """A parent with a child that goes along, one that stays without it, and a grandchild."""
    lab.forwards(
        make(lab, "parent"),
        make(lab, "child", ("parent", models.ForeignKey("lab.parent", models.DB_CASCADE))),
        make(lab, "guest", ("parent", link(models.DB_SET_NULL))),
        make(lab, "grandchild", ("child", models.ForeignKey("lab.child", models.DB_CASCADE))),
    )
    for _ in range(2):
        parent = lab.get_model("parent").objects.using("scratch").create()
        child = lab.get_model("child").objects.using("scratch").create(parent=parent)
        lab.get_model("guest").objects.using("scratch").create(parent=parent)
        lab.get_model("grandchild").objects.using("scratch").create(child=child)
    return lab


def count(lab: Lab) -> list[int]:
    return [lab.get_model(name).objects.using("scratch").count() for name in ("parent", "child", "guest", "grandchild")]


def test_delete_of_one_row_asks_for_no_related_table(family: Lab) -> None:
    parent = family.get_model("parent").objects.using("scratch").first()

    with CaptureQueriesContext(family.connection) as queries:
        deleted = parent.delete()

    assert deleted == (1, {"lab.parent": 1})
    assert [query["sql"].split()[0] for query in queries] == ["DELETE"]
    assert count(family) == [1, 1, 2, 1]


def test_delete_of_a_queryset_is_one_statement(family: Lab) -> None:
    with CaptureQueriesContext(family.connection) as queries:
        family.get_model("parent").objects.using("scratch").all().delete()

    statements = [query["sql"].split()[0] for query in queries]
    assert [word for word in statements if word not in {"BEGIN", "COMMIT"}] == ["DELETE"]
    assert count(family) == [0, 0, 2, 0]
    assert family.get_model("guest").objects.using("scratch").filter(parent__isnull=True).count() == 2


def test_admin_lists_what_the_database_will_delete(family: Lab) -> None:
    parents = family.get_model("parent").objects.using("scratch").order_by("pk")[:1]
    collector = NestedObjects(using="scratch")

    collector.collect(parents)

    assert {model._meta.model_name: len(rows) for model, rows in collector.model_objs.items()} == {
        "parent": 1,
        "child": 1,
        "grandchild": 1,
    }
    assert count(family) == [2, 2, 2, 2]


def test_cascade_of_python_goes_on_to_where_the_database_takes_over(lab: Lab) -> None:
    lab.forwards(
        make(lab, "parent"),
        make(lab, "child", ("parent", models.ForeignKey("lab.parent", models.CASCADE))),
        make(lab, "grandchild", ("child", models.ForeignKey("lab.child", models.DB_CASCADE))),
    )
    parent = lab.get_model("parent").objects.using("scratch").create()
    child = lab.get_model("child").objects.using("scratch").create(parent=parent)
    lab.get_model("grandchild").objects.using("scratch").create(child=child)

    assert parent.delete() == (2, {"lab.child": 1, "lab.parent": 1})
    assert lab.get_model("grandchild").objects.using("scratch").count() == 0


@pytest.fixture
def keyed(lab: Lab) -> Lab:
    """A table whose key the database makes."""
    fields = [("id", models.UUIDField(primary_key=True, db_default=RandomUUID())), ("n", models.IntegerField())]
    lab.forwards(m.CreateModel("item", fields, options={"db_table": lab.t("item")}))
    return lab


def test_random_uuid_of_the_database_is_a_version_4_of_its_own_for_each_row(keyed: Lab) -> None:
    items = keyed.get_model("item").objects.using("scratch")
    with keyed.connection.cursor() as cursor:
        table = keyed.connection.ops.quote_name(keyed.t("item"))
        cursor.execute(f"INSERT INTO {table} (n) VALUES {', '.join(['(1)'] * 500)}")

    keys = [item.id for item in items.all()]
    assert {(key.version, key.variant) for key in keys} == {(4, "specified in RFC 4122")}
    assert len(set(keys)) == 500
    assert items.get(id=keys[0]).id == keys[0]


def test_row_made_by_the_orm_knows_the_key_that_the_database_made(keyed: Lab) -> None:
    items = keyed.get_model("item").objects.using("scratch")

    item = items.create(n=1)
    item.refresh_from_db()

    assert items.get().id == item.id
    assert items.values_list(RandomUUID()).get()[0].version == 4


@pytest.mark.sqlite
def test_random_uuid_needs_no_function_of_djangos_in_sqlite(keyed: Lab) -> None:
    with keyed.connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'alpha.item'")
        bare = sqlite3.connect(":memory:")
        bare.execute(cursor.fetchone()[0])

    bare.execute('INSERT INTO "alpha.item" (n) VALUES (1)')

    (key,) = bare.execute('SELECT id FROM "alpha.item"').fetchone()
    assert len(key) == 32
    assert key == key.lower()


def test_model_state_of_a_migration_renders_with_the_same_table(keyed: Lab) -> None:
    state = ModelState.from_model(keyed.get_model("item"))

    assert state.options["db_table"] == "alpha.item"


# --- Names of indexes ------------------------------------------------------------------------------------------------
def list_indexes(lab: Lab, name: str) -> set[str]:
    with lab.connection.cursor() as cursor:
        found = lab.connection.introspection.get_constraints(cursor, lab.t(name))
    return {key for key, each in found.items() if (each["index"] or each["unique"]) and not each["primary_key"]}


def test_index_that_was_made_with_a_dot_in_its_name_can_be_renamed_and_back(lab: Lab) -> None:
    lab.forwards(make(lab, "Leaf", ("a", models.IntegerField())))
    lab.forwards(m.AddIndex("leaf", models.Index(fields=["a"], name="alpha.leaf_a_b1b2b3_idx")))
    assert list_indexes(lab, "Leaf") == {"alpha.leaf_a_b1b2b3_idx"}

    lab.forwards(m.RenameIndex("leaf", old_name="alpha.leaf_a_b1b2b3_idx", new_name="leaf_a_b1b2b3_idx"))
    assert list_indexes(lab, "Leaf") == {"leaf_a_b1b2b3_idx"}

    lab.backwards(1)
    assert list_indexes(lab, "Leaf") == {"alpha.leaf_a_b1b2b3_idx"}


def test_index_that_django_names_is_called_as_without_a_schema(lab: Lab) -> None:
    """Under a map; without one SQLite has all indexes of all schemas in one place, where two could have one name."""
    lab.forwards(make(lab, "Leaf", ("a", models.IntegerField(db_index=True)), ("b", models.IntegerField(unique=True))))
    lab.forwards(m.AlterUniqueTogether("leaf", {("a", "b")}))

    named = {name for name in list_indexes(lab, "Leaf") if not name.startswith("__unnamed")}  # SQLite's own
    assert {re.sub("_[0-9a-f]{8}(_uniq)?$", "", name) for name in named} >= {"Leaf_a", "Leaf_a_b"}
    assert {name for name in named if not name.startswith("Leaf_")} == set()


@pytest.mark.sqlite
def test_indexes_of_two_schemas_keep_apart_without_a_map(lab: Lab, settings: Settings) -> None:
    settings.OWNERSHIP = None
    other = Lab(lab.connection, "beta")
    for each in (lab, other):
        each.forwards(make(each, "Leaf", ("a", models.IntegerField(db_index=True))))

    assert list_indexes(lab, "Leaf") & list_indexes(other, "Leaf") == set()
