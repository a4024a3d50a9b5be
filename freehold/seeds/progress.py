"""What the engine tells while it works. The command shows it; nobody has to listen."""

from __future__ import annotations


class Progress:
    """Hears how far the work is. This one keeps silent."""

    def start(self, what: str, total: int | None = None) -> None:
        """A step of the work begins; `total` is its number of rows, None where that is not known."""

    def advance(self, count: int) -> None:
        """So many more rows of the step are done."""


SILENT = Progress()
