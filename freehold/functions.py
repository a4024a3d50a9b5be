"""Database functions for column defaults."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, UUIDField
from django.db.models.sql.compiler import SQLCompiler

# RFC 9562, section 5.4: 122 random bits, version 4 in the 13th hex digit, variant 10 in the two high bits of the 17th.
_SQLITE_UUID4 = (
    "lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2)"
    " || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(8)), 2))"
)


class RandomUUID(Func):
    """A random UUID, version 4, made by the database: `db_default=RandomUUID()`.

    On SQLite it is 32 lower-case hex digits, the form in which Django keeps a UUID there.
    """

    function = "gen_random_uuid"
    arity = 0
    output_field = UUIDField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        """Give an expression of SQLite's own functions, so that a bare `sqlite3` shell can insert too."""
        return self.as_sql(compiler, connection, template=_SQLITE_UUID4, **context)
