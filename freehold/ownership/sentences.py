"""Sentences about the entries of a map that more than one kind of entry needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from freehold.ownership.map import Contract, Group, Move, Ownership, Schema, Service
from freehold.ownership.spelling import describe_name_fault


def label(entry: Schema | Service | Contract | Group | Move) -> str:
    """Give an entry as people find it in the map: `Schema 'auth'`."""
    if isinstance(entry, Move):
        return f"Move {entry.old!r} to {entry.new!r}"
    if isinstance(entry, Contract):
        return f"Contract {entry.schema!r} for {entry.consumer!r}"
    return f"{type(entry).__name__} {entry.name!r}"


def iter_tuple_problems(owner: str, **fields: object) -> Iterator[str]:
    for name, value in fields.items():
        if not isinstance(value, tuple | list):
            yield f"{owner}: {name} is {value!r}, and a tuple is expected: write ({value!r},)"


def explain(
    owner: str, word: str, names: Iterable[object], describe: Callable[[object], str | None] = describe_name_fault
) -> Iterator[str]:
    """Yield a sentence for each of `names` that `describe` finds fault with."""
    for name in names:
        if fault := describe(name):
            yield f"{owner}: {word} {name!r} {fault}"


def repeat(word: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{word} {name!r} stands there {count} times: keep one"


def unknown(owner: str, word: str, names: Iterable[str], ownership: Ownership) -> Iterator[str]:
    for name in names:
        if ownership.find_schema(name) is None:
            yield f"{owner}: {word} names the unknown schema {name!r}: use one of {', '.join(ownership.schema_names)}"
