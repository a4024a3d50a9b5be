"""PostgreSQL's own parser, by pglast, which is a tool for development: where it is not installed, nothing is parsed."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, Protocol, cast

from freehold.errors import FreeholdError

MISSING = "pglast is not installed, so that no SQL was parsed: pip install pglast"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?s|%%")

Tree = dict[str, Any]


class StatementError(FreeholdError):
    """A text is no SQL of PostgreSQL. `place` is where in the text it stops being one, in characters."""

    def __init__(self, message: str, place: int = 0) -> None:
        super().__init__(message)
        self.place = place


class Parser(Protocol):
    """What is used of pglast.parser."""

    def parse_sql_json(self, query: str) -> str: ...

    def parse_plpgsql_json(self, query: str) -> str: ...


@cache
def find_parser() -> Parser | None:
    """Give the parser, or None where it is not installed."""
    try:
        from pglast import parser
    except ModuleNotFoundError:
        return None
    return cast("Parser", parser)


def parse(text: str) -> list[Tree]:
    """Give the statements of a text as the parser's trees. Placeholders of the driver become parameters; every place in
    a tree is a place in `text`, counted in bytes.

    Raises:
        StatementError: it is no SQL.
        LookupError: there is no parser.
    """
    return [each["stmt"] for each in parse_places(text)]


def parse_places(text: str) -> list[Tree]:
    """Give each statement as its tree under `stmt`, beside where it begins and how long it is, in bytes from 0.

    `stmt_location` is missing where it is 0, and `stmt_len` where the text ends with the statement. What stands before
    a statement, comments too, is its own.

    Raises:
        StatementError: it is no SQL.
        LookupError: there is no parser.
    """
    parser = find_parser()
    if parser is None:
        raise LookupError(MISSING)
    try:
        found = json.loads(parser.parse_sql_json(PLACEHOLDER.sub(replace_placeholder, text)))
    except Exception as error:  # the parser's own classes can't be named where it is not installed
        place = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], int) else 0
        raise StatementError(str(error.args[0]), place) from error
    return list(found.get("stmts", ()))


def parse_function(text: str) -> list[str]:
    """Give the SQL inside a CREATE FUNCTION … LANGUAGE plpgsql; empty where its body can't be read."""
    parser = find_parser()
    if parser is None:
        raise LookupError(MISSING)
    try:
        return list_queries(json.loads(parser.parse_plpgsql_json(text)))
    except Exception:
        return []


def list_queries(node: Any) -> list[str]:
    """Give each text of SQL in the parser's tree of a body, expressions among them."""
    if isinstance(node, list):
        return [query for each in node for query in list_queries(each)]
    if not isinstance(node, dict):
        return []
    own = [node["query"]] if isinstance(node.get("query"), str) else []
    return own + [query for each in node.values() for query in list_queries(each)]


def replace_placeholder(found: re.Match[str]) -> str:
    """Give a parameter of the same length."""
    word = found[0]
    return "% " if word == "%%" else "$1".ljust(len(word))
