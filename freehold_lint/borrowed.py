"""L029: code of an owner's that runs with the rights of whoever uses its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from freehold.ownership import Ownership
from freehold_lint.judges import CatalogueRule, Row


def _judge(rows: Iterable[Row], ownership: Ownership) -> Iterator[tuple[str, str, str]]:
    for about, name, quoted, is_built_in, *_ in rows:
        if is_built_in:
            message = (
                f"it calls {name}, which runs a text as SQL, or changes settings, with the rights of whoever asks."
            )
            yield about, message, "Take it out, or call it in a SECURITY DEFINER function of the schema's owner."
        else:
            message = (
                f"it runs {name}, which is not SECURITY DEFINER with a search_path: with the rights of whoever asks."
            )
            yield about, message, f"ALTER ROUTINE {quoted} SECURITY DEFINER SET search_path = pg_catalog, pg_temp."


BORROWED: tuple[CatalogueRule, ...] = (
    CatalogueRule("L029", "An owner's code runs with the rights of whoever uses its table", "borrowed_code", _judge),
)
