"""Test databases: who may make one, and the roles, owners and rights that a new one gets."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from freehold.backends.creation import creating_database, database_created
from freehold.backends.errors import NoTestDatabaseError
from freehold.ownership import find_ownership
from freehold.rights.administration import bootstrap_database

_MAY_MAKE = """
    SELECT rolname, rolsuper OR (rolcreatedb AND EXISTS (
        SELECT FROM pg_catalog.pg_roles m WHERE m.rolname = %s AND pg_catalog.pg_has_role(m.oid, 'MEMBER')
    ))
    FROM pg_catalog.pg_roles WHERE rolname = session_user
"""


def connect() -> None:
    """Listen for test databases. A second time changes nothing."""
    creating_database.connect(_check_maker, dispatch_uid="freehold.ownership")
    database_created.connect(_hand_out, dispatch_uid="freehold.ownership")


def _check_maker(cursor: CursorWrapper, entry: str, **kwargs: Any) -> None:
    """Refuse who could not make a test database's roles and become each of them. Receives `creating_database`.

    Raises:
        NoTestDatabaseError: it is no superuser, nor a member of the map's migrator.
    """
    ownership = find_ownership()
    if not (ownership and ownership.has_roles):
        return
    cursor.execute(_MAY_MAKE, [ownership.migrator])
    login, may_make = cursor.fetchone()
    if not may_make:
        raise NoTestDatabaseError(
            f"the test database is made by a superuser, and {login} is none: it can't make the ownership map's roles "
            f"and become each of them; name a superuser in {entry} for the run of the tests (docs/testing.md)"
        )


def _hand_out(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Give a new test database its roles, owners and rights, where the map has any. Receives `database_created`."""
    if (ownership := find_ownership()) and ownership.has_roles:
        bootstrap_database(connection, ownership)
