"""What depends on a table that goes to another owner, or on what it leaves behind, and would fail from then on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from freehold.operations.tables.readers import Loss, Place, Reader, Readers, TableRights, read_declared
from freehold.ownership import Ownership
from freehold.ownership.comparable import PUBLIC, DatabaseObject
from freehold.ownership.compilation import COUNTING, Declared
from freehold.sqlfiles import fetch_rows


@dataclass(frozen=True)
class Dependent:
    """One thing that stands in the way of a move; `way` is the way out, empty where
    another's is that of this one too. One that does not stop it goes on working."""

    what: str
    way: str
    stops: bool = True


@dataclass(frozen=True)
class Passage:
    """A table on its way from one place to another, and all that is declared about both."""

    declared: Declared
    here: Place
    there: Place
    holder: str

    @property
    def ownership(self) -> Ownership:
        return self.declared.ownership

    def get_owner(self, schema: str) -> str:
        found = self.ownership.find_schema(schema)
        return found.owner if found else ""

    @property
    def heir(self) -> str:
        return self.get_owner(self.there[0])


def list_dependents(cursor: Any, passage: Passage) -> list[Dependent]:
    """Give what would fail once the table has moved, in the order of kinds and names; each thing once."""
    columns = [column for (column,) in _fetch(cursor, "list_view_columns", passage)]
    rows = [Reader(*row) for row in _fetch(cursor, "list_readers", passage)]
    held = {(word, grantee or PUBLIC, column) for word, grantee, column in _fetch(cursor, "list_held", passage)}
    after = read_declared(passage.declared, passage.heir, passage.there, columns)
    old = read_declared(passage.declared, passage.holder, passage.here, columns)
    before = TableRights(passage.holder, old.held | held)
    leanings = _fetch(cursor, "list_leanings", passage)
    found = [*_iter_readers(passage, rows, before, after, columns), *_iter_leanings(passage, leanings, after)]
    return list(dict.fromkeys(found))


def _fetch(cursor: Any, statement: str, passage: Passage) -> list[Any]:
    schema, name = passage.here
    parameters = {"schema": schema, "name": name, "target": passage.there[0], "heir": passage.heir}
    return fetch_rows(cursor, __file__, statement, **parameters)


# --- What reads it -----------------------------------------------------------------------------------------------
def _iter_readers(
    passage: Passage, rows: list[Reader], before: TableRights, after: TableRights, columns: list[str]
) -> Iterator[Dependent]:
    readers = Readers(rows, ".".join(passage.here), passage.declared)
    losses = list(readers.iter_losses(before, after))
    wanted: dict[str, set[str]] = {}
    for loss in losses:
        wanted.setdefault(loss.role, set()).update(loss.lacking.get("SELECT", ()) or columns[:1])
    for loss in losses:
        yield Dependent(_tell_loss(loss), _write_way(passage, loss, wanted[loss.role]))
    for reader in readers.iter_behind({loss.reader.key for loss in losses if "view" in loss.reader.kind}):
        yield Dependent(f"{reader.kind} {reader.name} (through {reader.read})", "")


def _tell_loss(loss: Loss) -> str:
    words = [
        f"{word} ({', '.join(columns)})" if word == "SELECT" and columns else word
        for word, columns in loss.lacking.items()
    ]
    who = "everyone" if loss.role == PUBLIC else loss.role
    return f"{loss.reader.kind} {loss.reader.name}, by which {who} has {' and '.join(words)}"


def _write_way(passage: Passage, loss: Loss, columns: set[str]) -> str:
    reader = loss.reader
    consumer = find_consumer(passage.ownership, loss.role, "read")
    drop = f"drop the {reader.kind} {reader.name} in a migration before"
    if set(loss.lacking) != {"SELECT"} or not consumer:
        return drop
    listed = ", ".join(f'"{column}"' for column in sorted(columns))
    comma = "," if len(columns) == 1 else ""
    return (
        f'Contract("{passage.there[0]}", consumer="{consumer}", read={{"{passage.there[1]}": ({listed}{comma})}}) '
        f"in the ownership map, or {drop}"
    )


def find_consumer(ownership: Ownership, role: str, word: str) -> str:
    """Give the name by which a contract's `word` is for a role; empty where none can be."""
    for service in ownership.services:
        if service.login == role:
            return service.name
    for schema in ownership.schemas:
        if schema.owner == role and (word in ("use", "reference") or not ownership.find_service(schema.name)):
            return schema.name
    return ""


# --- What it leans on, and what leans on it ----------------------------------------------------------------------
def _iter_leanings(passage: Passage, rows: Iterable[tuple[Any, ...]], after: TableRights) -> Iterator[Dependent]:
    target = passage.there[0]
    writers = sorted({role for word, role, _ in after.held if word in ("INSERT", "UPDATE")} - {PUBLIC})
    table = ".".join(passage.here)
    for kind, what, schema, name, owner, user, may in rows:
        full = f"{schema}.{name}"
        if kind == "parent":
            yield Dependent(
                f"{table} is {what} {full}", "detach it in a migration before (DETACH PARTITION, NO INHERIT)"
            )
        elif kind == "publication":
            way = (
                "take the table out of it before (ALTER PUBLICATION … DROP TABLE), and add it again under its new name"
            )
            yield Dependent(f"publication {name} publishes {what}", way)
        elif kind == "type" and schema != target:
            yield from _iter_type_users(passage, what, (schema, name), writers)
        elif kind == "sequence" and schema != target and owner != passage.heir:
            column = f"{table}.{what.removeprefix('column ')}"
            way = f"ALTER SEQUENCE {full} OWNED BY {column} before, with which it goes along"
            yield Dependent(f"{what} draws from sequence {full}, which stays with {owner}", way)
        elif kind == "own sequence" and user != passage.heir:
            yield Dependent(f"{what} draws from sequence {full}, which goes along", "give that column its own sequence")
        elif kind == "row type" and user != passage.heir and not _may_use(passage, user, (target, passage.there[1])):
            yield Dependent(f"{what} has the row type of {table}", _write_use(passage, target, passage.there[1], user))
        elif kind == "function" and schema != target and not (may or _may_call(passage, schema, name)):
            yield Dependent(
                f"{what} runs function {full}, which stays with {owner}", _write_call(passage, schema, name)
            )
        elif kind == "rule" and owner != passage.heir:
            yield Dependent(f"{what} reaches {full} by the rights of {table}'s owner", f"drop the {what} before")
        elif kind == "key" and user != passage.heir:
            way = f'Contract("{target}", consumer="{schema}", reference=…), without which no other such key can be made'
            yield Dependent(f"foreign key {what} goes on", way, stops=False)


def _iter_type_users(passage: Passage, what: str, place: Place, writers: list[str]) -> Iterator[Dependent]:
    """Yield who can't use a type of another schema: the new owner, and services that write the table."""
    if passage.ownership.find_schema(place[0]) is None:
        return
    schema = DatabaseObject("schema", place[0])
    for role in [passage.heir, *writers]:
        enters = role == passage.get_owner(place[0]) or any(
            entry.grantee in (role, PUBLIC) for entry in passage.declared.get_acl(schema)
        )
        if not (_may_use(passage, role, place) if role == passage.heir else enters):
            yield Dependent(f"{what} has the type {'.'.join(place)}", _write_use(passage, *place, role))


def _may_use(passage: Passage, role: str, place: Place) -> bool:
    named = passage.declared.named.get(DatabaseObject("type", *place), frozenset())
    return role == passage.get_owner(place[0]) or any(entry.grantee == role for entry in named)


def _may_call(passage: Passage, schema: str, signature: str) -> bool:
    function = DatabaseObject("function", schema, signature)
    if passage.heir == passage.get_owner(schema) or function == COUNTING:  # which every owner may call
        return True
    return any(entry.grantee in (passage.heir, PUBLIC) for entry in passage.declared.get_acl(function))


def _write_use(passage: Passage, schema: str, name: str, role: str) -> str:
    consumer = find_consumer(passage.ownership, role, "use") or role
    return f'Contract("{schema}", consumer="{consumer}", use=("{name}",)) in the ownership map'


def _write_call(passage: Passage, schema: str, signature: str) -> str:
    consumer = find_consumer(passage.ownership, passage.heir, "call")
    drop = "drop what runs it in a migration before, and make it again with a function of the new owner's"
    if not consumer:
        return drop
    return f'Contract("{schema}", consumer="{consumer}", call=("{signature}",)) in the ownership map, or {drop}'
