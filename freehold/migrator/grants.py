"""Rights around migrations: what contracts promise in time, and everything that is declared at the end of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

from freehold.errors import MigrationError
from freehold.migrator.limits import Patience
from freehold.migrator.sides import find_sides
from freehold.ownership import Ownership, Schema
from freehold.ownership.comparable import Grant
from freehold.ownership.compilation import compile_contracts, iter_counting_grants
from freehold.rights.administration import bootstrap_database, is_embedded
from freehold.rights.alignment import Alignment, apply_ownership, is_unchanged
from freehold.rights.contract_grants import grant_contracts


class ContractGrants:
    """The grants of a map's contracts during one run of migrations, and of the function that counts versions."""

    def __init__(self, connection: BaseDatabaseWrapper, ownership: Ownership) -> None:
        self.connection = connection
        self.ownership = ownership
        # What is not known to be granted; types are everyone's to use who may name them.
        named = {grant for grant in compile_contracts(ownership) if grant.object.kind != "type"}
        self.pending = frozenset(named.union(iter_counting_grants(ownership)))

        self.waiting: frozenset[Grant] = frozenset()  # of these, what was not there when it was looked for
        self.owners = {schema.name: schema.owner for schema in ownership.schemas if not schema.external}

    def grant_to(self, role: str) -> None:
        """Grant what contracts promise to an owner role and can be granted by now.

        Called before each migration of that role: asks the catalogue only while something is pending, and may be there
        by now.
        """
        due = frozenset(grant for grant in self.pending - self.waiting if grant.grantee == role)
        if due:
            _, absent = grant_contracts(self.connection, self.ownership, due)
            self.pending = self.pending - due | absent
            self.waiting |= absent

    def look_again(self, migration: Migration, schema: Schema) -> None:
        """Know that a migration ran, and may have made what was waited for. What a schema holds whose migrations are
        somebody else's may come at any time."""
        moved = {self.owners.get(name) for name in find_sides(self.ownership, migration, schema).moved}
        changed = {schema.owner, *moved, None}
        self.waiting = frozenset(each for each in self.waiting if self.owners.get(each.object.schema) not in changed)


def align_rights(connection: BaseDatabaseWrapper, ownership: Ownership, patience: Patience) -> Alignment:
    """Bring rights, row security and policies in line, as the migrator; give what was done and what is left.

    A table's policies need a lock on it for a moment: where that is not to be had, it is tried again.

    What it may not do is left to an admin; on an embedded server what is missing of it is made by the superuser.
    Privileges are taken up to a limit: beyond it, none are.

    Raises:
        MigrationError: the server refuses; migrations stay applied.
    """
    connection.ensure_connection()
    try:
        return patience.outlast(lambda _: _align(connection, ownership, f"{patience.limits.lock_timeout}ms"))
    except psycopg.Error as error:
        reason = " ".join(str(error).split()) + patience.get_reason()
        raise MigrationError(
            f"migrations are applied, but rights and policies could not be brought in line: {reason}. "
            f"`manage.py ownership plan` shows what is to be done"
        ) from error


def _align(connection: BaseDatabaseWrapper, ownership: Ownership, lock_timeout: str) -> Alignment:
    """Do what `align_rights` says."""
    if is_unchanged(connection.connection, ownership):
        return Alignment()
    options: Any = {"takes_all": False, "is_changed": True, "lock_timeout": lock_timeout}
    applied = apply_ownership(connection.connection, ownership, **options)
    if not applied.admins or not is_embedded(connection) or connection.in_atomic_block:
        return applied
    made = bootstrap_database(connection, ownership)
    if not made:
        return applied
    last = apply_ownership(connection.connection, ownership, **options)
    return replace(last, done=[*applied.done, *made, *last.done])
