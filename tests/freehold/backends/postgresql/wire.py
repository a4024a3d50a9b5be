"""What goes over the wire between a connection and its server, as libpq writes it down (manual, PQtrace)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Wire:
    """The messages of one connection, a line each: `Parse`, `Bind`, `Sync`, …"""

    def __init__(self, path: Path) -> None:
        self.path = path

    def list_sent(self, *kinds: str) -> list[str]:
        """Give the messages of these kinds that the client sent."""
        lines = (line.split("\t", 4) for line in self.path.read_text().splitlines())
        sent = ([*line, ""] for line in lines if len(line) > 3 and line[1] == "F")
        return [line[4] for line in sent if line[3] in kinds]


@contextmanager
def tracing(session: Any, directory: Path) -> Iterator[Wire]:
    """Write down what the connection sends inside the block."""
    session.ensure_connection()
    pgconn, path = session.connection.pgconn, directory / "wire"
    with path.open("w") as file:
        pgconn.trace(file.fileno())
        try:
            yield Wire(path)
        finally:
            pgconn.untrace()
