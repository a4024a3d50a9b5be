"""Splits "schema.table" names, and only where the text before the dot is a schema that the project knows."""

from __future__ import annotations

from collections.abc import Collection


def split_name(name: str, schemas: Collection[str]) -> tuple[str, str]:
    """Give a name's schema and the rest; an empty schema and the whole name where it begins with no known schema.

    Collations (`en_US.utf8`), names with dots of their own and names already in quotes stay whole.
    """
    schema, dot, bare = name.partition(".")
    return (schema, bare) if dot and bare and schema in schemas else ("", name)


def quote_whole(name: str) -> str:
    """Give a name in double quotes, never split: an index or a constraint takes its schema from its table.

    Django's own `quote_name` leaves what is in quotes alone, so that a name given through here stays as it is.
    """
    return name if name.startswith('"') and name.endswith('"') else f'"{name}"'


def quote_split(name: str, schemas: Collection[str]) -> str:
    """Give `"schema"."table"`, or the whole name in quotes where it begins with no known schema."""
    schema, bare = split_name(name, schemas)
    return f'"{schema}"."{bare}"' if schema else quote_whole(name)
