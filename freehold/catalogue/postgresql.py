"""The catalogue of a PostgreSQL server: `sql/` holds the statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from freehold.catalogue.values import Access, Catalogue, ForeignKey, Kind, Schema, Table
from freehold.ownership.map import Ownership

Row = dict[str, Any]
Name = tuple[str, str]

COUNTED_SIZE: Final = 8 * 2**20  # bytes of heap up to which a table is counted: some ten milliseconds
COUNTED_TOTAL: Final = 64 * 2**20  # bytes of heap counted in all, smallest tables first
STORED: Final = ("r", "m")  # the kinds that have rows of their own: without a byte there is none
KINDS: Final[Mapping[str, Kind]] = {"v": "view", "m": "materialized view", "f": "foreign table"}


def read_catalogue(connection: BaseDatabaseWrapper, ownership: Ownership) -> Catalogue:
    """Give the live database. Needs no right but CONNECT: what the login may not count stays an estimate."""
    parameters = {
        "logins": [service.login for service in ownership.services],
        "schemas": list(ownership.schema_names),
    }
    server = _fetch(connection, "server")[0]
    rows = _fetch(connection, "tables")
    counts = _count_rows(connection, rows)
    access = _fetch(connection, "access", parameters)
    columns = _fetch(connection, "columns", parameters)
    return Catalogue(
        dialect="postgresql",
        version=server["version"].split(" ")[0],
        database=server["database"],
        login=server["login"],
        schemas=_make_schemas(rows, counts, _make_access(access, columns, ownership), ownership),
        foreign_keys=tuple(_make_foreign_key(row) for row in _fetch(connection, "foreign_keys")),
        roles=frozenset(row["login"] for row in access),
    )


def _fetch(connection: BaseDatabaseWrapper, name: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_load(name), parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@cache
def _load(name: str) -> str:
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def _count_rows(connection: BaseDatabaseWrapper, rows: Iterable[Row]) -> dict[Name, int]:
    """Give exact counts of the tables that are small enough, in one query; none where a table vanished meanwhile."""
    names = _list_counted(rows)
    if not names:
        return {}
    one = sql.SQL("select {}, {}, pg_catalog.count(*) from {}")
    query = sql.SQL(" union all ").join(
        one.format(sql.Literal(schema), sql.Literal(name), sql.Identifier(schema, name)) for schema, name in names
    )
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(query.as_string(connection.connection))
            return {(schema, name): count for schema, name, count in cursor.fetchall()}
    except DatabaseError:
        return {}


def _list_counted(rows: Iterable[Row]) -> list[Name]:
    """Give the tables to count: the smallest ones, until COUNTED_TOTAL is used up."""
    names: list[Name] = []
    total = 0
    candidates = [row for row in rows if row["countable"] and not row["locked"] and row["heap"] is not None]
    for row in sorted(candidates, key=lambda row: row["heap"]):
        total += row["heap"]
        if row["heap"] > COUNTED_SIZE or total > COUNTED_TOTAL:
            break
        names.append((row["schema"], row["name"]))
    return names


def _make_schemas(
    rows: Iterable[Row], counts: Mapping[Name, int], access: Mapping[str, tuple[Access, ...]], ownership: Ownership
) -> tuple[Schema, ...]:
    owners: dict[str, str] = {}
    tables: defaultdict[str, list[Table]] = defaultdict(list)
    for row in rows:
        owners[row["schema"]] = row["schema_owner"]
        if row["name"] is not None:
            tables[row["schema"]].append(_make_table(row, counts.get((row["schema"], row["name"]))))
    order = {name: position for position, name in enumerate(ownership.schema_names)}
    return tuple(
        Schema(name, owners[name], tuple(tables[name]), access.get(name, ()))
        for name in sorted(owners, key=lambda name: (order.get(name, len(order)), name))
    )


def _make_table(row: Row, count: int | None) -> Table:
    return Table(
        schema=row["schema"],
        name=row["name"],
        owner=row["owner"],
        columns=row["columns"],
        kind=KINDS.get(row["kind"], "table"),
        rows=row["estimate"] if count is None else count,
        exact=count is not None or (row["heap"] == 0 and row["kind"] in STORED),
        size=row["size"],
        locked=row["locked"],
    )


def _make_access(rows: Iterable[Row], columns: Iterable[Row], ownership: Ownership) -> dict[str, tuple[Access, ...]]:
    partly: defaultdict[Name, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in columns:
        partly[row["schema"], row["login"]][row["name"]] = tuple(row["columns"])
    order = [service.login for service in ownership.services]
    access: defaultdict[str, list[Access]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: order.index(row["login"])):
        access[row["schema"]].append(Access(**row, columns=partly[row["schema"], row["login"]]))
    return {schema: tuple(entries) for schema, entries in access.items()}


def _make_foreign_key(row: Row) -> ForeignKey:
    return ForeignKey(**{**row, "columns": tuple(row["columns"]), "to_columns": tuple(row["to_columns"])})
