"""Compiles a map into what it asks of a server. Pure: the same map gives the same values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from freehold.ownership.acl import Acl, AclEntry
from freehold.ownership.comparable import (
    PUBLIC,
    DatabaseObject,
    DatabasePolicy,
    DefaultGrant,
    Grant,
    Membership,
    ObjectKind,
    ObjectType,
    OwnedSchema,
    Role,
    RowSecurity,
    Setting,
)
from freehold.ownership.contract_sides import list_sides
from freehold.ownership.elsewhere import iter_closed_grants, iter_elsewhere_grants
from freehold.ownership.login_compilation import iter_memberships, iter_roles, iter_settings
from freehold.ownership.map import Contract, Move, Ownership, Schema, Withheld
from freehold.ownership.moves import (
    carry_grants,
    is_over,
    iter_move_grants,
    list_sequence_rights,
    list_views,
    list_waiting,
    stay_policy,
)
from freehold.ownership.spelling import normalize_signature
from freehold.ownership.withholding import is_left, list_withheld

# What a service gets on each kind of object. A writer may also call the functions that its schema's own constraints,
# defaults and policies use: those run with the rights of whoever writes the row.
_WRITES: dict[ObjectKind, tuple[str, ...]] = {
    "table": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "sequence": ("USAGE", "SELECT"),
    "function": ("EXECUTE",),
}
_READS: dict[ObjectKind, tuple[str, ...]] = {"table": ("SELECT",)}
_PRIVILEGES = {"read": "SELECT", "reference": "REFERENCES"}  # what a contract's words grant on columns
_OBJECT_TYPES: dict[ObjectKind, ObjectType] = {"table": "TABLES", "sequence": "SEQUENCES", "function": "FUNCTIONS"}
# A table with one row that every service may select from and no policy shows to any: whoever sees it is held by none.
COUNTING: Final = DatabaseObject("function", "public", "count_version()")
HISTORY: Final = DatabaseObject("table", "public", "migration_history")
NOTHING: Acl = frozenset()
_TYPE_USAGE = AclEntry(PUBLIC, "USAGE")


@dataclass(frozen=True)
class Declared:
    """All that a database must hold: the map, and the row security and policies that stand beside models."""

    ownership: Ownership
    database: str
    row_security: dict[tuple[str, str], RowSecurity] = field(default_factory=dict)
    policies: dict[tuple[str, str, str], DatabasePolicy] = field(default_factory=dict)
    exposures: Mapping[tuple[str, str], str] = field(default_factory=dict)  # what shows protected rows, each with why

    @cached_property
    def roles(self) -> dict[str, Role]:
        """Every role by name, in the order they are made in: owners, then logins."""
        return {role.name: role for role in iter_roles(self.ownership)}

    @cached_property
    def memberships(self) -> frozenset[Membership]:
        return frozenset(iter_memberships(self.ownership))

    @cached_property
    def settings(self) -> frozenset[Setting]:
        """The search_path of each login, and the limits of services'."""
        return frozenset(iter_settings(self.ownership))

    @cached_property
    def schemas(self) -> dict[str, OwnedSchema]:
        return {each.name: OwnedSchema(each.name, each.owner, each.comment) for each in self.ownership.schemas}

    @cached_property
    def default_grants(self) -> frozenset[DefaultGrant]:
        """What owners grant on what they will make."""
        return frozenset(_iter_default_grants(self.ownership))

    @cached_property
    def grants(self) -> frozenset[Grant]:
        """Every grant on an object that the map names: the database, schemas, columns, functions, the engine's own."""
        contracts = compile_contracts(self.ownership)
        return frozenset(
            [
                *_iter_base_grants(self.ownership, self.database),
                *contracts,
                *carry_grants(self.ownership, contracts),
                *iter_move_grants(self.ownership),
                *iter_counting_grants(self.ownership),
                *iter_elsewhere_grants(self.ownership),
            ]
        )

    @cached_property
    def named(self) -> dict[DatabaseObject, Acl]:
        """What `grants` ask of each object, by the object."""
        entries: dict[DatabaseObject, set[AclEntry]] = defaultdict(set)
        for grant in self.grants:
            entries[grant.object].add(AclEntry(grant.grantee, grant.privilege))
        return {found: frozenset(those) for found, those in entries.items()}

    @cached_property
    def tolerated(self) -> frozenset[Grant]:
        """What may be held and need not be: a superuser's bootstrap gives it."""
        return frozenset(iter_closed_grants(self.ownership))

    @cached_property
    def common(self) -> dict[tuple[ObjectKind, str], Acl]:
        """What services hold on every object of a kind in a schema."""
        entries: dict[tuple[ObjectKind, str], set[AclEntry]] = defaultdict(set)
        for schema, login, privileges in _iter_services(self.ownership):
            for kind, words in privileges.items():
                entries[kind, schema.name].update(AclEntry(login, word) for word in words)
        for schema in self.ownership.schemas:
            entries["type", schema.name].add(_TYPE_USAGE)
        return {key: frozenset(those) for key, those in entries.items()}

    @cached_property
    def views(self) -> dict[tuple[str, str], Move]:
        """The moves whose view must be there, by its schema and name."""
        return {move.places[0]: move for move in list_views(self.ownership)}

    @cached_property
    def sequence_rights(self) -> Mapping[tuple[str, str], Acl]:
        """What is held on the sequences of tables that moved, by the table."""
        return list_sequence_rights(self.ownership)

    def with_waiting(self, tables: Collection[tuple[str, str]]) -> Declared:
        """Give the same with row security and policies where the tables are: one that has not moved has its own under
        the old name. `tables` are those that exist."""
        waiting = {move.places[1]: move for move in list_waiting(self.ownership, tables)}
        if not waiting:
            return self
        secured = [
            replace(each, schema=waiting[key].places[0][0], table=waiting[key].places[0][1]) if key in waiting else each
            for key, each in self.row_security.items()
        ]
        policies = [
            stay_policy(each, waiting[key[:2]], self.ownership) if key[:2] in waiting else each
            for key, each in self.policies.items()
        ]
        return replace(
            self,
            row_security={(each.schema, each.table): each for each in secured},
            policies={(each.schema, each.table, each.name): each for each in policies},
        )

    @cached_property
    def withheld(self) -> dict[DatabaseObject, Withheld]:
        """What no service gets, by the table or the function."""
        return list_withheld(self.ownership)

    def find_exposure(self, found: DatabaseObject) -> str:
        """Give why a relation shows protected rows without their policies; empty where it does not."""
        return self.exposures.get((found.schema, found.name), "") if found.whole.kind == "table" else ""

    def get_common(self, found: DatabaseObject) -> Acl:
        """Give what services hold on an object for its kind and schema: nothing of what is withheld or exposes."""
        if self.exposures and self.find_exposure(found):
            return NOTHING
        common = self.common.get((found.whole.kind, found.schema), NOTHING)
        withheld = self.withheld.get(found.whole)
        if withheld is None:
            return NOTHING if found.column else common
        return frozenset(entry for entry in common if is_left(withheld, found, entry.privilege))

    def get_acl(self, found: DatabaseObject, table: str = "") -> Acl:
        """Give what others than its owner must hold on an object that exists; `table` is that of a sequence."""
        common = self.get_common(found)
        if table:
            filled = DatabaseObject("table", found.schema, table)
            if filled in self.withheld and not is_left(self.withheld[filled], filled, "INSERT"):
                common = NOTHING  # who adds no row takes no number
            return common | self.sequence_rights.get((found.schema, table), NOTHING)
        named = self.named.get(found)
        return common | named if named else common


def compile_map(
    ownership: Ownership,
    database: str,
    row_security: Iterable[RowSecurity] = (),
    policies: Iterable[DatabasePolicy] = (),
) -> Declared:
    """Give what `database` must hold. What lies in no schema of the map, or in an external one, is left out: the row
    security of an external schema is its own tool's."""
    managed = set(ownership.migrated_names)
    return Declared(
        ownership,
        database,
        {(each.schema, each.table): each for each in row_security if each.schema in managed},
        {
            (each.schema, each.table, each.name): each
            for each in policies
            if each.schema in managed and not is_over(each, ownership)
        },
    )


def _iter_base_grants(ownership: Ownership, database: str) -> Iterator[Grant]:
    """Yield who may connect, and who may name the objects of which schema. Naming what lies in `public` stays open to
    everyone: extensions are found there."""
    for login in ownership.iter_logins():
        yield Grant(DatabaseObject("database", name=database), "CONNECT", login)
    for service in ownership.services:
        for schema in (*service.writes, *service.reads):
            yield Grant(DatabaseObject("schema", schema), "USAGE", service.login)
    if ownership.find_schema("public"):
        yield Grant(DatabaseObject("schema", "public"), "USAGE", PUBLIC)


def _iter_default_grants(ownership: Ownership) -> Iterator[DefaultGrant]:
    """Yield what owners grant on the objects that will be made.

    In a schema of Django's apps that is nothing: `migrate` grants, together with the policies, so that a table is
    closed before those are there. An external schema has nobody else to do it.
    """
    for owner in {schema.owner for schema in ownership.schemas}:
        yield DefaultGrant(owner, "", "TYPES", "USAGE", PUBLIC)
    for schema, login, privileges in _iter_services(ownership):
        if schema.external:
            for kind, words in privileges.items():
                yield from (DefaultGrant(schema.owner, schema.name, _OBJECT_TYPES[kind], word, login) for word in words)


def _iter_services(ownership: Ownership) -> Iterator[tuple[Schema, str, dict[ObjectKind, tuple[str, ...]]]]:
    """Yield each schema with a login that may use it and the privileges on each kind of object."""
    for schema in ownership.schemas:
        for service in ownership.services:
            if schema.name in service.writes:
                yield schema, service.login, _WRITES
            elif schema.name in service.reads:
                yield schema, service.login, _READS


# --- Contracts ---------------------------------------------------------------------------------------------------
def compile_contracts(ownership: Ownership) -> frozenset[Grant]:
    return frozenset(grant for contract in ownership.contracts for grant in iter_contract_grants(ownership, contract))


def iter_counting_grants(ownership: Ownership) -> Iterator[Grant]:
    """Yield who may make triggers of the function that counts versions: the owner of each schema of Django's apps."""
    public = ownership.find_schema(COUNTING.schema)
    if public and ownership.has_roles:
        owners = {schema.owner for schema in ownership.schemas if not schema.external} - {public.owner}
        yield from (Grant(COUNTING, "EXECUTE", owner) for owner in sorted(owners))


def iter_contract_grants(ownership: Ownership, contract: Contract) -> Iterator[Grant]:
    """Yield a contract's grants: entering the schema, then each column and function."""
    for side in list_sides(ownership, contract):
        yield Grant(DatabaseObject("schema", contract.schema), "USAGE", side.role)
        for word, table, columns in side.contract.iter_tables():
            for column in columns:
                yield Grant(DatabaseObject("column", contract.schema, table, column), _PRIVILEGES[word], side.role)
        for signature in side.contract.call:
            function = DatabaseObject("function", contract.schema, normalize_signature(signature))
            yield Grant(function, "EXECUTE", side.role)
        for name in side.contract.use:
            yield Grant(DatabaseObject("type", contract.schema, name), "USAGE", side.role)
