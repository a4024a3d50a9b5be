"""Gives a migration the rights of two owners at once, for a move that the ownership map names and for nothing else.

A table is handed over by a role that has the rights of its owner and may become the next one. PostgreSQL lets nobody
be that by accident: the map's `mover` is made for it where a move crosses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from freehold.acting.roles import switch_role, using_role
from freehold.errors import MigrationError
from freehold.ownership import Move, Ownership
from freehold.ownership.lookup import find_ownership
from freehold.rights.inspection import GRANT_OPTIONS

_LACKING = """
    SELECT word FROM pg_catalog.unnest(ARRAY['USAGE', 'CREATE']) AS word
    WHERE NOT pg_catalog.has_schema_privilege(%s, %s, word)
"""


def find_map(connection: BaseDatabaseWrapper) -> Ownership | None:
    """Give the map that says whose the database's schemas are, or None."""
    ownership = find_ownership() if connection.settings_dict["OPTIONS"].get("schemas") else None
    return ownership if ownership and ownership.has_roles else None


def check_declared(ownership: Ownership, old: str, new: str, *, view: bool) -> Move | None:
    """Give the map's move; None where it needs none, which is within one owner's schemas and without a view.

    Raises:
        MigrationError: the map does not name it, and must.
    """
    move = ownership.find_move(old, new)
    owners = [get_owner(ownership, name) for name in (old, new)]
    if move is None and (view or owners[0] != owners[1]):
        crosses = f", which belongs to {owners[0]}," if owners[0] != owners[1] else ""
        target = f" of {owners[1]}" if owners[0] != owners[1] else ""
        raise MigrationError(
            f"the migration moves {old}{crosses} to {new}{target}, and the ownership map names no such move: add "
            f'Move("{old}", "{new}"{", until=date(…)" if view else ""}) to its moves; nothing of the migration was '
            f"applied"
        )
    return move


def get_owner(ownership: Ownership, name: str) -> str:
    """Give the owner role of a table's schema.

    Raises:
        MigrationError: the map does not know the schema.
    """
    schema = ownership.find_schema(name.partition(".")[0])
    if schema is None:
        known = ", ".join(ownership.schema_names)
        raise MigrationError(f"{name} lies in no schema of the ownership map: write schema.table with one of {known}")
    return schema.owner


@contextmanager
def as_both_owners(
    connection: BaseDatabaseWrapper, ownership: Ownership, source: str, target: str, holder: str
) -> Iterator[None]:
    """Act inside the block with the rights that it takes to move a table of `holder` from one schema to the other and
    to hand it over. It is in a transaction.

    Raises:
        MigrationError: the server does not let the migrator.
    """
    owner, heir = (get_owner(ownership, f"{schema}.") for schema in (source, target))
    if owner == heir:
        acting: AbstractContextManager[None] = using_role(connection, owner)
    elif holder == heir:
        acting = let_into(connection, ownership, source, heir)
    elif owner == ownership.migrator:
        acting = let_into(connection, ownership, target, owner)
    elif heir == ownership.migrator:
        acting = _inheriting(connection, ownership, owner)
    else:
        acting = _as_mover(connection, ownership)
    with acting:
        yield


@contextmanager
def _as_mover(connection: BaseDatabaseWrapper, ownership: Ownership) -> Iterator[None]:
    """Be the role that has the rights of every owner of a move."""
    try:
        before = switch_role(connection, ownership.mover)
    except DatabaseError as error:
        raise MigrationError(
            f"the migrator can't become {ownership.mover}, which has the rights of both owners: `manage.py ownership "
            f"bootstrap` makes it ({' '.join(str(error).split())})"
        ) from error
    yield
    switch_role(connection, before)


@contextmanager
def let_into(connection: BaseDatabaseWrapper, ownership: Ownership, schema: str, role: str) -> Iterator[None]:
    """Be a role, and let it put things into another owner's schema meanwhile."""
    owner, names = get_owner(ownership, f"{schema}."), (sql.Identifier(schema), sql.Identifier(role))
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, [role, schema])
        words = [word for (word,) in cursor.fetchall()]
    with using_role(connection, owner):
        for word in words:
            _run(connection, sql.SQL("GRANT {} ON SCHEMA {} TO {}").format(sql.SQL(word), *names))
    with using_role(connection, role):
        yield
    with using_role(connection, owner):
        for word in words:
            _run(connection, sql.SQL("REVOKE {} ON SCHEMA {} FROM {}").format(sql.SQL(word), *names))


@contextmanager
def _inheriting(connection: BaseDatabaseWrapper, ownership: Ownership, owner: str) -> Iterator[None]:
    """Be the migrator, and let it have the owner's rights meanwhile: nobody else may hand a table to the migrator."""
    if connection.connection.info.server_version < GRANT_OPTIONS:
        raise MigrationError(
            f"before PostgreSQL 16 the migrator can't take a table over from {owner}: an admin does it first (ALTER "
            f"TABLE … OWNER TO {ownership.migrator}), then migrate again; nothing of the migration was applied"
        )
    names = sql.Identifier(ownership.mover), sql.Identifier(ownership.migrator)
    with using_role(connection, ownership.migrator):
        try:
            _run(connection, sql.SQL("GRANT {} TO {} WITH INHERIT TRUE GRANTED BY {}").format(*names, names[1]))
        except DatabaseError as error:
            raise MigrationError(
                f"the migrator can't have the rights of {ownership.mover}: `manage.py ownership bootstrap` lets it "
                f"({' '.join(str(error).split())})"
            ) from error
        yield
        _run(connection, sql.SQL("REVOKE {} FROM {} GRANTED BY {}").format(*names, names[1]))


def _run(connection: BaseDatabaseWrapper, statement: sql.Composed) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None), None)
