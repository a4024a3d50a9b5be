"""Schemas and who owns what lies in them."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from freehold.ownership.comparable import OwnedSchema
from freehold.rights.changes import Desk, Drift
from freehold.rights.inspection import FoundObject
from freehold.rights.statements import Change, Phase, write_object

# By the catalogue's letter (pg_class.relkind, pg_proc.prokind, pg_type.typtype); letters mean other things elsewhere.
RELATIONS = {
    "r": "TABLE",
    "p": "TABLE",
    "v": "VIEW",
    "m": "MATERIALIZED VIEW",
    "f": "FOREIGN TABLE",
    "S": "SEQUENCE",
}


def iter_schema_drift(desk: Desk) -> Iterator[Drift]:
    """Yield schemas that are missing or belong to someone else, and those that no map names."""
    for schema in sorted(desk.declared.schemas.values()):
        found = desk.found.schemas.get(schema.name)
        label = f"schema {schema.name}"
        if found is None:
            changes = (create_schema(schema, desk), *describe_schema(schema, desk))
            yield Drift("D007", label, "no such schema", f"owned by {schema.owner}", changes)
            continue
        if found.owner != schema.owner:
            change = hand_schema(schema, found.owner)
            yield Drift("D008", label, f"owned by {found.owner}", f"owned by {schema.owner}", (change,))
        if schema.comment and found.comment != schema.comment:
            held = f"comment {found.comment!r}" if found.comment else "no comment"
            yield Drift("D009", label, held, f"comment {schema.comment!r}", describe_schema(schema, desk))
    for name, owner in sorted(desk.found.foreign_schemas.items()):
        advice = f"Name it in the ownership map, or drop it by hand: DROP SCHEMA {name} CASCADE"
        yield Drift("D010", f"schema {name}", f"owned by {owner}", "no such schema", advice=advice)


def create_schema(schema: OwnedSchema, desk: Desk) -> Change:
    """Make a schema that belongs to its owner."""
    names = sql.Identifier(schema.name), sql.Identifier(schema.owner)
    statement = sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(*names)
    says = f"create schema {schema.name}, owned by {schema.owner}"
    return Change(says, statement, "", f"CREATE on database {desk.declared.database}", Phase.SCHEMA, is_admins=True)


def hand_schema(schema: OwnedSchema, before: str) -> Change:
    """Hand a schema to its owner."""
    names = sql.Identifier(schema.name), sql.Identifier(schema.owner)
    statement = sql.SQL("ALTER SCHEMA {} OWNER TO {}").format(*names)
    says = f"hand schema {schema.name} from {before} to {schema.owner}"
    return Change(says, statement, "", f"membership in {before}, which owns it", Phase.SCHEMA, is_admins=True)


def describe_schema(schema: OwnedSchema, desk: Desk) -> tuple[Change, ...]:
    """Put the map's comment on a schema, where it has one."""
    if not schema.comment:
        return ()
    statement = sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(schema.name), sql.Literal(schema.comment))
    found = desk.found.schemas.get(schema.name)
    is_admins = found is None or found.owner != schema.owner or schema.owner not in desk.reachable
    right = f"membership in {schema.owner}"
    says = f"describe schema {schema.name}: {schema.comment}"
    return (Change(says, statement, schema.owner, right, Phase.SCHEMA, is_admins),)


def iter_owner_drift(desk: Desk) -> Iterator[Drift]:
    """Yield tables, views, sequences, functions and types that belong to someone else than their schema's owner."""
    for each in desk.found.objects:
        if each.object not in desk.foreign or each.object.kind in ("database", "schema", "column") or each.is_part:
            continue
        owner = desk.get_owner(each.object)
        change = hand_object(each, owner)
        yield Drift("D011", each.object.label, f"owned by {each.owner}", f"owned by {owner}", (change,))


def hand_object(each: FoundObject, owner: str) -> Change:
    """Hand an object to its schema's owner."""
    keyword = get_keyword(each)
    statement = sql.SQL("ALTER {} {} OWNER TO {}").format(
        sql.SQL(keyword), write_object(each.object), sql.Identifier(owner)
    )
    says = f"hand {each.object.label} from {each.owner} to {owner}"
    right = f"SUPERUSER, or the rights of {each.owner} and {owner}"
    return Change(says, statement, "", right, Phase.OWNER, is_admins=True)


def get_keyword(each: FoundObject) -> str:
    """Give the word that ALTER takes for an object."""
    if each.object.kind == "function":
        return "ROUTINE"
    if each.object.kind == "type":
        return "DOMAIN" if each.form == "d" else "TYPE"
    return RELATIONS[each.form]
