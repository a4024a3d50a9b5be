"""L029: code of an owner's that runs with the rights of whoever uses its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from freehold.ownership import Ownership
from freehold.rights.borrowed import BorrowedCode
from freehold_lint.judges import CatalogueRule, Row


def _judge(rows: Iterable[Row], ownership: Ownership) -> Iterator[tuple[str, str, str]]:
    for row in rows:
        code = BorrowedCode(*row[:4])
        if code.is_built_in:
            why = f"it calls {code.function}, which runs a text as SQL, or changes settings,"
        else:
            why = f"it runs {code.function}, which is not SECURITY DEFINER with a search_path:"
        yield code.about, f"{why} with the rights of whoever asks.", f"{code.advice}."


BORROWED: tuple[CatalogueRule, ...] = (
    CatalogueRule("L029", "An owner's code runs with the rights of whoever uses its table", "borrowed_code", _judge),
)
