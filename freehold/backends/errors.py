"""What a backend raises on purpose, and what can be told from an error of the database."""

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, NotSupportedError, ProgrammingError

from freehold.errors import FreeholdError, ServiceError

_UNDEFINED = {"42P01", "3F000"}  # undefined_table, invalid_schema_name (manual, appendix A)
_LOCK_NOT_AVAILABLE = "55P03"
_READ_ONLY = "25006"  # read_only_sql_transaction


class SchemaNameError(FreeholdError, ImproperlyConfigured):
    """OPTIONS["schemas"] of a database is no list of names that can be split off a table's."""


class DatabaseVersionError(FreeholdError, NotSupportedError):
    """The server is older than the oldest that serves. Also what Django's own check raises."""


class NoTestDatabaseError(FreeholdError):
    """Whoever is to make the test database can't."""


class AccessError(ServiceError, ProgrammingError):
    """The database refused a statement of a service, or of a process that acts as none: SQLite's authorizer, or
    PostgreSQL, whose own error is the cause. A ProgrammingError too, as that is.

    `table` and `column` are what it was about, empty where it was about no row or where the server does not tell.
    `about` is what was refused, as the log has it: a kind and a name, such as a function's.
    """

    def __init__(self, message: str, table: str = "", column: str = "", about: tuple[str, str] = ("", "")) -> None:
        super().__init__(message)
        self.table, self.column = table, column
        self.about = about if about[0] else ("table", table)


class RelationError(FreeholdError, ProgrammingError):
    """A statement names a relation that is not there, and more is known of it than the server said: `words`, behind
    what it said. PostgreSQL's own error is the cause."""

    def __init__(self, said: str, words: str) -> None:
        super().__init__(f"{said}\n{words}")
        self.words = words


def is_table_missing(error: Exception) -> bool:
    """Tell whether a statement named a table or schema that does not exist. SQLite tells it by its message alone."""
    if isinstance(error, ProgrammingError):
        return getattr(error.__cause__, "sqlstate", None) in _UNDEFINED
    return isinstance(error, DatabaseError) and str(error).startswith("no such table")


def is_busy(error: Exception) -> bool:
    """Tell whether a statement has waited for another transaction as long as it may."""
    cause = error.__cause__
    is_locked = str(getattr(cause, "sqlite_errorname", "")).startswith("SQLITE_BUSY")
    return is_locked or getattr(cause, "sqlstate", None) == _LOCK_NOT_AVAILABLE


def is_read_only(error: Exception) -> bool:
    """Tell whether a server refused to write at all, as a replica does and a primary that was taken back."""
    return isinstance(error, DatabaseError) and getattr(error.__cause__, "sqlstate", None) == _READ_ONLY
