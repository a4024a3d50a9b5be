"""Constraints that hold for every row, proven without a lock that others wait for."""

from __future__ import annotations

from django.db import IntegrityError

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.operations.columns.attempts import Attempts
from freehold.operations.columns.backfill import Table
from freehold.operations.columns.readings import make_name

ADD = "ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
DROP = "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"
VALIDATE = "ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
_SET_NOT_NULL = "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL"
NOT_VALID, UNENFORCED = " NOT VALID", " NOT ENFORCED"  # the second from PostgreSQL 18 on
_FIND = "SELECT convalidated FROM pg_catalog.pg_constraint WHERE conrelid = %s AND conname = %s"
_CONDITION = (
    "SELECT pg_catalog.pg_get_expr(conbin, conrelid) FROM pg_catalog.pg_constraint "
    "WHERE conrelid = %s AND conname = %s AND contype = 'c'"
)
_BREACH = "SELECT {keys} FROM {table} WHERE NOT ({condition}) LIMIT 1"


def require_values(attempts: Attempts, table: Table, column: str) -> None:
    """Make a column NOT NULL: a check that no row has to be read for comes first, is validated beside running writes,
    and is what PostgreSQL (12 and later) takes for the proof (manual, ALTER TABLE, SET NOT NULL)."""
    name = make_name(f"{table.bare}_{column}", "filled")
    parts = {"table": table.quoted, "column": quote_whole(column), "name": quote_whole(name)}
    require(attempts, table, name, ADD.format(definition=f"CHECK ({quote_whole(column)} IS NOT NULL)", **parts))
    attempts.run(_SET_NOT_NULL.format(**parts), DROP.format(**parts))


def require(attempts: Attempts, table: Table, name: str, statement: str, *, validates: bool = True) -> None:
    """Add a constraint by the statement for it, for new rows first and then for those that are there, unless that is
    done already.

    Raises:
        MigrationError: a row is in its way, and named. The constraint is not there then.
    """
    is_valid = find_validity(attempts, table, name)
    if is_valid is None:
        attempts.run(statement if statement.endswith((NOT_VALID, UNENFORCED)) else statement + NOT_VALID)
    if not is_valid and validates:
        _validate(attempts, table, name)


def find_validity(attempts: Attempts, table: Table, name: str) -> bool | None:
    """Tell whether a constraint is validated; None where there is none of that name."""
    rows = attempts.fetch(_FIND, [table.oid, name])
    return bool(rows[0][0]) if rows else None


def _validate(attempts: Attempts, table: Table, name: str) -> None:
    """Look at the rows that are there, beside running reads and writes."""
    parts = {"table": table.quoted, "name": quote_whole(name)}
    try:
        attempts.run_long(VALIDATE.format(**parts))
    except IntegrityError as error:
        reason = _explain_breach(attempts, table, name, error)
        attempts.run(DROP.format(**parts))
        raise MigrationError(reason) from error


def _explain_breach(attempts: Attempts, table: Table, name: str, error: IntegrityError) -> str:
    conditions = attempts.fetch(_CONDITION, [table.oid, name])
    if not conditions:  # a foreign key: the server's detail has the value
        return f"{table.label}: {describe(error)}; add or correct that row, and run migrate again"
    keys = ", ".join(f"{quote_whole(key)}::text" for key in table.keys)
    rows = attempts.fetch(_BREACH.format(keys=keys, table=table.quoted, condition=conditions[0][0]))
    row = f"the row with {table.describe_row(list(rows[0]))}" if rows else "a row"
    return f"{table.label}: {row} breaks {conditions[0][0]}; correct it, and run migrate again"


def describe(error: Exception) -> str:
    detail = getattr(getattr(error.__cause__, "diag", None), "message_detail", None)
    return str(error).splitlines()[0] + (f" ({detail.rstrip('.')})" if detail else "")
