"""PostgreSQL's own parser, and what its trees have in common.

pglast has the grammar of PostgreSQL 18; it is GPL, and a tool of this repository. Where it is not installed, pgparse
serves, which the extra `lint` brings: the same parser, of PostgreSQL 17.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from freehold.errors import FreeholdError, needing_extra
from freehold.lexer import iter_tokens
from freehold.scripts.cutting import list_statements

_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?s|%%")
_NO_STATEMENT = ("", "begin", "end")  # in a block, where they are no BEGIN and no COMMIT
_EXECUTE = "PLpgSQL_stmt_dynexecute"

Tree = dict[str, Any]
# Of statements, and of a function in plpgsql; then the number that errors give a text's first character.
_Parsers = tuple[Callable[[str], list[Tree]], Callable[[str], Any], int]


class StatementError(FreeholdError):
    """A text is no SQL of PostgreSQL. `place` is where in the text it stops being one, in characters."""

    def __init__(self, message: str, place: int = 0) -> None:
        super().__init__(message)
        self.place = place


@cache
def load_parsers() -> _Parsers:
    """Give the two parsers, loaded once.

    Raises:
        MissingExtraError: neither pglast nor pgparse is installed.
    """
    try:
        from pglast import parser
    except ModuleNotFoundError:
        with needing_extra("lint"):
            import pgparse
        return pgparse.parse, pgparse.parse_pgsql, 1
    decode = _load_decoder()
    return (
        lambda text: decode(parser.parse_sql_json(text)).get("stmts", []),
        lambda text: decode(parser.parse_plpgsql_json(text)),
        0,
    )


def _load_decoder() -> Callable[[str], Any]:
    """Give what reads JSON: msgspec, which takes a third of the time, where it is installed."""
    try:
        from msgspec.json import decode
    except ModuleNotFoundError:
        return json.loads
    return decode


def parse(text: str) -> list[Tree]:
    """Give the statements of a text as the parser's trees. Placeholders of the driver become parameters; every place in
    a tree is a place in `text`, counted in bytes.

    Raises:
        StatementError: it is no SQL.
        MissingExtraError: there is no parser.
    """
    return [each["stmt"] for each in parse_places(text)]


def parse_places(text: str) -> list[Tree]:
    """Give each statement as its tree under `stmt`, beside where it begins and how long it is, in bytes from 0.

    `stmt_location` is missing where it is 0, and `stmt_len` where the text ends with the statement. What stands before
    a statement, comments too, is its own.

    Raises:
        StatementError: it is no SQL.
        MissingExtraError: there is no parser.
    """
    parse_statements, _, first = load_parsers()
    try:
        try:
            return parse_statements(_PLACEHOLDER.sub(_replace_placeholder, text))
        except Exception:  # `a %size` is no placeholder where nothing is put in
            return parse_statements(text)
    except Exception as error:  # the parsers' own classes can't be named where they are not installed
        message, place = (*error.args, first)[:2]
        raise StatementError(str(message), place - first if isinstance(place, int) else 0) from error


def _replace_placeholder(found: re.Match[str]) -> str:
    """Give a parameter of the same length, so that places stay."""
    word = found[0]
    return "% " if word == "%%" else "$1".ljust(len(word))


def list_block_queries(body: str) -> list[str]:
    """Give the SQL in a body of plpgsql, expressions among it, and what EXECUTE has as one text; empty where the body
    can't be read."""
    try:
        return _find_queries(body) or []
    except StatementError:
        return []


def read_block(body: str) -> list[str]:
    """Give the same of a body that the parsers can't read, too: they know no type with its schema, and not each RETURN.
    It is cut at its semicolons.

    Raises:
        StatementError: it is no plpgsql.
    """
    found = _find_queries(body)
    return list(_iter_pieces(body)) if found is None else found


def _find_queries(body: str) -> list[str] | None:
    """Give the SQL; None where it may be plpgsql that the parser does not know."""
    quoted = body.replace("'", "''")
    _, parse_function, _ = load_parsers()
    for result in ("trigger", "void"):
        text = f"CREATE FUNCTION f() RETURNS {result} LANGUAGE plpgsql AS '{quoted}'"
        try:
            return _list_queries(parse_function(text))
        except Exception as error:  # the parsers' own classes can't be named where they are not installed
            said = str(error.args[0] if error.args else error)
            if said.startswith("syntax error"):
                raise StatementError(said) from error
    return None


def _iter_pieces(body: str) -> Iterator[str]:
    """Yield the SQL before each semicolon: it begins with the first word from which on the rest is a statement."""
    for piece in list_statements(body):
        for number, token in enumerate(piece.tokens):
            text = "".join(each.text for each in piece.tokens[number:])
            if token.name == "execute":
                yield from _unquote(text[len("execute") :])
            elif token.name not in _NO_STATEMENT and _is_statement(text):
                yield text
                break


def _is_statement(text: str) -> bool:
    try:
        return bool(parse(text))
    except StatementError:
        return False


def _unquote(expression: str) -> list[str]:
    """Give the text that a constant is; nothing where it is put together."""
    tokens = [token for token in iter_tokens(expression) if not token.is_blank]
    return [tokens[0].body] if len(tokens) == 1 and tokens[0].body is not None else []


def _list_queries(node: Any) -> list[str]:
    if isinstance(node, list):
        return [query for each in node for query in _list_queries(each)]
    if not isinstance(node, dict):
        return []
    own = [node["query"]] if isinstance(node.get("query"), str) else []
    own += _unquote(node[_EXECUTE]["query"]["PLpgSQL_expr"]["query"]) if _EXECUTE in node else []
    return own + [query for each in node.values() for query in _list_queries(each)]


# --- Trees -----------------------------------------------------------------------------------------------------------
def list_words(nodes: Iterable[Tree]) -> list[str]:
    """Give the texts in a list of the parser's strings."""
    return [each["String"]["sval"] for each in nodes if "String" in each]


def list_object_words(node: Tree) -> list[str]:
    """Give the words by which DROP, COMMENT and RENAME name an object."""
    for key, inner in (("List", "items"), ("ObjectWithArgs", "objname"), ("TypeName", "names")):
        if key in node:
            return list_words(node[key][inner])
    return list_words([node])


def name_table(node: Tree) -> str:
    """Give a table's name, with its schema where one is said; '' where there is no table."""
    return ".".join(filter(None, (node.get("schemaname"), node.get("relname"))))


def find_block(node: Tree) -> str:
    """Give the body of DO."""
    bodies = (each["DefElem"]["arg"] for each in node["args"] if each["DefElem"]["defname"] == "as")
    return next((str(body["String"]["sval"]) for body in bodies), "")
