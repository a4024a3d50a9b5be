"""Reads all that a schema holds, straight from the catalogue, in a form in which two schemas can be compared."""

from __future__ import annotations

from typing import Any

QUERIES = {
    "tables": """
        SELECT c.relname, c.relkind::text, pg_catalog.obj_description(c.oid, 'pg_class')
        FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'v', 'm', 'p') AND c.relnamespace = %s::regnamespace""",
    "columns": """
        SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
            a.attgenerated::text, pg_catalog.pg_get_expr(d.adbin, d.adrelid), o.collname,
            pg_catalog.col_description(c.oid, a.attnum)
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = %s::regnamespace""",
    "constraints": """
        SELECT c.relname, k.conname, k.contype::text, k.convalidated, pg_catalog.pg_get_constraintdef(k.oid)
        FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = %s::regnamespace""",
    "indexes": """
        SELECT c.relname, pg_catalog.pg_get_indexdef(c.oid)
        FROM pg_catalog.pg_class c WHERE c.relkind IN ('i', 'I') AND c.relnamespace = %s::regnamespace""",
    "sequences": """
        SELECT c.relname, s.seqtypid::regtype::text
        FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
        WHERE c.relnamespace = %s::regnamespace""",
}

DEFINITIONS = {"columns": 6, "constraints": 4, "indexes": 1}  # the column whose text names tables

Catalogue = dict[str, list[tuple[Any, ...]]]


def read_catalogue(cursor: Any, schema: str) -> Catalogue:
    """Give tables, columns, constraints, indexes and sequences of the schema, sorted, its own name left out."""
    cursor.execute("SELECT pg_catalog.set_config('search_path', '', true)")
    found = {}
    for kind, query in QUERIES.items():
        cursor.execute(query, [schema])
        found[kind] = sorted((strip(row, DEFINITIONS.get(kind), schema) for row in cursor.fetchall()), key=repr)
    return found


def strip(row: tuple[Any, ...], place: int | None, schema: str) -> tuple[Any, ...]:
    """Give the row without the schema's name in its definition; elsewhere it would be part of a name."""
    return tuple(
        value.replace(f"{schema}.", "") if number == place and value else value for number, value in enumerate(row)
    )


def list_names(catalogue: Catalogue, kind: str) -> list[str]:
    """Give the names of one kind: of indexes, of constraints, of sequences, of tables."""
    return [row[1 if kind == "constraints" else 0] for row in catalogue[kind]]
