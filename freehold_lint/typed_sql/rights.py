"""What a service may not use of what a statement names, and which contract would let it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from freehold.ownership import Ownership
from freehold_lint.parsing import Tree, list_words
from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import Statement
from freehold_lint.typed_sql.trees import Named, list_functions, list_tables, walk

_MAY = "SELECT pg_catalog.has_column_privilege(%s::name, %s::oid, %s::text, 'SELECT')"


def find_unread(connection: psycopg.Connection, tree: Tree, catalogue: Catalogue, login: str) -> dict[Named, list[str]]:
    """Give the columns that a statement names and the login may not read, by table; empty lists are left out."""
    found: dict[Named, list[str]] = {}
    for table in list_tables(tree):
        numbers = [number for number, each in catalogue.numbers.items() if each == (table.schema, table.name)]
        names = sorted(set(_iter_columns(tree, table, catalogue)))
        lacking = [
            name
            for number in numbers
            for name in names
            if not connection.execute(_MAY, [login, number, name]).fetchone()[0]  # type: ignore[index]
        ]
        if lacking:
            found[table] = lacking
    return found


def _iter_columns(tree: Tree, table: Named, catalogue: Catalogue) -> Iterator[str]:
    columns = catalogue.tables.get((table.schema, table.name), {})
    for node in walk(tree, "ColumnRef"):
        *before, name = list_words(node["fields"])
        if name in columns and before[-1:] in ([], [table.alias or table.name]):
            yield name


def explain_denied(
    source: Source,
    statement: Statement,
    error: psycopg.Error,
    tree: Tree,
    unread: dict[Named, list[str]],
    service: str,
    ownership: Ownership,
) -> TypedSQLError:
    """Give the error that names what is refused, whose it is, and the contract that is missing."""
    for table, columns in unread.items():
        line = statement.find_byte_line(table.place)
        what = f"{', '.join(columns)} of {table.schema}.{table.name}"
        words = ", ".join(f'"{column}"' for column in columns)
        contract = f'Contract("{table.schema}", consumer="{service}", read={{"{table.name}": ({words},)}})'
        return source.fail(
            line, f"service {service} may not read {what}{_name_owner(table, ownership)}; {contract} would let it"
        )
    said = error.diag.message_primary or ""
    for each in list_functions(tree):
        if each.schema and said.endswith((f" {each.name}", f" {each.schema}")):
            contract = f'Contract("{each.schema}", consumer="{service}", call=("{each.name}(…)",))'
            what = f"{each.schema}.{each.name}(){_name_owner(each, ownership)}"
            message = f"service {service} may not call {what}; {contract} would let it"
            return source.fail(statement.find_byte_line(each.place), message)
    for each in list_tables(tree):
        if said.endswith((f" {each.name}", f" {each.schema}")):
            what = f"{each.schema}.{each.name}{_name_owner(each, ownership)}"
            message = f"service {service} may not write {what}; call a function of its owner"
            return source.fail(statement.find_byte_line(each.place), message)
    return source.fail(source.pieces[0].line, f"service {service} may not run it: {said}")


def _name_owner(named: Named, ownership: Ownership) -> str:
    schema = ownership.find_schema(named.schema)
    if schema is None:
        return ", which is in no schema of the map"
    return f", which belongs to {schema.owner}" + (f" (service {schema.service})" if schema.service else "")
