"""Reads from a server's catalogue what a map is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from freehold.ownership.map import Ownership
from freehold.ownership.queries import Cursor, list_rows
from freehold.ownership.state import (
    DatabaseObject,
    DefaultGrant,
    Grant,
    Membership,
    Objects,
    ObjectType,
    OwnedSchema,
    Role,
    SearchPath,
    State,
)

OBJECT_TYPES: dict[str, ObjectType] = {
    "r": "TABLES",
    "S": "SEQUENCES",
    "f": "FUNCTIONS",
}  # pg_default_acl.defaclobjtype


def list_role_names(ownership: Ownership) -> list[str]:
    """Give every role that the map names, each once, owners first."""
    return list(dict.fromkeys([*(schema.owner for schema in ownership.schemas), *ownership.iter_logins()]))


def inspect_roles(cursor: Cursor, ownership: Ownership) -> State:
    """Give the roles that exist, and the migrator's memberships."""
    names = list_role_names(ownership)
    members = [ownership.migrator]
    return State(
        roles=frozenset(Role(name, frozenset(words)) for name, words in list_rows(cursor, "roles", roles=names)),
        memberships=frozenset(
            Membership(*row) for row in list_rows(cursor, "memberships", roles=names, members=members)
        ),
    )


def inspect_rights(cursor: Cursor, ownership: Ownership) -> tuple[State, Objects]:
    """Give the schemas and rights that exist, and the objects in the schemas."""
    names = list_role_names(ownership)
    schemas = list(ownership.schema_names)
    grants, objects = inspect_grants(cursor, schemas=schemas, roles=names)
    state = State(
        schemas=frozenset(OwnedSchema(*row) for row in list_rows(cursor, "schemas", schemas=schemas)),
        search_paths=frozenset(
            SearchPath(login, split_path(text)) for login, text in list_rows(cursor, "settings", roles=names)
        ),
        grants=grants,
        default_grants=inspect_default_grants(
            cursor, owners=[schema.owner for schema in ownership.schemas], roles=names
        ),
    )
    return state, objects


def inspect_grants(
    cursor: Cursor, *, schemas: Collection[str], roles: Collection[str]
) -> tuple[frozenset[Grant], Objects]:
    """Give what `roles` and PUBLIC hold in `schemas` beyond their own objects, and those schemas' objects.

    One query, whatever the number of tables; columns are not among the objects.
    """
    return split_grants(list_rows(cursor, "grants", schemas=list(schemas), roles=list(roles)))


def inspect_contract_grants(
    cursor: Cursor,
    *,
    schemas: Collection[str],
    tables: Collection[str],
    functions: Collection[str],
    roles: Collection[str],
) -> tuple[frozenset[Grant], Objects]:
    """Give what `roles` hold on `schemas`, on the columns of `tables` in them and on `functions` in them (bare names),
    and which of those exist. One query. The roles must exist."""
    rows = list_rows(
        cursor,
        "contract_grants",
        schemas=list(schemas),
        tables=list(tables),
        functions=list(functions),
        roles=list(roles),
    )
    return split_grants(rows)


def split_grants(rows: Iterable[tuple[Any, ...]]) -> tuple[frozenset[Grant], Objects]:
    """Give the grants and the objects in rows of kind, schema, name, column, owner, privilege, grantee."""
    grants = set()
    owners = {}
    for kind, schema, name, column, owner, privilege, grantee in rows:
        found = DatabaseObject(kind, schema, name, column)
        owners[found] = owner
        if privilege is not None:
            grants.add(Grant(found, privilege, grantee))
    return frozenset(grants), Objects(owners)


def inspect_default_grants(
    cursor: Cursor, *, owners: Collection[str], roles: Collection[str]
) -> frozenset[DefaultGrant]:
    """Give what `owners` grant by default to `roles` and PUBLIC."""
    rows = list_rows(cursor, "default_grants", owners=list(owners), roles=list(roles))
    return frozenset(
        DefaultGrant(owner, schema, OBJECT_TYPES[kind], privilege, grantee)
        for owner, schema, kind, privilege, grantee in rows
        if kind in OBJECT_TYPES
    )


def split_path(text: str) -> tuple[str, ...]:
    """Give the schemas of a search_path as the server stores it: `app, "user"`."""
    return tuple(part.strip().strip('"') for part in text.split(","))
