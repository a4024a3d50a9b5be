"""What a service is told that reached for more than it may: one line with the service, the thing, its owner and the
way out. The router and SQLite's authorizer say the same."""

from __future__ import annotations

from typing import Final

from freehold.acting import Acting, get_schema

NOBODY: Final = "nobody: the ownership map has no such schema"
UNDECIDED: Final = (
    "outside of a request no service acts, since the ownership map does not name the one that commands act as: add it, "
    'e.g. Ownership(commands="admin"), or put `with acting_as("…")` of freehold.services around'
)


def describe_owner(acting: Acting, table: str) -> str:
    """Give who owns a table: `auth_owner (service web)`."""
    return acting.rights.owners.get(get_schema(table), NOBODY)


def refuse_read(acting: Acting, table: str, column: str = "") -> str:
    """Say that the table, or one column of it, can't be read."""
    what = f"column {column} of {table}" if column else table
    if not acting.service:
        return refuse_undecided(f"can't read {what}")
    owner = describe_owner(acting, table)
    if column and table in acting.rights.columns:
        way = f"add the column to the contract with {acting.service}"
    else:
        way = f"share its columns with {acting.service} in a contract"
    return (
        f"service {acting.service} can't read {what}, which belongs to {owner}; {way}, or call a function of its owner"
    )


def refuse_write(acting: Acting, table: str, verb: str = "write to") -> str:
    """Say that rows of the table can't be written."""
    if not acting.service:
        return refuse_undecided(f"can't {verb} {table}")
    return (
        f"service {acting.service} can't {verb} {table}, which belongs to {describe_owner(acting, table)}; "
        f"call a function of its owner: contracts share columns to read, never to write"
    )


def refuse_structure(acting: Acting, verb: str, name: str) -> str:
    """Say that nothing can be created, altered or dropped."""
    if not acting.service:
        return refuse_undecided(f"can't {verb} {name}")
    return (
        f"service {acting.service} can't {verb} {name}: a service changes rows and no structure; "
        f"write a migration, which runs as the schema's owner"
    )


def refuse_connection(acting: Acting, what: str) -> str:
    """Say that the connection can't be used for something, as `run PRAGMA writable_schema`."""
    if not acting.service:
        return refuse_undecided(f"can't {what}")
    return (
        f"service {acting.service} can't {what}, which goes around its rights; "
        f"do it as the owner, in a migration or inside freehold.acting.acting(None)"
    )


def refuse_undecided(what: str) -> str:
    """Say that it can't be done by nobody."""
    return f"{what}: {UNDECIDED}"
