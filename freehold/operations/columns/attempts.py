"""Runs statements that lock a table: those that others wait for are brief and tried again, the rest may take long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.text import Truncator

from freehold.acting.roles import can_switch
from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.migrator.limits import Patience, get_limits, is_transient
from freehold.sqlfiles import read_statement

_T = TypeVar("_T")

_LONGEST_WAIT = 2000  # milliseconds, where the settings set no limit: these operations promise one
SHORTEST, LONGEST = 0.1, 5.0  # seconds between two attempts
_SHOW = "SELECT pg_catalog.current_setting('lock_timeout')"
SET = "SELECT pg_catalog.set_config('lock_timeout', %s, %s)"


class Attempts:
    """How statements on one table are run. `label` is the table as models name it, `quoted` as SQL does.

    `lock_timeout` is the operation's own; without it the session's counts, then the setting MIGRATION_LOCK_TIMEOUT.
    """

    def __init__(self, connection: BaseDatabaseWrapper, label: str, lock_timeout: str = "") -> None:
        self.connection, self.label, self.quoted = connection, label, connection.ops.quote_name(label)
        self.lock_timeout = lock_timeout or self.find_lock_timeout()
        # Shorter pauses than a migration's: what is tried again here is brief, and holds nothing in between.
        limits = replace(get_limits(), first_pause=SHORTEST, longest_pause=LONGEST)
        self.patience = Patience(limits, say=lambda line: None, get_reason=str)

    def find_lock_timeout(self) -> str:
        """Give how long a statement may queue for a lock, as PostgreSQL writes it."""
        session = str(self.fetch(_SHOW)[0][0])
        return session if session != "0" else f"{get_limits().lock_timeout or _LONGEST_WAIT}ms"

    def fetch(self, statement: str, params: Any = None) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, params)
            return list(cursor.fetchall()) if cursor.description else []

    def run(self, *statements: str) -> None:
        """Run statements in one brief transaction that queues for no lock longer than the limit; else try again."""
        self.attempt(lambda: self.execute(statements), " and ".join(statements[:1]))

    def execute(self, statements: Sequence[str]) -> None:
        with self.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def attempt(self, work: Callable[[], _T], doing: str, lock_timeout: str = "") -> _T:
        """Do the work in a transaction, again and again while others hold the locks that it needs.

        Raises:
            MigrationError: they held them all the time.
        """
        limit = lock_timeout or self.lock_timeout

        def once(number: int) -> _T:
            with transaction.atomic(using=self.connection.alias):
                self.fetch(SET, [limit, True])
                return work()

        try:
            return self.patience.outlast(once)
        except OperationalError as error:
            if not is_transient(error):
                raise
            raise MigrationError(self.explain(doing, limit)) from error

    def explain(self, doing: str, lock_timeout: str) -> str:
        """Say what could not be done and who is in the way: at the moment, for the lock that was waited for is gone."""
        holders = ", ".join(
            f"{who} (backend {pid}, in a transaction for {seconds:.0f} s)"
            for pid, who, seconds in self.fetch(read_statement(__file__, "lock_holders"), {"table": self.quoted})
        )
        attempts = self.patience.limits.retries + 1
        shown = Truncator(" ".join(doing.split())).chars(100)
        return (
            f"{self.label} is locked by {holders or 'others'}: {shown} gave up after {attempts} "
            f"attempts of {lock_timeout}. End what holds it and run migrate again: what is done stays done"
        )

    def run_long(self, *statements: str) -> None:
        """Run statements that others do not wait for, each by itself: they may wait for a lock as long as they must."""
        before = self.fetch(_SHOW)[0][0]
        self.fetch(SET, ["0", False])
        try:
            self.execute(statements)
        finally:
            if can_switch(self.connection):
                self.fetch(SET, [before, False])


class LiveTable(Attempts):
    """A table in use. `rows` is what the server last estimated; `keys` and `types` are of the columns of the primary
    key, in its order."""

    schema: str
    bare: str
    oid: int
    rows: int
    keys: list[str]
    types: list[str]

    def __init__(self, connection: BaseDatabaseWrapper, label: str, lock_timeout: str = "") -> None:
        """Look the table up.

        Raises:
            MigrationError: it can't be filled in batches: no such table, no primary key, partitioned, or row security
                hides rows from its owner.
        """
        super().__init__(connection, label, lock_timeout)
        found = self.fetch(read_statement(__file__, "table_facts"), {"table": self.quoted})
        if not found:
            raise MigrationError(f"there is no table {label}: run migrate without --fake, or correct db_table")
        self.schema, self.bare, self.oid, kind, has_relatives, self.rows, self.keys, self.types, is_hidden = found[0]
        if kind != "r" or has_relatives:
            raise MigrationError(
                f"{label} is no plain table, or a part or parent of others: its columns are not changed in steps. "
                f"Use Django's own operation, or do it for each part in SQL"
            )
        if not self.keys:
            raise MigrationError(f"{label} has no primary key, by which batches are made: give it one first")
        if is_hidden:
            raise MigrationError(
                f"row security may hide rows of {label} from its owner, so that they would be left out: give the owner "
                f"a policy FOR ALL USING (true); manage.py ownership apply makes one for each model with policies"
            )

    @property
    def texts(self) -> str:
        """What a statement selects to give the key of a row as text."""
        return ", ".join(f"{quote_whole(key)}::text" for key in self.keys)

    def describe_row(self, key: Sequence[str]) -> str:
        """Give `id = 42`, or `project_id = 7, number = 3`."""
        return ", ".join(f"{name} = {value}" for name, value in zip(self.keys, key, strict=True))
