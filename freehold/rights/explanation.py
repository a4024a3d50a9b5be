"""Who may do what somewhere, and which line of the map says so."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator

import psycopg

from freehold.errors import OwnershipError
from freehold.ownership.acl import Acl, AclEntry, make_grant
from freehold.ownership.comparable import PUBLIC, DatabaseObject, Grant
from freehold.ownership.compilation import COUNTING, iter_contract_grants
from freehold.ownership.map import Ownership
from freehold.ownership.moves import iter_users, list_views
from freehold.ownership.sentences import label
from freehold.rights.comparison import compare
from freehold.rights.comparison.grants import describe_grants, get_held
from freehold.rights.comparison.policies import describe_found, describe_policy, describe_security
from freehold.rights.drift import Comparison, Drift
from freehold.rights.inspection import FoundObject
from freehold.rights.look import looking

_Line = tuple[str, str, str]  # who or where, what, why


def explain(session: psycopg.Connection, ownership: Ownership, name: str) -> str:
    """Give what there is to say of a role, schema, table, column, function, sequence or type.

    Raises:
        OwnershipError: there is nothing of that name.
    """
    with looking(session) as cursor:
        comparison = compare(cursor, ownership)
    roles = _find_roles(comparison)
    if name in roles:
        return "\n".join(_iter_role_lines(name, comparison))
    objects = _find_objects(name, comparison)
    if not objects:
        raise OwnershipError(_describe_unknown(name, comparison, roles))
    return "\n\n".join("\n".join(_iter_object_lines(each, name, comparison)) for each in objects)


def _find_roles(comparison: Comparison) -> set[str]:
    roles = {
        *comparison.declared.roles,
        *comparison.found.roles,
        *(each.membership.member for each in comparison.found.memberships),
    }
    for each in comparison.found.objects:
        roles.update(entry.grantee for entry in get_held(each).others)
    return roles


def _find_objects(name: str, comparison: Comparison) -> list[FoundObject]:
    # More than one where functions share it. A column's is its table's.
    found = {}
    for each in comparison.found.objects:
        if name in _list_names(each.object):
            found[each.object] = each
    if not found and name.count(".") > 1:
        return _find_objects(name.rpartition(".")[0], comparison)
    return [found[key] for key in sorted(found) if not key.column] or list(found.values())[:1]


def _list_names(each: DatabaseObject) -> list[str]:
    if each.kind == "schema":
        return [each.schema]
    if each.kind == "database":
        return [each.name]
    if each.kind == "column":
        return []
    return [f"{each.schema}.{each.name}", f"{each.schema}.{each.name.partition('(')[0]}"]


def _describe_unknown(name: str, comparison: Comparison, roles: set[str]) -> str:
    known = {*roles, *(one for each in comparison.found.objects for one in _list_names(each.object))}
    near = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f"did you mean {near[0]}?" if near else "name a role, or schema.table, schema.table.column, schema.function"
    return f"there is no role and no object {name!r} in database {comparison.declared.database!r}: {hint}"


# --- An object -------------------------------------------------------------------------------------------------------
def _iter_object_lines(each: FoundObject, name: str, comparison: Comparison) -> Iterator[str]:
    column = name.rpartition(".")[2] if name.count(".") > 1 and each.object.kind == "table" else ""
    schema = comparison.declared.ownership.find_schema(each.object.schema)
    yield f"{each.object.label}{f' ({column})' if column else ''}: {each.object.kind}"
    lines = [(each.owner, "owns it", label(schema) if schema else "whoever made the database")]
    lines += _list_grant_lines([each, *_find_columns(each.object, column, comparison)], comparison)
    yield from _align(lines)
    if reason := comparison.declared.find_exposure(each.object):
        yield f"  no service gets what its schema gives, since {reason}"
    yield from _iter_policy_lines(each.object, comparison)
    yield from _iter_drift_lines(one for one in comparison.drifts if _is_about(one, each.object))


def _find_columns(table: DatabaseObject, column: str, comparison: Comparison) -> list[FoundObject]:
    columns = [each for each in comparison.found.objects if each.object.column and each.object.whole == table]
    return [each for each in columns if not column or each.object.column == column]


def _list_grant_lines(objects: Iterable[FoundObject], comparison: Comparison, role: str = "") -> list[_Line]:
    # By the line of the map that says so; of one role only where it is named.
    grouped: dict[tuple[str, str], list[Grant]] = defaultdict(list)
    for each in objects:
        held, declared = get_held(each).others, comparison.declared.get_acl(each.object, each.table)
        for entry in sorted(held | declared):
            grant = make_grant(each.object, entry)
            if not role or role == entry.grantee:
                for reason in _list_reasons(grant, comparison) if entry in declared else ["no line of the map"]:
                    grouped[entry.grantee, reason + _missing(entry, held)].append(grant)
    return [(grantee, describe_grants(grants), reason) for (grantee, reason), grants in grouped.items()]


def _missing(entry: AclEntry, held: Acl) -> str:
    return "" if entry in held else " (and it is not granted)"


def _iter_policy_lines(table: DatabaseObject, comparison: Comparison) -> Iterator[str]:
    key = (table.schema, table.name)
    if table.kind != "table" or key not in comparison.found.row_security:
        return
    yield f"  {describe_security(comparison.found.row_security[key])}"
    declared = {name: policy for (*place, name), policy in comparison.declared.policies.items() if tuple(place) == key}
    found = {name: policy for (*place, name), policy in comparison.found.policies.items() if tuple(place) == key}
    for name in sorted(declared.keys() | found.keys()):
        text = describe_policy(declared[name]) if name in declared else f"{describe_found(found[name])}: not declared"
        yield f"    policy {name}: {' '.join(text.split())}"


def _is_about(drift: Drift, found: DatabaseObject) -> bool:
    return drift.object == found.label or drift.object.startswith((f"{found.label} policy ", f"{found.label} ("))


# --- Which lines of the map declare it -------------------------------------------------------------------------------
def _list_reasons(grant: Grant, comparison: Comparison) -> list[str]:
    return [*_iter_reasons(grant, comparison)] or ["the map"]


def _iter_reasons(grant: Grant, comparison: Comparison) -> Iterator[str]:
    ownership = comparison.declared.ownership
    schema = grant.object.schema
    if grant.object == COUNTING:
        yield "versions: the owner of a table makes the trigger that counts them"
        return
    if grant.grantee == PUBLIC:
        yield "open to everyone, as PostgreSQL has it"
    if grant.object.kind == "database":
        yield "logins of the map may connect"
    for service in ownership.services if not grant.object.column else ():
        words = [word for word in ("writes", "reads") if schema in getattr(service, word)]
        if service.login == grant.grantee and words:
            yield f"{label(service)} {words[0]} {schema!r}"
    for move in list_views(ownership):
        tables = [DatabaseObject("table", *place) for place in move.places]
        if grant.object.whole in tables and grant.grantee in dict(iter_users(ownership, move)):
            yield f"{label(move)} until {move.until}"
    for contract in ownership.contracts:
        if grant in iter_contract_grants(ownership, contract):
            yield label(contract)


# --- A role ----------------------------------------------------------------------------------------------------------
def _iter_role_lines(name: str, comparison: Comparison) -> Iterator[str]:
    kind = "role of the map" if name in comparison.declared.roles else "role that the map does not know"
    held = " ".join(sorted(comparison.found.roles.get(name, frozenset()))) or "no attribute"
    yield f"{name}: {kind}, {held}"
    lines: list[_Line] = []
    for schema in comparison.declared.ownership.schemas:
        if schema.owner == name:
            lines.append((f"schema {schema.name}", "owns it and all in it", label(schema)))
    for each in sorted(comparison.declared.memberships):
        if each.member == name:
            lines.append((each.role, "may become it by SET ROLE", "the map"))
    yield from _align([*lines, *_list_held_lines(name, comparison)])
    for policy in sorted(comparison.declared.policies.values()):
        if name in policy.roles:
            yield f"    policy {policy.name} on {policy.schema}.{policy.table} for {policy.command}"
    yield from _iter_drift_lines(each for each in comparison.drifts if _concerns(each, name))


def _list_held_lines(name: str, comparison: Comparison) -> list[_Line]:
    # Of a whole schema where one line of the map says it of every object, else by object.
    objects: dict[DatabaseObject, list[FoundObject]] = defaultdict(list)
    for each in comparison.found.objects:
        objects[each.object.whole].append(each)
    grouped: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for whole, those in objects.items():
        for _, what, why in _list_grant_lines(those, comparison, name):
            common = why.startswith("Service") and whole.kind in ("table", "sequence", "function")
            grouped[f"{whole.kind}s of {whole.schema}" if common else whole.label, why][what] = None
    return [(where, ", ".join(words), why) for (where, why), words in sorted(grouped.items())]


def _concerns(drift: Drift, role: str) -> bool:
    grantees = {grant.grantee for grant in drift.grants} | {each.grantee for each in drift.defaults}
    return drift.object == f"role {role}" or role in grantees or any(change.loses == role for change in drift.changes)


# --- Text ------------------------------------------------------------------------------------------------------------
def _align(lines: list[_Line]) -> Iterator[str]:
    widths = [max((len(line[number]) for line in lines), default=0) for number in range(2)]
    for who, what, why in lines:
        yield f"  {who:<{widths[0]}}  {what:<{widths[1]}}  {why}".rstrip()


def _iter_drift_lines(drifts: Iterable[Drift]) -> Iterator[str]:
    for each in drifts:
        yield f"  drift {each.rule}: {each.object}: {each.found}; declared: {each.declared}"
