"""Splits "schema.table" names, and only where the text before the dot is a schema that the project knows."""

from __future__ import annotations

from collections.abc import Collection

from freehold.backends.errors import SchemaNameError
from freehold.ownership.spelling import split_name as split_name

# Django cuts the name of a join table, schema included, to 63 characters, of which a hash takes the last four; what is
# left must hold the schema, the dot and a letter of the table.
LONGEST = 57


def read_schemas(names: object, alias: str) -> frozenset[str]:
    """Give the schemas that database `alias` names in OPTIONS["schemas"]; empty where it names none.

    Raises:
        SchemaNameError: it is no list, or there is a name in it that could not be told from a table's.
    """
    begin = f'OPTIONS["schemas"] of database {alias!r}'
    if not isinstance(names, list | tuple | set | frozenset):
        raise SchemaNameError(f'{begin} is {names!r}: write a list of names, as ["auth", "app"]')
    for name in names:
        if not isinstance(name, str) or not name or "." in name or '"' in name:
            raise SchemaNameError(f"{begin} has {name!r}: a schema's name is a text without dots and double quotes")
        if len(name.encode()) > LONGEST:
            raise SchemaNameError(f"{begin} has {name!r}, which is longer than {LONGEST} bytes: rename the schema")
    return frozenset(names)


def quote_whole(name: str) -> str:
    """Give a name in double quotes, never split: an index or a constraint takes its schema from its table.

    Django's own `quote_name` leaves what is in quotes alone, so that a name given through here stays as it is.
    """
    return name if name.startswith('"') and name.endswith('"') else f'"{name}"'


def quote_split(name: str, schemas: Collection[str]) -> str:
    """Give `"schema"."table"`, or the whole name in quotes where it begins with no known schema."""
    schema, bare = split_name(name, schemas)
    return f'"{schema}"."{bare}"' if schema else quote_whole(name)


def unquote_split(name: str, schemas: Collection[str]) -> str:
    """Give `auth.user` for `"auth"."user"` and `auth"."user`, which smuggle a schema past a stock Django.

    Any other name is given as it is.
    """
    schema, dot, bare = name.removeprefix('"').partition('"."')
    bare = bare.removesuffix('"')
    return f"{schema}.{bare}" if dot and schema in schemas else name
