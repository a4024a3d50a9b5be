"""Changes of columns that are computed when they are read, for Django 6.1 on PostgreSQL 18, and for SQLite."""

from __future__ import annotations

from collections.abc import Callable

from django.db import migrations as m, models
from django.db.migrations.operations.base import Operation
from django.db.models.functions import Lower

from tests.freehold.backends.postgresql.changes import NAME, SIZE, Operations, T, table, text
from tests.freehold.backends.postgresql.further_changes import add, create


def virtual(length: int = 20, **options: object) -> models.GeneratedField:
    output = models.CharField(max_length=length)
    return models.GeneratedField(expression=Lower("name"), output_field=output, db_persist=False, **options)


def change(*operations: Operation) -> Callable[[T], Operations]:
    """Give a change of table `item`, which has a virtual column `low` and another one beside it."""
    return lambda t: ([table(t, "item", NAME, ("low", virtual()), ("beside", text(db_index=True)))], list(operations))


VIRTUAL_CHANGES: dict[str, Callable[[T], Operations]] = {
    "CreateModel, virtual generated column": create(NAME, ("low", virtual())),
    "AddField, virtual generated column": add("low", virtual()),
    "RemoveField, virtual generated column": change(m.RemoveField("item", "low")),
    "RenameField, virtual generated column": change(m.RenameField("item", "low", "small")),
    "AlterField, virtual generated column, longer": change(m.AlterField("item", "low", virtual(40))),
    "AlterField, virtual generated column, comment": change(m.AlterField("item", "low", virtual(db_comment="small"))),
    "AlterModelTable, virtual generated column": lambda t: (
        change()(t)[0],
        [m.AlterModelTable("item", t("thing")), m.AddField("item", *SIZE), m.RemoveField("item", "low")],
    ),
}
