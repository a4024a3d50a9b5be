"""Constraints that hold for every row, proven without a lock that others wait for."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.operations.columns.attempts import LiveTable
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
_DEFINITION = (
    "SELECT pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint WHERE conrelid = %s AND conname = %s"
)
_COPIED = _DEFINITION.replace("= %s AND", "= pg_catalog.to_regclass(%s) AND")
_BREACH = "SELECT {keys} FROM {table} WHERE NOT ({condition}) LIMIT 1"


def require_values(table: LiveTable, column: str, fill: Callable[[], object] = lambda: None) -> None:
    """Make a column NOT NULL: a check that no row has to be read for comes first, is validated beside running writes,
    and is what PostgreSQL (12 and later) takes for the proof (manual, ALTER TABLE, SET NOT NULL). `fill` sees to rows
    without a value, to which none are added any more."""
    name = make_name(f"{table.bare}_{column}", "filled")
    parts = {"table": table.quoted, "column": quote_whole(column), "name": quote_whole(name)}
    require(table, name, ADD.format(definition=f"CHECK ({quote_whole(column)} IS NOT NULL)", **parts), fill)
    table.run(_SET_NOT_NULL.format(**parts), DROP.format(**parts))


def require(
    table: LiveTable, name: str, statement: str, mend: Callable[[], object] = lambda: None, *, validates: bool = True
) -> None:
    """Add a constraint by the statement for it, unless that is done already: for new rows first and then, once `mend`
    saw to them, for those that are there.

    Raises:
        MigrationError: a row is in its way, and named: the constraint is not there then. Or another has its name.
    """
    is_valid = find_validity(table, name)
    if is_valid is None:
        table.run(statement if statement.endswith((NOT_VALID, UNENFORCED)) else statement + NOT_VALID)
    else:
        check_same(table, name, statement)
    mend()
    if not is_valid and validates:
        _validate(table, name)


def find_validity(table: LiveTable, name: str) -> bool | None:
    """Tell whether a constraint is validated; None where there is none of that name."""
    rows = table.fetch(_FIND, [table.oid, name])
    return bool(rows[0][0]) if rows else None


def check_same(table: LiveTable, name: str, statement: str) -> None:
    """Refuse a constraint that has the name and is not what the statement would add.

    Raises:
        MigrationError: it is another.
    """
    ((found,),) = table.fetch(_DEFINITION, [table.oid, name])
    wanted = table.attempt(lambda: _define(table, name, statement), f"a look at the constraint {name}")
    if found.removesuffix(NOT_VALID) != wanted.removesuffix(NOT_VALID):
        raise MigrationError(
            f"constraint {name} of {table.label} is there already and is another: {found}; this migration makes "
            f"{wanted}. Rename or drop the one, or give the other another name, and run migrate again"
        )


def _define(table: LiveTable, name: str, statement: str) -> str:
    """Give the constraint that the statement adds as PostgreSQL writes it, made on an empty copy of the table."""
    copy = f"{quote_whole(table.schema)}.{quote_whole(make_name(table.bare, 'copy'))}"
    with transaction.atomic(using=table.connection.alias):
        aside = make_name(name, "copy")  # an index of the constraint's has a name among all of the schema
        rest = statement.partition(f" ADD CONSTRAINT {quote_whole(name)} ")[2]
        add = ADD.format(table=copy, name=quote_whole(aside), definition=rest)
        table.execute([f"CREATE TABLE {copy} (LIKE {table.quoted})", add])
        ((wanted,),) = table.fetch(_COPIED, [copy, aside])
        transaction.set_rollback(True, using=table.connection.alias)
    return str(wanted)


def _validate(table: LiveTable, name: str) -> None:
    """Look at the rows that are there, beside running reads and writes."""
    parts = {"table": table.quoted, "name": quote_whole(name)}
    try:
        table.run_long(VALIDATE.format(**parts))
    except IntegrityError as error:
        reason = _explain_breach(table, name, error)
        table.run(DROP.format(**parts))
        raise MigrationError(reason) from error


def _explain_breach(table: LiveTable, name: str, error: IntegrityError) -> str:
    conditions = table.fetch(_CONDITION, [table.oid, name])
    if not conditions:  # a foreign key: the server's detail has the value
        return f"{table.label}: {describe(error)}; add or correct that row, and run migrate again"
    rows = table.fetch(_BREACH.format(keys=table.texts, table=table.quoted, condition=conditions[0][0]))
    row = f"the row with {table.describe_row(rows[0])}" if rows else "a row"
    return f"{table.label}: {row} breaks {conditions[0][0]}; correct it, and run migrate again"


def describe(error: Exception) -> str:
    detail = getattr(getattr(error.__cause__, "diag", None), "message_detail", None)
    return str(error).splitlines()[0] + (f" ({detail.rstrip('.')})" if detail else "")
