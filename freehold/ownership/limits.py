"""What one service may take of the server that all share: connections and time. Kept on its login by PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from freehold.ownership.comparable import CONNECTIONS, Setting
from freehold.ownership.map import Ownership, Service
from freehold.ownership.sentences import label

# The embedded server and PostgreSQL itself take 100 connections: no service leaves the others without any.
_CONNECTIONS: Final = 40
_TIMES: Final = {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "60s", "lock_timeout": "10s"}
# Commands run as it too: exports, imports, a shell in which somebody thinks. Its statements take as long as they take.
_COMMANDS: Final = {"idle_in_transaction_session_timeout": "1h", "lock_timeout": "60s"}
_TIME: Final = re.compile(r"0|[1-9]\d{0,6}(ms|s|min|h)")


def get_connections(service: Service) -> int:
    """Give how many connections its login may have at once, -1 for as many as there are."""
    return _CONNECTIONS if service.connections is None else service.connections


def list_times(ownership: Ownership, service: Service) -> dict[str, str]:
    """Give each setting that its login gets, with its value: `{"lock_timeout": "10s"}`."""
    usual = _COMMANDS if service == ownership.find_commands_service() else _TIMES
    own = {name: value for name in _TIMES if (value := getattr(service, name)) is not None}
    return usual | own


def list_limit_words(service: Service) -> frozenset[str]:
    """Give the limit as one of a role's attributes; none where there is none."""
    connections = get_connections(service)
    return frozenset() if connections < 0 else frozenset({f"{CONNECTIONS}{connections}"})


def iter_limit_settings(ownership: Ownership) -> Iterator[Setting]:
    for service in ownership.services:
        yield from (Setting(service.login, name, value) for name, value in list_times(ownership, service).items())


def iter_limit_problems(service: Service) -> Iterator[str]:
    """Say which limits are none, with a way out."""
    number = service.connections
    if number is not None and (type(number) is not int or number < -1 or number == 0):
        yield f"{label(service)}: connections is {number!r}: give a whole number, -1 for as many as there are"
    for name in _TIMES:
        value = getattr(service, name)
        if value is not None and not (isinstance(value, str) and _TIME.fullmatch(value)):
            yield (
                f"{label(service)}: {name} is {value!r}: give a time with its unit, such as '500ms', '5s', '15min' or "
                f"'1h'; '0' is none"
            )
