"""What a service is told that reached for more than it may: one line with the service, the thing, its owner and the
way out. The router, SQLite's authorizer and the PostgreSQL backend say the same."""

from __future__ import annotations

from typing import Final

from freehold.acting import Acting, get_schema
from freehold.acting.context import EVERYTHING

_NOBODY: Final = "nobody: the ownership map has no such schema"
_UNDECIDED: Final = (
    "outside of a request no service acts, since the ownership map does not name the one that commands act as: add it, "
    'e.g. Ownership(commands="admin"), or put `with acting_as("…")` of freehold.services around'
)


def describe_owner(acting: Acting, table: str) -> str:
    """Give who owns a table: `auth_owner (service web)`."""
    return acting.rights.owners.get(get_schema(table), _NOBODY)


def refuse_undecided(what: str) -> str:
    """Say that it can't be done by nobody."""
    return f"{what}: {_UNDECIDED}"


def _refuse(acting: Acting, what: str, why: str) -> str:
    if not acting.service:
        return refuse_undecided(f"can't {what}")
    return f"service {acting.service} can't {what}{why}"


def _refuse_owned(acting: Acting, what: str, thing: str, way: str) -> str:
    return _refuse(acting, what, f", which belongs to {describe_owner(acting, thing)}; {way}")


def refuse_read(acting: Acting, table: str, column: str = "") -> str:
    """Say that the table, or one column of it, can't be read; without a column, some column that no contract shares."""
    what, way = table, f"share its columns with {acting.service} in a contract"
    if shared := acting.rights.columns.get(table):
        what = f"all of {table}" if acting.service else table
        way = (
            f"add the column to the contract of {get_schema(table)} with {acting.service}, which shares only "
            f"{', '.join(sorted(shared))}"
        )
    if column:
        what = f"column {column} of {table}"
    return _refuse_owned(acting, f"read {what}", table, f"{way}, or call a function of its owner")


def refuse_unasked(acting: Acting, table: str) -> str:
    """Say that a statement names a table with closed columns, and not the columns that it reads."""
    why = "SQLite does not say which columns NATURAL, USING and INSERT … SELECT * reach"
    way = f"name the columns and join with ON: {why}"
    return _refuse_owned(acting, f"join by name, or copy with *, where not all of {table} can be read", table, way)


def refuse_write(acting: Acting, table: str, verb: str = "write to") -> str:
    """Say that rows of the table can't be written."""
    way = "call a function of its owner: contracts share columns to read, never to write"
    return _refuse_owned(acting, f"{verb} {table}", table, way)


def refuse_withheld(acting: Acting, table: str, verb: str = "") -> str:
    """Say that the map keeps from every service what a statement is about."""
    withheld = acting.rights.withheld[table]
    what = f"{', '.join(sorted(withheld))} of {table}" if EVERYTHING not in withheld else table
    why = f": the map withholds {what} from every service; call a function of {describe_owner(acting, table)}"
    return _refuse(acting, f"{verb or 'read'} {table}", why)


def refuse_call(acting: Acting, function: str) -> str:
    """Say that a function can't be called."""
    way = f"list it under call of a contract of {get_schema(function)} with {acting.service}"
    return _refuse_owned(acting, f"call {function}()", function, way)


def refuse_structure(acting: Acting, verb: str, name: str) -> str:
    """Say that nothing can be created, altered or dropped."""
    why = ": a service changes rows and no structure; write a migration, which runs as the schema's owner"
    return _refuse(acting, f"{verb} {name}", why)


def refuse_connection(acting: Acting, what: str) -> str:
    """Say that the connection can't be used for something, as `run PRAGMA writable_schema`."""
    why = ", which goes around its rights; do it as the owner, in a migration or inside freehold.acting.acting(None)"
    return _refuse(acting, what, why)


def refuse_inside(acting: Acting, reason: str) -> str:
    """Say what was refused while a function, a trigger or the check of a foreign key ran, with its owner's rights."""
    return (
        f"service {acting.service} was refused inside a function or the check of a foreign key ({reason}); see with "
        f"manage.py ownership explain who may do that, and with manage.py ownership check what differs from the map"
    )


def refuse_ticket(acting: Acting) -> str:
    """Say that this process can't make the database believe who acts."""
    seal = acting.asking.seal if acting.asking else ""
    way = f"the function {seal} makes tickets for whom a contract names" if seal else "the map's proofs name no `seal`"
    return (
        f"service {acting.service} can't act for the principal that acting_as was given: the database takes nobody's "
        f"word for it, and {way}; act in a process of SERVICE=all, or for a LazyPrincipal with a proof, such as the "
        f"ticket that delegate() gives for whoever acts"
    )


def refuse_role(acting: Acting) -> str:
    """Say that the connection's login can't become the service."""
    return (
        f"this connection's login can't act as service {acting.service}: it may not become {acting.role}; make the "
        f"roles of the ownership map with manage.py ownership bootstrap"
    )


def refuse_by_database(acting: Acting, name: str) -> str:
    """Say that the database refuses what the map allows."""
    return (
        f"service {acting.service} is refused {name}, which the ownership map lets it use; see with "
        f"manage.py ownership check what the database holds otherwise, and mend it with manage.py ownership apply"
    )
