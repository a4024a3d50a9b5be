"""W002: a contract's function that is not in the database. Models do not tell, so that the server is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.db import Error as DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.checks.subjects import AppConfigs, find_governing
from freehold.errors import FreeholdError
from freehold.ownership import Contract
from freehold.ownership.names import normalize_signature

# Nothing is missing in a database that was never migrated.
_MISSING = """
    SELECT f.signature
    FROM pg_catalog.unnest(%s::text[]) AS f (signature)
    WHERE pg_catalog.to_regprocedure(f.signature) IS NULL
        AND pg_catalog.to_regclass('public.django_migrations') IS NOT NULL
"""


def check_functions(
    app_configs: AppConfigs, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W002: a function in a contract exists. Asked with `check --database`, and by `migrate`."""
    ownership = find_governing()
    contracts = [contract for contract in ownership.contracts if contract.call] if ownership else []
    return [
        message for alias in (databases or ()) if contracts for message in _iter_missing(contracts, connections[alias])
    ]


def _iter_missing(contracts: list[Contract], connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    if connection.vendor != "postgresql" or not connection.settings_dict["OPTIONS"].get("schemas"):
        return
    missing = _find_missing(connection, [name for each in contracts for name in _list_functions(each)])
    for contract in contracts:
        yield from (report(contract, name, connection.alias) for name in _list_functions(contract) if name in missing)


def _list_functions(contract: Contract) -> list[str]:
    return [f"{contract.schema}.{normalize_signature(signature)}" for signature in contract.call]


def _find_missing(connection: BaseDatabaseWrapper, functions: list[str]) -> set[str]:
    """Give those that do not exist; none where the server can't be asked, which other commands report better."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_MISSING, [functions])
            return {name for (name,) in cursor.fetchall()}
    except (DatabaseError, FreeholdError):
        return set()


def report(contract: Contract, function: str, alias: str) -> CheckMessage:
    return checks.Warning(
        f"The contract of {contract.schema!r} for {contract.consumer!r} lets it call {function}, which is not in the "
        f"database {alias!r}.",
        hint="Make it in a migration, correct its name or argument types in the ownership map, or remove the entry.",
        obj="contracts",
        id="freehold.W002",
    )
