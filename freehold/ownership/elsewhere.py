"""Rights on what lies in no schema of the map: extensions, PostgreSQL's own functions, languages, parameters, …"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from freehold.ownership.acl import LETTERS, PRIVILEGES
from freehold.ownership.comparable import PUBLIC, DatabaseObject, Grant, ObjectKind
from freehold.ownership.spelling import SIGNATURE, normalize_signature

if TYPE_CHECKING:
    from freehold.ownership.map import Ownership

_KINDS: Final = sorted(set(get_args(ObjectKind)) - {"column", "other"}, key=len, reverse=True)
_IN_SCHEMAS: Final = ("table", "sequence", "function", "type")
_TARGET: Final = re.compile(rf"({'|'.join(_KINDS)}) (\S.*)")
# What PostgreSQL opens to everyone and services have no business with: code blocks, and large objects, which belong to
# whoever makes them. A superuser's bootstrap closes it and leaves it to owners, who make things.
CLOSED: Final = (
    Grant(DatabaseObject("language", name="plpgsql"), "USAGE", PUBLIC),
    Grant(DatabaseObject("function", "pg_catalog", "lo_creat(integer)"), "EXECUTE", PUBLIC),
    Grant(DatabaseObject("function", "pg_catalog", "lo_create(oid)"), "EXECUTE", PUBLIC),
    Grant(DatabaseObject("function", "pg_catalog", "lo_from_bytea(oid, bytea)"), "EXECUTE", PUBLIC),
)


@dataclass(frozen=True)
class Right:
    """A right on what lies in no schema of the map: `Right("USAGE", on="foreign server billing", to="api")`.

    `on` is what it is and its name: a table, sequence, function (with its argument types) or type with its schema, or a
    schema, database, language, tablespace, foreign server, foreign data wrapper, large object or parameter. `to` is a
    service, a schema (its owner), `all` (the combined login), `migrator` or PUBLIC.
    """

    privilege: str
    on: str
    to: str
    comment: str = ""

    @property
    def target(self) -> DatabaseObject | None:
        """What it is on; None where `on` does not say it."""
        match = _TARGET.fullmatch(self.on) if isinstance(self.on, str) else None
        if not match:
            return None
        kind: ObjectKind = match[1]  # type: ignore[assignment]
        if kind == "schema":
            return DatabaseObject(kind, match[2])
        schema, dot, name = match[2].partition(".")
        if kind not in _IN_SCHEMAS:
            return DatabaseObject(kind, name=match[2])
        if not dot or (kind == "function" and not SIGNATURE.fullmatch(name)):
            return None
        return DatabaseObject(kind, schema, normalize_signature(name) if kind == "function" else name)


def iter_elsewhere_grants(ownership: Ownership) -> Iterator[Grant]:
    """Yield what the map gives outside its schemas: its rights, and the use of extensions."""
    for each in ownership.rights:
        if (target := each.target) and (role := _find_role(ownership, each.to)):
            yield Grant(target, each.privilege.upper(), role)
    if ownership.extensions and ownership.has_roles:
        where = DatabaseObject("schema", ownership.extensions)
        yield from (Grant(where, "USAGE", role) for role in list_extension_users(ownership))


def list_extension_users(ownership: Ownership) -> list[str]:
    """Give the roles that may name what extensions brought: owners, whose migrations do, and logins that query."""
    owners = {schema.owner for schema in ownership.schemas}
    logins = {service.login for service in ownership.services} | {ownership.migrator, ownership.combined}
    return sorted((owners | logins) - {""})


def iter_closed_grants(ownership: Ownership) -> Iterator[Grant]:
    """Yield what owners hold where a superuser's bootstrap closed it to everyone."""
    for owner in sorted({*(schema.owner for schema in ownership.schemas), ownership.migrator}):
        yield from (Grant(each.object, each.privilege, owner) for each in CLOSED)


def list_named_functions(ownership: Ownership) -> list[DatabaseObject]:
    """Give the functions that contracts list: where they belong to an extension, the map has no other say in them."""
    return [
        DatabaseObject("function", contract.schema, normalize_signature(signature))
        for contract in ownership.contracts
        for signature in contract.call
    ]


def _find_role(ownership: Ownership, name: str) -> str:
    """Give the role that `to` means; empty where the map knows none."""
    service, schema = ownership.find_service(name), ownership.find_schema(name)
    if service:
        return service.login
    known = {"all": ownership.combined, "migrator": ownership.migrator, PUBLIC: PUBLIC}
    return schema.owner if schema else known.get(name, "")


# --- What is wrong ---------------------------------------------------------------------------------------------------
def iter_elsewhere_problems(ownership: Ownership) -> Iterator[str]:
    """Say which rights name nothing, or what the map gives in another way."""
    if ownership.extensions and ownership.find_schema(ownership.extensions):
        yield (
            f"Ownership: extensions names {ownership.extensions!r}, which is a Schema of the map: extensions lie in a "
            f"schema that is none's; drop one of the two"
        )
    for each in ownership.rights:
        if not isinstance(each, Right):
            yield f"Ownership: rights has {each!r}: write Right('USAGE', on='foreign server files', to='api')"
        elif fault := _describe_fault(each, ownership):
            yield f"Right {each.privilege!r} on {each.on!r} to {each.to!r}: {fault}"


def _describe_fault(each: Right, ownership: Ownership) -> str:
    target = each.target
    if target is None:
        return f"on is none of {', '.join(sorted(_KINDS))} with a name: write 'function pg_catalog.pg_stat_file(text)'"
    if ownership.find_schema(target.schema):
        return "that lies in a schema of the map, whose rights are services' writes and reads, and contracts'"
    allowed = [LETTERS[letter] for letter in PRIVILEGES[target.kind]]
    if not isinstance(each.privilege, str) or each.privilege.upper() not in allowed:
        return f"a {target.kind} has no such privilege: use {', '.join(allowed)}"
    if each.to == PUBLIC and Grant(target, each.privilege.upper(), PUBLIC) in CLOSED:
        return "a superuser's bootstrap takes that from everyone: name the services that need it"
    if not _find_role(ownership, each.to):
        return "to is neither a service nor a schema of the map: use one, or 'all', 'migrator' or 'PUBLIC'"
    return ""
