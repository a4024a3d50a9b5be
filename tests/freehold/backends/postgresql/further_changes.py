"""What belongs beside `changes.py`: kinds of index, of constraint, of column and of model, as there."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.postgres import constraints as pg_constraints, indexes as pg_indexes, operations as pg
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations as m, models
from django.db.migrations.operations.base import Operation
from django.db.models.functions import Lower, Upper

from tests.freehold.backends.postgresql.changes import (
    FEW,
    ID,
    NAME,
    SIZE,
    UNIQUE,
    Field,
    Operations,
    T,
    alter,
    constrain,
    index,
    link,
    many,
    pair,
    table,
    text,
)

DAYS = ("days", DateRangeField(null=True))


def add(name: str, field: Field) -> Callable[[T], Operations]:
    """Give the addition of one field to table `item`, with a table `parent` beside it; its way back removes it."""
    return lambda t: ([table(t, "parent"), table(t, "item", NAME)], [m.AddField("item", name, field)])


def create(*fields: tuple[str, Field], **options: object) -> Callable[[T], Operations]:
    """Give the creation of one table; its way back drops it."""
    return lambda t: ([table(t, "other")], [table(t, "item", *fields, **options)])


def exclude(**options: object) -> Callable[[T], Operations]:
    expressions = [("days", RangeOperators.OVERLAPS)]
    constraint = pg_constraints.ExclusionConstraint(name="item_excl", expressions=expressions, **options)
    return constrain(constraint, DAYS, SIZE)


def inherit(t: T) -> Operations:
    child = m.CreateModel("kid", [SIZE], options={"db_table": t("kid")}, bases=("lab.item",))
    return [table(t, "item", NAME)], [child, m.AddField("kid", "nick", text(db_index=True, default=""))]


def proxy_and_unmanaged(t: T) -> Operations:
    """Neither makes a table; what is done to the model below the proxy shows."""
    proxy = m.CreateModel("thing", [], options={"proxy": True}, bases=("lab.item",))
    foreign = m.CreateModel("foreign", [ID], options={"db_table": t("foreign"), "managed": False})
    moved = m.AlterModelTable("foreign", t("elsewhere"))
    return [table(t, "item")], [proxy, foreign, moved, m.AddField("item", "of", link("thing", null=True))]


def through(t: T) -> Operations:
    tags = models.ManyToManyField("lab.tag", through="lab.tagging")
    tagging = table(t, "tagging", ("item", link("item")), ("tag", link("tag", null=True)))
    return [table(t, "tag"), table(t, "item"), tagging], [
        m.AddField("item", "tags", tags),
        m.RemoveField("tagging", "tag"),
    ]


def through_to_itself(t: T) -> Operations:
    ties = models.ManyToManyField("lab.item", through="lab.tie", symmetrical=False, through_fields=("a", "b"))
    tie = table(t, "tie", ("a", link("item", related_name="+")), ("b", link("item", related_name="+")))
    return [table(t, "item")], [tie, m.AddField("item", "ties", ties), m.AlterField("tie", "a", models.IntegerField())]


def many_in_named_table(t: T) -> Operations:
    old, new = (models.ManyToManyField("lab.tag", db_table=t(name)) for name in ("links", "ties"))
    return [table(t, "tag"), table(t, "item", ("tags", old))], [m.AlterField("item", "tags", new)]


def key_of_text(t: T) -> Operations:
    parent = m.CreateModel("parent", [("code", text(primary_key=True))], options={"db_table": t("parent")})
    return (
        [parent, table(t, "child", ("parent", link("parent")))],
        [m.AlterField("parent", "code", models.CharField(max_length=40, primary_key=True))],
    )


def to_one(t: T) -> Operations:
    one = models.OneToOneField("lab.parent", models.DO_NOTHING)
    return pair(t), [m.AlterField("child", "parent", one)]


def number_to_identity(t: T) -> Operations:
    made = m.CreateModel("item", [("id", models.IntegerField(primary_key=True))], options={"db_table": t("item")})
    return [made], [m.AlterField("item", "id", models.AutoField(primary_key=True))]


def collation(t: T) -> Operations:
    """A collation of the schema's own."""
    name = t("low")
    return (
        [table(t, "item", NAME)],
        [pg.CreateCollation(name, locale="C"), m.AlterField("item", "name", text(db_collation=name))],
    )


def generated(expression: object) -> models.GeneratedField:
    return models.GeneratedField(expression=expression, output_field=text(), db_persist=True)


def rename_by_fields(t: T) -> Operations:
    """An index without a name, as `index_together` made it."""
    name = t("item").replace(".", '"."')
    made = m.RunSQL(f'CREATE INDEX "item_old" ON "{name}" (name, size)', m.RunSQL.noop)
    return (
        [table(t, "item", NAME, SIZE), made],
        [m.RenameIndex("item", "item_new", old_fields=("name", "size")), m.RemoveIndex("item", "item_new")],
    )


def partitioned(t: T) -> Operations:
    """A table in parts, which Django can't make and can change."""
    name, part = (t(each).replace(".", '"."') for each in ("item", "part"))
    columns = "id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name varchar(20) NOT NULL"
    first = f'CREATE TABLE "{name}" ({columns}) PARTITION BY HASH (id)'
    second = f'CREATE TABLE "{part}" PARTITION OF "{name}" FOR VALUES WITH (MODULUS 1, REMAINDER 0)'
    made = m.RunSQL(f"{first}; {second}", m.RunSQL.noop, state_operations=[table(t, "item", NAME)])
    index = models.Index(Lower("name"), name="item_lower_idx")
    return (
        [made, m.AddIndex("item", index), m.AlterField("item", "name", text(db_index=True))],
        [m.RemoveIndex("item", "item_lower_idx"), m.AlterField("item", "name", text())],
    )


def renamed_with_all_that_hangs_on_it(t: T) -> Operations:
    indexes = [models.Index(fields=["name"], name="item_name_idx")]
    constraints: list[Operation] = [
        m.AddConstraint("item", models.CheckConstraint(condition=FEW, name="item_check")),
        m.AddConstraint("item", UNIQUE(fields=["name"], condition=FEW, name="item_u")),
    ]
    return (
        [*many(t), m.AddField("item", *NAME), m.AddField("item", *SIZE)],
        [
            *(m.AddIndex("item", each) for each in indexes),
            *constraints,
            m.RenameModel("item", "thing"),
            m.AlterModelTable("thing", t("thing")),
            m.RemoveIndex("thing", "item_name_idx"),
            m.RemoveConstraint("thing", "item_u"),
        ],
    )


FURTHER_CHANGES: dict[str, Callable[[T], Operations]] = {
    "RemoveIndex, GiST": index(pg_indexes.GistIndex(fields=["days"], name="item_gist"), DAYS),
    "RemoveIndex, GiST, fill factor": index(pg_indexes.GistIndex(fields=["days"], name="i", fillfactor=80), DAYS),
    "RemoveIndex, SP-GiST": index(pg_indexes.SpGistIndex(fields=["name"], name="item_spgist"), NAME),
    "RemoveIndex, hash": index(pg_indexes.HashIndex(fields=["name"], name="item_hash"), NAME),
    "RemoveIndex, B-tree, fill factor": index(
        pg_indexes.BTreeIndex(fields=["name"], name="i_btree", fillfactor=80), NAME
    ),
    "RemoveIndex, GIN over an array": index(
        pg_indexes.GinIndex(fields=["sizes"], name="item_gin", fastupdate=False),
        ("sizes", ArrayField(models.IntegerField(), null=True)),
    ),
    "RemoveIndex, GIN over a search vector": index(
        pg_indexes.GinIndex(fields=["words"], name="item_gin"), ("words", SearchVectorField(null=True))
    ),
    "RemoveIndex, GIN, operator class": index(
        pg_indexes.GinIndex(fields=["data"], opclasses=["jsonb_path_ops"], name="item_gin"),
        ("data", models.JSONField()),
    ),
    "RemoveIndex, descending over two columns": index(
        models.Index(fields=["-name", "size"], name="item_both_idx"), NAME, SIZE
    ),
    "RemoveIndex, tablespace": index(
        models.Index(fields=["name"], name="item_name_idx", db_tablespace="pg_default"), NAME
    ),
    "RenameIndex, by its fields": rename_by_fields,
    "RemoveConstraint, exclusion with a condition": exclude(condition=FEW),
    "RemoveConstraint, exclusion, deferrable": exclude(deferrable=models.Deferrable.DEFERRED),
    "RemoveConstraint, exclusion with include": exclude(include=["size"]),
    "RemoveConstraint, unique, deferrable": constrain(
        UNIQUE(fields=["name"], deferrable=models.Deferrable.IMMEDIATE, name="item_u"), NAME
    ),
    "RemoveConstraint, functional with a condition": constrain(
        UNIQUE(Lower("name"), condition=FEW, name="item_u"), NAME, SIZE
    ),
    "CreateModel, indexes and constraints": create(
        NAME,
        SIZE,
        indexes=[models.Index(fields=["name"], include=["size"], name="item_name_idx")],
        constraints=[UNIQUE(Lower("name"), name="item_u"), models.CheckConstraint(condition=FEW, name="item_c")],
        unique_together={("name", "size")},
    ),
    "CreateModel, comments": create(("name", text(db_comment="what it is called")), db_table_comment="of things"),
    "CreateModel, defaults of the database": create(
        ("size", models.IntegerField(db_default=7)), ("name", text(db_default=Upper(models.Value("x"))))
    ),
    "CreateModel, generated column": create(NAME, ("low", generated(Lower("name")))),
    "CreateModel, small key": lambda t: (
        [table(t, "other")],
        [m.CreateModel("item", [("id", models.SmallAutoField(primary_key=True))], options={"db_table": t("item")})],
    ),
    "AddField, unique": add("code", text(unique=True, null=True)),
    "AddField, checked": add("size", models.PositiveIntegerField(default=1)),
    "AddField, comment": add("code", text(default="", db_comment="of the trade")),
    "AddField, default of the database": add("size", models.IntegerField(db_default=7)),
    "AddField, OneToOneField": add("one", models.OneToOneField("lab.parent", models.DO_NOTHING, null=True)),
    "AddField, foreign key without an index": add("parent", link("parent", null=True, db_index=False)),
    "AddField, foreign key without a constraint": add("parent", link("parent", null=True, db_constraint=False)),
    "AddField, many to many": lambda t: (
        [table(t, "tag"), table(t, "item")],
        [m.AddField("item", "tags", models.ManyToManyField("lab.tag"))],
    ),
    "AddField, many to many to itself": lambda t: (
        [table(t, "item")],
        [m.AddField("item", "ties", models.ManyToManyField("lab.item", symmetrical=False))],
    ),
    "many to many through a model": through,
    "many to many through a model to itself": through_to_itself,
    "many to many, another table of its own": many_in_named_table,
    "ForeignKey to OneToOneField": to_one,
    "foreign key, null": lambda t: (pair(t), [m.AlterField("child", "parent", link("parent", null=True))]),
    "RenameField, foreign key": lambda t: (pair(t), [m.RenameField("child", "parent", "mother")]),
    "primary key of text, longer": key_of_text,
    "identity to BigAuto": lambda t: (
        [m.CreateModel("item", [("id", models.AutoField(primary_key=True))], options={"db_table": t("item")})],
        [m.AlterField("item", "id", models.BigAutoField(primary_key=True))],
    ),
    "Integer to identity": number_to_identity,
    "db_default, another": alter("size", models.IntegerField(db_default=1), models.IntegerField(db_default=2)),
    "collation of the schema's own": collation,
    "multi-table inheritance": inherit,
    "partitioned table, indexes off": partitioned,
    "proxy and unmanaged models": proxy_and_unmanaged,
    "RenameModel with all that hangs on it": renamed_with_all_that_hangs_on_it,
}
