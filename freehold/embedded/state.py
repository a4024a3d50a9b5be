"""What there is to know of an embedded server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """A server that runs or not. `str()` of it is one phrase for a person."""

    path: str
    data: str
    running: bool
    initialised: bool
    log: str
    passfile: str
    version: str | None = None
    host: str | None = None
    port: int | None = None
    pid: int | None = None
    account: str | None = None
    programs: str | None = None  # where psql, pg_dump and the others lie

    def __str__(self) -> str:
        if not self.initialised:
            return f"not running, nothing in {self.path} yet"
        if not self.running:
            return f"not running, data in {self.data}"
        return f"{self.version} at {self.host}:{self.port}, data in {self.data}"
