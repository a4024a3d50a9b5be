"""What shows a protected table's rows past its policies: partitions, children, parents, views, copies and rules. Pure.

PostgreSQL applies the policies of the table that a statement names and no others, and those of a view to its owner. So
what else holds or reads such rows is given to no service with its schema.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

Place = tuple[str, str]  # schema and name
_BELOW: Final = ("partition", "child")
_REASONS: Final = {
    "partition": "it is a partition of {0}, whose policies do not hold here: ask {0}",
    "child": "it inherits from {0}, whose policies do not hold here: ask {0}, or declare policies for it too",
    "parent": "it shows the rows of {0}, which inherits from it, without its policies: declare policies for it too",
    "view": "it reads {0} as its owner, past the reader's policies: ALTER VIEW {1} SET (security_invoker = true)",
    "copy": "it keeps rows of {0}, and knows no policies: let a SECURITY DEFINER function say who gets which",
    "rule": "its rule reaches {0} as its owner, past policies: make a trigger of the rule",
}


class RowReader(NamedTuple):
    """A relation that holds or reads the rows of another, and how: `partition`, `child`, `view`, `window` (a view that
    reads as whoever asks), `copy` (a materialized view) or `rule`."""

    place: Place
    how: str
    source: Place


class _RowReaders:
    """Who reads whom, and what was found to show protected rows so far."""

    def __init__(self, readings: Iterable[RowReader], protected: Collection[Place]) -> None:
        self.protected = protected
        self.found: dict[Place, RowReader] = {}
        self.windows: set[Place] = set()  # that read such rows; what copies them copies those
        self.readers: dict[Place, list[RowReader]] = defaultdict(list)
        for each in readings:
            self.readers[each.source].append(each)
            if each.how in _BELOW:  # whoever asks the parent gets the child's rows
                self.readers[each.place].append(RowReader(each.source, "parent", each.place))

    def list_next(self, place: Place) -> list[Place]:
        """Give the readers of a place that are found by it, and were not before."""
        new = []
        for each in self.readers.get(place, ()):
            if each.how == "window":
                is_new = each.place not in self.windows
                self.windows.add(each.place)
            else:
                is_new = each.place not in self.protected and self.is_more(each) and self.shows(each)
                self.found.update({each.place: each} if is_new else {})
            new += [each.place] * is_new
        return new

    def is_more(self, each: RowReader) -> bool:
        """Tell whether more follows from it than from what the reader was found by, if it was."""
        by = self.found.get(each.place)
        return by is None or _get_rank(by) < _get_rank(each)

    def shows(self, each: RowReader) -> bool:
        """Tell whether the reader shows protected rows, where its source was found."""
        by = self.found.get(each.source)
        if by is None and each.source not in self.protected:
            return each.how == "copy"  # of a window, which reads as the copy's owner then
        if each.how in _BELOW:  # a parent's other children have rows of their own
            return by is None or by.how in _BELOW
        return by is None or by.how != "rule" or each.how != "parent"


def _get_rank(each: RowReader) -> int:
    return 2 if each.how in _BELOW else int(each.how != "rule")


def find_exposures(readings: Iterable[RowReader], protected: Collection[Place]) -> dict[Place, str]:
    """Give each relation that shows protected rows, through any number of others, with why and the way out."""
    all_of = _RowReaders(readings, protected)
    queue = sorted(protected)
    for place in queue:
        queue += all_of.list_next(place)
    return {place: _describe(each) for place, each in all_of.found.items()}


def _describe(each: RowReader) -> str:
    return _REASONS[each.how].format(".".join(each.source), ".".join(each.place))
