"""Compiles declared policies into what PostgreSQL must hold. Pure: no server is asked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, reduce
from operator import or_
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, Q
from django.db.models.sql import Query
from psycopg import sql

from freehold.backends.postgresql.base import DatabaseWrapper
from freehold.errors import PolicyError
from freehold.ownership import Ownership
from freehold.ownership.comparable import DatabasePolicy, RowSecurity
from freehold.ownership.spelling import split_name
from freehold.rls.policy import OWNER, Condition, Policy, iter_protected

TRUE, FALSE = "true", "false"


def list_row_security(ownership: Ownership) -> list[RowSecurity]:
    """Give each table that has policies: enabled, and forced on its owner too."""
    tables = (split_name(model._meta.db_table, ownership.schema_names) for model, _ in iter_protected())
    return sorted(RowSecurity(schema, table) for schema, table in tables if schema)


def list_policies(ownership: Ownership) -> list[DatabasePolicy]:
    """Give every policy of the installed models, and one for the owner of each table that has any; sorted.

    Raises:
        PolicyError: a policy names an unknown service or can't be written as SQL; `manage.py check` says it too.
    """
    return sorted(
        each for model, policies in iter_protected() for each in _iter_table_policies(model, policies, ownership)
    )


def _iter_table_policies(
    model: type[Model], policies: tuple[Policy, ...], ownership: Ownership
) -> Iterator[DatabasePolicy]:
    """Yield the policies of one table; none where it lies in no schema of the map."""
    schema, table = split_name(model._meta.db_table, ownership.schema_names)
    found = ownership.find_schema(schema)
    if found is None:
        return
    yield DatabasePolicy(schema, table, OWNER, "ALL", (found.owner,), TRUE, TRUE)
    for policy in policies:
        service = ownership.find_service(policy.service)
        if service is None:
            raise PolicyError(f"policy {policy.name!r} of {schema}.{table}: the map has no service {policy.service!r}")
        using, check = write_policy(model, policy, ownership)
        yield DatabasePolicy(schema, table, policy.name, policy.command.upper(), (service.login,), using, check)


def write_policy(model: type[Model], policy: Policy, ownership: Ownership) -> tuple[str, str]:
    """Give USING and WITH CHECK; empty where the command has none."""
    connection = _get_writer(ownership.schema_names)
    using = "" if policy.command == "insert" else write(model, policy, policy.get_old(), connection)
    check = "" if policy.command in ("select", "delete") else write(model, policy, policy.get_new(), connection)
    return using, check


def write(model: type[Model], policy: Policy, condition: Condition | None, connection: BaseDatabaseWrapper) -> str:
    """Give a condition as SQL without parameters.

    Raises:
        PolicyError: there is none, or Django can't write it without a join.
    """
    if policy.everything:
        return TRUE
    if condition is None:
        raise PolicyError(f"policy {policy.name!r} of {model._meta.db_table} has no condition: {_NO_CONDITION}")
    try:
        text, params = compile_condition(model, condition, connection)
    except PolicyError:
        raise
    except Exception as error:  # whatever Django raises for a field, a lookup or a value that it does not take
        raise PolicyError(f"policy {policy.name!r} of {model._meta.db_table} is no condition: {error}") from error
    return text % tuple(sql.Literal(param).as_string() for param in params)


_NO_CONDITION = "say using=Q(…), check=Q(…) for an insert, or everything=True"


def compile_condition(
    model: type[Model], condition: Condition, connection: BaseDatabaseWrapper
) -> tuple[str, tuple[Any, ...]]:
    """Give a condition on rows of the model as SQL, each column qualified by its table, with its parameters."""
    query = Query(model)
    where = query.build_where(condition if isinstance(condition, Q) else Q(condition))
    try:
        text, params = query.get_compiler(connection=connection).compile(where)
    except FullResultSet:
        return TRUE, ()
    except EmptyResultSet:
        return FALSE, ()
    return text, tuple(params)


def join_conditions(conditions: list[Condition]) -> Q:
    return reduce(or_, (each if isinstance(each, Q) else Q(each) for each in conditions))


@cache
def _get_writer(schemas: tuple[str, ...]) -> BaseDatabaseWrapper:
    """Give a connection that only writes SQL and is never opened."""
    settings = {"OPTIONS": {"schemas": list(schemas)}, "NAME": "", "USER": "", "TIME_ZONE": None}
    return DatabaseWrapper(settings, "policies")
