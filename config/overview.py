"""The live database put into words for the home page: what the template only has to lay out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from freehold.catalogue import Access, Catalogue, Difference, ForeignKey, Schema, Table, list_differences
from freehold.ownership.map import Ownership

ACCENTS: Final = frozenset({"auth", "master", "app", "public"})


@dataclass(frozen=True)
class TableLine:
    """A table with its rows in words; `misplaced` where its owner is not the schema's declared one."""

    table: Table
    rows: str
    misplaced: bool


@dataclass(frozen=True)
class AccessLine:
    """What a login may do in one schema, in words, and the columns behind them where it may not read whole tables."""

    login: str
    words: str
    columns: tuple[tuple[str, str], ...]
    anything: bool


@dataclass(frozen=True)
class SchemaCard:
    """One schema on the page. `service` and `comment` are the map's words, empty where it does not name the schema."""

    live: Schema
    accent: str
    service: str
    comment: str
    tables: tuple[TableLine, ...]
    access: tuple[AccessLine, ...]


@dataclass(frozen=True)
class Crossing:
    """A foreign key that crosses, with the colours of both its ends."""

    accent: str
    to_accent: str
    key: ForeignKey


@dataclass(frozen=True)
class Overview:
    """Everything the home page shows."""

    catalogue: Catalogue
    cards: tuple[SchemaCard, ...]
    crossings: tuple[Crossing, ...]
    differences: tuple[Difference, ...]
    tables: int
    rows: str
    size: int | None


def make_overview(catalogue: Catalogue, ownership: Ownership, declared_tables: Iterable[str]) -> Overview:
    """Give the page's content; touches no database."""
    tables = list(catalogue.iter_tables())
    exact = all(table.exact for table in tables if table.kind == "table" and table.rows is not None)
    total = sum(table.rows or 0 for table in tables)
    sizes = [table.size for table in tables if table.size is not None]
    return Overview(
        catalogue=catalogue,
        cards=tuple(_make_card(schema, catalogue, ownership) for schema in catalogue.schemas),
        crossings=tuple(
            Crossing(find_accent(key.schema), find_accent(key.to_schema), key) for key in catalogue.foreign_keys
        ),
        differences=tuple(list_differences(catalogue, ownership, declared_tables)),
        tables=sum(table.kind == "table" for table in tables),
        rows=_describe_number(total, exact=exact, at_least=catalogue.declared),
        size=sum(sizes) if sizes else None,
    )


def find_accent(schema: str) -> str:
    """Give the name under which the style sheet knows the schema's colour."""
    return schema if schema in ACCENTS else "other"


def count_crossings(keys: Iterable[ForeignKey]) -> Counter[tuple[str, str]]:
    """Count foreign keys by the schemas they lead from and to."""
    return Counter((key.schema, key.to_schema) for key in keys)


def _make_card(schema: Schema, catalogue: Catalogue, ownership: Ownership) -> SchemaCard:
    declared = ownership.find_schema(schema.name)
    owner = declared.owner if declared else schema.owner
    return SchemaCard(
        live=schema,
        accent=find_accent(schema.name),
        service=(declared.service or "") if declared else "",
        comment=declared.comment if declared else "",
        tables=tuple(
            TableLine(table, describe_rows(table, at_least=catalogue.declared), table.owner != owner)
            for table in schema.tables
        ),
        access=tuple(_make_access_line(access) for access in schema.access),
    )


def describe_rows(table: Table, *, at_least: bool) -> str:
    """Give a table's rows in words: `1,204`, `≈ 2,000,000`, `100,000+` where counting stopped, or a dash."""
    if table.rows is None:
        return "—"
    return _describe_number(table.rows, exact=table.exact, at_least=at_least)


def _describe_number(number: int, *, exact: bool, at_least: bool) -> str:
    if exact:
        return f"{number:,}"
    return f"{number:,}+" if at_least else f"≈ {number:,}"


def _make_access_line(access: Access) -> AccessLine:
    columns = tuple((table, ", ".join(names)) for table, names in access.columns.items()) if access.enters else ()
    return AccessLine(access.login, describe_access(access), columns, access.anything)


def describe_access(access: Access) -> str:
    """Give what a login may do with a schema's tables, in a few words."""
    if not access.enters:
        return "may not enter"
    parts = []
    if access.reads and access.reads == access.writes:
        parts.append(f"reads and writes {_describe_share(access.reads, access.tables)}")
    else:
        if access.reads:
            parts.append(f"reads {_describe_share(access.reads, access.tables)}")
        if access.writes:
            parts.append(f"writes {_describe_share(access.writes, access.tables)}")
    parts.extend(f"reads {len(names)} columns of {table}" for table, names in access.columns.items())
    if access.creates:
        parts.append("may create tables")
    return "; ".join(parts) or "reads and writes nothing"


def _describe_share(count: int, tables: int) -> str:
    if count == tables:
        return "every table"
    return f"{count} of {tables} tables"
