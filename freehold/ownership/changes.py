"""Compares what a map asks with what a server holds; what differs becomes statements, in the order they can run in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from psycopg import sql

from freehold.ownership.map import Ownership
from freehold.ownership.state import Grant, Membership, OwnedSchema, Role, SearchPath, State
from freehold.ownership.statements import Change, describe_group, group_grants, iter_default_changes, write_group

GRANT_OPTIONS = 160000  # the first version that keeps INHERIT and SET for each membership


def iter_role_changes(wanted: State, found: State, get_verifier: Callable[[str], str]) -> Iterator[Change]:
    """Yield what brings roles into being and their attributes in line.

    `get_verifier` gives a login's password as the server stores it; it is asked only for logins that are made. Only
    attributes that differ are named: before PostgreSQL 16, NOSUPERUSER took a superuser even where it changed nothing.
    """
    existing = {role.name: role for role in found.roles}
    for role in sorted(wanted.roles, key=lambda each: (each.can_login, each.name)):
        if role.name not in existing:
            yield create_role(role, get_verifier)
        elif role.attributes != existing[role.name].attributes:
            yield alter_role(role, existing[role.name])


def create_role(role: Role, get_verifier: Callable[[str], str]) -> Change:
    """Make a role."""
    words = sql.SQL("CREATE ROLE {} NOINHERIT").format(sql.Identifier(role.name))
    if role.can_login:
        words = sql.SQL("{} LOGIN PASSWORD {}").format(words, sql.Literal(get_verifier(role.name)))
    kind = "login" if role.can_login else "role"
    return Change(f"create {kind} {role.name}", words, right="CREATEROLE")


def alter_role(role: Role, found: Role) -> Change:
    """Switch a role's attributes on and off until they are those of the map."""
    words = [*sorted(role.attributes - found.attributes), *(f"NO{word}" for word in found.attributes - role.attributes)]
    statement = sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(role.name), sql.SQL(" ".join(words)))
    needs_superuser = found.attributes & {"SUPERUSER", "REPLICATION", "BYPASSRLS"}
    right = "SUPERUSER" if needs_superuser else f"CREATEROLE and, from PostgreSQL 16, ADMIN OPTION on {role.name}"
    return Change(f"alter role {role.name}: {' '.join(words)}", statement, right=right)


def iter_membership_changes(wanted: State, found: State, version: int) -> Iterator[Change]:
    """Yield what makes the migrator a member of the owner roles, able to become each and heir of none."""
    present = (
        found.memberships if version >= GRANT_OPTIONS else {Membership(m.role, m.member) for m in found.memberships}
    )
    for each in sorted(wanted.memberships - present):
        statement = sql.SQL("GRANT {} TO {}").format(sql.Identifier(each.role), sql.Identifier(each.member))
        if version >= GRANT_OPTIONS:
            statement += sql.SQL(" WITH INHERIT FALSE, SET TRUE")
        right = f"CREATEROLE and, from PostgreSQL 16, ADMIN OPTION on {each.role}"
        yield Change(f"let {each.member} become {each.role}", statement, right=right)


def iter_schema_changes(wanted: State, found: State, database: str) -> Iterator[Change]:
    """Yield what makes the schemas and hands them to their owners."""
    existing = {schema.name: schema for schema in found.schemas}
    for schema in sorted(wanted.schemas):
        if schema.name not in existing:
            statement = sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}")
            says = f"create schema {schema.name}, owned by {schema.owner}"
            yield change_schema(schema, statement, says, right=f"CREATE on database {database}")
        elif existing[schema.name].owner != schema.owner:
            before = existing[schema.name].owner
            says = f"hand schema {schema.name} from {before} to {schema.owner}"
            right = f"membership in {before}, which owns it"
            yield change_schema(schema, sql.SQL("ALTER SCHEMA {} OWNER TO {}"), says, right=right)
        if schema.comment and (schema.name not in existing or existing[schema.name].comment != schema.comment):
            statement = sql.SQL("COMMENT ON SCHEMA {} IS {}")
            values = sql.Identifier(schema.name), sql.Literal(schema.comment)
            says = f"describe schema {schema.name}: {schema.comment}"
            yield Change(says, statement.format(*values), role=schema.owner, right=f"membership in {schema.owner}")


def change_schema(schema: OwnedSchema, statement: sql.SQL, says: str, right: str) -> Change:
    """Fill a statement's schema and owner in."""
    return Change(says, statement.format(sql.Identifier(schema.name), sql.Identifier(schema.owner)), right=right)


def iter_search_path_changes(wanted: State, found: State, database: str) -> Iterator[Change]:
    """Yield what pins the search_path of logins: in this database, since another may have another map."""
    for each in sorted(wanted.search_paths - found.search_paths):
        yield set_search_path(each, database)


def set_search_path(each: SearchPath, database: str) -> Change:
    """Pin one login's search_path."""
    statement = sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = {}").format(
        sql.Identifier(each.login), sql.Identifier(database), sql.SQL(", ").join(map(sql.Identifier, each.path))
    )
    right = f"CREATEROLE and, from PostgreSQL 16, ADMIN OPTION on {each.login}"
    return Change(f"set search_path of {each.login}: {', '.join(each.path)}", statement, right=right)


def iter_grant_changes(grants: Iterable[Grant], ownership: Ownership, *, revoke: bool = False) -> Iterator[Change]:
    """Yield what gives or takes the grants, each as the owner of the schema that its object lies in."""
    owners = {schema.name: schema.owner for schema in ownership.schemas}
    for group in group_grants(grants):
        says = describe_group(group, revoke=revoke)
        statement = write_group(group, revoke=revoke)
        if group.kind == "database":
            yield Change(says, statement, right=f"ownership of database {group.objects[0].name}")
        else:
            owner = owners[group.schema]
            yield Change(says, statement, role=owner, right=f"membership in {owner}")


def iter_right_changes(wanted: State, found: State, forbidden: State, ownership: Ownership) -> Iterator[Change]:
    """Yield what is granted and revoked, on what exists and by default. What is merely more than the map asks stays."""
    yield from iter_grant_changes(forbidden.grants & found.grants, ownership, revoke=True)
    yield from iter_grant_changes(wanted.grants - found.grants, ownership)
    yield from iter_default_changes(forbidden.default_grants & found.default_grants, revoke=True)
    yield from iter_default_changes(wanted.default_grants - found.default_grants)
