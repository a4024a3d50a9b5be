"""The live database put into words for its page: what the template only has to lay out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from freehold import Ownership, Schema, Service
from freehold.findings import Finding
from studio.database import Database, ForeignKey, Table

_ACCENTS: Final = frozenset({"auth", "master", "app", "public"})


@dataclass(frozen=True)
class AccessLine:
    """What a login may do in one schema, in words, and the columns behind them where it may not read whole tables."""

    login: str
    words: str
    columns: tuple[tuple[str, str], ...] = ()
    anything: bool = True


@dataclass(frozen=True)
class SchemaCard:
    """One schema on the page, each table with its rows in words. `service`, `comment` and `access` are the map's, empty
    where it does not name the schema; `declared` is who should own its tables."""

    name: str
    owner: str
    declared: str
    accent: str
    service: str
    comment: str
    tables: tuple[tuple[Table, str], ...]
    access: tuple[AccessLine, ...]


@dataclass(frozen=True)
class Overview:
    """Everything the page shows. `drift` is None where nobody can tell; `missing` are tables that a model declares."""

    database: Database
    cards: tuple[SchemaCard, ...]
    crossings: tuple[tuple[str, str, ForeignKey], ...]  # with the colours of both ends
    drift: Sequence[Finding] | None
    missing: tuple[str, ...]
    tables: int
    rows: str
    size: int | None


def make_overview(
    database: Database, ownership: Ownership, drift: Sequence[Finding] | None = (), declared: Collection[str] = ()
) -> Overview:
    """Give the page's content; touches no database. `declared` are the tables of models, as `schema.table`."""
    tables = database.tables
    exact = all(table.exact for table in tables if table.kind == "table" and table.rows is not None)
    sizes = [table.size for table in tables if table.size is not None]
    found = {f"{table.schema}.{table.name}" for table in tables}
    return Overview(
        database=database,
        cards=tuple(_make_card(name, database, ownership) for name in database.owners),
        crossings=tuple((find_accent(key.schema), find_accent(key.to_schema), key) for key in database.foreign_keys),
        drift=drift,
        missing=tuple(sorted(set(declared) - found)),
        tables=sum(table.kind == "table" for table in tables),
        rows=describe_rows(sum(table.rows or 0 for table in tables), exact=exact, at_least=database.is_declared),
        size=sum(sizes) if sizes else None,
    )


def find_accent(schema: str) -> str:
    """Give the name under which the style sheet knows the schema's colour."""
    return schema if schema in _ACCENTS else "other"


def describe_rows(number: int | None, *, exact: bool, at_least: bool) -> str:
    """Give a number of rows in words: `1,204`, `≈ 2,000,000`, `100,000+` where counting stopped, or a dash."""
    if number is None:
        return "—"
    if exact:
        return f"{number:,}"
    return f"{number:,}+" if at_least else f"≈ {number:,}"


def _make_card(name: str, database: Database, ownership: Ownership) -> SchemaCard:
    declared = ownership.find_schema(name)
    tables = [table for table in database.tables if table.schema == name]
    return SchemaCard(
        name=name,
        owner=database.owners[name],
        declared=declared.owner if declared else database.owners[name],
        accent=find_accent(name),
        service=(declared.service or "") if declared else "",
        comment=declared.comment if declared else "",
        tables=tuple(
            (table, describe_rows(table.rows, exact=table.exact, at_least=database.is_declared)) for table in tables
        ),
        access=tuple(iter_access(declared, ownership)) if declared else (),
    )


def iter_access(schema: Schema, ownership: Ownership) -> Iterator[AccessLine]:
    """Yield what each service's login may do with the tables of a schema, in the map's order."""
    for service in ownership.services:
        if schema.name in service.writes:
            yield AccessLine(service.login, "reads and writes every table")
        elif schema.name in service.reads:
            yield AccessLine(service.login, "reads every table")
        elif columns := _list_columns(schema, service, ownership):
            words = "; ".join(f"reads {len(names)} columns of {table}" for table, names in columns)
            yield AccessLine(service.login, words, tuple((table, ", ".join(names)) for table, names in columns))
        else:
            yield AccessLine(service.login, "may not enter", anything=False)


def _list_columns(schema: Schema, service: Service, ownership: Ownership) -> list[tuple[str, Sequence[str]]]:
    contracts = [each for each in ownership.contracts if each.schema == schema.name and each.consumer == service.name]
    return [entry for contract in contracts for entry in contract.read.items()]
