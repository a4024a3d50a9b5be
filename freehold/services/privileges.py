"""Reads who holds which privilege anywhere: in the database, on the server, on its other databases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, NamedTuple

from freehold.ownership.acl import AclEntry, make_grant
from freehold.ownership.comparable import DatabaseObject, Grant
from freehold.ownership.compilation import Declared
from freehold.ownership.elsewhere import list_named_functions
from freehold.ownership.map import Ownership
from freehold.sqlfiles import fetch_rows, read_statement

STATEMENT: Final = read_statement(__file__, "privileges")  # for who asks for a digest of its rows


class HeldPrivilege(NamedTuple):
    """A privilege on an object, by whom; `table` is a sequence's. Without `entry` the object is there, no more."""

    object: DatabaseObject
    table: str
    entry: AclEntry | None


def list_privileges(cursor: Any, ownership: Ownership, roles: Collection[str]) -> list[HeldPrivilege]:
    """Give what `roles` and everyone hold on what lies in no schema of the map, or belongs to an extension in one.

    One query; sql/privileges.sql says what of everyone's is left out.
    """
    rows = fetch_rows(cursor, __file__, "privileges", **get_parameters(ownership, roles))
    return [read_privilege(*row) for row in rows]


def get_parameters(ownership: Ownership, roles: Collection[str], *, inside: bool = False) -> dict[str, Any]:
    """Give the parameters of sql/privileges.sql; `inside` asks for what lies in the schemas of the map too."""
    functions = list_named_functions(ownership)
    return {
        "roles": list(roles),
        "schemas": list(ownership.schema_names),
        "owners": sorted({schema.owner for schema in ownership.schemas}),
        "function_schemas": [each.schema for each in functions],
        "functions": [each.name for each in functions],
        "inside": inside,
    }


def read_privilege(
    kind: Any,
    schema: str,
    name: str,
    column: str,
    table: str,
    grantee: str,
    privilege: str,
    option: bool,
    grantor: str,
) -> HeldPrivilege:
    """Give a row of sql/privileges.sql, or what JSON makes of one."""
    entry = AclEntry(grantee, privilege, option, grantor) if grantee else None
    return HeldPrivilege(DatabaseObject(kind, schema, name, column), table, entry)


def iter_excess(declared: Declared, held: Iterable[HeldPrivilege]) -> Iterator[Grant]:
    """Yield what is held and not declared: by a role of the map, or by everyone."""
    for found, table, entry in held:
        if entry and entry not in declared.get_acl(found, table):
            grant = make_grant(found, entry)
            if grant not in declared.tolerated:
                yield grant
