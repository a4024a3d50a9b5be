"""Finds what a map says of moving tables that can't be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from freehold.ownership.map import Ownership
from freehold.ownership.sentences import explain, iter_tuple_problems, label, repeat, unknown
from freehold.ownership.spelling import describe_column_fault


def iter_move_shape_problems(ownership: Ownership) -> Iterator[str]:
    yield from iter_tuple_problems("Ownership", moves=ownership.moves)
    for move in ownership.moves:
        yield from iter_tuple_problems(label(move), services=move.services)
        for name in (move.old, move.new):
            if not isinstance(name, str) or name.count(".") != 1:
                yield f"{label(move)}: {name!r} names no table of a schema: write 'schema.table'"
        if move.until is not None and type(move.until) is not date:
            yield f"{label(move)}: until is {move.until!r}, and a date is expected: write date(2027, 1, 31)"


def iter_move_problems(ownership: Ownership) -> Iterator[str]:
    """Say what is wrong with a move: its names, its services, and moves that get in each other's way."""
    for move in ownership.moves:
        for schema, table in move.places:
            yield from unknown(label(move), "it", [schema], ownership)
            yield from explain(label(move), "table", [table], describe_column_fault)
            found = ownership.find_schema(schema)
            if found and found.external:
                yield f"{label(move)}: {label(found)} is external, and its tables are moved by its own tool"
        if move.old == move.new:
            yield f"{label(move)}: both names are the same: remove it"
        for name in move.services:
            if ownership.find_service(name) is None:
                known = ", ".join(each.name for each in ownership.services)
                yield f"{label(move)}: there is no Service {name!r}: name some of {known}"
    yield from repeat("Move of", [move.old for move in ownership.moves if move.until])
    yield from repeat("Move to", [move.new for move in ownership.moves if move.until])
