"""The live database as its page shows it: tables with their owners and rows, and the keys that cross a schema.

On SQLite `auth.user` is one quoted name, and its prefix is taken for the schema; owners are what the map declares.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold import Ownership
from freehold.acting import acting
from freehold.ownership.spelling import split_name
from freehold.sqlfiles import read_statement

Row = dict[str, Any]

COUNTED_ROWS: Final = 100_000  # counting stops here: some ten milliseconds a table
TABLES_A_QUERY: Final = 500  # SQLite allows 2,000 columns in one result, PostgreSQL 1,664


@dataclass(frozen=True)
class Table:
    """A table or view as it is now.

    `rows` is exact where `exact` says so, otherwise an estimate, or on SQLite where counting stopped; None where nobody
    has counted yet. `size` is in bytes with indexes and TOAST; None where it can't be told. `locked`: another session
    holds or awaits an ACCESS EXCLUSIVE lock, so neither rows nor size were asked for.
    """

    schema: str
    name: str
    owner: str
    columns: int
    kind: Literal["table", "view", "materialized view", "foreign table"] = "table"
    rows: int | None = None
    exact: bool = False
    size: int | None = None
    locked: bool = False


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key whose ends lie in two schemas. `on_delete` is SQL's word: CASCADE, SET NULL, NO ACTION, …"""

    schema: str
    table: str
    columns: str
    to_schema: str
    to_table: str
    to_columns: str
    on_delete: str


@dataclass(frozen=True)
class Database:
    """The live database. `owners` has each schema with its owner, those of the map first and in its order."""

    vendor: str
    version: str
    name: str
    login: str
    owners: dict[str, str]
    tables: tuple[Table, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def is_declared(self) -> bool:
        """Whether the dialect knows no roles, so that owners are the map's word."""
        return self.vendor == "sqlite"


def read_database(connection: BaseDatabaseWrapper, ownership: Ownership) -> Database:
    """Give the database behind the connection as it is now, in a fixed number of queries."""
    # On SQLite as nobody's service: names and numbers of rows are for everyone, as in PostgreSQL's own catalogue.
    with acting(None) if connection.vendor == "sqlite" else nullcontext():
        server = _fetch(connection, "server")[0]
        rows = _fetch(connection, "tables")
        counts = _count_rows(connection, [row["quoted"] for row in rows if row["countable"]])
        keys = [_make_key(row, ownership) for row in _fetch(connection, "foreign_keys")]
    declared = {schema.name: schema.owner for schema in ownership.schemas}
    found = {row["schema"]: row["schema_owner"] for row in rows} if connection.vendor == "postgresql" else declared
    return Database(
        vendor=connection.vendor,
        version=server["version"].split(" ")[0],
        name=server["database"] or Path(str(connection.settings_dict["NAME"])).name,
        login=server["login"],
        owners={name: found[name] for name in [*declared, *found] if name in found},
        tables=tuple(_make_table(row, counts.get(row["quoted"]), ownership) for row in rows if row["name"]),
        foreign_keys=tuple(key for key in keys if key.schema != key.to_schema),
    )


def list_declared_tables() -> set[str]:
    """Give the tables that installed models declare, as `schema.table`; a name without a schema lies in `public`."""
    models = apps.get_models(include_auto_created=True)
    return {_qualify(model._meta.db_table) for model in models if model._meta.managed and not model._meta.proxy}


def list_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """Give the names alone of the tables behind the connection, in the same form, in one query."""
    with acting(None):
        return set(map(_qualify, connection.introspection.table_names()))


def _qualify(name: str) -> str:
    return name if "." in name else f"public.{name}"


def _fetch(connection: BaseDatabaseWrapper, name: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(read_statement(__file__, f"{connection.vendor}/{name}"))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _count_rows(connection: BaseDatabaseWrapper, names: Sequence[str]) -> dict[str, int]:
    """Give the rows of each table, up to one more than COUNTED_ROWS; none where a table vanished meanwhile."""
    counts: dict[str, int] = {}
    for start in range(0, len(names), TABLES_A_QUERY):
        part = names[start : start + TABLES_A_QUERY]
        limit = COUNTED_ROWS + 1
        columns = (f"(select count(*) from (select 1 from {name} limit {limit}) as t)" for name in part)  # noqa: S608 - quoted by tables.sql
        try:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                cursor.execute(f"select {', '.join(columns)}")
                counts |= zip(part, cursor.fetchone(), strict=True)
        except DatabaseError:
            return counts
    return counts


def _make_table(row: Row, count: int | None, ownership: Ownership) -> Table:
    schema, name = _place(row["schema"], row["name"], ownership)
    declared = ownership.find_schema(schema)
    if count is not None and count > COUNTED_ROWS:
        count, estimate = None, row["estimate"] or COUNTED_ROWS
    else:
        estimate = row["estimate"]
    return Table(
        schema=schema,
        name=name,
        owner=row.get("owner", declared.owner if declared else ""),
        columns=row["columns"],
        kind=row["kind"],
        rows=estimate if count is None else count,
        exact=count is not None or bool(row["is_empty"]),
        size=row["size"],
        locked=bool(row["locked"]),
    )


def _make_key(row: Row, ownership: Ownership) -> ForeignKey:
    schema, table = _place(row["schema"], row["table"], ownership)
    to_schema, to_table = _place(row["to_schema"], row["to_table"], ownership)
    return ForeignKey(schema, table, row["columns"], to_schema, to_table, row["to_columns"], row["on_delete"])


def _place(schema: str | None, name: str, ownership: Ownership) -> tuple[str, str]:
    if schema:
        return schema, name
    prefix, bare = split_name(name, ownership.schema_names)
    return prefix or "public", bare
