"""What Django does with tables beside migrating them: each a function that gives what came of it.

Schemas' names are no part of what it gives, so that the same is expected of every lab that was furnished alike.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command, load_command_class
from django.core.management.color import no_style
from django.db import migrations as m, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.db.models import F, Q
from django.test import override_settings

from tests.freehold.backends.labs import APP, Lab
from tests.freehold.backends.postgresql.catalogue import list_names, read_catalogue
from tests.freehold.backends.postgresql.changes import link, table, text

Reading = Callable[[Lab], object]
CACHE = "django.core.cache.backends.db.DatabaseCache"
READINGS: dict[str, Reading] = {}


def reading(name: str) -> Callable[[Reading], Reading]:
    """Enter a function under the name that it has in the documentation."""

    def enter(function: Reading) -> Reading:
        READINGS[name] = function
        return function

    return enter


def furnish(lab: Lab) -> None:
    """Make tables tag, parent and item, the last with a foreign key, a many-to-many field, and a row of each."""
    t = lab.t
    lab.forwards(
        table(t, "tag", ("name", text(default="x"))),
        table(t, "parent", ("name", text(unique=True))),
        table(
            t,
            "item",
            ("name", text(db_index=True, db_default="x")),
            ("size", models.PositiveIntegerField(null=True, db_comment="in cm")),
            ("parent", link("parent", null=True)),
            ("tags", models.ManyToManyField("lab.tag")),
            db_table_comment="of things",
        ),
        m.AddIndex("item", models.Index(fields=["-size"], include=["name"], name="item_size_idx")),
    )
    parent = lab.rows("parent").create(name="a")
    item = lab.rows("item").create(name="b", size=3, parent=parent)
    item.tags.add(lab.rows("tag").create())


def strip(lab: Lab, value: object) -> str:
    """Give the value as text, without the lab's schema."""
    found = value if isinstance(value, str) else repr(value)
    for prefix in (lab.prefix, f'"{lab.schema}".', f"{lab.schema}."):
        found = found.replace(prefix, "") if prefix else found
    return found.replace(lab.schema.title(), "") if lab.prefix else found


def run(lab: Lab, command: str, *arguments: str, **options: Any) -> str:
    """Run a command of Django's own on the lab's connection; give what it prints."""
    out = StringIO()
    found = load_command_class("django.core", command)
    call_command(found, *arguments, database=lab.connection.alias, stdout=out, stderr=out, **options)
    return out.getvalue()


def count(lab: Lab) -> list[int]:
    return [lab.rows(name).count() for name in ("tag", "parent", "item")]


def introspect(method: str, name: str = "item") -> Reading:
    def read(lab: Lab) -> object:
        with lab.connection.cursor() as cursor:
            return strip(lab, getattr(lab.connection.introspection, method)(cursor, lab.t(name)))

    return read


for method in ("get_table_description", "get_sequences", "get_relations", "get_primary_key_column"):
    READINGS[f"introspection.{method}"] = introspect(method)


@reading("introspection.get_constraints")
def read_constraints(lab: Lab) -> object:
    with lab.connection.cursor() as cursor:
        found = lab.connection.introspection.get_constraints(cursor, lab.t("item"))
    # NOT NULL is a constraint of its own since PostgreSQL 18; Django leaves it out from 6.1 on.
    return sorted((name, strip(lab, details)) for name, details in found.items() if not name.endswith("_not_null"))


@reading("introspection.table_names")
def read_table_names(lab: Lab) -> object:
    return lab.own(lab.connection.introspection.table_names())


@reading("introspection.get_table_list")
def read_table_list(lab: Lab) -> object:
    with lab.connection.cursor() as cursor:
        tables = lab.connection.introspection.get_table_list(cursor)
    return lab.own([found.name for found in tables]), [found.comment for found in tables if found.name == lab.t("item")]


@reading("introspection.sequence_list")
def read_sequence_list(lab: Lab) -> object:
    with lab.installed():
        return [strip(lab, found) for found in lab.connection.introspection.sequence_list()]


@reading("introspection.django_table_names, only existing")
def read_django_table_names(lab: Lab) -> object:
    with lab.installed():
        return lab.own(lab.connection.introspection.django_table_names(only_existing=True))


@reading("inspectdb")
def inspect(lab: Lab) -> object:
    return list_classes(lab, run(lab, "inspectdb"))


def list_classes(lab: Lab, written: str) -> list[str]:
    """Give the models that are written for the lab's schema."""
    classes = re.split(r"(?m)^(?=class |# Unable)", written)[1:]
    return sorted(strip(lab, each.rstrip()) for each in classes if f"db_table = '{lab.prefix}" in each)


@reading("inspectdb of one table")
def inspect_one(lab: Lab) -> object:
    return list_classes(lab, run(lab, "inspectdb", lab.t("item")))


@reading("inspectdb with partitions and views")
def inspect_all_kinds(lab: Lab) -> object:
    sql = """
        CREATE VIEW {s}.seen AS SELECT name FROM {s}.item;
        CREATE MATERIALIZED VIEW {s}.kept AS SELECT size FROM {s}.item;
        CREATE TABLE {s}.log (at date) PARTITION BY RANGE (at);
        CREATE TABLE {s}.log_old PARTITION OF {s}.log DEFAULT
    """
    with lab.connection.cursor() as cursor:
        cursor.execute(sql.format(s=lab.schema))
    return list_classes(lab, run(lab, "inspectdb", include_partitions=True, include_views=True))


@reading("sqlflush")
def print_flush(lab: Lab) -> object:
    with lab.installed():
        truncated = re.findall(r"TRUNCATE (.*?)( RESTART IDENTITY)?;", strip(lab, run(lab, "sqlflush")))
    return [(sorted(tables.split(", ")), restart) for tables, restart in truncated]


@reading("flush")
def flush(lab: Lab) -> object:
    with lab.installed():
        run(lab, "flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    return count(lab), lab.rows("tag").create().pk


@reading("flush without sequences, as TransactionTestCase does")
def flush_rows(lab: Lab) -> object:
    with lab.installed():
        options = {"reset_sequences": False, "allow_cascade": False, "inhibit_post_migrate": True}
        run(lab, "flush", interactive=False, verbosity=0, **options)
    return count(lab), lab.rows("tag").create().pk


@reading("sqlsequencereset")
def reset_sequences(lab: Lab) -> object:
    lab.rows("item").create(pk=41, name="c")
    with lab.installed(), lab.connection.cursor() as cursor:
        cursor.execute(run(lab, "sqlsequencereset", APP, no_color=True))
    return lab.rows("item").create(name="d").pk


@reading("ops.sequence_reset_by_name_sql")
def reset_sequences_by_name(lab: Lab) -> object:
    with lab.connection.cursor() as cursor:
        sequences = lab.connection.introspection.get_sequences(cursor, lab.t("tag"))
        for statement in lab.connection.ops.sequence_reset_by_name_sql(no_style(), sequences):
            cursor.execute(statement)
    lab.rows("item").get().tags.clear()
    lab.rows("tag").all().delete()
    return lab.rows("tag").create().pk


@reading("dumpdata, loaddata")
def dump_and_load(lab: Lab) -> object:
    with lab.installed(), tempfile.TemporaryDirectory() as directory:
        dumped = run(lab, "dumpdata", APP)
        path = Path(directory, "lab.json")
        path.write_text(dumped)
        for name in ("item", "parent", "tag"):
            lab.rows(name).all().delete()
        run(lab, "loaddata", str(path), verbosity=0)
    return dumped, count(lab), lab.rows("tag").create().pk


@reading("createcachetable")
def make_cache_table(lab: Lab) -> object:
    with override_settings(CACHES={"default": {"BACKEND": CACHE, "LOCATION": lab.t("cache")}}):
        run(lab, "createcachetable", verbosity=0)
    with lab.connection.cursor() as cursor:
        catalogue = read_catalogue(cursor, lab.schema)
    return list_names(catalogue, "tables"), list_names(catalogue, "indexes")


@reading("createcachetable a second time")
def make_cache_table_again(lab: Lab) -> object:
    with lab.connection.cursor() as cursor:
        columns = "cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL"
        cursor.execute(f"CREATE TABLE {lab.schema}.cache ({columns})")
    return strip(lab, run(lab, "createcachetable", lab.t("cache")))


@reading("migrate --fake-initial")
def fake_initial(lab: Lab) -> object:
    operation = table(lab.t, "item", ("tags", models.ManyToManyField("lab.tag")))
    operations = [table(lab.t, "tag"), operation]
    migration = type("Migration", (m.Migration,), {"operations": operations, "initial": True})("0001_initial", APP)
    state = migration.mutate_state(ProjectState())
    return MigrationExecutor(lab.connection).detect_soft_applied(state, migration)[0]


@reading("sqlmigrate")
def collect(lab: Lab) -> object:
    """The SQL of a migration, run by hand."""
    with lab.connection.cursor() as cursor:
        for statement in lab.collect(m.AddField("parent", "up", link("parent", null=True, db_index=True))):
            cursor.execute(statement)
        return read_catalogue(cursor, lab.schema)


@reading("select_for_update")
def lock(lab: Lab) -> object:
    with transaction.atomic(using=lab.connection.alias):
        return len(lab.rows("item").select_for_update()), list_free(lab, "item"), list_free(lab, "parent")


@reading("select_for_update(of=…)")
def lock_of(lab: Lab) -> object:
    with transaction.atomic(using=lab.connection.alias):
        items = lab.rows("item").filter(parent__isnull=False).select_related("parent")
        return len(items.select_for_update(of=("parent",))), list_free(lab, "item"), list_free(lab, "parent")


def list_free(lab: Lab, name: str) -> list[int]:
    """Give the rows that another session finds without a lock."""
    with closing(lab.connection.copy("another")) as another, another.cursor() as cursor:
        another.set_autocommit(False)
        cursor.execute(f"SELECT id FROM {lab.schema}.{name} FOR UPDATE SKIP LOCKED")
        return [row[0] for row in cursor.fetchall()]


@reading("get, create, update, delete")
def write(lab: Lab) -> object:
    items = lab.rows("item")
    item = items.create(name="c", size=1)
    item.size = 2
    item.save()
    found = items.get(pk=item.pk).size, items.filter(size=2).update(size=F("size") + 1)
    return found, items.get_or_create(name="e")[1], items.update_or_create(name="e")[1], item.delete()[0], count(lab)


@reading("bulk_create, bulk_update, upsert")
def write_many(lab: Lab) -> object:
    parents = lab.rows("parent")
    made = parents.bulk_create([parents.model(name=name) for name in "xyz"])
    upsert = {"update_conflicts": True, "unique_fields": ["name"], "update_fields": ["name"]}
    parents.bulk_create([parents.model(name="x")], **upsert)
    parents.bulk_create([parents.model(name="x")], ignore_conflicts=True)
    made[0].name = "w"
    parents.bulk_update(made, ["name"])
    return sorted(parents.values_list("name", flat=True))


@reading("joins, subqueries, aggregates, unions")
def query(lab: Lab) -> object:
    items, parents = lab.rows("item"), lab.rows("parent")
    return (
        list(items.filter(parent__name="a", tags__name="x").values_list("name", "parent__name", "tags__name")),
        list(parents.annotate(n=models.Count("item")).values_list("name", "n")),
        parents.filter(models.Exists(items.filter(parent=models.OuterRef("pk")))).count(),
        parents.filter(pk__in=items.values("parent")).union(parents.filter(name="b")).count(),
        items.select_related("parent").prefetch_related("tags").get().parent.name,
        items.exclude(Q(parent__name="b") | Q(tags__name="y")).order_by("parent__name").distinct().count(),
        parents.filter(item__size=3).update(name="z"),
        parents.filter(item__size=3, item__tags__name="none").delete()[0],
    )


@reading("QuerySet.explain, raw, extra")
def ask_otherwise(lab: Lab) -> object:
    items = lab.rows("item")
    plan = items.filter(size=3).explain().splitlines()[0]
    raw = items.raw(f"SELECT * FROM {lab.schema}.item")
    return "item" in plan, [row.name for row in raw], items.extra(where=["size = 3"]).count()


@reading("many to many: add, set, remove, clear")
def tag(lab: Lab) -> object:
    item, tags = lab.rows("item").get(), lab.rows("tag")
    item.tags.set([tags.create(), tags.create()])
    item.tags.remove(tags.latest("pk"))
    found = item.tags.count()
    item.tags.clear()
    return found, item.tags.count()


@reading("test database")
def make_test_database(lab: Lab) -> object:
    """Whether a table can be made in a database that the tests made."""
    made = lab.connection.copy("made")
    made.settings_dict["TEST"] = made.settings_dict["TEST"] | {"NAME": f"made_{made.settings_dict['NAME']}"}
    name = made.creation._create_test_db(verbosity=0, autoclobber=True)
    made.settings_dict["NAME"] = name
    try:
        with made.cursor() as cursor:
            if not lab.prefix:  # the reference names no schema, and needs none
                cursor.execute(f"CREATE SCHEMA {lab.schema}")
            cursor.execute(f"CREATE TABLE {made.ops.quote_name(lab.t('item'))} (id integer)")
            return lab.own(made.introspection.table_names()) and True
    finally:
        made.close()
        made.creation._destroy_test_db(name, verbosity=0)
