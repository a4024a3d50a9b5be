"""Logs what PostgreSQL refused: a service, and any other login, where the map has services."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.db import DatabaseError

from freehold.acting.reporting import report_refusal
from freehold.backends.errors import AccessError
from freehold.backends.postgresql.denials import REFUSED, name_denied
from freehold.ownership import find_ownership

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

_INSIDE: Final = re.compile(r"PL/pgSQL[^\n]*? (?P<name>[^\s()]+)\(")  # of the message's CONTEXT, in any language


def report(connection: DatabaseWrapper, error: BaseException, refusal: Exception | None = None) -> None:
    """Log the error, where it is a refusal; `refusal` is the same in Freehold's words."""
    cause: Any = error.__cause__ if isinstance(error, DatabaseError) else error
    if getattr(cause, "sqlstate", None) != REFUSED or not _has_services():
        return
    login = str(connection.settings_dict["USER"])
    report_refusal(connection.acting_context.find_acting(), *_name(cause, refusal), login=login)


def _has_services() -> bool:
    ownership = find_ownership()
    return ownership is not None and bool(ownership.services)


def _name(cause: Any, refusal: Exception | None) -> tuple[str, str]:
    if isinstance(refusal, AccessError):
        return refusal.about
    if table := getattr(refusal, "table", ""):  # of policies
        return "table", table
    if cause.diag.source_function == "exec_stmt_raise" and (match := _INSIDE.search(cause.diag.context or "")):
        return "function", match["name"]
    return name_denied(str(cause.diag.message_primary))
