"""Quotes a table's name as schema and table, and empties tables as a login that may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import operations

from freehold.acting.logins import SUPERUSER, using_login
from freehold.backends.creation import FlushMixin
from freehold.backends.names import quote_split, quote_whole, split_name
from freehold.backends.postgresql.pipelines import BoundQuery

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

_CACHE_INDEX = "_expires"  # what Django's createcachetable adds to the table's name and quotes as an index
MOST_NAMES = 10_000  # names with a dot that a connection remembers; others are split each time


class DatabaseOperations(FlushMixin, operations.DatabaseOperations):
    """Reads the dot of a known schema as the one between schema and table."""

    connection: DatabaseWrapper

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.quoted: dict[str, str] = {}

    def quote_name(self, name: str) -> str:
        """Give the name in double quotes, or `"schema"."table"`.

        Called for every column of every query: a plain name takes no further call, one with a dot is split once.
        """
        if "." in name:
            return self.quoted.get(name) or self.quote_dotted(name)
        return quote_whole(name) if '"' in name else f'"{name}"'

    def quote_dotted(self, name: str) -> str:
        """Split a name and remember it, unless it may be that of a cache's index: tests change settings.CACHES."""
        may_be_index = name.endswith(_CACHE_INDEX)
        caches = settings.CACHES.values() if may_be_index else ()  # no table can be called so beside one
        if any(name == f"{cache.get('LOCATION')}{_CACHE_INDEX}" for cache in caches):
            return self.quote_index(name)
        quoted = quote_split(name, self.connection.schemas)
        if not may_be_index and len(self.quoted) < MOST_NAMES:
            self.quoted[name] = quoted
        return quoted

    def quote_index(self, name: str) -> str:
        """Give an index's name without the schema: it is made in that of its table."""
        return quote_whole(split_name(name, self.connection.schemas)[1])

    @contextmanager
    def quoting_index(self, name: str) -> Iterator[None]:
        """Take this one name for an index's inside the block."""
        self.quoted[name] = self.quote_index(name)
        try:
            yield
        finally:
            self.quoted.pop(name, None)

    def for_update_sql(
        self, nowait: bool = False, skip_locked: bool = False, of: Iterable[str] = (), no_key: bool = False
    ) -> str:
        """Give the locking clause. OF takes the bare name (manual, SELECT, "The Locking Clause")."""
        return super().for_update_sql(nowait, skip_locked, [self.get_bare_name(name) for name in of], no_key)

    def get_bare_name(self, quoted: str) -> str:
        """Give `"user"` for `"auth"."user"`, and any other quoted name as it is."""
        schema, dot, bare = quoted.partition('"."')
        return f'"{bare}' if dot and schema.removeprefix('"') in self.connection.schemas else quoted

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """Give the statement with its values, for logs, also where they went apart from it."""
        if not isinstance(getattr(cursor, "_query", None), BoundQuery):
            return super().last_executed_query(cursor, sql, params)
        with suppress(psycopg.Error):
            return psycopg.ClientCursor(cursor.connection).mogrify(sql, params)
        return None

    def execute_sql_flush(self, sql_list: Iterable[str]) -> Any:
        """Run the TRUNCATE; in a test database as the superuser, since no service may truncate.

        Elsewhere, and inside a transaction that a reconnect would lose, it runs as the login at hand, whose rights
        decide.
        """
        if not self.connection.creation.is_test_database or self.connection.in_atomic_block:
            return super().execute_sql_flush(sql_list)
        with using_login(self.connection, SUPERUSER):
            return super().execute_sql_flush(sql_list)
