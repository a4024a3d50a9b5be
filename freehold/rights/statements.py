"""Writes grants as SQL, many in one statement, each with a line that says what it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from psycopg import sql

from freehold.ownership.comparable import PUBLIC, DatabaseObject, DatabasePolicy, DefaultGrant, Grant, Kind

KEYWORDS: dict[Kind, str] = {
    "database": "DATABASE",
    "schema": "SCHEMA",
    "table": "TABLE",
    "column": "TABLE",
    "sequence": "SEQUENCE",
    "function": "ROUTINE",  # procedures and aggregates too
    "type": "TYPE",  # domains too
}
NAMED = 3  # a line that would name more objects than this counts them
ORDER = ("SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES", "USAGE", "EXECUTE", "CONNECT", "TEMPORARY", "CREATE")


class Phase(IntEnum):
    """The order that changes run in: what makes and gives first, what takes last."""

    CREATE_ROLE = 1
    ALTER_ROLE = 2
    BECOME = 3
    SCHEMA = 4
    OWNER = 5
    SETTING = 6
    POLICY = 7
    SEAL = 8
    GRANT = 9
    DEFAULT = 10
    REVOKE_DEFAULT = 11
    REVOKE = 12
    GRANT_AGAIN = 13
    DROP_POLICY = 14
    RESET = 15
    LEAVE = 16
    WEAKEN_ROLE = 17


@dataclass(frozen=True)
class Change:
    """One statement. `role` executes it (empty: whoever is connected); `right` is what that takes from an admin.

    `is_admins` says that no role of the map may do it; `login` names the login that the statement makes, whose
    password is added when it runs; `loses` is the role that loses a way in, or what it does anything by; `policies` are
    those that it makes or seals.
    """

    says: str
    statement: sql.SQL | sql.Composed
    role: str = ""
    right: str = ""
    phase: Phase = Phase.GRANT
    is_admins: bool = False
    login: str = ""
    loses: str = ""
    policies: tuple[DatabasePolicy, ...] = ()


@dataclass(frozen=True, order=True)
class Group:
    """Grants that one statement can give or take: the same privileges on objects of one kind, for one role."""

    kind: Kind
    schema: str
    grantee: str
    option: bool
    privileges: tuple[str, ...]
    objects: tuple[DatabaseObject, ...]


def group_grants(grants: Iterable[Grant]) -> list[Group]:
    """Give the grants in as few groups as there can be, sorted."""
    privileges: dict[tuple[DatabaseObject, str, bool], set[str]] = defaultdict(set)
    for grant in grants:
        privileges[grant.object, grant.grantee, grant.option].add(grant.privilege)
    objects: dict[tuple[Kind, str, str, bool, tuple[str, ...], str], list[DatabaseObject]] = defaultdict(list)
    for (found, grantee, option), words in privileges.items():
        table = found.name if found.kind == "column" else ""  # each table has its own list of columns
        objects[found.kind, found.schema, grantee, option, sort_privileges(words), table].append(found)
    return sorted(Group(*key[:5], tuple(sorted(members))) for key, members in objects.items())


def sort_privileges(words: Iterable[str]) -> tuple[str, ...]:
    """Give privileges in the order that people write them in."""
    return tuple(sorted(words, key=lambda word: (ORDER.index(word) if word in ORDER else len(ORDER), word)))


def write_group(group: Group, *, revoke: bool = False) -> sql.Composed:
    """Give the GRANT of the group, or the REVOKE. What someone passed on ends with the right to pass it on."""
    columns = [each.column for each in group.objects if each.column]
    words = sql.SQL(", ").join(write_privilege(word, columns) for word in group.privileges)
    targets = group.objects[:1] if columns else group.objects
    verb = "REVOKE GRANT OPTION FOR" if group.option else "REVOKE"
    return sql.SQL("{} {} ON {} {} {} {}{}").format(
        sql.SQL(verb if revoke else "GRANT"),
        words,
        sql.SQL(KEYWORDS[group.kind]),
        sql.SQL(", ").join(write_object(each) for each in targets),
        sql.SQL("FROM" if revoke else "TO"),
        write_role(group.grantee),
        sql.SQL(" CASCADE" if revoke and group.option else ""),
    )


def write_privilege(word: str, columns: list[str]) -> sql.Composable:
    """Give `SELECT`, or `SELECT (id, email)`."""
    if not columns:
        return sql.SQL(word)
    return sql.SQL("{} ({})").format(sql.SQL(word), sql.SQL(", ").join(map(sql.Identifier, columns)))


def write_object(found: DatabaseObject) -> sql.Composable:
    """Give an object's qualified name. A function's argument types are as the catalogue spells them."""
    if found.kind == "database":
        return sql.Identifier(found.name)
    if found.kind == "schema":
        return sql.Identifier(found.schema)
    if found.kind != "function":
        return sql.Identifier(found.schema, found.name)
    name, _, arguments = found.name.partition("(")
    return sql.SQL("{}({}").format(sql.Identifier(found.schema, name), sql.SQL(arguments))


def write_role(role: str) -> sql.Composable:
    """Give a role's name; PUBLIC is a word of the language and no name."""
    return sql.SQL(PUBLIC) if role == PUBLIC else sql.Identifier(role)


def describe_group(group: Group, *, revoke: bool = False) -> str:
    """Say what the group's statement does: `grant SELECT on auth.user (id, email) to api_rw`."""
    columns = [each.column for each in group.objects if each.column]
    if columns:
        target = f"{group.schema}.{group.objects[0].name} ({', '.join(columns)})"
    elif len(group.objects) > NAMED:
        target = f"{len(group.objects)} {group.kind}s of {group.schema}"
    else:
        target = ", ".join(each.label for each in group.objects)
    verb, word = ("revoke", "from") if revoke else ("grant", "to")
    verb = f"{verb} the right to pass on" if group.option else verb
    return f"{verb} {', '.join(group.privileges)} on {target} {word} {group.grantee}"


# --- Default privileges --------------------------------------------------------------------------------------------
def iter_default_changes(
    grants: Iterable[DefaultGrant], owners: Collection[str], *, revoke: bool = False
) -> Iterator[Change]:
    """Yield ALTER DEFAULT PRIVILEGES for the grants, one for each owner, schema, kind of object and grantee.

    One of `owners` does it for itself; for any other role an admin does.
    """
    words: dict[tuple[str, str, str, str, bool], set[str]] = defaultdict(set)
    for each in grants:
        words[each.owner, each.schema, each.objects, each.grantee, each.option].add(each.privilege)
    for (owner, schema, objects, grantee, option), found in sorted(words.items()):
        privileges = sort_privileges(found)
        is_own = owner in owners
        statement = sql.SQL("ALTER DEFAULT PRIVILEGES{}{} {} {} ON {} {} {}").format(
            sql.SQL("") if is_own else sql.SQL(" FOR ROLE {}").format(sql.Identifier(owner)),
            sql.SQL(" IN SCHEMA {}").format(sql.Identifier(schema)) if schema else sql.SQL(""),
            sql.SQL(("REVOKE GRANT OPTION FOR" if option else "REVOKE") if revoke else "GRANT"),
            sql.SQL(", ").join(map(sql.SQL, privileges)),
            sql.SQL(objects),
            sql.SQL("FROM" if revoke else "TO"),
            write_role(grantee),
        )
        verb, word = ("revoke", "from") if revoke else ("grant", "to")
        verb = f"{verb} the right to pass on" if option else verb
        where = f" in {schema}" if schema else ""
        says = f"{verb} {', '.join(privileges)} {word} {grantee} on {objects.lower()} that {owner} makes{where}"
        phase = Phase.REVOKE_DEFAULT if revoke else Phase.DEFAULT
        yield Change(says, statement, owner if is_own else "", f"membership in {owner}", phase, is_admins=not is_own)
