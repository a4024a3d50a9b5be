"""Who may do what somewhere, and which line of the map says so."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator

import psycopg

from freehold.errors import OwnershipError
from freehold.ownership.acl import Acl, AclEntry, make_grant
from freehold.ownership.comparable import DatabaseObject, Grant
from freehold.ownership.map import Ownership
from freehold.ownership.validation import label
from freehold.rights.changes import Desk, Drift
from freehold.rights.comparison import compare
from freehold.rights.comparison.policies import describe_found, describe_policy, describe_security
from freehold.rights.comparison.rights import describe_grants, get_held
from freehold.rights.declaration import declare
from freehold.rights.inspection import FoundObject, inspect_catalogue
from freehold.rights.look import looking
from freehold.rights.reasons import list_reasons

Line = tuple[str, str, str]  # who or where, what, why


def explain(session: psycopg.Connection, ownership: Ownership, name: str) -> str:
    """Give what there is to say of a role, schema, table, column, function, sequence or type.

    Raises:
        OwnershipError: there is nothing of that name.
    """
    with looking(session) as cursor:
        desk = Desk(declare(ownership, session.info.dbname), inspect_catalogue(cursor, ownership))
    drifts = list(compare(desk))
    roles = find_roles(desk)
    if name in roles:
        return "\n".join(iter_role_lines(name, desk, drifts))
    objects = find_objects(name, desk)
    if not objects:
        raise OwnershipError(describe_unknown(name, desk, roles))
    return "\n\n".join("\n".join(iter_object_lines(each, name, desk, drifts)) for each in objects)


def find_roles(desk: Desk) -> set[str]:
    """Give every role that the map names or that holds something."""
    roles = {*desk.declared.roles, *desk.found.roles, *(each.membership.member for each in desk.found.memberships)}
    for each in desk.found.objects:
        roles.update(entry.grantee for entry in get_held(each).others)
    return roles


def find_objects(name: str, desk: Desk) -> list[FoundObject]:
    """Give the objects of that name: more than one where functions share it. A column's is its table's."""
    found = {}
    for each in desk.found.objects:
        if name in list_names(each.object):
            found[each.object] = each
    if not found and name.count(".") > 1:
        return find_objects(name.rpartition(".")[0], desk)
    return [found[key] for key in sorted(found) if not key.column] or list(found.values())[:1]


def list_names(each: DatabaseObject) -> list[str]:
    """Give what people call an object."""
    if each.kind == "schema":
        return [each.schema]
    if each.kind == "database":
        return [each.name]
    if each.kind == "column":
        return []
    return [f"{each.schema}.{each.name}", f"{each.schema}.{each.name.partition('(')[0]}"]


def describe_unknown(name: str, desk: Desk, roles: set[str]) -> str:
    """Say that there is nothing of that name, and what comes near."""
    known = {*roles, *(one for each in desk.found.objects for one in list_names(each.object))}
    near = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f"did you mean {near[0]}?" if near else "name a role, or schema.table, schema.table.column, schema.function"
    return f"there is no role and no object {name!r} in database {desk.declared.database!r}: {hint}"


# --- An object -------------------------------------------------------------------------------------------------------
def iter_object_lines(each: FoundObject, name: str, desk: Desk, drifts: list[Drift]) -> Iterator[str]:
    """Yield what there is to say of an object, or of one column of a table."""
    column = name.rpartition(".")[2] if name.count(".") > 1 and each.object.kind == "table" else ""
    schema = desk.declared.ownership.find_schema(each.object.schema)
    yield f"{each.object.label}{f' ({column})' if column else ''}: {each.object.kind}"
    lines = [(each.owner, "owns it", label(schema) if schema else "whoever made the database")]
    lines += list_grant_lines([each, *find_columns(each.object, column, desk)], desk)
    yield from align(lines)
    yield from iter_policy_lines(each.object, desk)
    yield from iter_drift_lines(one for one in drifts if is_about(one, each.object))


def find_columns(table: DatabaseObject, column: str, desk: Desk) -> list[FoundObject]:
    """Give the table's columns that have rights of their own; of one column only that."""
    columns = [each for each in desk.found.objects if each.object.column and each.object.whole == table]
    return [each for each in columns if not column or each.object.column == column]


def list_grant_lines(objects: Iterable[FoundObject], desk: Desk, role: str = "") -> list[Line]:
    """Give who holds what on objects, by the line of the map that says so; of one role only where it is named."""
    grouped: dict[tuple[str, str], list[Grant]] = defaultdict(list)
    for each in objects:
        held, declared = get_held(each).others, desk.declared.get_acl(each.object, each.table)
        for entry in sorted(held | declared):
            grant = make_grant(each.object, entry)
            if not role or role == entry.grantee:
                for reason in list_reasons(grant, desk) if entry in declared else ["no line of the map"]:
                    grouped[entry.grantee, reason + missing(entry, held)].append(grant)
    return [(grantee, describe_grants(grants), reason) for (grantee, reason), grants in grouped.items()]


def missing(entry: AclEntry, held: Acl) -> str:
    """Say that something declared is not there."""
    return "" if entry in held else " (and it is not granted)"


def iter_policy_lines(table: DatabaseObject, desk: Desk) -> Iterator[str]:
    """Yield a table's row security and its policies."""
    key = (table.schema, table.name)
    if table.kind != "table" or key not in desk.found.row_security:
        return
    yield f"  {describe_security(desk.found.row_security[key])}"
    declared = {name: policy for (*place, name), policy in desk.declared.policies.items() if tuple(place) == key}
    found = {name: policy for (*place, name), policy in desk.found.policies.items() if tuple(place) == key}
    for name in sorted(declared.keys() | found.keys()):
        text = describe_policy(declared[name]) if name in declared else f"{describe_found(found[name])}: not declared"
        yield f"    policy {name}: {' '.join(text.split())}"


def is_about(drift: Drift, found: DatabaseObject) -> bool:
    """Tell whether a drift is about the object, or about a policy on it."""
    return drift.object == found.label or drift.object.startswith((f"{found.label} policy ", f"{found.label} ("))


# --- A role ----------------------------------------------------------------------------------------------------------
def iter_role_lines(name: str, desk: Desk, drifts: list[Drift]) -> Iterator[str]:
    """Yield what there is to say of a role."""
    kind = "role of the map" if name in desk.declared.roles else "role that the map does not know"
    held = " ".join(sorted(desk.found.roles.get(name, frozenset()))) or "no attribute"
    yield f"{name}: {kind}, {held}"
    lines: list[Line] = []
    for schema in desk.declared.ownership.schemas:
        if schema.owner == name:
            lines.append((f"schema {schema.name}", "owns it and all in it", label(schema)))
    for each in sorted(desk.declared.memberships):
        if each.member == name:
            lines.append((each.role, "may become it by SET ROLE", "the map"))
    yield from align([*lines, *list_held_lines(name, desk)])
    for policy in sorted(desk.declared.policies.values()):
        if name in policy.roles:
            yield f"    policy {policy.name} on {policy.schema}.{policy.table} for {policy.command}"
    yield from iter_drift_lines(each for each in drifts if concerns(each, name))


def list_held_lines(name: str, desk: Desk) -> list[Line]:
    """Give what a role holds: of a whole schema where one line of the map says it of every object, else by object."""
    objects: dict[DatabaseObject, list[FoundObject]] = defaultdict(list)
    for each in desk.found.objects:
        objects[each.object.whole].append(each)
    grouped: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for whole, those in objects.items():
        for _, what, why in list_grant_lines(those, desk, name):
            common = why.startswith("Service") and whole.kind in ("table", "sequence", "function")
            grouped[f"{whole.kind}s of {whole.schema}" if common else whole.label, why][what] = None
    return [(where, ", ".join(words), why) for (where, why), words in sorted(grouped.items())]


def concerns(drift: Drift, role: str) -> bool:
    """Tell whether a drift is about a role, or about what it holds."""
    grantees = {grant.grantee for grant in drift.grants} | {each.grantee for each in drift.defaults}
    return drift.object == f"role {role}" or role in grantees or any(change.loses == role for change in drift.changes)


# --- Text ------------------------------------------------------------------------------------------------------------
def align(lines: list[Line]) -> Iterator[str]:
    """Yield the lines in columns."""
    widths = [max((len(line[number]) for line in lines), default=0) for number in range(2)]
    for who, what, why in lines:
        yield f"  {who:<{widths[0]}}  {what:<{widths[1]}}  {why}".rstrip()


def iter_drift_lines(drifts: Iterable[Drift]) -> Iterator[str]:
    """Yield what is drift."""
    for each in drifts:
        yield f"  drift {each.rule}: {each.object}: {each.found}; declared: {each.declared}"
