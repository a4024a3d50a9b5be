"""What the map's moves ask of a server: the role that may cross, and what the old release needs while a view stays.

A view stands under the old name of a table that moved. It is `security_invoker`, so that who reads through it needs
the same rights on the table, and is held by the table's policies. The comment on the view is what it is known by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from freehold.ownership.acl import Acl, AclEntry
from freehold.ownership.comparable import DatabaseObject, DatabasePolicy, Grant, Membership, Role
from freehold.ownership.map import Move, Ownership

MARK: Final = "freehold: "
_WRITES: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")
_USES: Final = ("USAGE", "SELECT")  # of a sequence that a column's default asks


def get_today() -> date:
    """Give the day by which a move's view ends, in UTC wherever the process runs."""
    return datetime.now(UTC).date()


def has_ended(move: Move, today: date) -> bool:
    """Tell whether the last day of the move's view is over."""
    return move.until is not None and move.until < today


def end_moves(ownership: Ownership, today: date) -> Ownership:
    """Give the map as it is on a day: a move whose last day is over has no view. The same map where none is."""
    if not any(has_ended(move, today) for move in ownership.moves):
        return ownership
    moves = tuple(replace(move, until=None) if has_ended(move, today) else move for move in ownership.moves)
    return replace(ownership, moves=moves)


def list_views(ownership: Ownership) -> list[Move]:
    return [move for move in ownership.moves if move.until]


def write_comment(move: Move) -> str:
    until = f" until {move.until.isoformat()}" if move.until else ""
    return f"{MARK}{move.new} under its old name{until}"


# --- Where a table is that has not moved yet ---------------------------------------------------------------------
def list_waiting(ownership: Ownership, tables: Collection[tuple[str, str]]) -> list[Move]:
    """Give the moves whose table is under its old name among `tables`, and not under its new one: the migration is
    still to come, or was taken back."""
    return [move for move in ownership.moves if move.places[0] in tables and move.places[1] not in tables]


def stay_policy(policy: DatabasePolicy, move: Move, ownership: Ownership) -> DatabasePolicy:
    """Give a policy of the moved table as it is under the old name, where the owner is the old one."""
    (source, old), (target, new) = move.places
    owners = {schema.name: schema.owner for schema in ownership.schemas}
    roles = tuple(owners[source] if role == owners[target] else role for role in policy.roles)
    texts = [text.replace(f'"{target}"."{new}"', f'"{source}"."{old}"') for text in (policy.using, policy.check)]
    return replace(policy, schema=source, table=old, roles=roles, using=texts[0], check=texts[1])


# --- Who may cross -----------------------------------------------------------------------------------------------
def iter_mover(ownership: Ownership) -> Iterator[Role]:
    """Yield the role that has the rights of all owners between whom tables move; none where no move crosses."""
    if ownership.list_moving_owners():
        yield Role(ownership.mover, frozenset({"INHERIT"}))


def iter_mover_memberships(ownership: Ownership) -> Iterator[Membership]:
    """Yield what makes it so: it inherits from those owners, and the migrator may become it.

    It can't be a member of the migrator, who is one of its own. Where a table goes to a schema of the migrator's, the
    migrator gives itself its rights for the transaction, and may therefore grant it.
    """
    owners = ownership.list_moving_owners()
    for owner in owners:
        if owner != ownership.migrator:
            yield Membership(owner, ownership.mover, inherits=True)
    if owners:
        yield Membership(ownership.mover, ownership.migrator, admin=ownership.migrator in owners)


# --- What the old release holds ----------------------------------------------------------------------------------
def iter_users(ownership: Ownership, move: Move) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the login of each service of the old release, with what it may do with the table's rows."""
    schema = move.places[0][0]
    for service in ownership.services:
        if service.name in move.services or (not move.services and schema in service.writes):
            yield service.login, _WRITES
        elif not move.services and schema in service.reads:
            yield service.login, _WRITES[:1]


def iter_move_grants(ownership: Ownership) -> Iterator[Grant]:
    """Yield what the old release holds on view and table, while the view stays. What has a schema's rights has them
    on the view already; that changes nothing."""
    for move in list_views(ownership):
        for login, words in iter_users(ownership, move):
            yield Grant(DatabaseObject("schema", move.places[0][0]), "USAGE", login)
            for place in move.places:
                yield from (Grant(DatabaseObject("table", *place), word, login) for word in words)


def carry_grants(ownership: Ownership, grants: frozenset[Grant]) -> Iterator[Grant]:
    """Yield contracts' grants on columns of a view once more, on the table behind it."""
    places = {old: new for move in list_views(ownership) for old, new in [move.places]}
    for grant in grants:
        found = grant.object
        if found.column and grant.privilege == "SELECT" and (found.schema, found.name) in places:
            new = places[found.schema, found.name]
            yield replace(grant, object=DatabaseObject("column", *new, found.column))


def list_sequence_rights(ownership: Ownership) -> Mapping[tuple[str, str], Acl]:
    """Give what the old release holds on the sequences of each table that has a view, by the table."""
    rights: dict[tuple[str, str], set[AclEntry]] = defaultdict(set)
    for move in list_views(ownership):
        for login, words in iter_users(ownership, move):
            for place in move.places if "INSERT" in words else ():
                rights[place].update(AclEntry(login, word) for word in _USES)
    return {table: frozenset(entries) for table, entries in rights.items()}


def is_over(policy: DatabasePolicy, ownership: Ownership) -> bool:
    """Tell whether a policy is for services of an old release that have no right to the table any more."""
    moves = [move for move in ownership.moves if move.places[1] == (policy.schema, policy.table)]
    if not moves or any(move.until for move in moves):
        return False
    services = [each for each in ownership.services if each.login in policy.roles]
    contracts = {each.consumer for each in ownership.contracts if each.schema == policy.schema}
    return bool(services) and not any(
        policy.schema in (*each.writes, *each.reads) or each.name in contracts for each in services
    )
