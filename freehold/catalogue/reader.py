"""Reads the catalogue through whichever dialect the connection speaks."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting import acting
from freehold.catalogue import postgresql, sqlite3
from freehold.catalogue.values import Catalogue
from freehold.ownership.map import Ownership


def read_catalogue(connection: BaseDatabaseWrapper, ownership: Ownership) -> Catalogue:
    """Give the database behind `connection` as it is now, in a fixed number of queries.

    Seven on PostgreSQL, within one transaction's savepoint included, four on SQLite. The map says which logins to ask
    for and the order of schemas; schemas that it does not name come last.
    """
    read = postgresql.read_catalogue if connection.vendor == "postgresql" else sqlite3.read_catalogue
    return read(connection, ownership)


def list_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """Give the names alone of the tables behind `connection`, as `schema.table`, in one query.

    As nobody's service: names are for everyone, as in PostgreSQL's own catalogue.
    """
    with acting(None):
        names = connection.introspection.table_names()
    return {name if "." in name else f"public.{name}" for name in names}
