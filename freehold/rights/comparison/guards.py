"""The history's guard: its triggers, and the rights that its owner has not."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from freehold.history.postgresql_guard import ALWAYS, CODE, REFUSED, TRIGGERS, write_guard, write_removal
from freehold.ownership.acl import LETTERS, PRIVILEGES
from freehold.ownership.compilation import HISTORY
from freehold.rights.comparison.grants import get_held
from freehold.rights.drift import Comparison, Drift, Phase
from freehold.rights.inspection import FoundObject, FoundTrigger

RULES = ("D027", "D028")  # the ids of what is amiss with the guard
_ENABLED = {"O": "enabled, not for replication", "D": "disabled", "R": "enabled for replication alone"}


def iter_guard_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield what is amiss with the guard of a history that has one: migration freehold.0004 brings it."""
    if comparison.found.triggers is None:
        return
    yield from _iter_owner_excess(comparison)
    found = {each.name: each for each in comparison.found.triggers}
    for name, definition in TRIGGERS.items():
        if words := _describe(found.get(name), definition):
            yield _make_again(name, words, comparison)
    for name in sorted(found.keys() - TRIGGERS.keys()):
        change = comparison.change(
            f"drop trigger {name} on {HISTORY.label}", write_removal(name), HISTORY, Phase.POLICY
        )
        label = f"{HISTORY.label} trigger {name}"
        yield Drift("D028", label, found[name].definition, "no such trigger", (change,), takes=True)


def _describe(found: FoundTrigger | None, definition: str) -> str:
    if found is None:
        return "no such trigger"
    if found.enabled != ALWAYS:
        return _ENABLED.get(found.enabled, found.enabled)
    if found.definition != definition:
        return found.definition
    return "" if found.code == CODE else "its function is another"


def _make_again(name: str, words: str, comparison: Comparison) -> Drift:
    # Both triggers are made again, with their function.
    change = comparison.change(f"make {HISTORY.label} append-only again", write_guard(), HISTORY, Phase.POLICY)
    return Drift("D028", f"{HISTORY.label} trigger {name}", words, "refuses what is not an insert", (change,))


def _iter_owner_excess(comparison: Comparison) -> Iterator[Drift]:
    held: set[str] = set()
    for each in comparison.found.objects:
        if each.object.whole == HISTORY and each.object not in comparison.foreign:
            held.update(_list_owner_rights(each))
    words = [word for word in REFUSED if word in held]
    if words:
        owner = comparison.get_owner(HISTORY)
        names = ", ".join(words)
        statement = sql.SQL("REVOKE {} ON TABLE {} FROM {}").format(
            sql.SQL(names),
            sql.Identifier(HISTORY.schema, HISTORY.name),
            sql.Identifier(owner),
        )
        change = comparison.change(
            f"revoke {names} on {HISTORY.label} from its owner {owner}", statement, HISTORY, Phase.POLICY
        )
        yield Drift("D027", HISTORY.label, f"its owner {owner} holds {names}", "no right to rewrite it", (change,))


def _list_owner_rights(each: FoundObject) -> list[str]:
    if each.acl is None:
        return [LETTERS[letter] for letter in PRIVILEGES[each.object.kind]]
    return [LETTERS[letter] for letter in get_held(each).owners if letter in LETTERS]
