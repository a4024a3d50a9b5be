"""Holds what a statement reads to row policies on SQLite, where the database itself can't: each protected table that it
reads is a query of the rows that whoever acts may see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import count
from typing import Any, Final

from django.apps import apps

from freehold.acting import get_acting
from freehold.backends.rowrules import SQL, find_held
from freehold.queries.errors import QueryError

# What is read of: behind FROM, JOIN and commas. DELETE takes rows of a table, and does not read it.
_READ: Final = re.compile(
    r"""(?P<verb>\bDELETE\s+)?(?P<before>\b(?:FROM|JOIN)\s+|,\s*(?="\w+\.\w+"\s+(?:AS\s+)?["\w]))"(?P<table>\w+\.\w+)\"""",
    re.IGNORECASE,
)
_WRITTEN: Final = re.compile(r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"\w+\.\w+"', re.IGNORECASE)
_BEGIN: Final = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(WITH\s+(?:RECURSIVE\s+)?)?", re.IGNORECASE | re.DOTALL)


def hold_rows(connection: Any, text: str, values: int) -> SQL:
    """Give the statement with its tables held, and what its parameters are behind the first `values`.

    Raises:
        QueryError: it names a protected table where that can't be seen to be held.
    """
    found = {table: find_held(connection, table, "select") for table in _list_named(text)}
    held = {table: each.seen for table, each in found.items() if each and each.seen}
    if not held:
        return text, ()
    read = {match["table"] for match in _READ.finditer(text) if not match["verb"]}
    text = _READ.sub(lambda match: _put(match) if match["table"] in held else match[0], text)
    _refuse_others(text, held)
    held = {table: each for table, each in held.items() if table in read}
    if not held:
        return text, ()
    numbers = count(values + 1)
    queries = [_write(table, condition, numbers) for table, (condition, _) in held.items()]
    begin = _BEGIN.match(text)
    words, rest = (begin[1] or "WITH ", text[begin.end() :]) if begin else ("WITH ", text)
    between = ",\n" if begin and begin[1] else "\n"
    return f"{words}{', '.join(queries)}{between}{rest}", tuple(each for _, some in held.values() for each in some)


@cache
def _list_named(text: str) -> tuple[str, ...]:
    """Give the tables of models that a text has the names of; SQLite takes either case."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
    return tuple(table for table in tables if _find(table).search(text))


@cache
def _find(table: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(table)}(?![\w.]| that may be seen)", re.IGNORECASE)


def _refuse_others(text: str, held: Iterable[str]) -> None:
    """Refuse a name that is neither held by now nor that of the table which is written."""
    rest = _WRITTEN.sub("", text)
    for table in held:
        if _find(table).search(rest):
            raise QueryError(
                f"on SQLite {table} can't be held to its policies here: write it behind FROM or JOIN with a name, "
                f'"{table}" AS t, and that name before its columns'
            )


def _put(match: re.Match[str]) -> str:
    return match[0] if match["verb"] else f"{match['before']}{_name(match['table'])}"


def _name(table: str) -> str:
    return f'"{table} that may be seen"'


def _write(table: str, condition: str, numbers: Any) -> str:
    """Give the query of a table's rows: Django's text, whose parameters are without numbers."""
    pieces = (condition.replace("%%", "%")).split("%s")
    numbered = pieces[0] + "".join(f"?{next(numbers)}{piece}" for piece in pieces[1:])
    columns = ", ".join(f'"{each}"' for each in _list_columns(table)) or "1"
    return f'{_name(table)} AS (SELECT {columns} FROM "{table}" WHERE {numbered})'  # noqa: S608 - of models and policies


def _list_columns(table: str) -> list[str]:
    """Give the columns that whoever acts may read."""
    acting = get_acting()
    model = next(each for each in apps.get_models(include_auto_created=True) if each._meta.db_table == table)
    columns = [str(field.column) for field in model._meta.local_concrete_fields]
    return [each for each in columns if acting is None or acting.rights.may_read(table, each)]
