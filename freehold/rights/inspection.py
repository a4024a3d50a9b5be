"""Reads from a server's catalogue what a map has a say in."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

from freehold.history.standing import add_mark, find_record, write_statement
from freehold.history.structure import Marks, Record
from freehold.ownership.acl import AclEntry
from freehold.ownership.comparable import DatabaseObject, Membership, OwnedSchema, RowSecurity, Setting
from freehold.ownership.map import Ownership, list_role_names
from freehold.rights.borrowed import BorrowedCode, get_borrowed_parameters
from freehold.rights.crossing_keys import CrossingKey
from freehold.rights.exposures import RowReader
from freehold.rights.queries import Cursor
from freehold.services.privileges import HeldPrivilege, list_privileges
from freehold.sqlfiles import read_statement

GRANT_OPTIONS: Final = 160000  # the first version that keeps INHERIT and SET for each membership
PATH: Final = "pg_catalog, pg_temp"  # under which the catalogue writes expressions; nothing else is captured by it
# A catalogue of 10,000 tables looks as expensive to the planner as a query worth compiling, or worth other processes,
# either of which takes longer than it.
_SETTINGS: Final = {"search_path": PATH, "jit": "off", "max_parallel_workers_per_gather": "0"}
_SWITCH: Final = """
    SELECT entry.name, pg_catalog.current_setting(entry.name), pg_catalog.set_config(entry.name, entry.value, true)
    FROM ROWS FROM (
        pg_catalog.unnest(%(names)s::text[]), pg_catalog.unnest(%(values)s::text[])
    ) AS entry (name, value)
"""
_STRUCTURE: Final = "SELECT 'structure', schema, name, sort, mark, NULL, '' FROM ({}) structure"
_BORROWED: Final = """SELECT 'borrowed', '', code.about, code.function, code.quoted, NULL, code.is_built_in::text
FROM (
{query}
) AS code (about, function, quoted, is_built_in, is_new)
"""
_KEYS: Final = """SELECT 'key', key.schema, key.about, key.action, key.owner, NULL,
    pg_catalog.concat_ws(E'\\n', key.target, key.root, key.is_direct::text, key.is_stuck::text)
FROM (
{query}
) AS key (about, action, target, schema, root, owner, is_direct, is_stuck, is_new)
"""
Row = tuple[str, str, str, str, str, str | None, str]


class FoundObject(NamedTuple):
    """An object with its owner and its list of rights (None: never written).

    `form` is the catalogue's letter for its kind; `is_part` says that it follows `table`, whose column owns it.
    """

    object: DatabaseObject
    owner: str
    acl: str | None
    form: str = ""
    is_part: bool = False
    table: str = ""


class FoundMembership(NamedTuple):
    """A membership, who granted it, whether the member may make roles, and the other databases that may need it."""

    membership: Membership
    grantor: str
    makes_roles: bool
    elsewhere: str


class FoundDefault(NamedTuple):
    """What a role grants by default on a type of object (`r`, `S`, `f`, …) that it makes; '' is every schema."""

    owner: str
    schema: str
    form: str
    acl: str


class FoundView(NamedTuple):
    """A view with its comment, whether it reads with the rights of whoever reads it, and the tables it reads."""

    schema: str
    name: str
    comment: str
    is_invokers: bool
    tables: tuple[str, ...]


class FoundPolicy(NamedTuple):
    """A policy with its comment, the digest of what the catalogue holds, and that itself as five lines."""

    schema: str
    table: str
    name: str
    comment: str
    digest: str
    text: str


class FoundTrigger(NamedTuple):
    """A trigger of the history: pg_trigger.tgenabled, what its function is, and its definition."""

    name: str
    enabled: str
    code: str
    definition: str


@dataclass
class Catalogue:
    """What a server holds; see sql/catalogue.sql."""

    version: int = 0
    database: str = ""
    roles: dict[str, frozenset[str]] = field(default_factory=dict)
    memberships: list[FoundMembership] = field(default_factory=list)
    settings: set[Setting] = field(default_factory=set)
    schemas: dict[str, OwnedSchema] = field(default_factory=dict)
    foreign_schemas: dict[str, str] = field(default_factory=dict)  # each with its owner
    objects: list[FoundObject] = field(default_factory=list)
    defaults: list[FoundDefault] = field(default_factory=list)
    row_security: dict[tuple[str, str], RowSecurity] = field(default_factory=dict)
    policies: dict[tuple[str, str, str], FoundPolicy] = field(default_factory=dict)
    triggers: list[FoundTrigger] | None = None  # the history's; None where it has not got the shape for a guard
    views: dict[tuple[str, str], FoundView] = field(default_factory=dict)
    readings: list[RowReader] = field(default_factory=list)
    # What roles of the map, and everyone, hold on what is in none of its schemas, by what it is on.
    elsewhere: Mapping[DatabaseObject, set[AclEntry]] = field(default_factory=dict)
    marks: Marks = field(default_factory=dict)  # of functions, triggers and rules
    record: Record | None = None  # of these, in the history; None where it has none, or the login may not read it
    borrowed: list[BorrowedCode] = field(default_factory=list)
    keys: list[CrossingKey] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)  # that all of this but the record was read from

    @cached_property
    def digest(self) -> str:
        """A digest of all that was read, whatever the order that the server gave it in."""
        record = self.record and (sorted(self.record.schemas), sorted(self.record.marks.items()))
        return hashlib.sha256("\n".join([*sorted(map(repr, self.rows)), repr(record)]).encode()).hexdigest()


def inspect_catalogue(cursor: Cursor, ownership: Ownership) -> Catalogue:
    """Give what the server holds, in a fixed number of queries whatever the number of tables. Inside a transaction."""
    with pinned_path(cursor):
        cursor.execute(_write_catalogue(), _get_parameters(ownership))
        found = _read_catalogue(cursor.fetchall())
        held = list_privileges(cursor, ownership, list_role_names(ownership))
    found.elsewhere = _read_elsewhere(held)
    found.rows += held
    found.record = find_record(cursor)
    return found


def _write_catalogue() -> str:
    """Give the query for all that lies in the schemas: `sql/catalogue.sql`, what the history reads, and code that runs
    with the rights of others."""
    parts = [
        read_statement(__file__, "catalogue"),
        _STRUCTURE.format(write_statement()),
        _BORROWED.replace("{query}", read_statement(__file__, "borrowed_code")),
        _KEYS.replace("{query}", read_statement(__file__, "crossing_keys")),
    ]
    return "\nUNION ALL\n".join(parts)


def _read_elsewhere(held: Iterable[HeldPrivilege]) -> Mapping[DatabaseObject, set[AclEntry]]:
    found: dict[DatabaseObject, set[AclEntry]] = defaultdict(set)
    for each in held:
        found[each.object].update([each.entry] if each.entry else [])
    return found


@contextmanager
def pinned_path(cursor: Cursor) -> Iterator[None]:
    """Set the search_path under which expressions are read and written, and what lets a look take no longer than it
    must; afterwards what was set before."""
    before = _switch(cursor, _SETTINGS)
    yield  # after an error the transaction is rolled back, and the settings with it
    _switch(cursor, before)


def _switch(cursor: Cursor, settings: Mapping[str, str]) -> dict[str, str]:
    # Gives what was set before.
    cursor.execute(_SWITCH, {"names": list(settings), "values": list(settings.values())})
    return {name: before for name, before, _ in cursor.fetchall()}


def _get_parameters(ownership: Ownership) -> dict[str, Any]:
    # Of a table with columns that no service gets, all: services hold rights on each of the others.
    whole = {(schema.name, each.name) for schema in ownership.schemas for each in schema.withheld if each.columns}
    shared = {
        (contract.schema, table, column)
        for contract in ownership.contracts
        for tables in (contract.read, contract.reference)
        for table, names in tables.items()
        for column in names
        if (contract.schema, table) not in whole
    }
    columns = sorted(shared | {(schema, table, "") for schema, table in whole})
    return {
        **get_borrowed_parameters(ownership),
        "recorded": list(ownership.migrated_names),
        "roles": list_role_names(ownership),
        "migrator": ownership.migrator,
        "mover": ownership.mover,
        "views": [move.old for move in ownership.moves],
        "column_schemas": [schema for schema, _, _ in columns],
        "column_tables": [table for _, table, _ in columns],
        "columns": [column for _, _, column in columns],
    }


# --- Rows ----------------------------------------------------------------------------------------------------------
def _read_catalogue(rows: list[Row]) -> Catalogue:
    found = Catalogue(rows=[*rows])
    for row in rows:
        kind, schema, name, part, owner, acl, detail = row
        if kind == "column":
            found.objects.append(FoundObject(DatabaseObject("column", schema, name, part), owner, acl))
        elif kind in ("table", "sequence"):
            _read_relation(found, row)
        elif kind in ("database", "schema", "function", "type", "other"):
            found.objects.append(FoundObject(DatabaseObject(kind, schema, name), owner, acl, detail))  # type: ignore[arg-type]
            _read_place(found, row)
        elif kind == "default":
            found.defaults.append(FoundDefault(name, schema, part, acl or ""))
        elif kind == "policy":
            found.policies[schema, name, part] = FoundPolicy(schema, name, part, owner, acl or "", detail)
        elif kind == "trigger":
            found.triggers = (found.triggers or []) + ([FoundTrigger(part, owner, acl or "", detail)] if part else [])
        elif kind == "view":
            found.views[schema, name] = FoundView(schema, name, owner, part == "invoker", tuple(detail.split("\n")))
        elif kind == "shows":
            source, _, relation = detail.partition("\n")
            found.readings.append(RowReader((schema, name), part, (source, relation)))
        elif kind == "structure":
            add_mark(found.marks, (part, name), owner)
        elif kind == "borrowed":
            found.borrowed.append(BorrowedCode(name, part, owner, detail == "true"))
        elif kind == "key":
            target, root, *flags = detail.split("\n")
            found.keys.append(CrossingKey(name, part, target, schema, root, owner, *(each == "true" for each in flags)))
        elif kind == "foreign":
            found.foreign_schemas[schema] = owner
        else:
            _read_role(found, row)
    return found


def _read_relation(found: Catalogue, row: Row) -> None:
    kind, schema, name, table, owner, acl, detail = row
    target = DatabaseObject("sequence" if kind == "sequence" else "table", schema, name)
    found.objects.append(FoundObject(target, owner, acl, detail[0], bool(table), table))
    if kind == "table" and detail[0] in "rp":
        found.row_security[schema, name] = RowSecurity(schema, name, "e" in detail, "f" in detail[1:])


def _read_place(found: Catalogue, row: Row) -> None:
    kind, schema, name, _, owner, _, detail = row
    if kind == "database":
        found.database = name
    elif kind == "schema":
        found.schemas[schema] = OwnedSchema(schema, owner, detail)


def _read_role(found: Catalogue, row: Row) -> None:
    kind, _, name, part, owner, elsewhere, detail = row
    if kind == "server":
        found.version = int(detail)
    elif kind == "role":
        found.roles[name] = frozenset(detail.split())
    elif kind == "member":
        words = detail.split()
        membership = Membership(name, part, "INHERIT" in words, "SET" in words, "ADMIN" in words)
        found.memberships.append(FoundMembership(membership, owner, "CREATEROLE" in words, elsewhere or ""))
    else:
        setting, _, value = detail.partition("=")
        value = _join_path(value) if setting == "search_path" else value
        found.settings.add(Setting(name, setting, value, everywhere=not part))


def _join_path(text: str) -> str:
    # A search_path is stored as `app, "user"`.
    return ", ".join(part.strip().strip('"') for part in text.split(","))
