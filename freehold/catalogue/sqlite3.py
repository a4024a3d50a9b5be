"""The catalogue of an SQLite file: `auth.user` is one quoted name there, and its prefix is taken for the schema.

SQLite has neither roles nor grants: owners and access are what the map declares, and `Catalogue.declared` says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting import acting
from freehold.catalogue.values import Access, Catalogue, ForeignKey, Kind, Schema, Table
from freehold.ownership.map import Ownership, Schema as DeclaredSchema, Service

COUNTED_ROWS: Final = 100_000  # counting stops here: some ten milliseconds a table
COLUMNS_A_QUERY: Final = 500  # SQLite allows 2,000 in one result

TABLES: Final = """
    select m.name, m.type, (select count(*) from pragma_table_xinfo(m.name))
    from sqlite_master as m
    where m.type in ('table', 'view') and m.name not like 'sqlite\\_%' escape '\\'
    order by m.name
"""
FOREIGN_KEYS: Final = """
    select m.name, f.id, f."from", f."table", coalesce(f."to", 'id'), f.on_delete
    from sqlite_master as m
    join pragma_foreign_key_list(m.name) as f
    where m.type = 'table'
    order by m.name, f.id desc, f.seq
"""


def read_catalogue(connection: BaseDatabaseWrapper, ownership: Ownership) -> Catalogue:
    """Give the live file. Sizes stay unknown: reading them means reading the whole file."""
    tables = _fetch(connection, TABLES)
    counts = _count_rows(connection, [name for name, kind, _columns in tables if kind == "table"])
    grouped: defaultdict[str, list[Table]] = defaultdict(list)
    for name, kind, columns in tables:
        schema, bare = split_name(name, ownership)
        grouped[schema].append(_make_table(schema, bare, kind, columns, counts.get(name), ownership))
    return Catalogue(
        dialect="sqlite",
        version=_fetch(connection, "select sqlite_version()")[0][0],
        database=Path(str(connection.settings_dict["NAME"])).name,
        login="",
        schemas=tuple(_make_schema(schema, grouped[schema.name], ownership) for schema in ownership.schemas),
        foreign_keys=tuple(_list_crossing(_fetch(connection, FOREIGN_KEYS), ownership)),
        declared=True,
    )


def split_name(name: str, ownership: Ownership) -> tuple[str, str]:
    """Give schema and bare name; a name without a known prefix lies in `public`, as on a stock search_path."""
    prefix, dot, bare = name.partition(".")
    return (prefix, bare) if dot and prefix in ownership.schema_names else ("public", name)


def _fetch(connection: BaseDatabaseWrapper, query: str) -> list[tuple[Any, ...]]:
    # As nobody's service: names and numbers of rows are for everyone, as in PostgreSQL's own catalogue.
    with acting(None), connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _count_rows(connection: BaseDatabaseWrapper, names: Sequence[str]) -> dict[str, int]:
    """Give the rows of each table, counted up to one more than COUNTED_ROWS, COLUMNS_A_QUERY tables a query."""
    counts: dict[str, int] = {}
    for start in range(0, len(names), COLUMNS_A_QUERY):
        part = names[start : start + COLUMNS_A_QUERY]
        limited = (
            f"(select count(*) from (select 1 from {connection.ops.quote_name(name)} limit {COUNTED_ROWS + 1}))"  # noqa: S608 - a quoted name and a constant
            for name in part
        )
        counts |= zip(part, _fetch(connection, f"select {', '.join(limited)}")[0], strict=True)
    return counts


def _make_table(schema: str, name: str, kind: Kind, columns: int, count: int | None, ownership: Ownership) -> Table:
    exact = count is not None and count <= COUNTED_ROWS
    return Table(
        schema=schema,
        name=name,
        owner=_find_owner(schema, ownership),
        columns=columns,
        kind=kind,
        rows=count if exact or count is None else COUNTED_ROWS,
        exact=exact,
    )


def _find_owner(schema: str, ownership: Ownership) -> str:
    declared = ownership.find_schema(schema)
    return declared.owner if declared else ""


def _make_schema(schema: DeclaredSchema, tables: Iterable[Table], ownership: Ownership) -> Schema:
    found = tuple(tables)
    access = tuple(_make_access(service, schema.name, found, ownership) for service in ownership.services)
    return Schema(schema.name, schema.owner, found, access)


def _make_access(service: Service, schema: str, tables: Sequence[Table], ownership: Ownership) -> Access:
    writes = schema in service.writes
    reads = writes or schema in service.reads
    columns = {
        table: names
        for contract in ownership.contracts
        if contract.schema == schema and contract.consumer == service.name and not reads
        for table, names in contract.read.items()
    }
    count = len(tables)
    return Access(
        login=service.login,
        schema=schema,
        tables=count,
        reads=count if reads else 0,
        writes=count if writes else 0,
        enters=reads or bool(columns),
        columns=columns,
    )


def _list_crossing(rows: Iterable[tuple[Any, ...]], ownership: Ownership) -> list[ForeignKey]:
    """Give the foreign keys that cross; `rows` has one row a column, those of one key together."""
    keys: dict[tuple[str, int], ForeignKey] = {}
    for name, number, column, to_name, to_column, on_delete in rows:
        schema, table = split_name(name, ownership)
        to_schema, to_table = split_name(to_name, ownership)
        before = keys.get((name, number))
        keys[name, number] = ForeignKey(
            schema,
            table,
            (*(before.columns if before else ()), column),
            to_schema,
            to_table,
            (*(before.to_columns if before else ()), to_column),
            on_delete,
        )
    return [key for key in keys.values() if key.schema != key.to_schema]
