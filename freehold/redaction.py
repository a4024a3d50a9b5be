"""Takes values out of what errors of a database say: the DETAIL that names a row's, the statement's excerpt, literals.

PostgreSQL's manual, "Error Message Style Guide", says what stands in which part of a message. The first part names
tables, columns and constraints; values only where it is about a value that can't be read (class 22), or about text
that is no SQL. All other parts may hold some, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django.db.utils import DataError, Error

MARK: Final = "…"
_PARTS: Final = "DETAIL|HINT|CONTEXT|QUERY|STATEMENT|LINE [0-9]+"
_NEXT: Final = r"(?=\n\n(?:The above exception was|During handling of)|\Z)"  # in the text of a traceback
_REST: Final = re.compile(rf"(?:\r?\n|\\n)[ \t]*(?:{_PARTS}):.*?{_NEXT}", re.DOTALL)
_VALUES: Final = (
    (re.compile(r"\bKey \(.*?\)=\(.*\)", re.DOTALL), f"Key ({MARK})=({MARK})"),
    (re.compile(r"\bFailing row contains \(.*\)", re.DOTALL), f"Failing row contains ({MARK})"),
    # Django's own, of SQLite: DatabaseWrapper.check_constraints.
    (re.compile(r"(?<=with primary key ').*(?=' has an invalid foreign key)", re.DOTALL), MARK),
    (re.compile(r"(?<=contains a value ').*(?=' that does not have a corresponding value)", re.DOTALL), MARK),
)
_QUOTED: Final = re.compile(r"""(?:["'`\u00ab\u00bb\u2018-\u201f\u2039\u203a]|0x).*""", re.DOTALL)  # of any language
_OF_VALUES: Final = ("22", "42601")  # data exceptions; syntax errors, which quote what stands there (appendix A)
_NO_SQL: Final = re.compile(r"near |unrecognized token|malformed ")  # of SQLite, which has no codes for them


class Redaction:
    """What is taken out of texts and errors: the words of the database's errors, told from those in `errors` and their
    causes, and what looks like a part of PostgreSQL's message."""

    def __init__(self, errors: Iterable[BaseException]) -> None:
        chain = [each for error in errors for each in _list_chain(error)]
        found = {_say(each): say_safely(each) for each in chain if _is_of_database(each)}
        self.known = [(text, found[text]) for text in sorted(found, key=len, reverse=True) if text != found[text]]

    def redact_text(self, text: str) -> str:
        """Give the text without values."""
        for words, safe in self.known:
            text = text.replace(words, safe).replace(repr(words)[1:-1], safe)
        text = _REST.sub("", text)
        for pattern, instead in _VALUES:
            text = pattern.sub(instead, text)
        return text

    def redact_error(self, error: BaseException) -> BaseException:
        """Give an error that prints as this one does, with its causes and tracebacks, and without values.

        It is this one where there is nothing to take out; otherwise a copy that is like it in name and text alone.
        """
        chain = _list_chain(error)
        if all(self.redact_text(text) == text for each in chain for text in (_say(each), *_list_notes(each))):
            return error
        copies: dict[int, BaseException] = {}
        for each in reversed(chain):  # members of a group before the group
            copies[id(each)] = _copy(each, self.redact_text(_say(each)), copies)
        for each in chain:
            self._link(each, copies)
        return copies[id(error)]

    def _link(self, error: BaseException, copies: dict[int, BaseException]) -> None:
        copy = copies[id(error)]
        copy.__traceback__ = error.__traceback__
        copy.__cause__ = copies.get(id(error.__cause__))
        copy.__context__ = copies.get(id(error.__context__))
        copy.__suppress_context__ = error.__suppress_context__
        for note in _list_notes(error):
            copy.add_note(self.redact_text(note))


def _list_chain(error: BaseException) -> list[BaseException]:
    """Give the error with its causes, contexts and members, each once."""
    found: dict[int, BaseException] = {}
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and id(each) not in found:
            found[id(each)] = each
            left += [each.__cause__, each.__context__, *_list_members(each)]
    return list(found.values())


def _list_members(error: BaseException) -> tuple[BaseException, ...]:
    return error.exceptions if isinstance(error, BaseExceptionGroup) else ()


def _list_notes(error: BaseException) -> list[str]:
    return [str(note) for note in getattr(error, "__notes__", ())]


def _copy(error: BaseException, text: str, copies: dict[int, BaseException]) -> BaseException:
    names = {
        "__module__": type(error).__module__,
        "__qualname__": type(error).__qualname__,
        "__str__": lambda self: text,
    }
    members = [copy for each in _list_members(error) if isinstance(copy := copies.get(id(each)), Exception)]
    if members:
        group: BaseException = type(type(error).__name__, (ExceptionGroup,), names)(text, members)
        return group
    single: BaseException = type(type(error).__name__, (Exception,), names)(text)
    return single


# --- What an error of a database says --------------------------------------------------------------------------------
def _is_of_database(error: BaseException) -> bool:
    return isinstance(error, Error) or hasattr(error, "sqlstate") or type(error).__module__ == "sqlite3"


def _say(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # the traceback module, too, prints what can't be said
        return f"<unprintable {type(error).__name__}>"


def say_safely(error: BaseException) -> str:
    """Give the first part of what an error of a database says, without the values there."""
    text, driver = _say(error), _find_driver(error)
    primary = getattr(getattr(driver, "diag", None), "message_primary", None) or _REST.sub("", text)
    code = getattr(driver, "sqlstate", None) or ""
    is_of_values = code.startswith(_OF_VALUES) or (not code and (_is_data(error) or _NO_SQL.match(primary)))
    return _QUOTED.sub(MARK, primary) if is_of_values else primary


def find_sqlstate(error: BaseException) -> str:
    """Give the server's code for an error, empty where it has none."""
    return getattr(_find_driver(error), "sqlstate", None) or ""


def _find_driver(error: BaseException) -> Any:
    """Give the driver's error that this one is, or that Django says again; of a refusal in Freehold's words there is
    none: they have no values."""
    if not isinstance(error, Error):
        return error
    cause = error.__cause__
    return cause if cause is not None and _say(cause) == _say(error) else None


def _is_data(error: BaseException) -> bool:
    """Tell whether a value is at fault, as the driver itself says that has not asked the server."""
    return isinstance(error, DataError) or any(kind.__name__ == "DataError" for kind in type(error).__mro__)
