"""Typed SQL at run time: statements of files, compiled to modules by `manage.py compilesql` (docs/typed-sql.md)."""

from freehold.errors import needing_extra

with needing_extra("queries"):
    import msgspec as _msgspec  # noqa: F401 - asked for here, where the error can name the extra

from freehold.queries.errors import (
    CursorError,
    ManyRowsError,
    NoRowError,
    ParameterError,
    QueryError,
    ResultError,
)
from freehold.queries.query import Query
from freehold.queries.values import UNSET, Column, Page, Parameter, Segment, Sort, Unset

__all__ = [
    "UNSET",
    "Column",
    "CursorError",
    "ManyRowsError",
    "NoRowError",
    "Page",
    "Parameter",
    "ParameterError",
    "Query",
    "QueryError",
    "ResultError",
    "Segment",
    "Sort",
    "Unset",
]
