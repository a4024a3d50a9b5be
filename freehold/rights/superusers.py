"""What a bootstrap does where a superuser runs it, and leaves as it is where none does: nobody else may.

The migrator sees what is in its way. What services do is not shown to their other connections, and they run no code
block: `DO` on a connection that is kept was the way to leave something on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import psycopg
from psycopg import sql

from freehold.ownership.map import Ownership
from freehold.rights.comparison.memberships import ACTIVITIES, STATISTICS
from freehold.rights.drift import Change, Phase

_IS_SUPERUSER: Final = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
_MEMBER_MISSING: Final = """
    SELECT true WHERE NOT EXISTS (
        SELECT FROM pg_catalog.pg_auth_members a
        JOIN pg_catalog.pg_roles m ON m.oid = a.member JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
        WHERE m.rolname = %s AND r.rolname = %s
    )
"""
_SETTING_MISSING: Final = """
    SELECT name FROM pg_catalog.unnest(%s::name[]) AS login (name)
    WHERE NOT EXISTS (
        SELECT FROM pg_catalog.pg_db_role_setting s
        JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
        JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase AND d.datname = pg_catalog.current_database()
        WHERE r.rolname = login.name AND %s = ANY (s.setconfig)
    )
    ORDER BY name
"""
_LANGUAGE_OPEN: Final = """
    SELECT true FROM pg_catalog.pg_language l
    CROSS JOIN LATERAL pg_catalog.aclexplode(coalesce(l.lanacl, pg_catalog.acldefault('l', l.lanowner))) AS entry
    WHERE l.lanname = 'plpgsql' AND entry.grantee = 0
"""
_LANGUAGE_MISSING: Final = """
    SELECT name FROM pg_catalog.unnest(%s::name[]) AS owner (name), pg_catalog.pg_language l
    WHERE l.lanname = 'plpgsql' AND NOT EXISTS (
        SELECT FROM pg_catalog.aclexplode(l.lanacl) AS entry
        JOIN pg_catalog.pg_roles r ON r.oid = entry.grantee WHERE r.rolname = owner.name
    )
    ORDER BY name
"""
_RIGHT: Final = "SUPERUSER"


def iter_superusers_changes(cursor: psycopg.Cursor, ownership: Ownership) -> Iterator[Change]:
    """Yield what is left to do of it; nothing for an admin who is no superuser."""
    if cursor.execute(_IS_SUPERUSER).fetchone() != (True,):
        return
    yield from _iter_statistics(cursor, ownership.migrator)
    yield from _iter_activities(cursor, ownership)
    yield from _iter_language(cursor, ownership)


def _iter_statistics(cursor: psycopg.Cursor, migrator: str) -> Iterator[Change]:
    if cursor.execute(_MEMBER_MISSING, [migrator, STATISTICS]).fetchone():
        statement = sql.SQL("GRANT {} TO {}").format(sql.Identifier(STATISTICS), sql.Identifier(migrator))
        yield Change(f"let {migrator} see what is in its way", statement, "", _RIGHT, Phase.BECOME, is_admins=True)


def _iter_activities(cursor: psycopg.Cursor, ownership: Ownership) -> Iterator[Change]:
    name, value = ACTIVITIES
    database = sql.Identifier(cursor.connection.info.dbname)
    cursor.execute(_SETTING_MISSING, [_list_hidden_logins(ownership), f"{name}={value}"])
    for (login,) in cursor.fetchall():
        words = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}")
        statement = words.format(sql.Identifier(login), database, sql.Identifier(name), sql.SQL(value))
        says = f"show what {login} does to no other connection of it"
        yield Change(says, statement, "", _RIGHT, Phase.SETTING, is_admins=True)


def _list_hidden_logins(ownership: Ownership) -> list[str]:
    """Give the logins whose sessions serve one principal after another."""
    return sorted({service.login for service in ownership.services} | set(filter(None, [ownership.combined])))


def _iter_language(cursor: psycopg.Cursor, ownership: Ownership) -> Iterator[Change]:
    owners = sorted({*(schema.owner for schema in ownership.schemas), ownership.migrator})
    cursor.execute(_LANGUAGE_MISSING, [owners])
    for (owner,) in cursor.fetchall():
        statement = sql.SQL("GRANT USAGE ON LANGUAGE plpgsql TO {}").format(sql.Identifier(owner))
        says = f"grant USAGE on language plpgsql to {owner}"
        yield Change(says, statement, "", _RIGHT, Phase.GRANT, is_admins=True)
    if cursor.execute(_LANGUAGE_OPEN).fetchone():
        revoke = sql.SQL("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
        says = "revoke USAGE on language plpgsql from PUBLIC"
        yield Change(says, revoke, "", _RIGHT, Phase.REVOKE, is_admins=True)
