"""What the map's contracts grant: compiled, read back from the catalogue in one query, and granted where missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.ownership.changes import iter_grant_changes
from freehold.ownership.compilation import compile_contracts
from freehold.ownership.inspection import inspect_contract_grants
from freehold.ownership.map import Ownership
from freehold.ownership.queries import Cursor
from freehold.ownership.state import Grant
from freehold.roles import using_role


@dataclass(frozen=True)
class Comparison:
    """Contract grants against the catalogue.

    `missing` can be granted now; `waiting` is for tables, columns and functions that do not exist yet; `extra` is what
    the roles of contracts hold on columns and functions of the contracts' tables without any contract saying so.
    """

    missing: frozenset[Grant]
    waiting: frozenset[Grant]
    extra: frozenset[Grant] = frozenset()


def compare_contracts(cursor: Cursor, wanted: Iterable[Grant]) -> Comparison:
    """Compare `wanted` (`compile_contracts`) with what the server holds. One query."""
    wanted = frozenset(wanted)
    found, objects = inspect_contract_grants(
        cursor,
        schemas=sorted({grant.object.schema for grant in wanted}),
        tables=sorted({grant.object.name for grant in wanted if grant.object.kind == "column"}),
        functions=sorted({grant.object.name.partition("(")[0] for grant in wanted if grant.object.kind == "function"}),
        roles=sorted({grant.grantee for grant in wanted}),
    )
    absent = wanted - found
    missing = frozenset(grant for grant in absent if grant.object in objects.owners)
    return Comparison(missing, absent - missing, find_extra(wanted, found))


def find_extra(wanted: frozenset[Grant], found: frozenset[Grant]) -> frozenset[Grant]:
    """Give what is granted on columns and functions and stands in no contract."""
    return frozenset(grant for grant in found - wanted if grant.object.kind in ("column", "function"))


def grant_contracts(connection: BaseDatabaseWrapper, ownership: Ownership, wanted: Iterable[Grant]) -> Comparison:
    """Grant what is missing of `wanted`, each as the owner who gives it, in one transaction; give the comparison.

    The login must be a member of the owner roles, as the migrator is.
    """
    with connection.cursor() as cursor:
        comparison = compare_contracts(cursor, wanted)
    if comparison.missing:
        with transaction.atomic(using=connection.alias):
            for role, changes in groupby(iter_grant_changes(comparison.missing, ownership), lambda each: each.role):
                with using_role(connection, role), connection.cursor() as cursor:
                    for change in changes:
                        cursor.execute(change.statement.as_string(None))
    return comparison


def describe_grants(grants: Iterable[Grant], ownership: Ownership) -> list[str]:
    """Say what the grants are, a line for each statement."""
    return [change.says for change in iter_grant_changes(grants, ownership)]


__all__ = ["Comparison", "compare_contracts", "compile_contracts", "describe_grants", "grant_contracts"]
