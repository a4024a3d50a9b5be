"""Names in queries, locks and flushes."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import models, transaction
from django.test import override_settings

from freehold.backends.postgresql import operations
from tests.freehold.backends.conftest import Connect
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.changes import link, table, text

pytestmark = pytest.mark.postgresql

CACHE = "django.core.cache.backends.db.DatabaseCache"


@pytest.fixture
def lab(scratch: Any) -> Lab:
    """Tables parent, child and tag in alpha, child with a foreign key and a many-to-many field."""
    lab = Lab(scratch, "alpha")
    tags = models.ManyToManyField("lab.tag")
    lab.forwards(table(lab.t, "parent", ("name", text())), table(lab.t, "tag"))
    lab.forwards(table(lab.t, "child", ("parent", link("parent")), ("tags", tags)))
    return lab


def test_quote_name_splits_what_begins_with_a_known_schema(scratch: Any) -> None:
    names = ["alpha.item", "item", "gamma.item", "en_US.utf8", '"alpha"."item"']

    assert [scratch.ops.quote_name(name) for name in names] == [
        '"alpha"."item"',
        '"item"',
        '"gamma.item"',
        '"en_US.utf8"',
        '"alpha"."item"',
    ]


def test_quote_name_follows_django_in_all_else(scratch: Any, connect: Connect) -> None:
    names = ["item", '"item"', 'a"b', '"a', "", '"', "Größe", "a b", '"a.b"', "a.", ".a"]
    stock = connect("stock", engine="django.db.backends.postgresql", search_path="beta")

    assert [scratch.ops.quote_name(name) for name in names] == [stock.ops.quote_name(name) for name in names]


def test_quote_name_remembers_no_index_of_a_cache(scratch: Any) -> None:
    name = "alpha.cache_expires"
    assert scratch.ops.quote_name(name) == '"alpha"."cache_expires"'

    with override_settings(CACHES={"default": {"BACKEND": CACHE, "LOCATION": "alpha.cache"}}):
        assert scratch.ops.quote_name(name) == '"cache_expires"'

    assert scratch.ops.quote_name(name) == '"alpha"."cache_expires"'


def test_quoting_index_holds_inside_its_block_alone(scratch: Any) -> None:
    quoted = [scratch.ops.quote_name("alpha.item")]
    with scratch.ops.quoting_index("alpha.item"):
        quoted.append(scratch.ops.quote_name("alpha.item"))
    quoted.append(scratch.ops.quote_name("alpha.item"))

    assert quoted == ['"alpha"."item"', '"item"', '"alpha"."item"']


def test_quote_name_remembers_no_more_than_so_many_names(scratch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_NAMES", 3)

    quoted = [scratch.ops.quote_name(f"alpha.item{number}") for number in [*range(9), *range(9)]]

    assert quoted == [f'"alpha"."item{number}"' for number in [*range(9), *range(9)]]
    assert sorted(scratch.ops.quoted) == ["alpha.item0", "alpha.item1", "alpha.item2"]


def test_quote_name_goes_by_the_schemas_of_its_own_connection(scratch: Any, connect: Connect) -> None:
    plain = connect("plain", search_path="public")

    quoted = [connection.ops.quote_name("alpha.item") for connection in (scratch, plain, scratch)]

    assert quoted == ['"alpha"."item"', '"alpha.item"', '"alpha"."item"']


def test_rows_are_written_read_joined_changed_and_deleted_in_their_schema(lab: Lab) -> None:
    parents, children = (lab.get_model(name).objects.using("scratch") for name in ("parent", "child"))
    parent, other = parents.bulk_create([parents.model(name="a"), parents.model(name="b")])
    child = children.create(parent=parent)
    child.tags.add(lab.get_model("tag").objects.using("scratch").create())

    assert list(children.filter(parent__name="a", tags__isnull=False).values_list("parent__name")) == [("a",)]
    assert parents.filter(name="b").update(name="c") == 1
    assert parents.annotate(n=models.Count("child")).get(name="c").n == 0
    assert parents.filter(pk__in=children.values("parent")).get() == parent
    assert children.select_related("parent").get().parent.name == "a"
    assert parents.filter(pk=other.pk).delete()[0] == 1
    parents.bulk_create(
        [parents.model(pk=parent.pk, name="z")], update_conflicts=True, unique_fields=["id"], update_fields=["name"]
    )
    assert [row.name for row in parents.raw("SELECT * FROM alpha.parent")] == ["z"]


def test_select_for_update_of_locks_the_rows_of_that_table(lab: Lab, connect: Connect) -> None:
    parents, children = (lab.get_model(name).objects for name in ("parent", "child"))
    children.using("scratch").create(parent=parents.using("scratch").create(name="a"))
    connect("second", search_path="beta", schemas=["alpha"])

    with transaction.atomic(using="scratch"), transaction.atomic(using="second"):
        query = children.using("scratch").select_related("parent")
        assert len(query.select_for_update(of=("parent",))) == 1
        # Another session finds the parent's row taken and the child's free.
        assert list(parents.using("second").select_for_update(skip_locked=True)) == []
        assert len(children.using("second").select_for_update(skip_locked=True)) == 1


@pytest.mark.parametrize("no_key", [False, True])
def test_for_update_sql_names_tables_bare_and_aliases_as_they_are(no_key: bool, scratch: Any) -> None:
    sql = scratch.ops.for_update_sql(of=('"alpha"."item"', '"T3"', '"gamma.item"'), nowait=True, no_key=no_key)

    assert sql == f'FOR{" NO KEY" if no_key else ""} UPDATE OF "item", "T3", "gamma.item" NOWAIT'


def test_flush_empties_tables_of_known_schemas_and_restarts_their_sequences(lab: Lab) -> None:
    parents = lab.get_model("parent").objects.using("scratch")
    parents.create(name="a")
    tables = ["alpha.parent", "alpha.child", "alpha.child_tags"]

    sql = lab.connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True)
    lab.connection.ops.execute_sql_flush(sql)

    assert sql == ['TRUNCATE "alpha"."parent", "alpha"."child", "alpha"."child_tags" RESTART IDENTITY CASCADE;']
    assert parents.count() == 0
    assert parents.create(name="b").pk == 1


def test_sequences_are_set_behind_the_last_row_or_to_the_first(lab: Lab) -> None:
    parent = lab.get_model("parent")
    parent.objects.using("scratch").create(pk=41, name="a")

    with lab.connection.cursor() as cursor:
        cursor.execute(lab.connection.ops.sequence_reset_sql(no_style(), [parent])[0])
        assert parent.objects.using("scratch").create(name="b").pk == 42
        sequences = lab.connection.introspection.get_sequences(cursor, "alpha.parent")
        parent.objects.using("scratch").all().delete()
        cursor.execute(lab.connection.ops.sequence_reset_by_name_sql(no_style(), sequences)[0])
        assert parent.objects.using("scratch").create(name="c").pk == 1


def test_inspectdb_writes_models_with_schemas_and_foreign_keys(lab: Lab) -> None:
    out = StringIO()

    call_command("inspectdb", database="scratch", stdout=out)

    written = out.getvalue()
    assert "class AlphaChild(models.Model):" in written
    assert "parent = models.ForeignKey('AlphaParent', models.DO_NOTHING)" in written
    assert "db_table = 'alpha.child'" in written
    assert "# Unable to inspect" not in written


def test_inspectdb_of_one_table_takes_its_name_with_the_schema(lab: Lab) -> None:
    out = StringIO()

    call_command("inspectdb", "alpha.tag", database="scratch", stdout=out)

    assert out.getvalue().count("(models.Model):") == 1
    assert "db_table = 'alpha.tag'" in out.getvalue()
