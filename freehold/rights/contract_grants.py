"""What the map's contracts grant, early: asked of the catalogue in one query, and granted where missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting.roles import using_role
from freehold.ownership.acl import Acl, make_grant, parse_acl
from freehold.ownership.comparable import DatabaseObject, Grant
from freehold.ownership.map import Ownership
from freehold.rights.queries import Cursor, list_rows
from freehold.rights.statements import group_grants, write_group


def inspect_contract_grants(
    cursor: Cursor,
    *,
    schemas: Collection[str],
    tables: Collection[str],
    functions: Collection[str],
    roles: Collection[str],
) -> tuple[frozenset[Grant], frozenset[DatabaseObject]]:
    """Give what `roles` hold on `schemas`, on the columns of `tables` in them and on `functions` in them (bare names),
    and which of those exist. One query. The roles must exist."""
    rows: list[tuple[Any, ...]] = list_rows(
        cursor,
        "contract_grants",
        schemas=list(schemas),
        tables=list(tables),
        functions=list(functions),
        roles=list(roles),
    )
    grants: set[Grant] = set()
    objects: set[DatabaseObject] = set()
    for kind, schema, name, column, owner, acl in rows:
        found = DatabaseObject(kind, schema, name, column)
        objects.add(found)
        held: Acl = parse_acl(acl, owner).others if acl else frozenset()
        grants.update(make_grant(found, entry) for entry in held if entry.grantee in roles)
    return frozenset(grants), frozenset(objects)


def _list_absent(cursor: Cursor, wanted: frozenset[Grant]) -> tuple[frozenset[Grant], frozenset[Grant]]:
    """Give the grants that are missing and can be given now, and those for what does not exist yet. One query."""
    found, objects = inspect_contract_grants(
        cursor,
        schemas=sorted({grant.object.schema for grant in wanted}),
        tables=sorted({grant.object.name for grant in wanted if grant.object.kind == "column"}),
        functions=sorted({grant.object.name.partition("(")[0] for grant in wanted if grant.object.kind == "function"}),
        roles=sorted({grant.grantee for grant in wanted}),
    )
    absent = wanted - found
    missing = frozenset(grant for grant in absent if grant.object in objects)
    return missing, absent - missing


def grant_contracts(
    connection: BaseDatabaseWrapper, ownership: Ownership, wanted: Iterable[Grant]
) -> tuple[frozenset[Grant], frozenset[Grant]]:
    """Grant what is missing of `wanted`, each as the owner who gives it, in one transaction; give what was granted and
    what waits for something that does not exist.

    The login must be a member of the owner roles, as the migrator is.
    """
    with connection.cursor() as cursor:
        missing, waiting = _list_absent(cursor, frozenset(wanted))
    owners = {schema.name: schema.owner for schema in ownership.schemas}
    groups = sorted(group_grants(missing), key=lambda group: owners[group.schema])
    if not missing:
        return missing, waiting
    with transaction.atomic(using=connection.alias):
        for owner, those in groupby(groups, lambda group: owners[group.schema]):
            with using_role(connection, owner), connection.cursor() as cursor:
                for group in those:
                    cursor.execute(write_group(group).as_string(None))
    return missing, waiting
