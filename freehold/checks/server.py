"""E020 to E024, W002, W020, W033: what only the server tells, asked with `check --database` and by `migrate`.

A database that can't be asked gives nothing here: other commands report that better.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.db import Error as DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.checks.subjects import TAG, AppConfigs, find_governing
from freehold.errors import FreeholdError
from freehold.ownership import Ownership
from freehold.ownership.proofs import list_asked, split_function
from freehold.ownership.spelling import normalize_signature
from freehold.services.login_faults import LoginFault
from freehold.services.startup import inspect, is_guarded

# Nothing is missing in a database that was never migrated.
_MISSING = """
    SELECT f.signature
    FROM pg_catalog.unnest(%s::text[]) AS f (signature)
    LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = pg_catalog.split_part(f.signature, '.', 1)
    WHERE pg_catalog.to_regclass('public.django_migrations') IS NOT NULL AND CASE
        WHEN n.oid IS NULL THEN true
        -- A look into a schema that the login may not use is refused, and would end the look at all others.
        WHEN pg_catalog.has_schema_privilege(n.oid, 'USAGE') THEN pg_catalog.to_regprocedure(f.signature) IS NULL
        ELSE false
    END
"""
_IDS = {
    "login": "freehold.E020",
    "attribute": "freehold.E021",
    "owns": "freehold.E022",
    "member": "freehold.E023",
    "open": "freehold.E024",
    "right": "freehold.W033",
}


@checks.register(TAG, checks.Tags.database)
def check_functions(
    app_configs: AppConfigs, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W002: a function in a contract exists. Models do not tell."""
    return [message for alias in databases or () for message in _iter_missing(connections[alias])]


def _iter_missing(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    ownership = find_governing()
    if not ownership or connection.vendor != "postgresql" or not connection.settings_dict["OPTIONS"].get("schemas"):
        return
    functions = [*_iter_functions(ownership)]
    missing = _find_missing(connection, [name for _, name in functions]) if functions else set()
    for words, name in functions:
        if name in missing:
            yield checks.Warning(
                f"{words} {name}, which is not in the database {connection.alias!r}.",
                hint="Make it in a migration, correct its name or argument types in the ownership map, or remove the "
                "entry.",
                obj="contracts",
                id="freehold.W002",
            )


def _iter_functions(ownership: Ownership) -> Iterator[tuple[str, str]]:
    """Yield each function that the map names, behind the words for what it is there for."""
    for contract in ownership.contracts:
        for signature in contract.call:
            words = f"The contract of {contract.schema!r} for {contract.consumer!r} lets it call"
            yield words, f"{contract.schema}.{normalize_signature(signature)}"
    for name in list_asked(ownership):
        schema, signature = split_function(name)
        yield "By the map's proofs policies ask", f"{schema}.{normalize_signature(signature)}"


def _find_missing(connection: BaseDatabaseWrapper, functions: list[str]) -> set[str]:
    with suppress(DatabaseError, FreeholdError), connection.cursor() as cursor:
        cursor.execute(_MISSING, [functions])
        return {name for (name,) in cursor.fetchall()}
    return set()


@checks.register(TAG, checks.Tags.database)
def check_logins(app_configs: AppConfigs, databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """E020 to E024, W020, W033: a service's login owns nothing, is a member of nothing, is above nothing."""
    return [
        _report_login(fault, alias) for alias in databases or () for fault in _list_login_faults(connections[alias])
    ]


def _list_login_faults(connection: BaseDatabaseWrapper) -> Iterable[LoginFault]:
    """Give nothing of a test database: whoever made it may run its tests, and acts there as each service."""
    if not is_guarded(connection) or getattr(connection.creation, "is_test_database", False):
        return ()
    try:
        return inspect(connection).faults
    except (DatabaseError, FreeholdError):
        return ()


def _report_login(fault: LoginFault, alias: str) -> CheckMessage:
    number = "freehold.W020" if fault.tolerable and fault.kind != "right" else _IDS[fault.kind]
    # A right is no error here: `migrate`, which takes it at its end, asks before it begins.
    kind = checks.Warning if number.startswith("freehold.W") else checks.Error
    return kind(
        f"The login {fault.login} {fault.message} (database {alias!r}).",
        hint=f"{fault.hint[0].upper()}{fault.hint[1:]}.",
        obj="logins",
        id=number,
    )
