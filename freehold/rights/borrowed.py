"""Code of an owner's that runs with the rights of whoever uses its tables: triggers, defaults, views and more.

PostgreSQL runs it as the service that writes or reads, and 15 runs a deferred trigger as whoever commits. What is
SECURITY DEFINER with a search_path runs as its owner, wherever it is called from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from freehold.ownership.map import Ownership
from freehold.ownership.spelling import normalize_signature
from freehold.plans import fetch_planned
from freehold.sqlfiles import read_bare


class BorrowedCode(NamedTuple):
    """A function that whoever uses `about`, a relation with what of it calls it, runs with rights of their own."""

    about: str
    function: str
    quoted: str
    is_built_in: bool

    @property
    def advice(self) -> str:
        """What to do about it."""
        if self.is_built_in:
            return "Take it out, or call it in a SECURITY DEFINER function of the schema's owner"
        mended = f"ALTER ROUTINE {self.quoted} SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
        schema, _, signature = self.function.partition(".")
        return f'{mended}, as the owner of its schema; or let it run: lets_run=("{signature}",) of Schema("{schema}")'


class Spans(NamedTuple):
    """From which transactions on something was written, by their numbers, and before which; None is no end yet."""

    firsts: Sequence[str]
    nexts: Sequence[str | None]


NEVER: Final = Spans((), ())


def get_borrowed_parameters(ownership: Ownership, spans: Spans = NEVER) -> dict[str, Any]:
    """Give what sql/borrowed_code.sql asks about."""
    return {
        "schemas": list(ownership.schema_names),
        "owners": [schema.owner for schema in ownership.schemas],
        "let": [
            f"{schema.name}.{normalize_signature(each)}" for schema in ownership.schemas for each in schema.lets_run
        ],
        "firsts": list(spans.firsts),
        "nexts": list(spans.nexts),
    }


def list_borrowed_in(connection: Any, ownership: Ownership, spans: Spans) -> list[BorrowedCode]:
    """Give what transactions in these spans wrote of such code."""
    text = read_bare(__file__, "borrowed_code")
    rows = fetch_planned(connection, text, **get_borrowed_parameters(ownership, spans))
    return [BorrowedCode(*row[:4]) for row in rows if row[4]]
