"""What is known of the request at hand, for its lines in the log: its id, how many statements it sent, who asked."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

UNKNOWN: Final = "-"


@dataclass(slots=True)
class RequestRecord:
    """One request. `service` and `who` are empty until `freehold.ServiceMiddleware` has found them."""

    id: str
    service: str = ""
    who: object = None
    statements: int = 0


_current: ContextVar[RequestRecord | None] = ContextVar("freehold_request", default=None)


def find_request() -> RequestRecord | None:
    """Give the request at hand, where `freehold.AccessLogMiddleware` keeps a record of it."""
    return _current.get()


class keeping:  # noqa: N801 - as `freehold.acting.acting`
    """Let `record` be the request at hand inside the block."""

    __slots__ = ("record", "token")

    def __init__(self, record: RequestRecord) -> None:
        self.record = record

    def __enter__(self) -> None:
        self.token = _current.set(self.record)

    def __exit__(self, *error: object) -> None:
        _current.reset(self.token)


def count_statements(number: int = 1) -> None:
    """Note that the request at hand sends statements, those that only say who acts aside."""
    record = _current.get()
    if record is not None:
        record.statements += number


def get_route(request: Any) -> str:
    """Give the pattern of a request's address, such as `/items/<uuid:pk>/`, a dash where none was found: the address
    itself may hold a secret."""
    match = request.resolver_match
    return f"/{match.route}" if match else UNKNOWN
