"""Writes as SQL what mends differences, in the order it runs in; grants that can, share a statement."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from psycopg import sql

from freehold.ownership.comparable import PUBLIC, DatabaseObject, DatabasePolicy, DefaultGrant, Grant, ObjectKind
from freehold.rights.drift import Change, Comparison, Drift, Phase
from freehold.sqlfiles import read_statement

KEYWORDS: dict[ObjectKind, str] = {
    "database": "DATABASE",
    "schema": "SCHEMA",
    "table": "TABLE",
    "column": "TABLE",
    "sequence": "SEQUENCE",
    "function": "ROUTINE",  # procedures and aggregates too
    "type": "TYPE",  # domains too
    "language": "LANGUAGE",
    "tablespace": "TABLESPACE",
    "foreign server": "FOREIGN SERVER",
    "foreign data wrapper": "FOREIGN DATA WRAPPER",
    "large object": "LARGE OBJECT",
    "parameter": "PARAMETER",
    "other": "",  # nobody grants anything on it
}
_NAMED = 3  # a line that would name more objects than this counts them
ORDER = ("SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES", "USAGE", "EXECUTE", "CONNECT", "TEMPORARY", "CREATE")


def list_changes(drifts: Iterable[Drift], comparison: Comparison) -> list[Change]:
    """Give the statements that mend all of it, in the order they run in."""
    drifts = list(drifts)
    gives, takes = ([each for each in drifts if each.takes is taken] for taken in (False, True))
    taken = [grant for each in takes for grant in each.grants]
    again = _iter_grant_changes([grant for each in drifts for grant in each.again], comparison)
    owners = frozenset(comparison.owners.values())
    changes = [
        *(change for each in drifts for change in each.changes),
        *_iter_seals([policy for each in drifts for policy in each.seals], comparison),
        *_iter_grant_changes([grant for each in gives for grant in each.grants], comparison),
        *_iter_default_changes([one for each in gives for one in each.defaults], owners),
        *_iter_default_changes([one for each in takes for one in each.defaults], owners, revoke=True),
        *_iter_grant_changes([grant for grant in taken if grant.option], comparison, revoke=True),
        *_iter_grant_changes([grant for grant in taken if not grant.option], comparison, revoke=True),
        *(replace(change, phase=Phase.GRANT_AGAIN) for change in again),
    ]
    return sorted(changes, key=lambda change: change.phase)


# --- Grants ----------------------------------------------------------------------------------------------------------
def _iter_grant_changes(grants: list[Grant], comparison: Comparison, *, revoke: bool = False) -> Iterator[Change]:
    # What someone else than the owner passed on has no statement of its own: it goes with the right to pass it on.
    own = [grant for grant in grants if not grant.grantor]
    admins = {grant for grant in own if comparison.is_admins(grant.object, [grant.grantee])}
    for is_admins in (True, False):
        for group in group_grants(grant for grant in own if (grant in admins) is is_admins):
            owner = comparison.get_owner(group.objects[0])
            yield Change(
                _describe_group(group, revoke=revoke),
                write_group(group, revoke=revoke),
                owner,
                f"membership in {owner}" if owner else f"ownership of {group.objects[0].label}",
                Phase.REVOKE if revoke else Phase.GRANT,
                is_admins,
                loses=group.grantee if revoke and comparison.is_at_hand(group.objects[0]) else "",
            )


@dataclass(frozen=True, order=True)
class _GrantGroup:
    """Grants that one statement can give or take: the same privileges on objects of one kind, for one role."""

    kind: ObjectKind
    schema: str
    grantee: str
    option: bool
    privileges: tuple[str, ...]
    objects: tuple[DatabaseObject, ...]


def group_grants(grants: Iterable[Grant]) -> list[_GrantGroup]:
    """Give the grants in as few groups as there can be, sorted."""
    privileges: dict[tuple[DatabaseObject, str, bool], set[str]] = defaultdict(set)
    for grant in grants:
        privileges[grant.object, grant.grantee, grant.option].add(grant.privilege)
    objects: dict[tuple[ObjectKind, str, str, bool, tuple[str, ...], str], list[DatabaseObject]] = defaultdict(list)
    for (found, grantee, option), words in privileges.items():
        table = found.name if found.kind == "column" else ""  # each table has its own list of columns
        objects[found.kind, found.schema, grantee, option, sort_privileges(words), table].append(found)
    return sorted(_GrantGroup(*key[:5], tuple(sorted(members))) for key, members in objects.items())


def sort_privileges(words: Iterable[str]) -> tuple[str, ...]:
    """Give privileges in the order that people write them in."""
    return tuple(sorted(words, key=lambda word: (ORDER.index(word) if word in ORDER else len(ORDER), word)))


def write_group(group: _GrantGroup, *, revoke: bool = False) -> sql.Composed:
    """Give the GRANT of the group, or the REVOKE. What someone passed on ends with the right to pass it on."""
    columns = [each.column for each in group.objects if each.column]
    words = [_write_privilege(word, columns) for word in group.privileges]
    targets = group.objects[:1] if columns else group.objects
    return sql.SQL("{} {} ON {} {} {} {}{}").format(
        _write_verb(group.option, revoke),
        sql.SQL(", ").join(words),
        sql.SQL(KEYWORDS[group.kind]),
        sql.SQL(", ").join(write_object(each) for each in targets),
        sql.SQL("FROM" if revoke else "TO"),
        write_role(group.grantee),
        sql.SQL(" CASCADE" if revoke and group.option else ""),
    )


def _write_verb(option: bool, revoke: bool) -> sql.SQL:
    if not revoke:
        return sql.SQL("GRANT")
    return sql.SQL("REVOKE GRANT OPTION FOR") if option else sql.SQL("REVOKE")


def _write_privilege(word: str, columns: list[str]) -> sql.Composable:
    if not columns:
        return sql.SQL(word)
    return sql.SQL("{} ({})").format(sql.SQL(word), sql.SQL(", ").join(map(sql.Identifier, columns)))


def write_object(found: DatabaseObject) -> sql.Composable:
    """Give an object's qualified name. A function's argument types are as the catalogue spells them."""
    if found.kind == "schema":
        return sql.Identifier(found.schema)
    if found.kind == "large object":
        return sql.SQL(found.name)
    if found.kind == "parameter":
        return sql.SQL(".").join(map(sql.Identifier, found.name.split(".")))
    if not found.schema:
        return sql.Identifier(found.name)
    if found.kind != "function":
        return sql.Identifier(found.schema, found.name)
    name, _, arguments = found.name.partition("(")
    return sql.SQL("{}({}").format(sql.Identifier(found.schema, name), sql.SQL(arguments))


def write_role(role: str) -> sql.Composable:
    """Give a role's name; PUBLIC is a word of the language and no name."""
    return sql.SQL(PUBLIC) if role == PUBLIC else sql.Identifier(role)


def _describe_group(group: _GrantGroup, *, revoke: bool) -> str:
    columns = [each.column for each in group.objects if each.column]
    if columns:
        target = f"{group.schema}.{group.objects[0].name} ({', '.join(columns)})"
    elif len(group.objects) > _NAMED and group.schema:
        target = f"{len(group.objects)} {group.kind}s of {group.schema}"
    else:
        target = ", ".join(each.label for each in group.objects)
    verb, word = _describe_verb(group.option, revoke)
    return f"{verb} {', '.join(group.privileges)} on {target} {word} {group.grantee}"


def _describe_verb(option: bool, revoke: bool) -> tuple[str, str]:
    verb, word = ("revoke", "from") if revoke else ("grant", "to")
    return f"{verb} the right to pass on" if option else verb, word


# --- Default privileges --------------------------------------------------------------------------------------------
def _iter_default_changes(
    grants: Iterable[DefaultGrant], owners: Collection[str], *, revoke: bool = False
) -> Iterator[Change]:
    # One for each owner, schema, kind of object and grantee. Each of `owners` does it itself; for others an admin does.
    words: dict[tuple[str, str, str, str, bool], set[str]] = defaultdict(set)
    for each in grants:
        words[each.owner, each.schema, each.objects, each.grantee, each.option].add(each.privilege)
    for (owner, schema, objects, grantee, option), found in sorted(words.items()):
        privileges = sort_privileges(found)
        is_own = owner in owners
        statement = sql.SQL("ALTER DEFAULT PRIVILEGES{}{} {} {} ON {} {} {}").format(
            sql.SQL("") if is_own else sql.SQL(" FOR ROLE {}").format(sql.Identifier(owner)),
            sql.SQL(" IN SCHEMA {}").format(sql.Identifier(schema)) if schema else sql.SQL(""),
            _write_verb(option, revoke),
            sql.SQL(", ").join(map(sql.SQL, privileges)),
            sql.SQL(objects),
            sql.SQL("FROM" if revoke else "TO"),
            write_role(grantee),
        )
        verb, word = _describe_verb(option, revoke)
        where = f" in {schema}" if schema else ""
        says = f"{verb} {', '.join(privileges)} {word} {grantee} on {objects.lower()} that {owner} makes{where}"
        phase = Phase.REVOKE_DEFAULT if revoke else Phase.DEFAULT
        yield Change(says, statement, owner if is_own else "", f"membership in {owner}", phase, is_admins=not is_own)


# --- Seals -----------------------------------------------------------------------------------------------------------
# The server writes a policy's SQL otherwise than it was declared. So the comment on a policy says what was declared and
# what the server made of it then, each as a digest: `freehold:<declared>:<held>`. A change by hand is seen by it.
def _iter_seals(policies: list[DatabasePolicy], comparison: Comparison) -> Iterator[Change]:
    by_owner: dict[tuple[str, bool], list[DatabasePolicy]] = defaultdict(list)  # one statement for each owner
    for policy in policies:
        is_admins = comparison.is_admins(DatabaseObject("table", policy.schema, policy.table), policy.roles)
        by_owner[comparison.owners[policy.schema], is_admins].append(policy)
    for (owner, is_admins), those in sorted(by_owner.items()):
        says = f"write down what is declared of {len(those)} policies of {owner}"
        right = f"membership in {owner}"
        yield Change(says, write_seal(those), owner, right, Phase.SEAL, is_admins, policies=tuple(those))


def make_digest(policy: DatabasePolicy) -> str:
    """Give the digest of a policy as declared."""
    parts = [policy.command, policy.permissive, sorted(policy.roles), policy.using, policy.check]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def write_seal(policies: Iterable[DatabasePolicy]) -> sql.Composed:
    """Give the statement that seals the policies, without the file's header, which is for whoever reads the file."""
    text = read_statement(__file__, "seal_policies")
    before, after = text[text.index("DO $") :].strip().split("{policies}")
    rows = [(each.schema, each.table, each.name, make_digest(each)) for each in policies]
    values = [sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, row))) for row in rows]
    return sql.Composed([sql.SQL(before), sql.SQL(", ").join(values), sql.SQL(after)])
