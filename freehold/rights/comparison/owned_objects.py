"""Schemas and who owns what lies in them."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from freehold.ownership.comparable import DatabaseObject, OwnedSchema
from freehold.rights.drift import Change, Comparison, Drift, Phase
from freehold.rights.inspection import FoundObject
from freehold.rights.statements import write_object

# By the catalogue's letter (pg_class.relkind, pg_proc.prokind, pg_type.typtype); letters mean other things elsewhere.
_RELATIONS = {
    "r": "TABLE",
    "p": "TABLE",
    "v": "VIEW",
    "m": "MATERIALIZED VIEW",
    "f": "FOREIGN TABLE",
    "S": "SEQUENCE",
}


def iter_schema_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield schemas that are missing or belong to someone else, and those that no map names."""
    for schema in sorted(comparison.declared.schemas.values()):
        found = comparison.found.schemas.get(schema.name)
        label = f"schema {schema.name}"
        if found is None:
            changes = (_create_schema(schema, comparison), *_describe_schema(schema, comparison))
            yield Drift("D007", label, "no such schema", f"owned by {schema.owner}", changes)
            continue
        if found.owner != schema.owner:
            change = _hand_schema(schema, found.owner)
            yield Drift("D008", label, f"owned by {found.owner}", f"owned by {schema.owner}", (change,))
        if schema.comment and found.comment != schema.comment:
            held = f"comment {found.comment!r}" if found.comment else "no comment"
            yield Drift("D009", label, held, f"comment {schema.comment!r}", _describe_schema(schema, comparison))
    yield from _iter_extension_drift(comparison)
    for name, owner in sorted(comparison.found.foreign_schemas.items()):
        if name == comparison.declared.ownership.extensions:
            continue
        advice = f"Name it in the ownership map, or drop it by hand: DROP SCHEMA {name} CASCADE"
        yield Drift("D010", f"schema {name}", f"owned by {owner}", "no such schema", advice=advice)


def _iter_extension_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield that the schema of extensions is missing. It belongs to whoever makes it: no role of the map makes any."""
    name = comparison.declared.ownership.extensions
    if name and name not in comparison.found.foreign_schemas:
        right = f"CREATE on database {comparison.declared.database}"
        statement = sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name))
        change = Change(f"create schema {name} for extensions", statement, "", right, Phase.SCHEMA, is_admins=True)
        yield Drift("D007", f"schema {name}", "no such schema", "the schema of extensions", (change,))


def _create_schema(schema: OwnedSchema, comparison: Comparison) -> Change:
    names = sql.Identifier(schema.name), sql.Identifier(schema.owner)
    statement = sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(*names)
    says = f"create schema {schema.name}, owned by {schema.owner}"
    return Change(
        says, statement, "", f"CREATE on database {comparison.declared.database}", Phase.SCHEMA, is_admins=True
    )


def _hand_schema(schema: OwnedSchema, before: str) -> Change:
    names = sql.Identifier(schema.name), sql.Identifier(schema.owner)
    statement = sql.SQL("ALTER SCHEMA {} OWNER TO {}").format(*names)
    says = f"hand schema {schema.name} from {before} to {schema.owner}"
    return Change(says, statement, "", f"membership in {before}, which owns it", Phase.SCHEMA, is_admins=True)


def _describe_schema(schema: OwnedSchema, comparison: Comparison) -> tuple[Change, ...]:
    if not schema.comment:
        return ()
    statement = sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(schema.name), sql.Literal(schema.comment))
    says = f"describe schema {schema.name}: {schema.comment}"
    return (comparison.change(says, statement, DatabaseObject("schema", schema.name), Phase.SCHEMA),)


def iter_owner_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield what lies in a schema and belongs to someone else than its owner: tables, functions, collations, …"""
    for each in comparison.found.objects:
        if (
            each.object not in comparison.foreign
            or each.object.kind in ("database", "schema", "column")
            or each.is_part
        ):
            continue
        owner = comparison.get_owner(each.object)
        change = _hand_object(each, owner)
        yield Drift("D011", each.object.label, f"owned by {each.owner}", f"owned by {owner}", (change,))


def _hand_object(each: FoundObject, owner: str) -> Change:
    keyword = _get_keyword(each)
    name = write_object(each.object)
    if each.object.kind == "other":  # as the server spells it: `+(integer, integer)`, `by_name USING btree`
        name = sql.SQL(".").join([sql.Identifier(each.object.schema), sql.SQL(each.object.name)])
    statement = sql.SQL("ALTER {} {} OWNER TO {}").format(sql.SQL(keyword), name, sql.Identifier(owner))
    says = f"hand {each.object.label} from {each.owner} to {owner}"
    right = f"SUPERUSER, or the rights of {each.owner} and {owner}"
    return Change(says, statement, "", right, Phase.OWNER, is_admins=True)


def _get_keyword(each: FoundObject) -> str:
    if each.object.kind == "function":
        return "ROUTINE"
    if each.object.kind == "other":
        return "STATISTICS" if each.form == "statistics object" else each.form.upper()
    if each.object.kind == "type":
        return "DOMAIN" if each.form == "d" else "TYPE"
    return _RELATIONS[each.form]
