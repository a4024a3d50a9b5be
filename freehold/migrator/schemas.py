"""Makes the schemas of a map that is for placement alone, as the login at hand: such a map has no owners."""

from __future__ import annotations

from collections.abc import Callable

from django.db import ProgrammingError
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.errors import MigrationError
from freehold.ownership import Ownership

_MISSING = """
    SELECT name FROM pg_catalog.unnest(%s::text[]) AS name
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = name)
"""


def make_schemas(connection: BaseDatabaseWrapper, ownership: Ownership, say: Callable[[str], object]) -> None:
    """Make what is missing; on SQLite there is nothing to make.

    Raises:
        MigrationError: the login may not.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [list(ownership.schema_names)])
        # Names of a map need no quotes. Two that migrate at once may find the same one missing.
        for (name,) in cursor.fetchall():
            try:
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
            except ProgrammingError as error:
                raise MigrationError(_explain(name, connection, error)) from error
            say(f"  Made schema {name}")


def _explain(name: str, connection: BaseDatabaseWrapper, error: ProgrammingError) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        (login,) = cursor.fetchone()
    reason = str(error).splitlines()[0]
    return (
        f"schema {name} is missing in database {connection.settings_dict['NAME']!r}, and {login} can't make it "
        f"({reason}): let whoever owns the database run CREATE SCHEMA {name} AUTHORIZATION {login}"
    )
