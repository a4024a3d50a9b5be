"""What is wrong with a file of typed SQL, by file and line."""

from __future__ import annotations

from pathlib import Path

from freehold.errors import FreeholdError
from freehold.scripts.pairs import shorten


class TypedSQLError(FreeholdError):
    """A file can't be compiled. The message begins with its path, and the line where one is known."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        place = f"{shorten(path)}:{line}" if line else shorten(path)
        super().__init__(f"{place}: {message}")
        self.path, self.line, self.message = path, line, message


class FaultsError(FreeholdError):
    """Several files can't be compiled: a line for each."""

    def __init__(self, faults: list[FreeholdError]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
