"""Makes a server what the map says: roles, schemas and their owners, rights. A second run finds nothing to do.

Declare (the map) → compile (pure) → inspect the catalogue → compare as sets → apply, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from freehold.errors import OwnershipError
from freehold.ownership.compilation import compile_map
from freehold.ownership.map import Ownership, list_role_names
from freehold.rights.application import able_to_become, apply_changes, make_passwords, outlast_races
from freehold.rights.changes import Desk, Drift, list_changes
from freehold.rights.comparison import compare
from freehold.rights.comparison.roles import STATISTICS
from freehold.rights.inspection import inspect_catalogue
from freehold.rights.statements import Change, Phase

OLDEST = 150000
STATISTICS_MISSING = """
    SELECT true FROM pg_catalog.pg_roles u
    WHERE u.rolname = current_user AND u.rolsuper AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_auth_members a
        JOIN pg_catalog.pg_roles m ON m.oid = a.member JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
        WHERE m.rolname = %s AND r.rolname = %s
    )
"""
RULES = {"D001", "D002", "D003", "D005", "D007", "D008", "D009", "D018"}  # what it mends; see docs/drift.md


def bootstrap(admin: psycopg.Connection, ownership: Ownership, passfile: Path, *, host: str | None = None) -> list[str]:
    """Put in place what the map asks of the database that `admin` is connected to; say what was done, a line each.

    Empty where nothing was to do. All or nothing: it is one transaction. `admin` is a superuser, or owns the database
    and has CREATEROLE. Passwords of logins that are made come from `passfile`, which gets random ones where it has
    none; its lines are for `host`, by default the one that `admin` is connected to.

    Raises:
        OwnershipError: the server is too old, or `admin` lacks a right, which the message names.
    """
    check_admin(admin, ownership)
    host = host or get_passfile_host(admin.info.host)
    return outlast_races(lambda: apply_once(admin, ownership, passfile, host))


def check_admin(admin: psycopg.Connection, ownership: Ownership) -> None:
    """Refuse a server that lacks what is needed, and an admin that the map would strip of its rights."""
    if admin.info.server_version < OLDEST:
        major = admin.info.server_version // 10000
        raise OwnershipError(f"the server is PostgreSQL {major}, and PostgreSQL 15 or newer is needed: upgrade it")
    if admin.info.user in list_role_names(ownership):
        raise OwnershipError(
            f"{admin.info.user} is a role of the ownership map, which may make no roles: name a superuser, or the "
            f"database's owner with CREATEROLE, e.g. --admin-url postgresql://postgres@{get_passfile_host(admin.info.host)}/"
        )


def get_passfile_host(host: str) -> str:
    """Give a host as libpq looks it up in a password file: `localhost` for a socket in the usual directory."""
    return "localhost" if host in ("", "/tmp", "/var/run/postgresql", "/run/postgresql") else host  # noqa: S108


def apply_once(admin: psycopg.Connection, ownership: Ownership, passfile: Path, host: str) -> list[str]:
    """Compare and apply, in one transaction; say what was done."""
    with admin.transaction(), psycopg.Cursor(admin) as cursor:
        changes = list_bootstrap_changes(cursor, ownership)
        roles = [change for change in changes if change.phase <= Phase.BECOME]
        rest = [change for change in changes if change.phase > Phase.BECOME]
        done = apply_changes(cursor, roles, make_passwords(admin, passfile, host))
        if rest:
            with able_to_become(cursor, ownership.migrator):
                done += apply_changes(cursor, rest)
        if done:
            check_applied(cursor, ownership)
    return done


def list_bootstrap_changes(cursor: psycopg.Cursor, ownership: Ownership) -> list[Change]:
    """Give what a bootstrap has to do."""
    declared = compile_map(ownership, cursor.connection.info.dbname)
    desk = Desk(declared, inspect_catalogue(cursor, ownership))
    changes = list_changes([each for each in compare(desk) if is_bootstraps(each, ownership)], desk)
    return [*changes, *iter_statistics_changes(cursor, ownership.migrator)]


def iter_statistics_changes(cursor: psycopg.Cursor, migrator: str) -> Iterator[Change]:
    """Yield what lets the migrator see other sessions' statements, for an admin who can give that: a superuser."""
    cursor.execute(STATISTICS_MISSING, [migrator, STATISTICS])
    if cursor.fetchone():
        statement = sql.SQL("GRANT {} TO {}").format(sql.Identifier(STATISTICS), sql.Identifier(migrator))
        yield Change(f"let {migrator} see what is in its way", statement, "", "SUPERUSER", Phase.BECOME, is_admins=True)


def is_bootstraps(drift: Drift, ownership: Ownership) -> bool:
    """Tell whether a bootstrap mends it: what takes the map alone, and takes nothing away but what everyone holds.

    Rights on tables of Django's apps are not among it: they are given together with the tables' policies, which stand
    beside the models.
    """
    if drift.grants:
        tables = {grant.object.schema for grant in drift.grants if grant.object.whole.kind == "table"}
        managed = {schema.name for schema in ownership.schemas if not schema.external}
        return drift.is_built_in if drift.takes else not tables & managed
    return drift.is_built_in or (drift.rule in RULES and not drift.takes)


def check_applied(cursor: psycopg.Cursor, ownership: Ownership) -> None:
    """Read the catalogue back: a GRANT may "succeed" with a warning and grant nothing.

    Raises:
        OwnershipError: something still differs.
    """
    if left := [change.says for change in list_bootstrap_changes(cursor, ownership)]:
        raise OwnershipError(
            f"bootstrap as {cursor.connection.info.user} had no effect on: {', '.join(left)}; nothing was changed. "
            f"Run it as a superuser"
        )
