"""What a bootstrap does where a superuser runs it, and leaves as it is where none does: nobody else may.

The migrator sees what is in its way. What services do is not shown to their other connections. They run no code block:
`DO` on a connection that is kept was the way to leave something on it. They make no large objects, which
would be theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import psycopg
from psycopg import sql

from freehold.ownership.comparable import PUBLIC, Grant
from freehold.ownership.elsewhere import CLOSED, iter_closed_grants
from freehold.ownership.map import Ownership
from freehold.rights.comparison.memberships import ACTIVITIES, STATISTICS
from freehold.rights.drift import Change, Phase
from freehold.rights.statements import group_grants, write_group

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
_WHO: Final = """
    SELECT 'PUBLIC' AS name, 0::oid AS oid
    UNION ALL SELECT r.rolname::text, r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = ANY (%s::name[])
"""
# By the kind: who of the roles that there are, and of everyone, holds it; no row where there is no such thing.
_HOLDERS: Final = {
    "language": f"""
        SELECT ARRAY(SELECT w.name FROM ({_WHO}) w WHERE pg_catalog.has_language_privilege(w.oid, l.oid, 'USAGE'))
        FROM pg_catalog.pg_language l WHERE l.lanname = %s
    """,  # noqa: S608 - _WHO is this module's
    "function": f"""
        SELECT ARRAY(SELECT w.name FROM ({_WHO}) w WHERE pg_catalog.has_function_privilege(w.oid, p.oid, 'EXECUTE'))
        FROM (SELECT pg_catalog.to_regprocedure('pg_catalog.' || %s)::oid AS oid) p WHERE p.oid IS NOT NULL
    """,  # noqa: S608 - as above
}
_RIGHT: Final = "SUPERUSER"


def iter_superusers_changes(cursor: psycopg.Cursor, ownership: Ownership) -> Iterator[Change]:
    """Yield what is left to do of it, where the cursor is a superuser's."""
    yield from _iter_statistics(cursor, ownership.migrator)
    yield from _iter_activities(cursor, ownership)
    yield from _iter_closings(cursor, ownership)


def may_all(cursor: psycopg.Cursor) -> bool:
    """Tell whether the cursor is a superuser's."""
    return cursor.execute(_IS_SUPERUSER).fetchone() == (True,)


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


def _iter_closings(cursor: psycopg.Cursor, ownership: Ownership) -> Iterator[Change]:
    """Yield what takes from everyone what owners alone need, and gives it to them."""
    grants = list(iter_closed_grants(ownership))
    owners = [grant.grantee for grant in grants]
    for each in CLOSED:
        row = cursor.execute(_HOLDERS[each.object.kind], [owners, each.object.name]).fetchone()
        if row is None:
            continue
        is_open = PUBLIC in row[0]
        for grant in grants:
            if grant.object == each.object and (is_open or grant.grantee not in row[0]):
                yield _make_change(grant, revoke=False)
        if is_open:
            yield _make_change(each, revoke=True)


def _make_change(grant: Grant, *, revoke: bool) -> Change:
    (group,) = group_grants([grant])
    verb, word = ("revoke", "from") if revoke else ("grant", "to")
    says = f"{verb} {grant.privilege} on {grant.object.label} {word} {grant.grantee}"
    phase = Phase.REVOKE if revoke else Phase.GRANT
    return Change(says, write_group(group, revoke=revoke), "", _RIGHT, phase, is_admins=True)
