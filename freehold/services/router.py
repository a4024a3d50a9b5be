"""Holds a service to its schemas in Python: an error that names the service, the table and its owner, before any SQL.

List it first in DATABASE_ROUTERS. It sees the model of a queryset and of a save, and nothing of joins, of
`select_related`, of columns, or of an alias chosen by `using`; the database sees those.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.models import Model

from freehold.acting import Acting, get_acting
from freehold.acting.refusals import refuse_read, refuse_write
from freehold.acting.reporting import report_refusal
from freehold.errors import ServiceError
from freehold.ownership import find_ownership


class OwnershipRouter:
    """Sends nothing elsewhere: where another router answers, or a row's own database does, that is where it goes.

    It says nothing of relations and of migrations, which Django decides as it does without a router.
    """

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Give the alias of the database to read the model from.

        Raises:
            ServiceError: the service that acts may not read any column of its table.
        """
        alias = self.find_alias("db_for_read", model, hints)
        found = find_acting(alias)
        if found and not found.rights.may_read(model._meta.db_table):
            raise refuse(found, model, refuse_read)
        return alias

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Give the alias of the database to write the model to.

        Raises:
            ServiceError: the service that acts may not write to its table, be it shared by a contract or not.
        """
        alias = self.find_alias("db_for_write", model, hints)
        found = find_acting(alias)
        if found and not found.rights.may_write(model._meta.db_table):
            raise refuse(found, model, refuse_write)
        return alias

    def find_alias(self, action: str, model: type[Model], hints: dict[str, Any]) -> str:
        """Give the alias as Django finds it without this router."""
        for other in router.routers:
            method = getattr(other, action, None)
            if other is not self and method and (alias := method(model, **hints)):
                return str(alias)
        instance = hints.get("instance")
        return (instance._state.db if instance is not None else None) or DEFAULT_DB_ALIAS


def refuse(acting: Acting, model: type[Model], words: Callable[[Acting, str], str]) -> ServiceError:
    """Give the error, and log it."""
    table = model._meta.db_table
    report_refusal(acting, "table", table)
    return ServiceError(words(acting, table))


def find_acting(alias: str) -> Acting | None:
    """Give the service that acts on a database, None where nobody does or where the map has no say in it."""
    found = get_acting()
    if found is None or find_ownership() is None:
        return None
    connection = connections[alias]
    entry = connection.settings_dict
    is_meant = connection.vendor != "postgresql" or found.applies_to(entry["USER"])
    return found if is_meant and entry["OPTIONS"].get("schemas") else None
