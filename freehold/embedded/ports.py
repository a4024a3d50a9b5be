"""A free TCP port on the loopback interface."""

from __future__ import annotations

import secrets
import socket

from freehold.errors import EmbeddedError

_RANGE = range(20000, 32000)  # below what Linux and macOS give to outgoing connections, registered for little


def choose_port(preferred: int | None = None) -> int:
    """Give `preferred` if it is free, else another one.

    Raises:
        EmbeddedError: none of many is free.
    """
    if preferred and is_free(preferred):
        return preferred
    for _ in range(100):
        port = secrets.choice(_RANGE)
        if port != preferred and is_free(port):
            return port
    raise EmbeddedError(f"no TCP port between {_RANGE.start} and {_RANGE.stop} on 127.0.0.1 is free for PostgreSQL")


def is_free(port: int) -> bool:
    """Say whether a server could listen there now, with the socket option that PostgreSQL sets as well."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as test:
        test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            test.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True
