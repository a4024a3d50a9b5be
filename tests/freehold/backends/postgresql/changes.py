"""Changes that a migration may make, each as the operations before it and the operations that make it.

`t` gives a table its name: bare for a stock Django, "alpha.name" for the engine.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.postgres import constraints as pg_constraints, indexes as pg_indexes, operations as pg
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import migrations as m, models
from django.db.migrations.operations.base import Operation
from django.db.models.functions import Lower

T = Callable[[str], str]
Operations = tuple[list[Operation], list[Operation]]
ID = ("id", models.BigAutoField(primary_key=True))
Field = models.Field


def table(t: T, name: str, *fields: tuple[str, Field], **options: object) -> m.CreateModel:
    """Give the creation of model `name` in the table of that name."""
    return m.CreateModel(name, [ID, *fields], options={"db_table": t(name), **options})


def text(**options: object) -> models.CharField:
    return models.CharField(max_length=20, **options)


def link(to: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(f"lab.{to}", models.DO_NOTHING, **options)


def alter(name: str, old: Field, new: Field) -> Callable[[T], Operations]:
    """Give the change of one field of table `item`, which has a second one beside it."""
    return lambda t: (
        [table(t, "item", (name, old), ("beside", text(db_index=True)))],
        [m.AlterField("item", name, new)],
    )


def constrain(constraint: models.BaseConstraint, *fields: tuple[str, Field]) -> Callable[[T], Operations]:
    """Give the removal of a constraint; its way back adds it."""
    return lambda t: (
        [table(t, "item", *fields), m.AddConstraint("item", constraint)],
        [m.RemoveConstraint("item", constraint.name)],
    )


def index(index: models.Index, *fields: tuple[str, Field]) -> Callable[[T], Operations]:
    """Give the removal of an index; its way back adds it."""
    return lambda t: ([table(t, "item", *fields), m.AddIndex("item", index)], [m.RemoveIndex("item", index.name)])


def index_concurrently(t: T) -> Operations:
    named = models.Index(fields=["name"], name="item_name_idx")
    return (
        [table(t, "item", ("name", text())), m.AddIndex("item", named)],
        [pg.RemoveIndexConcurrently("item", "item_name_idx")],
    )


def add_index_concurrently(t: T) -> Operations:
    named = models.Index(fields=["name"], name="item_name_idx")
    return [table(t, "item", ("name", text()))], [pg.AddIndexConcurrently("item", named)]


def pair(t: T, **options: object) -> list[Operation]:
    """Give two tables, the second with a foreign key to the first."""
    return [table(t, "parent"), table(t, "child", ("parent", link("parent", **options)))]


def primary_key(t: T) -> Operations:
    parent = m.CreateModel("parent", [("id", models.AutoField(primary_key=True))], options={"db_table": t("parent")})
    return (
        [parent, table(t, "child", ("parent", link("parent")))],
        [m.AlterField("parent", "id", models.BigAutoField(primary_key=True))],
    )


def serial(t: T) -> Operations:
    """A column as Django made it before 4.1."""
    name = t("item").replace(".", '"."')
    made = m.CreateModel("item", [("id", models.AutoField(primary_key=True))], options={"db_table": t("item")})
    sql = m.RunSQL(f'CREATE TABLE "{name}" (id serial PRIMARY KEY)', m.RunSQL.noop, state_operations=[made])
    return [sql], [m.AlterField("item", "id", models.BigAutoField(primary_key=True))]


def serial_to_integer(t: T) -> Operations:
    return serial(t)[0], [m.AlterField("item", "id", models.IntegerField(primary_key=True))]


def pending_rows(t: T) -> Operations:
    """Rows whose foreign key is still to be checked when it goes: SET CONSTRAINTS must name it."""
    parent, child = (t(name).replace(".", '"."') for name in ("parent", "child"))
    insert = f'INSERT INTO "{parent}" DEFAULT VALUES; INSERT INTO "{child}" (parent_id) SELECT id FROM "{parent}"'
    return pair(t, null=True), [m.RunSQL(insert, m.RunSQL.noop), m.RemoveField("child", "parent")]


def add_key_to_rows(t: T) -> Operations:
    child = t("child").replace(".", '"."')
    return (
        [table(t, "parent"), table(t, "child")],
        [
            m.RunSQL(f'INSERT INTO "{child}" DEFAULT VALUES', m.RunSQL.noop),
            m.AddField("child", "parent", link("parent", null=True)),
            m.AddField("child", "name", text(default="x", db_index=True)),
        ],
    )


def many(t: T) -> list[Operation]:
    return [table(t, "tag"), table(t, "item", ("tags", models.ManyToManyField("lab.tag")))]


def composite_key(t: T) -> Operations:
    fields = [("pk", models.CompositePrimaryKey("a", "b")), ("a", models.IntegerField()), ("b", text())]
    made = m.CreateModel("item", fields, options={"db_table": t("item")})
    return [table(t, "other")], [made]


def exclusion() -> pg_constraints.ExclusionConstraint:
    return pg_constraints.ExclusionConstraint(name="item_days_excl", expressions=[("days", RangeOperators.OVERLAPS)])


def not_valid(t: T) -> Operations:
    check = models.CheckConstraint(condition=models.Q(size__gt=0), name="item_size_check")
    return (
        [table(t, "item", ("size", models.IntegerField()))],
        [pg.AddConstraintNotValid("item", check), pg.ValidateConstraint("item", "item_size_check")],
    )


NAME, SIZE = ("name", text()), ("size", models.IntegerField(null=True))
UNIQUE = models.UniqueConstraint
FEW = models.Q(size__gt=0)

CHANGES: dict[str, Callable[[T], Operations]] = {
    # What a stock Django silently leaves behind when the schema is off the search path.
    "RemoveIndex": index(models.Index(fields=["name"], name="item_name_idx"), NAME),
    "RemoveIndex, expression": index(models.Index(Lower("name"), name="item_lower_idx"), NAME),
    "RemoveIndex, condition and include": index(
        models.Index(fields=["name"], include=["size"], condition=FEW, name="item_few_idx"), NAME, SIZE
    ),
    "RemoveIndex, operator class": index(
        models.Index(fields=["name"], opclasses=["text_pattern_ops"], name="item_ops_idx"), NAME
    ),
    "RemoveIndex, BRIN": index(pg_indexes.BrinIndex(fields=["size"], name="item_brin_idx"), SIZE),
    "RemoveIndex, GIN": index(pg_indexes.GinIndex(fields=["data"], name="item_gin"), ("data", models.JSONField())),
    "RemoveIndexConcurrently": index_concurrently,
    "AddIndexConcurrently": add_index_concurrently,
    "RemoveConstraint, unique": constrain(UNIQUE(fields=["name"], name="item_uniq"), NAME),
    "RemoveConstraint, conditional": constrain(UNIQUE(fields=["name"], condition=FEW, name="item_u"), NAME, SIZE),
    "RemoveConstraint, functional": constrain(UNIQUE(Lower("name"), name="item_u"), NAME),
    "RemoveConstraint, covering": constrain(UNIQUE(fields=["name"], include=["size"], name="item_u"), NAME, SIZE),
    "RemoveConstraint, operator class": constrain(
        UNIQUE(fields=["name"], opclasses=["text_pattern_ops"], name="item_u"), NAME
    ),
    "RemoveConstraint, deferred": constrain(
        UNIQUE(fields=["name"], deferrable=models.Deferrable.DEFERRED, name="item_u"), NAME
    ),
    "RemoveConstraint, nulls not distinct": constrain(
        UNIQUE(fields=["size"], nulls_distinct=False, name="item_u"), SIZE
    ),
    "RemoveConstraint, check": constrain(models.CheckConstraint(condition=FEW, name="item_check"), SIZE),
    "RemoveConstraint, exclusion": constrain(exclusion(), ("days", DateRangeField())),
    "AddConstraintNotValid, ValidateConstraint": not_valid,
    "db_index, off": alter("name", text(db_index=True), text()),
    "db_index, on": alter("name", text(), text(db_index=True)),
    "unique, off": alter("name", text(unique=True), text()),
    "unique, to db_index": alter("name", text(unique=True), text(db_index=True)),
    "unique, from db_index": alter("name", text(db_index=True), text(unique=True)),
    "foreign key, db_constraint off": lambda t: (
        pair(t),
        [m.AlterField("child", "parent", link("parent", db_constraint=False))],
    ),
    "foreign key, db_index off": lambda t: (pair(t), [m.AlterField("child", "parent", link("parent", db_index=False))]),
    "foreign key, to another table": lambda t: (
        [*pair(t), table(t, "step")],
        [m.AlterField("child", "parent", link("step"))],
    ),
    "foreign key, added to rows": add_key_to_rows,
    "foreign key, removed with rows pending": pending_rows,
    "foreign key, to itself": lambda t: ([table(t, "item")], [m.AddField("item", "up", link("item", null=True))]),
    "primary key, another type": primary_key,
    "primary key, another column": lambda t: (
        [table(t, "item", ("code", text(unique=True)))],
        [m.RemoveField("item", "id"), m.AlterField("item", "code", text(primary_key=True))],
    ),
    "PositiveInteger to Integer": alter("size", models.PositiveIntegerField(), models.IntegerField()),
    "serial to BigAuto": serial,
    "serial to Integer": serial_to_integer,
    "identity to Integer": lambda t: (
        [table(t, "item")],
        [m.AlterField("item", "id", models.BigIntegerField(primary_key=True))],
    ),
    # What a stock Django raises on.
    "AlterModelTable": lambda t: (
        [*many(t), *pair(t, db_index=True)],
        [m.AlterModelTable("item", t("thing")), m.AlterModelTable("parent", t("mother"))],
    ),
    "RenameModel": lambda t: (pair(t), [m.RenameModel("parent", "mother"), m.AlterModelTable("mother", t("mother"))]),
    "RenameField, many to many": lambda t: (many(t), [m.RenameField("item", "tags", "labels")]),
    "RenameField": lambda t: (
        [table(t, "item", ("name", text(unique=True)))],
        [m.RenameField("item", "name", "title")],
    ),
    "RenameIndex": lambda t: (
        [table(t, "item", NAME), m.AddIndex("item", models.Index(fields=["name"], name="item_name_idx"))],
        [m.RenameIndex("item", "item_title_idx", old_name="item_name_idx")],
    ),
    "AlterUniqueTogether": lambda t: (
        [table(t, "item", NAME, SIZE, unique_together={("name", "size")})],
        [m.AlterUniqueTogether("item", set())],
    ),
    "varchar with an index to integer": alter(
        "name", text(db_index=True), models.IntegerField(db_index=True, null=True)
    ),
    # The rest of the schema editor.
    "AlterModelTable, new tables": lambda t: ([], [*pair(t), *many(t), m.AlterModelTable("parent", t("mother"))]),
    "DeleteModel, new tables": lambda t: ([], [*pair(t), m.DeleteModel("child"), table(t, "left", NAME)]),
    "RemoveField, new tables": lambda t: ([], [*pair(t), m.RemoveField("child", "parent")]),
    "DeleteModel": lambda t: ([*many(t), *pair(t)], [m.DeleteModel("child"), m.DeleteModel("item")]),
    "RemoveField, many to many": lambda t: (many(t), [m.RemoveField("item", "tags")]),
    "many to many, to another table": lambda t: (
        [*many(t), table(t, "label")],
        [m.AlterField("item", "tags", models.ManyToManyField("lab.label"))],
    ),
    "CompositePrimaryKey": composite_key,
    "AlterModelTableComment": lambda t: ([table(t, "item")], [m.AlterModelTableComment("item", "of things")]),
    "comment on a column": alter("name", text(), text(db_comment="what it is called")),
    "collation": alter("name", text(unique=True), text(unique=True, db_collation="C")),
    "varchar to text": alter("name", text(unique=True), models.TextField(unique=True)),
    "longer varchar": alter("name", text(db_index=True), models.CharField(max_length=40, db_index=True)),
    "null, off with a default": alter("name", text(null=True), text(default="x")),
    "db_default": alter("size", models.IntegerField(), models.IntegerField(db_default=7)),
    "GeneratedField": lambda t: (
        [table(t, "item", NAME)],
        [
            m.AddField(
                "item", "low", models.GeneratedField(expression=Lower("name"), output_field=text(), db_persist=True)
            )
        ],
    ),
    "AlterOrderWithRespectTo": lambda t: (pair(t), [m.AlterOrderWithRespectTo("child", "parent")]),
}
