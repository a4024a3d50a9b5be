"""What the engine does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models.signals import post_migrate, pre_migrate

from freehold.backends.creation import creating_database, database_created
from freehold.backends.errors import NoTestDatabaseError
from freehold.ownership import find_ownership
from freehold.rights.administration import bootstrap_database
from freehold.services.groups import fill_groups

_MAY_MAKE = """
    SELECT rolname, rolsuper OR (rolcreatedb AND EXISTS (
        SELECT FROM pg_catalog.pg_roles m WHERE m.rolname = %s AND pg_catalog.pg_has_role(m.oid, 'MEMBER')
    ))
    FROM pg_catalog.pg_roles WHERE rolname = session_user
"""


def connect() -> None:
    """Listen. A second time changes nothing."""
    pre_migrate.connect(_listen_last, dispatch_uid="freehold.services.groups")
    creating_database.connect(_check_maker, dispatch_uid="freehold.ownership")
    database_created.connect(_hand_out, dispatch_uid="freehold.ownership")


def _listen_last(**kwargs: Any) -> None:
    """Listen for `post_migrate` behind Django's own receiver, which makes the permissions that groups get.

    Receivers are called in the order they came in, and the engine is the first app to be ready.
    """
    post_migrate.connect(fill_groups, dispatch_uid="freehold.services.groups")


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
