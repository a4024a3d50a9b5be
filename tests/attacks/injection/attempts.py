"""An attempt: statements that are sent in one way; and what it may come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tests.attacks.injection import MARK
from tests.attacks.injection.estate import Estate

ALL_WAYS = ("page", "page, transaction", "simple", "extended")


@dataclass(frozen=True)
class Attempt:
    """What is tried.

    `counts` is for what gives a number of rows and no row: the last number is what was reached. `tells` is for what
    shows a hidden row by its failing: the sqlstates that say so. `known` says where documents name what it comes to.
    """

    family: str
    title: str
    way: str
    statements: tuple[str, ...]
    counts: bool = False
    tells: tuple[str, ...] = ()
    known: str = ""

    def __str__(self) -> str:
        return f"{self.family}: {self.title} [{self.way}]"


def spread(
    family: str, title: str, *statements: str, ways: Iterable[str] = ALL_WAYS, **more: object
) -> Iterator[Attempt]:
    """Yield the same statements in each way."""
    for way in ways:
        yield Attempt(family, title, way, statements, **more)  # type: ignore[arg-type]


def rename(attempts: Iterable[Attempt], known: str) -> Iterator[Attempt]:
    """Yield them as what documents name."""
    return (replace(each, known=known) for each in attempts)


def steal(estate: Estate) -> str:
    """Give the statement that reads whatever is marked, of all tables under policies."""
    one = "SELECT t::text AS row FROM {} AS t WHERE t::text LIKE '%{}%'"
    return " UNION ALL ".join(one.format(table, MARK) for table in estate.tables)


def steal_as_text(estate: Estate) -> str:
    """Give the same as one text, in parentheses."""
    return f"(SELECT string_agg(row, ';') FROM ({steal(estate)}) AS stolen)"


def quote(text: str) -> str:
    """Give a text as SQL has it."""
    return (
        "'" + text.replace("'", "''") + "'"
        if "\\" not in text
        else "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
    )
