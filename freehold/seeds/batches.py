"""Cuts a long list into pieces that one statement can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

_T = TypeVar("_T")

_BATCH = 1000  # SQLite takes 32,766 parameters a statement, PostgreSQL 65,535


def iter_batches(values: Iterable[_T], size: int = _BATCH) -> Iterator[list[_T]]:
    """Yield the values in lists of `size`, the last one shorter; none where there are no values."""
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch
