"""Makes a server what the map says: roles, schemas and their owners, rights. A second run finds nothing to do.

Declare (the map) → compile (pure) → inspect the catalogue → compare as sets → apply, in one transaction.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg import sql

from freehold.errors import OwnershipError
from freehold.ownership.map import Ownership, list_role_names
from freehold.rights.comparison import compare
from freehold.rights.drift import Change, Comparison, Drift, Phase
from freehold.rights.execution import apply_all, make_passwords, outlast_races
from freehold.rights.statements import list_changes
from freehold.rights.superusers import iter_superusers_changes, may_all

OLDEST = 150000
_OF_SCHEMAS = {"D008", "D009"}
_RULES = {"D001", "D002", "D003", "D005", "D007", "D008", "D009", "D018"}  # what it mends; see docs/drift.md


def bootstrap(
    admin: psycopg.Connection,
    ownership: Ownership,
    passfile: Path,
    *,
    host: str | None = None,
    is_server_ours: bool = False,
) -> list[str]:
    """Put in place what the map asks of the database that `admin` is connected to; say what was done, a line each.

    Empty where nothing was to do. All or nothing: it is one transaction. `admin` is a superuser, or owns the database
    and has CREATEROLE. Passwords of logins that are made come from `passfile`, which gets random ones where it has
    none; its lines are for `host`, by default the one that `admin` is connected to. `is_server_ours` says that nobody
    else has a database on the server, so that its others are closed too.

    Raises:
        OwnershipError: the server is too old, or `admin` lacks a right, which the message names.
    """
    _check_admin(admin, ownership)
    host = host or get_passfile_host(admin.info.host)
    return outlast_races(lambda: _apply_once(admin, ownership, passfile, host, is_server_ours=is_server_ours))


def _check_admin(admin: psycopg.Connection, ownership: Ownership) -> None:
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


def _apply_once(
    admin: psycopg.Connection, ownership: Ownership, passfile: Path, host: str, *, is_server_ours: bool
) -> list[str]:
    with admin.transaction(), psycopg.Cursor(admin) as cursor:
        changes = _list_bootstrap_changes(cursor, ownership, is_server_ours=is_server_ours)
        done = apply_all(cursor, changes, ownership.migrator, make_passwords(admin, passfile, host))
        if done:
            _check_applied(cursor, ownership, is_server_ours=is_server_ours)
    return done


def _list_bootstrap_changes(cursor: psycopg.Cursor, ownership: Ownership, *, is_server_ours: bool) -> list[Change]:
    comparison = compare(cursor, ownership, with_models=False)
    # What a restore without owners left with whoever restored it goes to its schema's owner, where a superuser says so,
    # or whoever restored it.
    is_superuser, user = may_all(cursor), cursor.connection.info.user
    left = {each.object for each in comparison.drifts if each.rule == "D011" and each.found == f"owned by {user}"}
    drifts = [
        each
        for each in comparison.drifts
        if _is_bootstraps(each, ownership) or (each.rule == "D011" and (is_superuser or each.object in left))
    ]
    if left and not is_superuser:
        drifts = _hand_objects_first(drifts, comparison, user)
    if not is_server_ours:  # whoever has the others may need what everyone may there
        drifts = [each for each in drifts if not (each.takes and _is_on_another(each, comparison))]
    changes = list_changes(drifts, comparison)
    return [*changes, *(iter_superusers_changes(cursor, ownership) if is_superuser else ())]


def _hand_objects_first(drifts: list[Drift], comparison: Comparison, user: str) -> list[Drift]:
    """Give the drifts so that a schema of `user` is handed over after what lies in it: without the schema no name in it
    can be said any more. Until then its owner to be has to have CREATE there, or nothing can be given to it."""
    schemas = {f"schema {each.name}": each for each in comparison.found.schemas.values() if each.owner == user}
    late = [each for each in drifts if each.object in schemas and each.rule in _OF_SCHEMAS]
    moved = [replace(each, changes=tuple(replace(it, phase=Phase.OWNER) for it in each.changes)) for each in late]
    lent = [
        replace(each, changes=(_lend_schema(name := schemas[each.object].name, comparison.owners[name]),))
        for each in late
        if each.rule == "D008"
    ]
    return [*lent, *(each for each in drifts if each not in late), *moved]


def _lend_schema(schema: str, owner: str) -> Change:
    statement = sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(sql.Identifier(schema), sql.Identifier(owner))
    says = f"let {owner} be given what lies in schema {schema}"
    return Change(says, statement, "", f"to own schema {schema}", Phase.SCHEMA, is_admins=True)


def _is_bootstraps(drift: Drift, ownership: Ownership) -> bool:
    # A bootstrap mends what takes the map alone, and takes nothing away but what everyone holds. Rights on tables of
    # Django's apps are not among it: they are given together with the tables' policies, which stand beside the models.
    if drift.grants:
        tables = {grant.object.schema for grant in drift.grants if grant.object.whole.kind == "table"}
        managed = set(ownership.migrated_names)
        return drift.is_built_in if drift.takes else not tables & managed
    return drift.is_built_in or (drift.rule in _RULES and not drift.takes)


def _is_on_another(drift: Drift, comparison: Comparison) -> bool:
    return any(each.object.kind == "database" and not comparison.is_at_hand(each.object) for each in drift.grants)


def _check_applied(cursor: psycopg.Cursor, ownership: Ownership, *, is_server_ours: bool) -> None:
    # Reads the catalogue back: a GRANT may "succeed" with a warning and grant nothing.
    left = [each.says for each in _list_bootstrap_changes(cursor, ownership, is_server_ours=is_server_ours)]
    if left:
        raise OwnershipError(
            f"bootstrap as {cursor.connection.info.user} had no effect on: {', '.join(left)}; nothing was changed. "
            f"Run it as a superuser"
        )
