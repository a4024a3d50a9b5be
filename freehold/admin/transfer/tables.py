"""What a file holds, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from freehold.errors import FreeholdError


class UnreadableFileError(FreeholdError):
    """A file holds no table that can be imported; the message is for whoever chose it."""


@dataclass(frozen=True)
class Table:
    """Columns by name, and rows by the number that a person finds them under. Every cell is text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def make_table(records: Iterator[tuple[int, list[str]]], limit: int) -> Table:
    """Give the table whose first record names the columns. Records of empty cells alone are left out.

    Raises:
        UnreadableFileError: it has no columns or no rows, more than `limit` rows, or a row of another width.
    """
    names: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = []
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names = _read_names(cells)
            continue
        rows.append((number, _read_row(number, names, cells)))
        if len(rows) > limit:
            raise UnreadableFileError(f"The file has more than {limit:,} rows: import it in parts.")
    if not rows:
        raise UnreadableFileError("The file has no rows. The first line names the columns, and rows follow.")
    return Table(names, tuple(rows))


def _read_names(cells: list[str]) -> tuple[str, ...]:
    """Give the names of the columns; a spreadsheet may have left empty ones behind the last."""
    names = tuple(cell.strip() for cell in _strip_end(cells))
    for name in names:
        if not name:
            raise UnreadableFileError("A column has no name in the first line.")
        if names.count(name) > 1:
            raise UnreadableFileError(f"The column {name} is there {names.count(name)} times.")
    return names


def _read_row(number: int, names: tuple[str, ...], cells: list[str]) -> dict[str, str]:
    if len(_strip_end(cells)) > len(names) or len(cells) < len(names):
        raise UnreadableFileError(
            f"Row {number} has {len(cells)} cells, and the first line names {len(names)} columns."
        )
    return dict(zip(names, cells, strict=False))


def _strip_end(cells: list[str]) -> list[str]:
    count = next((index for index in range(len(cells), 0, -1) if cells[index - 1].strip()), 0)
    return cells[:count]
