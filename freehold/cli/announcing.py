"""Says which database a command works on: one line on stderr before its own first, or in its error.

Nothing is said outside of `freehold.cli.main`. A command that touches no database says nothing either: what counts is
the connection, not the command. stdout stays the command's own, for whoever reads it with a program.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

_QUIET = {"-v0", "-v=0", "--verbosity=0"}
# These print something, ask a person or hand over to another program before they connect.
_AT_ONCE = {"dbshell", "dumpdata", "lint", "runserver", "testserver"}
_UNREACHED = "it could not be reached, so that nothing was looked at there"


class _Announcer:
    """What one command has said so far."""

    def __init__(self, *, is_quiet: bool) -> None:
        self.is_quiet = is_quiet
        self.said: set[str] = set()
        self.wanted: BaseDatabaseWrapper | None = None

    def say(self, connection: BaseDatabaseWrapper, more: str = "") -> None:
        from django.db import connections  # reads the settings, which may be what is wrong

        # Django makes connections of names that are not in DATABASES, to a server without a database.
        if self.is_quiet or connection.alias in self.said or connection.alias not in connections:
            return
        self.said.add(connection.alias)
        which = "" if connection.alias == "default" else f" {connection.alias}"
        words = f"Database{which}: {describe(connection)}{more}"
        print(words, file=sys.stderr, flush=True)  # noqa: T201 - the command itself may have no say in it

    def find_untold(self) -> BaseDatabaseWrapper | None:
        """Give the database that was wanted last, where nothing has named it yet."""
        return self.wanted if self.wanted and self.wanted.alias not in self.said else None


_announcer: _Announcer | None = None


@contextmanager
def announcing(argv: Sequence[str]) -> Iterator[None]:
    """Let the command of `argv` say which database it works on, unless `-v 0` asks for silence."""
    global _announcer
    _announcer = _Announcer(is_quiet=asks_for_silence(argv) or os.environ.get("RUN_MAIN") == "true")
    connection_created.connect(announce, dispatch_uid="freehold.cli.announcing")
    try:
        yield
        if untold := _announcer.find_untold():
            _announcer.say(untold, f": {_UNREACHED}")
    finally:
        connection_created.disconnect(dispatch_uid="freehold.cli.announcing")
        _announcer = None


def asks_for_silence(argv: Sequence[str]) -> bool:
    """Tell whether the words of a command have `-v 0` among its options."""
    words = list(argv[: argv.index("--")] if "--" in argv else argv)
    pairs = pairwise(words)
    return bool(_QUIET & set(words)) or any(pair in (("-v", "0"), ("--verbosity", "0")) for pair in pairs)


def announce(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Name the database now: before a command asks a person something, or hands over to another program. Receives
    `connection_created` too."""
    if _announcer:
        _announcer.say(connection)


def want(connection: BaseDatabaseWrapper) -> None:
    """Note that the database is about to be connected to. Backends call this: a connection that fails has no signal."""
    if _announcer:
        _announcer.wanted = connection


def speaks_at_once(command: str, options: Mapping[str, Any]) -> bool:
    """Tell whether a command has to say it before it connects: see AT_ONCE, and a shell that a person types into."""
    is_typed = command == "shell" and not options.get("command") and sys.stdin.isatty()
    return command in _AT_ONCE or is_typed


def name_untold() -> str:
    """Give the database that was wanted last, where no line has named it: its error has to. Empty elsewhere."""
    untold = _announcer.find_untold() if _announcer else None
    if untold is None or _announcer is None:
        return ""
    _announcer.said.add(untold.alias)
    return describe(untold)


# --- In words ------------------------------------------------------------------------------------------------------
def describe(connection: BaseDatabaseWrapper) -> str:
    """Give which database it is, as a person knows it, without a password: `SQLite file local.db`."""
    entry = connection.settings_dict
    if path := entry["OPTIONS"].get("embedded"):
        return f"PostgreSQL, embedded at {_shorten(path)}"
    if connection.vendor == "sqlite":
        name = str(entry["NAME"])
        is_memory = name == ":memory:" or "mode=memory" in name
        return "SQLite in memory" if is_memory else f"SQLite file {_shorten(name)}"
    return _describe_served(connection.display_name, entry)


def _describe_served(product: str, entry: dict[str, Any]) -> str:
    """Give a database on a server. Its user is named where the settings name one, whom every command then is."""
    options = entry["OPTIONS"]
    if service := options.get("service"):
        return f"{product} of service {service}"
    host = entry.get("HOST") or os.environ.get("PGHOST") or "a local socket"
    port = f":{entry['PORT']}" if entry.get("PORT") else ""
    user = "" if entry.get("SWITCH_LOGIN") or not entry.get("USER") else f" as {entry['USER']}"
    return f"{product} database {entry['NAME']} at {host}{port}{user}"


def _shorten(path: str) -> str:
    """Give a path as it is typed here: from the directory at hand on, where it lies below."""
    try:
        return f"./{Path(path).relative_to(Path.cwd())}"
    except (ValueError, OSError):
        return path
