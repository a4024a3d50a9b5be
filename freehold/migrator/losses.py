"""Which data would be gone after a rollback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import operations as django_operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from freehold.acting.roles import using_role
from freehold.migrator.executor import OwnedExecutor, Plan
from freehold.ownership import Ownership

_MOST = 100_000  # rows are counted up to so many
_LOSES = re.compile(r"\b(DROP\s+TABLE|DROP\s+COLUMN|TRUNCATE|DELETE\s+FROM|UPDATE)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Loss:
    """What one migration takes with it on its way back; `what` is a line for people."""

    migration: str
    what: str


@dataclass(frozen=True)
class _DroppedPart:
    """A table, or a column of it, that a way back drops."""

    app: str
    model: str
    field: str = ""


def list_losses(connection: BaseDatabaseWrapper, executor: OwnedExecutor, plan: Plan) -> list[Loss]:
    """Give what would be lost: rows of tables, values of columns, and what SQL and code may do that is not looked into.

    A table or column is looked up under the name that it has now, whatever migrations of the plan renamed.
    """
    state = executor.make_state()
    names: dict[_DroppedPart, _DroppedPart] = {}
    losses = []
    for migration, _ in plan:
        label = f"{migration.app_label}.{migration.name}"
        for operation in reversed(list(_iter_database_operations(migration.operations))):
            code = _describe_code(operation, connection.vendor)
            described = _list_described(operation, code)
            found = []
            for each in reversed(described):
                follow(names, migration.app_label, each)
                parts = [resolve(names, part) for part in _iter_dropped(migration.app_label, each)]
                found += [_describe_rows(connection, executor.ownership, state, part) for part in parts]
            losses += [Loss(label, what) for what in [*found, "" if described else code] if what]
    return losses


def _list_described(operation: Operation, code: str) -> list[Operation]:
    """Give the operations that tell what an operation does: itself, or those by which SQL that may drop something says
    what it does to the models; none where it says nothing."""
    if hasattr(operation, "state_operations"):  # as RunSQL and RunSQLFiles have them
        return list(operation.state_operations or []) if code else []
    return [] if code else [operation]


def _iter_database_operations(operations: Any) -> Iterator[Operation]:
    for operation in operations:
        yield from getattr(operation, "database_operations", None) or [operation]


def follow(names: dict[_DroppedPart, _DroppedPart], app: str, operation: Operation) -> None:
    """Remember under which name something is known now that an operation renamed."""
    if isinstance(operation, django_operations.RenameModel):
        old, new = (_DroppedPart(app, name.lower()) for name in (operation.old_name, operation.new_name))
        names[old] = resolve(names, new)
    elif isinstance(operation, django_operations.RenameField):
        model = operation.model_name.lower()
        names[_DroppedPart(app, model, operation.old_name)] = resolve(
            names, _DroppedPart(app, model, operation.new_name)
        )


def resolve(names: dict[_DroppedPart, _DroppedPart], part: _DroppedPart) -> _DroppedPart:
    if part in names:
        return names[part]
    model = names.get(_DroppedPart(part.app, part.model))
    return resolve(names, _DroppedPart(model.app, model.model, part.field)) if model and part.field else model or part


def _iter_dropped(app: str, operation: Operation) -> Iterator[_DroppedPart]:
    if isinstance(operation, django_operations.CreateModel):
        yield _DroppedPart(app, operation.name.lower())
    elif isinstance(operation, django_operations.AddField):
        yield _DroppedPart(app, operation.model_name.lower(), operation.name)


def _describe_code(operation: Operation, dialect: str) -> str:
    """Say what runs on the way back and may change rows; empty where nothing does."""
    if isinstance(operation, django_operations.RunPython):
        code = operation.reverse_code
        return "" if code in (None, django_operations.RunPython.noop) else f"runs {getattr(code, '__name__', 'code')}()"
    text = " ".join(_list_statements_back(operation, dialect))
    return f"runs SQL: {' '.join(text.split())[:100]}" if _LOSES.search(text) else ""


def _list_statements_back(operation: Operation, dialect: str) -> list[str]:
    if read := getattr(operation, "list_statements_back", None):  # as RunSQLFiles has it
        return list(read(dialect))
    statements = getattr(operation, "reverse_sql", None) or []
    return [statements] if isinstance(statements, str) else [str(each) for each in statements]


def _describe_rows(
    connection: BaseDatabaseWrapper, ownership: Ownership, state: ProjectState, part: _DroppedPart
) -> str:
    """Say how many rows or values are there; empty for none, and for what is no table of Django's making."""
    model_state = state.models.get((part.app, part.model))
    if model_state is None or (part.field and part.field not in model_state.fields):
        return ""
    model = state.apps.get_model(part.app, part.model)
    if not model._meta.managed or model._meta.proxy:
        return ""
    field: Any = model._meta.get_field(part.field) if part.field else None
    if field is not None and field.many_to_many:
        through: Any = field.remote_field.through
        return say(count(connection, ownership, through._meta.db_table, ""), "rows", through._meta.db_table)
    column = field.column if field is not None else ""
    table = model._meta.db_table
    return say(count(connection, ownership, table, column), "values" if column else "rows", f"{table} {column}".strip())


def say(found: int, what: str, where: str) -> str:
    """Give the line for so many rows or values."""
    if not found:
        return ""
    number = f"more than {_MOST:,}" if found > _MOST else f"{found:,}"
    return f"{number} {what if found > 1 else what[:-1]} of {where}"


def count(connection: BaseDatabaseWrapper, ownership: Ownership, table: str, column: str) -> int:
    """Count rows, or those with a value in a column, as the table's owner, and not on and on; 0 where there is none."""
    quote = connection.ops.quote_name
    condition = f" WHERE {quote(column)} IS NOT NULL" if column else ""
    statement = f"SELECT count(*) FROM (SELECT 1 FROM {quote(table)}{condition} LIMIT {_MOST + 1}) AS those"  # noqa: S608
    schema = ownership.find_schema(table.partition(".")[0])
    owner = schema.owner if schema else ownership.migrator
    try:
        with transaction.atomic(using=connection.alias), using_role(connection, owner), connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.fetchone()[0])
    except DatabaseError:
        return 0
