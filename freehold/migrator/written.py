"""What migrations of an app wrote that no map lets be: code that services would run with their own rights, and foreign
keys that do to another owner's deletes what their contract does not let."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeVar

from freehold.ownership import Ownership
from freehold.rights.borrowed import BorrowedCode, list_borrowed_since
from freehold.rights.crossing_keys import CrossingKey, list_keys_since
from freehold.sqlfiles import fetch_rows

_T = TypeVar("_T")


@dataclass
class Earlier:
    """What the migrations of one app that ran before in the same run wrote, and others stand upon."""

    codes: set[BorrowedCode] = field(default_factory=set)
    keys: set[CrossingKey] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.codes or self.keys)


class Span(NamedTuple):
    """From which transaction on a migration wrote, and from which on its app's did in this run."""

    since: str
    first: str
    is_last: bool  # whether no migration of its app stands upon it
    is_moving: bool  # whether tables move between owners, and take keys along as they are


def iter_faults(cursor: Any, ownership: Ownership, span: Span, earlier: Earlier) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, and the way out."""
    ((has_code, has_keys),) = fetch_rows(cursor, __file__, "written_code", since=span.since)
    for code in _gather(has_code, partial(list_borrowed_since, cursor, ownership), span, earlier.codes):
        yield f"lets {code.about} run {code.function} with the rights of whoever uses it", code.advice
    list_keys = partial(list_keys_since, cursor, ownership)
    for key in _gather(has_keys and not span.is_moving, list_keys, span, earlier.keys):
        let = key.describe_let(ownership)
        yield f"leaves {key.about} with {key.found}, where {let} is let", key.advise(ownership)


def _gather(is_written: bool, list_since: Callable[[str], list[_T]], span: Span, earlier: set[_T]) -> list[_T]:
    """Give what this migration wrote, and what is left of that which those of its app before it did. Of one that others
    stand upon it is kept for the last."""
    found = list_since(span.since) if is_written else []
    if not span.is_last:
        earlier.update(found)
        return []
    left = list_since(span.first) if earlier else []
    return [*found, *(each for each in left if each in earlier)]
