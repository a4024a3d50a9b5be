"""Looks at everything that the history should agree with, in one snapshot, and changes nothing."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.exceptions import BadMigrationError, InconsistentMigrationHistory, NodeNotFoundError
from django.db.migrations.loader import MigrationLoader
from django.db.utils import Error

from freehold.errors import FreeholdError
from freehold.findings import LookError
from freehold.history.journal import HISTORY, KEEPING, STRUCTURE
from freehold.history.lost import refuse_lost
from freehold.ownership import Ownership
from freehold.verification.faults import Fault
from freehold.verification.migrations import Migrations
from freehold.verification.rows import iter_guard_faults, iter_row_faults
from freehold.verification.seeds import iter_seed_faults
from freehold.verification.structure import iter_structure_faults

_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_CAUSES = (FreeholdError, Error, BadMigrationError, InconsistentMigrationHistory, NodeNotFoundError)


def verify(connection: BaseDatabaseWrapper, ownership: Ownership) -> list[Fault]:
    """Give what is amiss, as the migrator; nothing where code, Django's record and history agree.

    Raises:
        LookError: it could not be looked at: there is no history yet, or the code's migrations can't be loaded.
    """
    with looking(), _snapshot(connection):
        loader = MigrationLoader(connection)
        check_tables(connection, loader.applied_migrations)
        return [
            *Migrations(connection, loader).iter_faults(),
            *iter_seed_faults(connection),
            *iter_row_faults(connection),
            *iter_guard_faults(connection, ownership),
            *iter_structure_faults(connection, ownership),
        ]


@contextmanager
def looking() -> Iterator[None]:
    """Let whatever keeps the block from looking be a LookError."""
    try:
        yield
    except _CAUSES as error:
        if isinstance(error, LookError):
            raise
        reason = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
        raise LookError(f"the history could not be looked at: {reason}") from error


@contextmanager
def _snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the block see one state of the database: a migrate may be at work."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(using=connection.alias):
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(_SNAPSHOT)
        yield


def check_tables(connection: BaseDatabaseWrapper, applied: Container[tuple[str, str]]) -> None:
    """Raise LookError where the history's table is not there, or of an older shape, or Django's is lost."""
    try:
        refuse_lost(connection, applied)
    except FreeholdError as error:
        raise LookError(str(error)) from error
    for name in (HISTORY, KEEPING, STRUCTURE):
        if name not in applied:
            raise LookError(
                f"there is no history that can be read: {'.'.join(name)} is not applied; run `manage.py migrate`"
            )
