"""What a rule is: an id that stays, a title, a query of the catalogue and what makes findings of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from freehold.findings import Finding, Level
from freehold.ownership import Ownership

Row = tuple[Any, ...]
Judge = Callable[[Iterable[Row], Ownership], Iterator[tuple[str, str, str]]]  # object, message, hint


@dataclass(frozen=True)
class CatalogueRule:
    """A rule about the catalogue. `query` names a file of `sql/`; `judge` looks at its rows."""

    id: str
    title: str
    query: str
    judge: Judge
    level: Level = "error"

    def iter_findings(self, rows: Iterable[Row], ownership: Ownership) -> Iterator[Finding]:
        """Yield what the rule finds in the rows of its query."""
        for about, message, hint in self.judge(rows, ownership):
            yield Finding(self.id, about, message, hint, self.level)


def tell(message: str, hint: str) -> Judge:
    """Give a judge that finds something in each row: `{0}` in the texts is its first column, which is the object."""

    def judge(rows: Iterable[Row], ownership: Ownership) -> Iterator[tuple[str, str, str]]:
        for row in rows:
            yield row[0], message.format(*row), hint.format(*row)

    return judge


def tell_those(is_wrong: Callable[[Row], bool], message: str, hint: str) -> Judge:
    """Give a judge that finds something in the rows that are wrong."""
    found = tell(message, hint)
    return lambda rows, ownership: found([row for row in rows if is_wrong(row)], ownership)
