"""Privileges: on what exists, and by default on what will."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from psycopg import sql

from freehold.history.postgresql_guard import REFUSED
from freehold.ownership.acl import BUILT_IN, Acl, AclEntry, AclHolders, list_missing_letters, make_grant, parse_acl
from freehold.ownership.comparable import PUBLIC, DatabaseObject, DefaultGrant, Grant, ObjectType
from freehold.ownership.compilation import COUNTING, HISTORY
from freehold.rights.changes import Desk, Drift, is_built_in
from freehold.rights.inspection import FoundDefault, FoundObject
from freehold.rights.statements import KEYWORDS, Change, Phase, sort_privileges, write_object

# pg_default_acl.defaclobjtype
OBJECT_TYPES: dict[str, ObjectType] = {
    "r": "TABLES",
    "S": "SEQUENCES",
    "f": "FUNCTIONS",
    "T": "TYPES",
    "n": "SCHEMAS",
    "L": "LARGE OBJECTS",
}
BUILT_IN_DEFAULTS: dict[ObjectType, Acl] = {"FUNCTIONS": BUILT_IN["function"], "TYPES": BUILT_IN["type"]}
NOTHING: Acl = frozenset()
WAIT = "It waits for a migration: run manage.py migrate"


# --- On what exists --------------------------------------------------------------------------------------------------
def iter_grant_drift(desk: Desk) -> Iterator[Drift]:
    """Yield what is granted and not declared, and the reverse: one for each object and grantee, a table's columns
    together."""
    missing: list[Grant] = []
    extra: list[Grant] = []
    exists: set[DatabaseObject] = set()
    get_acl = desk.declared.get_acl
    for each in desk.found.objects:
        declared, held = get_acl(each.object, each.table), get_held(each).others
        exists.add(each.object)
        if declared != held:
            missing += [make_grant(each.object, entry) for entry in declared - held]
            extra += [make_grant(each.object, entry) for entry in held - declared]
    for found, acl in sorted(desk.declared.named.items(), key=lambda item: item[0]):
        if found not in exists:
            grants = [make_grant(found, entry) for entry in acl]
            missing += grants if is_made_here(found, desk) else []
            yield from () if is_made_here(found, desk) or is_behind_view(found, desk) else wait_for(found, grants)
    yield from (describe_missing(those) for those in merge(missing))
    yield from (describe_extra(those, desk) for those in merge(extra))


def get_held(each: FoundObject) -> AclHolders:
    """Give what an object's list says, or stands for where it was never written."""
    if each.acl is None:
        return AclHolders(BUILT_IN.get(each.object.kind, NOTHING), frozenset())
    return parse_acl(each.acl, each.owner)


def is_made_here(found: DatabaseObject, desk: Desk) -> bool:
    """Tell whether a missing object is a schema, which is made before anything is granted on it."""
    return found.kind == "schema" and found.schema in desk.declared.schemas


def is_behind_view(found: DatabaseObject, desk: Desk) -> bool:
    """Tell whether it is a column of a table that has not moved yet: what a contract lists of it is under the old
    name."""
    return any(move.places[1] == (found.schema, found.name) for move in desk.declared.views.values())


def wait_for(found: DatabaseObject, grants: list[Grant]) -> Iterator[Drift]:
    """Yield the grants of contracts on what does not exist; that the engine's own is not there is no drift."""
    if found.kind in ("column", "function") and found != COUNTING:
        what = describe_grants(grants)
        yield Drift("D025", found.label, f"no such {found.kind}", what, grants=frozenset(), advice=WAIT)


def merge(grants: Iterable[Grant]) -> list[list[Grant]]:
    """Give the grants by table, sequence, … and grantee, sorted."""
    merged: dict[tuple[DatabaseObject, str, bool, str], list[Grant]] = defaultdict(list)
    for grant in grants:
        merged[grant.object.whole, grant.grantee, grant.option, grant.grantor].append(grant)
    return [sorted(merged[key]) for key in sorted(merged)]


def describe_missing(grants: list[Grant]) -> Drift:
    """Give the drift of grants that are declared and not there, all for one grantee on one object."""
    first = grants[0]
    what = describe_grants(grants)
    found, declared = f"{first.grantee} does not hold {what}", f"{first.grantee} holds {what}"
    return Drift("D012", first.object.whole.label, found, declared, grants=frozenset(grants))


def describe_extra(grants: list[Grant], desk: Desk) -> Drift:
    """Give the drift of grants that are there and not declared, all for one grantee on one object."""
    first = grants[0]
    built_in = all(map(is_built_in, grants))
    option = " and may pass it on" if first.option else ""
    by = f", given by {first.grantor}" if first.grantor else ""
    return Drift(
        get_rule(first, desk),
        first.object.whole.label,
        f"{first.grantee} holds {describe_grants(grants)}{option}{by}",
        "no such right" if not first.option else "no right to pass it on",
        grants=frozenset(grants),
        again=frozenset(iter_lost(grants, desk)),
        takes=True,
        is_built_in=built_in,
        held=0 if built_in else len(grants),
    )


def get_rule(grant: Grant, desk: Desk) -> str:
    """Give the id of an extra grant, by who holds it."""
    if grant.option or grant.grantor:
        return "D016"
    if grant.grantee == PUBLIC:
        return "D015"
    return "D013" if grant.grantee in desk.declared.roles else "D014"


def iter_lost(grants: list[Grant], desk: Desk) -> Iterator[Grant]:
    """Yield declared grants on columns that go along when the same privilege is revoked on their table."""
    for grant in grants:
        if grant.object.kind == "table" and not grant.option and not grant.grantor:
            for found, acl in desk.declared.named.items():
                if found.column and found.whole == grant.object and AclEntry(grant.grantee, grant.privilege) in acl:
                    yield Grant(found, grant.privilege, grant.grantee)


def describe_grants(grants: list[Grant]) -> str:
    """Give the privileges, those on columns with the columns: `SELECT (id, email)`."""
    columns: dict[str, list[str]] = defaultdict(list)
    for grant in grants:
        columns[grant.privilege].append(grant.object.column)
    return ", ".join(
        word + (f" ({', '.join(sorted(names))})" if (names := [*filter(None, columns[word])]) else "")
        for word in sort_privileges(columns)
    )


# --- Owners on their own ---------------------------------------------------------------------------------------------
def iter_owner_right_drift(desk: Desk) -> Iterator[Drift]:
    """Yield objects whose owner took rights from itself: migrations and foreign keys need them."""
    for each in desk.found.objects:
        if each.acl is None or each.object.kind in ("column", "database") or each.object in desk.foreign:
            continue
        missing = list_missing_letters(each.object.kind, get_held(each).owners, desk.found.version)
        if each.object == HISTORY and desk.found.triggers is not None:
            missing = [word for word in missing if word not in REFUSED]  # the guard's: see comparison/guards.py
        if missing:
            yield give_back(each, missing, desk)


def give_back(each: FoundObject, missing: list[str], desk: Desk) -> Drift:
    """Let an owner have its rights again."""
    words = ", ".join(sort_privileges(missing))
    statement = sql.SQL("GRANT {} ON {} {} TO {}").format(
        sql.SQL(words), sql.SQL(KEYWORDS[each.object.kind]), write_object(each.object), sql.Identifier(each.owner)
    )
    says = f"give {words} on {each.object.label} back to its owner {each.owner}"
    is_admins = desk.is_admins(each.object)
    change = Change(says, statement, each.owner, f"membership in {each.owner}", Phase.GRANT, is_admins)
    found = f"its owner {each.owner} lacks {words}"
    return Drift("D017", each.object.label, found, "all rights of an owner", (change,))


# --- By default ------------------------------------------------------------------------------------------------------
def iter_default_drift(desk: Desk) -> Iterator[Drift]:
    """Yield default privileges that are missing, and those that stand in no map, of whichever grantor."""
    held = frozenset(iter_defaults(desk))
    for rule, grants in (("D018", desk.declared.default_grants - held), ("D019", held - desk.declared.default_grants)):
        merged: dict[tuple[str, str, str, str, bool], list[DefaultGrant]] = defaultdict(list)
        for each in grants:
            merged[each.owner, each.schema, each.objects, each.grantee, each.option].append(each)
        for _, those in sorted(merged.items()):
            yield describe_defaults(rule, those)


def iter_defaults(desk: Desk) -> Iterator[DefaultGrant]:
    """Yield what holds by default: for the map's owners PostgreSQL's own defaults too, where nobody changed them."""
    written = {(each.owner, each.schema, OBJECT_TYPES.get(each.form)) for each in desk.found.defaults}
    owners = set(desk.owners.values())
    for each in desk.found.defaults:
        for entry in parse_acl(each.acl, each.owner).others:
            if is_relevant(each, entry, desk):
                yield make_default(each.owner, each.schema, OBJECT_TYPES[each.form], entry)
    for owner in owners:
        for objects, acl in BUILT_IN_DEFAULTS.items():
            if (owner, "", objects) not in written:
                yield from (make_default(owner, "", objects, entry) for entry in acl)


def is_relevant(each: FoundDefault, entry: AclEntry, desk: Desk) -> bool:
    """Tell whether the map has a say in a default: by who makes the object, where, or who gets the right.

    What PostgreSQL gives by itself is none of the map's business where someone else makes the object.
    """
    if each.form not in OBJECT_TYPES:
        return False
    if each.owner in desk.owners.values() or each.schema in desk.owners:
        return True
    if not each.schema and entry in BUILT_IN_DEFAULTS.get(OBJECT_TYPES[each.form], NOTHING):
        return False
    return each.owner in desk.declared.roles or entry.grantee in desk.declared.roles


def make_default(owner: str, schema: str, objects: ObjectType, entry: AclEntry) -> DefaultGrant:
    """Give an entry as a default grant."""
    return DefaultGrant(owner, schema, objects, entry.privilege, entry.grantee, entry.option)


def describe_defaults(rule: str, those: list[DefaultGrant]) -> Drift:
    """Give the drift of defaults of one owner, schema, kind of object and grantee. Revoking takes nothing held now."""
    first = those[0]
    words = ", ".join(sort_privileges({each.privilege for each in those}))
    right = f"{first.grantee} gets {words}" + (" and may pass it on" if first.option else "")
    takes = rule == "D019"
    return Drift(
        rule,
        f"{first.objects.lower()} that {first.owner} makes" + (f" in {first.schema}" if first.schema else ""),
        right if takes else f"{first.grantee} gets no {words}",
        "no such default" if takes else right,
        defaults=frozenset(those),
        takes=takes,
        is_built_in=AclEntry(first.grantee, first.privilege) in BUILT_IN_DEFAULTS.get(first.objects, NOTHING),
    )
