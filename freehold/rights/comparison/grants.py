"""Privileges: on what exists, and by default on what will."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from psycopg import sql

from freehold.history.postgresql_guard import REFUSED
from freehold.ownership.acl import BUILT_IN, Acl, AclEntry, ParsedAcl, list_missing_letters, make_grant, parse_acl
from freehold.ownership.comparable import PUBLIC, DatabaseObject, DefaultGrant, Grant, ObjectKind, ObjectType
from freehold.ownership.compilation import COUNTING, HISTORY
from freehold.rights.drift import WAIT, Comparison, Drift, Phase
from freehold.rights.inspection import FoundDefault, FoundObject
from freehold.rights.statements import KEYWORDS, sort_privileges, write_object

# pg_default_acl.defaclobjtype
_OBJECT_TYPES: dict[str, ObjectType] = {
    "r": "TABLES",
    "S": "SEQUENCES",
    "f": "FUNCTIONS",
    "T": "TYPES",
    "n": "SCHEMAS",
    "L": "LARGE OBJECTS",
}
_KINDS: dict[ObjectType, ObjectKind] = {
    "TABLES": "table",
    "SEQUENCES": "sequence",
    "FUNCTIONS": "function",
    "TYPES": "type",
    "SCHEMAS": "schema",
    "LARGE OBJECTS": "large object",
}
_BUILT_IN_DEFAULTS: dict[ObjectType, Acl] = {"FUNCTIONS": BUILT_IN["function"], "TYPES": BUILT_IN["type"]}
NOTHING: Acl = frozenset()
_NAMED = ("column", "function", "type")  # what contracts list


# --- On what exists --------------------------------------------------------------------------------------------------
def iter_grant_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield what is granted and not declared, and the reverse: one for each object and grantee, a table's columns
    together."""
    missing: list[Grant] = []
    extra: list[Grant] = []
    exists: set[DatabaseObject] = set()
    for found, declared, held in _iter_lists(comparison):
        exists.add(found)
        if declared != held:
            missing += [make_grant(found, entry) for entry in declared - held]
            extra += [make_grant(found, entry) for entry in held - declared]
    extra = [grant for grant in extra if grant not in comparison.declared.tolerated]
    for found, acl in sorted(comparison.declared.named.items(), key=lambda item: item[0]):
        if found not in exists:
            grants = [make_grant(found, entry) for entry in acl]
            if found.kind == "schema" or found.schema not in comparison.owners:
                missing += grants  # a schema of the map is made before anything is granted on it
            elif found.kind in _NAMED and found != COUNTING and not _is_behind_view(found, comparison):
                yield Drift("D025", found.label, f"no such {found.kind}", describe_grants(grants), advice=WAIT)
    yield from (_describe_missing(those) for those in _merge(missing))
    yield from (_describe_extra(those, comparison) for those in _merge(extra))


def _iter_lists(comparison: Comparison) -> Iterator[tuple[DatabaseObject, Acl, Acl]]:
    """Yield each object with what is declared on it and what is held; elsewhere than in the map's schemas nothing is
    declared but by name."""
    declared = comparison.declared
    for each in comparison.found.objects:
        yield each.object, declared.get_acl(each.object, each.table), get_held(each).others
    for found, held in comparison.found.elsewhere.items():
        yield found, declared.named.get(found, NOTHING), frozenset(held)


def get_held(each: FoundObject) -> ParsedAcl:
    """Give what an object's list says, or stands for where it was never written."""
    if each.acl is None:
        return ParsedAcl(BUILT_IN.get(each.object.kind, NOTHING), frozenset())
    return parse_acl(each.acl, each.owner)


def _is_behind_view(found: DatabaseObject, comparison: Comparison) -> bool:
    # What a contract lists of a table that has not moved yet is under the old name.
    return any(move.places[1] == (found.schema, found.name) for move in comparison.declared.views.values())


def _merge(grants: Iterable[Grant]) -> list[list[Grant]]:
    merged: dict[tuple[DatabaseObject, str, bool, str], list[Grant]] = defaultdict(list)
    for grant in grants:
        merged[grant.object.whole, grant.grantee, grant.option, grant.grantor].append(grant)
    return [sorted(merged[key]) for key in sorted(merged)]


def _describe_missing(grants: list[Grant]) -> Drift:
    first = grants[0]
    what = describe_grants(grants)
    found, declared = f"{first.grantee} does not hold {what}", f"{first.grantee} holds {what}"
    return Drift("D012", first.object.whole.label, found, declared, grants=frozenset(grants))


def _describe_extra(grants: list[Grant], comparison: Comparison) -> Drift:
    first = grants[0]
    built_in = all(map(_is_built_in, grants))
    option = " and may pass it on" if first.option else ""
    by = f", given by {first.grantor}" if first.grantor else ""
    return Drift(
        _get_rule(first, comparison),
        first.object.whole.label,
        f"{first.grantee} holds {describe_grants(grants)}{option}{by}",
        _describe_declared(first, comparison),
        grants=frozenset(grants),
        again=frozenset(_iter_lost(grants, comparison)),
        takes=True,
        is_built_in=built_in,
        held=0 if built_in else len(grants),
    )


def _describe_declared(grant: Grant, comparison: Comparison) -> str:
    if grant.option:
        return "no right to pass it on"
    reason = comparison.declared.find_exposure(grant.object)
    return f"no such right, since {reason}" if reason else "no such right"


def _is_built_in(grant: Grant) -> bool:
    # PUBLIC holds it because PostgreSQL gives it to everyone: nobody chose it.
    entry = AclEntry(grant.grantee, grant.privilege)
    enters = grant.object.kind in ("schema", "database") and entry.grantee == PUBLIC
    return not grant.option and (enters or entry in BUILT_IN.get(grant.object.kind, frozenset()))


def _get_rule(grant: Grant, comparison: Comparison) -> str:
    if grant.option or grant.grantor:
        return "D016"
    if comparison.declared.find_exposure(grant.object):
        return "D031"
    if grant.grantee == PUBLIC:
        return "D015"
    return "D013" if grant.grantee in comparison.declared.roles else "D014"


def _iter_lost(grants: list[Grant], comparison: Comparison) -> Iterator[Grant]:
    # Declared grants on columns go along when the same privilege is revoked on their table.
    for grant in grants:
        if grant.object.kind == "table" and not grant.option and not grant.grantor:
            for found, acl in comparison.declared.named.items():
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
def iter_owner_right_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield objects whose owner took rights from itself: migrations and foreign keys need them."""
    for each in comparison.found.objects:
        if each.acl is None or each.object.kind in ("column", "database") or each.object in comparison.foreign:
            continue
        missing = list_missing_letters(each.object.kind, get_held(each).owners, comparison.found.version)
        if each.object == HISTORY and comparison.found.triggers is not None:
            missing = [word for word in missing if word not in REFUSED]  # the guard's: see comparison/guards.py
        if missing:
            yield _give_back(each, missing, comparison)


def _give_back(each: FoundObject, missing: list[str], comparison: Comparison) -> Drift:
    words = ", ".join(sort_privileges(missing))
    statement = sql.SQL("GRANT {} ON {} {} TO {}").format(
        sql.SQL(words), sql.SQL(KEYWORDS[each.object.kind]), write_object(each.object), sql.Identifier(each.owner)
    )
    says = f"give {words} on {each.object.label} back to its owner {each.owner}"
    change = comparison.change(says, statement, each.object, Phase.GRANT)
    found = f"its owner {each.owner} lacks {words}"
    return Drift("D017", each.object.label, found, "all rights of an owner", (change,))


# --- By default ------------------------------------------------------------------------------------------------------
def iter_default_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield default privileges that are missing, and those that stand in no map, of whichever grantor."""
    held = frozenset(_iter_defaults(comparison))
    for rule, grants in (
        ("D018", comparison.declared.default_grants - held | frozenset(_iter_owners_lacks(comparison))),
        ("D019", held - comparison.declared.default_grants),
    ):
        merged: dict[tuple[str, str, str, str, bool], list[DefaultGrant]] = defaultdict(list)
        for each in grants:
            merged[each.owner, each.schema, each.objects, each.grantee, each.option].append(each)
        for _, those in sorted(merged.items()):
            yield _describe_defaults(rule, those)


def _iter_defaults(comparison: Comparison) -> Iterator[DefaultGrant]:
    # For the map's owners PostgreSQL's own defaults hold too, where nobody changed them.
    written = {(each.owner, each.schema, _OBJECT_TYPES.get(each.form)) for each in comparison.found.defaults}
    owners = set(comparison.owners.values())
    for each in comparison.found.defaults:
        for entry in parse_acl(each.acl, each.owner).others:
            if _is_relevant(each, entry, comparison):
                yield _make_default(each.owner, each.schema, _OBJECT_TYPES[each.form], entry)
    for owner in owners:
        for objects, acl in _BUILT_IN_DEFAULTS.items():
            if (owner, "", objects) not in written:
                yield from (_make_default(owner, "", objects, entry) for entry in acl)


def _iter_owners_lacks(comparison: Comparison) -> Iterator[DefaultGrant]:
    """Yield what an owner of the map took from itself of all that it will make."""
    for each in comparison.found.defaults:
        if each.schema or each.owner not in comparison.owners.values() or each.form not in _OBJECT_TYPES:
            continue  # what is said of one schema comes on top, and takes nothing
        objects = _OBJECT_TYPES[each.form]
        owners = parse_acl(each.acl, each.owner).owners
        for word in list_missing_letters(_KINDS[objects], owners, comparison.found.version):
            yield DefaultGrant(each.owner, "", objects, word, each.owner)


def _is_relevant(each: FoundDefault, entry: AclEntry, comparison: Comparison) -> bool:
    # The map has a say by who makes the object, where, or who gets the right. What PostgreSQL gives by itself is none
    # of the map's business where someone else makes the object.
    if each.form not in _OBJECT_TYPES:
        return False
    if each.owner in comparison.owners.values() or each.schema in comparison.owners:
        return True
    if not each.schema and entry in _BUILT_IN_DEFAULTS.get(_OBJECT_TYPES[each.form], NOTHING):
        return False
    return each.owner in comparison.declared.roles or entry.grantee in comparison.declared.roles


def _make_default(owner: str, schema: str, objects: ObjectType, entry: AclEntry) -> DefaultGrant:
    return DefaultGrant(owner, schema, objects, entry.privilege, entry.grantee, entry.option)


def _describe_defaults(rule: str, those: list[DefaultGrant]) -> Drift:
    # All of one owner, schema, kind of object and grantee. Revoking takes nothing that is held now.
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
        is_built_in=AclEntry(first.grantee, first.privilege) in _BUILT_IN_DEFAULTS.get(first.objects, NOTHING),
    )
