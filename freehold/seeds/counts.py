"""What became of rows, counted by table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class TableCount:
    """What became of the rows of one table.

    `declared` is how many the seed has, `added` how many were written now, `kept` how many a person had made before,
    and `present` how many of the seed's own are there.
    """

    table: str
    declared: int = 0
    added: int = 0
    kept: int = 0
    present: int = 0
    removed: int = 0


def merge_counts(counts: Iterable[TableCount]) -> list[TableCount]:
    """Give one entry a table, where a seed declares rows of one model in several parts."""
    merged: dict[str, TableCount] = {}
    for count in counts:
        before = merged.get(count.table, TableCount(count.table))
        merged[count.table] = TableCount(
            count.table,
            declared=before.declared + count.declared,
            added=before.added + count.added,
            kept=before.kept + count.kept,
            present=count.present,  # of the whole table, so the last one has it
        )
    return list(merged.values())
