"""What typed SQL raises. Each message begins with the file of the statement; no value ever stands in one."""

from __future__ import annotations

from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import DataError, ProgrammingError

from freehold.errors import FreeholdError


class QueryError(FreeholdError):
    """A statement of a file can't be run as it was called."""


class NoRowError(QueryError, ObjectDoesNotExist):
    """A statement of kind `one` gave no row."""


class ManyRowsError(QueryError, MultipleObjectsReturned):
    """A statement of kind `one` or `maybe` gave more than one row."""


class CursorError(QueryError):
    """The cursor of a page is none, or one of another statement, sort or principal."""


class ParameterError(QueryError, DataError):
    """A value does not fit its parameter's type. A DataError too, as the database's own of a value is."""


class ResultError(QueryError, ProgrammingError):
    """The database gives columns of other types than the file was compiled against, or a value that does not fit its
    field: nothing is handed out."""
