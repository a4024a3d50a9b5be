"""Compiles a map into what it asks of a server. Pure: the same map and the same objects give the same state."""

from __future__ import annotations

from collections.abc import Iterator

from freehold.ownership.map import Contract, Ownership, Schema
from freehold.ownership.names import normalize_signature
from freehold.ownership.state import (
    PUBLIC,
    DatabaseObject,
    DefaultGrant,
    Grant,
    Kind,
    Membership,
    Objects,
    ObjectType,
    OwnedSchema,
    Role,
    SearchPath,
    State,
)

# What a service gets on each kind of object. A writer may also call the functions that its schema's own constraints,
# defaults and policies use: those run with the rights of whoever writes the row.
WRITES: dict[Kind, tuple[str, ...]] = {
    "table": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "sequence": ("USAGE", "SELECT"),
    "function": ("EXECUTE",),
}
READS: dict[Kind, tuple[str, ...]] = {"table": ("SELECT",)}
OBJECT_TYPES: dict[Kind, ObjectType] = {"table": "TABLES", "sequence": "SEQUENCES", "function": "FUNCTIONS"}


def compile_roles(ownership: Ownership) -> State:
    """Give the roles of the map and who may become whom."""
    return State(roles=frozenset(iter_roles(ownership)), memberships=frozenset(iter_memberships(ownership)))


def compile_rights(ownership: Ownership, *, database: str, objects: Objects) -> State:
    """Give what `database` must hold; `objects` are the tables, sequences and functions that it has already."""
    return State(
        schemas=frozenset(OwnedSchema(each.name, each.owner, each.comment) for each in ownership.schemas),
        search_paths=frozenset(iter_search_paths(ownership)),
        grants=frozenset([*iter_base_grants(ownership, database), *iter_object_grants(ownership, objects)]),
        default_grants=frozenset(iter_default_grants(ownership)),
    )


def compile_forbidden(ownership: Ownership, *, database: str, objects: Objects) -> State:
    """Give what PUBLIC must not hold: each entry is to be revoked where it is found."""
    return State(
        grants=frozenset(iter_public_grants(ownership, database, objects)),
        default_grants=frozenset(
            DefaultGrant(schema.owner, "", "FUNCTIONS", "EXECUTE", PUBLIC) for schema in ownership.schemas
        ),
    )


def iter_roles(ownership: Ownership) -> Iterator[Role]:
    """Yield owners (which nobody logs in as), then the logins. None of them inherits from another or has a right of
    its own outside the map's grants."""
    logins = list(ownership.iter_logins())
    yield from (Role(schema.owner) for schema in ownership.schemas if schema.owner not in logins)
    yield from (Role(login, frozenset({"LOGIN"})) for login in logins)


def iter_memberships(ownership: Ownership) -> Iterator[Membership]:
    """Yield the only memberships there are: the migrator's in every owner role."""
    for schema in ownership.schemas:
        if schema.owner != ownership.migrator:
            yield Membership(schema.owner, ownership.migrator)


def iter_search_paths(ownership: Ownership) -> Iterator[SearchPath]:
    """Yield each login's search_path. The migrator's is `public` alone: what Django does not qualify (its own table of
    applied migrations) lies there and can't be captured by a schema of the login's name."""
    yield SearchPath(ownership.migrator, ("public",))
    for service in ownership.services:
        if service.search_path:
            yield SearchPath(service.login, service.search_path)


def iter_base_grants(ownership: Ownership, database: str) -> Iterator[Grant]:
    """Yield who may connect, and who may name the objects of which schema."""
    for login in ownership.iter_logins():
        yield Grant(DatabaseObject("database", name=database), "CONNECT", login)
    for service in ownership.services:
        for schema in (*service.writes, *service.reads):
            yield Grant(DatabaseObject("schema", schema), "USAGE", service.login)
    for contract in ownership.contracts:
        yield compile_contract_usage(ownership, contract)


def iter_object_grants(ownership: Ownership, objects: Objects) -> Iterator[Grant]:
    """Yield what services get on the objects that exist: those of the schema's owner, who alone can give it."""
    for schema, login, privileges in iter_services(ownership):
        for kind, words in privileges.items():
            for each in objects.list_owned(kind, schema.name, schema.owner):
                yield from (Grant(each, word, login) for word in words)


def iter_default_grants(ownership: Ownership) -> Iterator[DefaultGrant]:
    """Yield what services get on the objects that will be made."""
    for schema, login, privileges in iter_services(ownership):
        for kind, words in privileges.items():
            for word in words:
                yield DefaultGrant(schema.owner, schema.name, OBJECT_TYPES[kind], word, login)


def iter_services(ownership: Ownership) -> Iterator[tuple[Schema, str, dict[Kind, tuple[str, ...]]]]:
    """Yield each schema with a login that may use it and the privileges on each kind of object."""
    for schema in ownership.schemas:
        for service in ownership.services:
            if schema.name in service.writes:
                yield schema, service.login, WRITES
            elif schema.name in service.reads:
                yield schema, service.login, READS


def iter_public_grants(ownership: Ownership, database: str, objects: Objects) -> Iterator[Grant]:
    """Yield what everyone could do. Naming what lies in `public` stays open: extensions are found there."""
    for privilege in ("CONNECT", "TEMPORARY", "CREATE"):
        yield Grant(DatabaseObject("database", name=database), privilege, PUBLIC)
    for schema in ownership.schemas:
        yield Grant(DatabaseObject("schema", schema.name), "CREATE", PUBLIC)
        if schema.name != "public":
            yield Grant(DatabaseObject("schema", schema.name), "USAGE", PUBLIC)
        for each in objects.list_owned("function", schema.name, schema.owner):
            yield Grant(each, "EXECUTE", PUBLIC)


# --- Contracts ---------------------------------------------------------------------------------------------------
def compile_contracts(ownership: Ownership) -> frozenset[Grant]:
    """Give every grant that the map's contracts ask for."""
    return frozenset(grant for contract in ownership.contracts for grant in iter_contract_grants(ownership, contract))


def iter_contract_grants(ownership: Ownership, contract: Contract) -> Iterator[Grant]:
    """Yield a contract's grants: entering the schema, then each column and function."""
    role = get_consumer_role(ownership, contract)
    yield compile_contract_usage(ownership, contract)
    for privilege, tables in (("SELECT", contract.read), ("REFERENCES", contract.reference)):
        for table, columns in tables.items():
            for column in columns:
                yield Grant(DatabaseObject("column", contract.schema, table, column), privilege, role)
    for signature in contract.call:
        yield Grant(DatabaseObject("function", contract.schema, normalize_signature(signature)), "EXECUTE", role)


def compile_contract_usage(ownership: Ownership, contract: Contract) -> Grant:
    """Give the USAGE without which a consumer could not name what its contract lists."""
    return Grant(DatabaseObject("schema", contract.schema), "USAGE", get_consumer_role(ownership, contract))


def get_consumer_role(ownership: Ownership, contract: Contract) -> str:
    """Give the role that a contract is for: a service's login, or the owner of a schema."""
    if service := ownership.find_service(contract.consumer):
        return service.login
    schema = ownership.find_schema(contract.consumer)
    assert schema is not None, contract  # noqa: S101 - a valid map names one of the two
    return schema.owner
