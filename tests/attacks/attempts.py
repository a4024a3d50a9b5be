"""What a login may try on each thing of the catalogue, written as the statement itself; and how it was answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg import errors, sql

LIST_COLUMNS = """
SELECT n.nspname, c.relname, c.relkind::text, a.attname
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^(pg_|information_schema)'
ORDER BY 1, 2, a.attnum
"""
REFUSALS = (errors.InsufficientPrivilege, errors.FeatureNotSupported, errors.WrongObjectType)


@dataclass(frozen=True)
class Attempt:
    """One statement: which privilege it takes, on which table, and on which column (empty: on the whole table)."""

    privilege: str
    schema: str
    table: str
    column: str
    statement: sql.Composed

    def __str__(self) -> str:
        where = f"{self.schema}.{self.table}" + (f" ({self.column})" if self.column else "")
        return f"{self.privilege} on {where}"


def list_columns(catalogue: psycopg.Connection) -> list[tuple[str, str, str]]:
    """Give schema, table and column of everything that rows can be read from, whoever made it."""
    return [(schema, table, column) for schema, table, _, column in catalogue.execute(LIST_COLUMNS).fetchall()]


def iter_attempts(columns: list[tuple[str, str, str]]) -> Iterator[Attempt]:
    """Yield every attempt on every table and every column. None changes a row, allowed or not."""
    for schema, table in dict.fromkeys((schema, table) for schema, table, _ in columns):
        for privilege, text in TABLE_ATTEMPTS.items():
            yield make(privilege, schema, table, "", text)
    for schema, table, column in columns:
        for privilege, text in COLUMN_ATTEMPTS.items():
            yield make(privilege, schema, table, column, text)


TABLE_ATTEMPTS = {
    "DELETE": "DELETE FROM {table} WHERE false",
    "TRUNCATE": "TRUNCATE {table}",
    "TRIGGER": "CREATE TRIGGER attempt BEFORE UPDATE ON {table} FOR EACH ROW "
    "EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
    "MAINTAIN": "CLUSTER {table}",
    "LOCK": "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE NOWAIT",
}
COLUMN_ATTEMPTS = {
    "SELECT": "SELECT {column} FROM {table} LIMIT 0",
    # DEFAULT: any other value for a column that the database makes is refused before rights are looked at. EXPLAIN
    # looks at them too.
    "INSERT": "EXPLAIN INSERT INTO {table} ({column}) VALUES (DEFAULT)",
    "UPDATE": "UPDATE {table} SET {column} = DEFAULT WHERE false",
    "REFERENCES": "CREATE TEMPORARY TABLE attempt (LIKE {table}, FOREIGN KEY ({column}) REFERENCES {table} ({column}))",
}


def make(privilege: str, schema: str, table: str, column: str, text: str) -> Attempt:
    statement = sql.SQL(text).format(table=sql.Identifier(schema, table), column=sql.Identifier(column or "x"))
    return Attempt(privilege, schema, table, column, statement)


def is_refused(connection: psycopg.Connection, statement: sql.Composed | str) -> bool:
    """Try the statement and take it back; tell whether PostgreSQL refused it for want of a right.

    A fault that comes after the rights were looked at (a NULL that casts to no type, a generated column) is none.
    """
    with connection.transaction(force_rollback=True):
        try:
            with connection.transaction():
                connection.execute(statement)  # type: ignore[arg-type]
        except errors.InsufficientPrivilege:
            return True
        except psycopg.Error as error:
            return explain(error, statement)
    return False


def explain(error: psycopg.Error, statement: object) -> bool:
    """Tell whether another fault means a refusal; raise where it says nothing about rights."""
    if isinstance(error, (errors.GeneratedAlways, errors.DatatypeMismatch, errors.ObjectNotInPrerequisiteState)):
        return False
    raise AssertionError(f"{statement!r} ended in {type(error).__name__}: {error}")
