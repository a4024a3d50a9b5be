"""E020 to E024, W020: the database's rights and policies hold the logins of this process. The server is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.db import Error as DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.checks.subjects import AppConfigs
from freehold.errors import FreeholdError
from freehold.services.startup import LoginFault, inspect, is_guarded

_IDS = {
    "login": "freehold.E020",
    "attribute": "freehold.E021",
    "owns": "freehold.E022",
    "member": "freehold.E023",
    "canary": "freehold.E024",
}


def check_logins(app_configs: AppConfigs, databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """E020 to E024: a service's login owns nothing, is a member of nothing, is above nothing. With `--database`."""
    return [message for alias in databases or () for message in _iter_messages(connections[alias])]


def _iter_messages(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    """Yield what is wrong with the logins of one database; nothing where it can't be asked, which others report, and
    nothing of a test database: whoever made it may run its tests, and acts there as each service."""
    if not is_guarded(connection) or getattr(connection.creation, "is_test_database", False):
        return
    try:
        faults = inspect(connection).faults
    except (DatabaseError, FreeholdError):
        return
    yield from (report(fault, connection.alias) for fault in faults)


def report(fault: LoginFault, alias: str) -> CheckMessage:
    """Give the message about one fault."""
    kind, number = (checks.Warning, "freehold.W020") if fault.tolerable else (checks.Error, _IDS[fault.kind])
    return kind(
        f"The login {fault.login} {fault.message} (database {alias!r}).",
        hint=f"{fault.hint[0].upper()}{fault.hint[1:]}.",
        obj="logins",
        id=number,
    )
