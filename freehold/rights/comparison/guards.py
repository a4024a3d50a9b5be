"""The history's guard: its triggers, and the rights that its owner has not."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from freehold.history.postgresql_guard import ALWAYS, CODE, REFUSED, TRIGGERS, write_guard, write_removal
from freehold.ownership.acl import LETTERS, OWNERS
from freehold.ownership.compilation import HISTORY
from freehold.rights.changes import Desk, Drift
from freehold.rights.comparison.rights import get_held
from freehold.rights.inspection import FoundObject, FoundTrigger
from freehold.rights.statements import Change, Phase

ENABLED = {"O": "enabled, not for replication", "D": "disabled", "R": "enabled for replication alone"}


def iter_guard_drift(desk: Desk) -> Iterator[Drift]:
    """Yield what is amiss with the guard of a history that has one: migration freehold.0004 brings it."""
    if desk.found.triggers is None:
        return
    yield from iter_owner_excess(desk)
    found = {each.name: each for each in desk.found.triggers}
    for name, definition in TRIGGERS.items():
        if words := describe(found.get(name), definition):
            yield make_again(name, words, desk)
    for name in sorted(found.keys() - TRIGGERS.keys()):
        change = make_change(f"drop trigger {name} on {HISTORY.label}", write_removal(name), desk)
        label = f"{HISTORY.label} trigger {name}"
        yield Drift("D028", label, found[name].definition, "no such trigger", (change,), takes=True)


def describe(found: FoundTrigger | None, definition: str) -> str:
    """Say how a trigger is not as declared; empty where it is."""
    if found is None:
        return "no such trigger"
    if found.enabled != ALWAYS:
        return ENABLED.get(found.enabled, found.enabled)
    if found.definition != definition:
        return found.definition
    return "" if found.code == CODE else "its function is another"


def make_again(name: str, words: str, desk: Desk) -> Drift:
    """Give the drift of one trigger. Both are made again, with their function."""
    change = make_change(f"make {HISTORY.label} append-only again", write_guard(), desk)
    return Drift("D028", f"{HISTORY.label} trigger {name}", words, "refuses what is not an insert", (change,))


def iter_owner_excess(desk: Desk) -> Iterator[Drift]:
    """Yield that the owner may rewrite the history, or columns of it."""
    held: set[str] = set()
    for each in desk.found.objects:
        if each.object.whole == HISTORY and each.object not in desk.foreign:
            held.update(list_owner_rights(each))
    words = [word for word in REFUSED if word in held]
    if words:
        owner = desk.get_owner(HISTORY)
        names = ", ".join(words)
        statement = sql.SQL("REVOKE {} ON TABLE {} FROM {}").format(
            sql.SQL(names),
            sql.Identifier(HISTORY.schema, HISTORY.name),
            sql.Identifier(owner),
        )
        change = make_change(f"revoke {names} on {HISTORY.label} from its owner {owner}", statement, desk)
        yield Drift("D027", HISTORY.label, f"its owner {owner} holds {names}", "no right to rewrite it", (change,))


def list_owner_rights(each: FoundObject) -> list[str]:
    """Give the privileges that an owner holds on the table, or on a column."""
    if each.acl is None:
        return [LETTERS[letter] for letter in OWNERS[each.object.kind]]
    return [LETTERS[letter] for letter in get_held(each).owners if letter in LETTERS]


def make_change(says: str, statement: sql.SQL | sql.Composed, desk: Desk) -> Change:
    """Give a change that the history's owner makes."""
    owner = desk.get_owner(HISTORY)
    return Change(says, statement, owner, f"membership in {owner}", Phase.POLICY, desk.is_admins(HISTORY))
