"""A column's change where a database has one writer at a time: in one go, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Field, Model

from freehold.operations.stepwise import ModelField

_KEPT = "freehold_kept"
_KEEP = "CREATE TEMPORARY TABLE {kept} AS SELECT {keys}, ({expression}) AS kept FROM {table}"
INDEX = "CREATE UNIQUE INDEX {kept}_keys ON {kept} ({names})"
_WRITE = "UPDATE {table} SET {column} = (SELECT kept FROM {kept} AS k WHERE {joined})"
DROP = "DROP TABLE {kept}"
_CHECKS = "PRAGMA ignore_check_constraints = {}"  # a value is copied before it is converted


def change_column(
    editor: BaseDatabaseSchemaEditor,
    source: ModelField,
    target: ModelField,
    expression: str | Mapping[str, str],
) -> None:
    """Let one field become the other, with its values converted by an expression about the first one's column."""
    model, old, new = source.model, source.field, target.field
    written = read_expression(expression, editor.connection.vendor)
    if _is_done(editor, model, old, new):
        return
    with transaction.atomic(using=editor.connection.alias):
        if not written:
            editor.alter_field(model, old, new)
            return
        with _unchecked(editor):
            keep(editor, model, written)
            editor.alter_field(model, old, new)
            _write_back(editor, model, new)


def read_expression(expression: str | Mapping[str, str], vendor: str) -> str:
    return expression if isinstance(expression, str) else expression.get(vendor, "")


def _is_done(editor: Any, model: type[Model], old: Field[Any, Any], new: Field[Any, Any]) -> bool:
    """Tell whether a run that was killed before it was recorded has done it."""
    with editor.connection.cursor() as cursor:
        description = editor.connection.introspection.get_table_description(cursor, model._meta.db_table)
    names = {column.name for column in description}
    return new.column in names and old.column not in names


@contextmanager
def _unchecked(editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    editor.execute(_CHECKS.format("ON"))
    try:
        yield
    finally:
        editor.execute(_CHECKS.format("OFF"))


def keep(editor: BaseDatabaseSchemaEditor, model: type[Model], expression: str) -> None:
    """Put the converted values aside: the table is made anew, and its types change what they can."""
    columns = [editor.quote_name(str(field.column)) for field in model._meta.pk_fields]
    keys = ", ".join(f"{column} AS key{number}" for number, column in enumerate(columns))
    table = editor.quote_name(model._meta.db_table)
    editor.execute(_KEEP.format(kept=_KEPT, keys=keys, expression=expression, table=table), None)
    editor.execute(INDEX.format(kept=_KEPT, names=", ".join(f"key{number}" for number, _ in enumerate(columns))))


def _write_back(editor: BaseDatabaseSchemaEditor, model: type[Model], new: Field[Any, Any]) -> None:
    table = editor.quote_name(model._meta.db_table)
    joined = " AND ".join(
        f"k.key{number} = {table}.{editor.quote_name(str(field.column))}"
        for number, field in enumerate(model._meta.pk_fields)
    )
    editor.execute(
        _WRITE.format(kept=_KEPT, table=table, column=editor.quote_name(str(new.column)), joined=joined), None
    )
    editor.execute(DROP.format(kept=_KEPT))
