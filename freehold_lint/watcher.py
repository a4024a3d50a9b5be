"""L050: watches the queries of tests. One that its service may not send is noted with the line of code it comes from,
if the database let it pass: on SQLite, or as a login that may do more than the service.

Watched is what runs while a service acts (`freehold.acting`); owners' work is not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from freehold.acting import Acting, get_acting
from freehold.errors import MissingExtraError
from freehold.ownership import Ownership, get_ownership
from freehold_lint.parsing import StatementError
from freehold_lint.quoted import list_quoted
from freehold_lint.raw_sql import describe, list_columns
from freehold_lint.uses import Use, list_uses

TITLES = {"L050": "A test's query crosses schemas without a contract"}
ENGINE = str(Path(__file__).resolve().parent.parent)
_VERBS = {"read": "reads", "write": "writes", "reference": "references", "call": "calls"}


class CrossingError(AssertionError):
    """A test's queries crossed schemas without a contract; the message has a line for each."""


@dataclass(frozen=True)
class Crossing:
    """What a service touched without a right to, who owns it, and where in the code: `items/views.py:42 in detail`."""

    service: str
    use: Use
    owner: str
    line: str

    def __str__(self) -> str:
        verb, what = _VERBS[self.use.kind], describe(self.use)
        return f"L050 service {self.service} {verb} {what} of {self.owner} without a contract: {self.line}"


@dataclass
class Watch:
    """What was seen inside a block."""

    crossings: list[Crossing] = field(default_factory=list)

    def check(self) -> None:
        """Do nothing where no query crossed.

        Raises:
            CrossingError: some did.
        """
        if self.crossings:
            raise CrossingError("\n".join(dict.fromkeys(map(str, self.crossings))))


_watches: list[Watch] = []  # the innermost is the last, and the only one that notes anything


@contextmanager
def watching() -> Iterator[Watch]:
    """Note the queries inside the block that cross schemas, in every thread and on every database."""
    watch = Watch()
    connection_created.connect(attach, dispatch_uid="freehold_lint.watcher")
    for connection in connections.all(initialized_only=True):
        attach(connection=connection)
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)


def attach(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let `observe` see the connection's queries. It stands first, since Django takes the last one away again."""
    if observe not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, observe)


def observe(execute: Callable[..., Any], query: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run the query; note where it crosses, if the database did not refuse it."""
    result = execute(query, params, many, context)
    acting = get_acting() if _watches else None
    if acting is not None and _is_held(context["connection"], acting) and isinstance(query, str):
        ownership = get_ownership()
        for use in find_uses(query, ownership.schema_names):
            if not _is_allowed(use, acting, ownership):
                _watches[-1].crossings.append(Crossing(acting.service, use, _get_owner(use, ownership), find_line()))
    return result


def _is_held(connection: BaseDatabaseWrapper, acting: Acting) -> bool:
    """Tell whether it acts on this connection: the process's default says nothing about other logins."""
    return connection.vendor != "postgresql" or acting.applies_to(connection.settings_dict["USER"])


@lru_cache(maxsize=4096)
def find_uses(query: str, schemas: tuple[str, ...]) -> tuple[Use, ...]:
    """Give what a query touches in known schemas."""
    try:
        uses = list_uses(query, schemas, list_columns)
    except (StatementError, MissingExtraError):  # SQLite's own grammar, or no parser
        uses = list_quoted(query, schemas)
    return tuple(use for use in uses if use.schema in schemas)


def _is_allowed(use: Use, acting: Acting, ownership: Ownership) -> bool:
    """Tell whether the service may do that: by its own schemas, by those it reads, by a contract's columns."""
    if use.kind == "write":
        return acting.rights.may_write(use.name)
    if use.kind == "call" and not acting.rights.may_read(use.name):
        return any(
            signature.partition("(")[0] == use.table
            for contract in ownership.contracts
            if (contract.schema, contract.consumer) == (use.schema, acting.service)
            for signature in contract.call
        )
    return acting.rights.may_read(use.name, use.column)


def _get_owner(use: Use, ownership: Ownership) -> str:
    """Give who owns it: the service of its schema, or the role where no service does."""
    schema = ownership.find_schema(use.schema)
    return (schema.service or schema.owner) if schema else use.schema


# --- The line of code ---------------------------------------------------------------------------------------
def find_line() -> str:
    """Give the innermost line of the project's own code that leads here; the engine's where there is no other."""
    root = str(getattr(settings, "BASE_DIR", Path.cwd()))
    frames = [frame for frame in _iter_frames() if _is_inside(frame, root)]
    own = [frame for frame in frames if not _is_inside(frame, ENGINE)]
    return next((_describe_frame(frame, root) for frame in own or frames), "no line of this project")


def _iter_frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename != __file__:
            yield frame
        frame = frame.f_back


def _is_inside(frame: FrameType, root: str) -> bool:
    """Tell whether the frame's file lies below the directory and is no installed package."""
    name = frame.f_code.co_filename
    return name.startswith(root) and "site-packages" not in name


def _describe_frame(frame: FrameType, root: str) -> str:
    return f"{Path(frame.f_code.co_filename).relative_to(root).as_posix()}:{frame.f_lineno} in {frame.f_code.co_name}"
