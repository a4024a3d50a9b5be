"""The operations of migrations at any depth, and whether their ways down are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.migrations.operations.base import Operation


def iter_operations(operations: Iterable[Operation], *, with_state: bool = False) -> Iterator[Operation]:
    """Yield operations and those inside them, as SeparateDatabaseAndState has them; with `with_state` what is only told
    to the models too."""
    for operation in operations:
        parts: Any = operation
        yield operation
        yield from iter_operations(getattr(parts, "database_operations", ()), with_state=with_state)
        if with_state:
            yield from iter_operations(getattr(parts, "state_operations", None) or (), with_state=True)


def list_statements_back(operation: Any, dialect: str) -> list[str]:
    """Give the SQL that an operation has of its own for its way down, as it is written; of one that is for another
    dialect (RunPostgreSQL) nothing.

    Raises:
        MigrationError: its file is missing or empty.
    """
    if read := getattr(operation, "list_statements_back", None):  # as RunSQLFiles has it
        return list(read(dialect))
    if getattr(operation, "vendor", dialect) != dialect:
        return []
    statements = getattr(operation, "reverse_sql", None) or []
    if isinstance(statements, str):
        return [statements]
    return [each if isinstance(each, str) else str(each[0]) for each in statements]
