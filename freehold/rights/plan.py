"""What would be done about drift, by whom, and whether it is too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import psycopg

from freehold.errors import OwnershipError
from freehold.ownership.comparable import PUBLIC, DatabasePolicy
from freehold.ownership.map import list_role_names
from freehold.rights.drift import Change, Comparison, Drift
from freehold.rights.statements import list_changes

MAX_REVOKES = 20
_NAMED = 5  # a message that would name more objects than this counts the others
_ENTERS = """
    SELECT NOT (r.rolsuper OR pg_catalog.pg_has_role(r.oid, d.datdba, 'USAGE') OR EXISTS (
        SELECT FROM pg_catalog.aclexplode(d.datacl) a
        WHERE a.privilege_type = 'CONNECT' AND a.grantee <> 0 AND pg_catalog.pg_has_role(r.oid, a.grantee, 'USAGE')
    ))
    FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
    WHERE r.rolname = session_user AND d.datname = pg_catalog.current_database()
"""


@dataclass(frozen=True)
class Plan:
    """`mended` and the statements for it, `changes`; `left` is for an admin, by `admins`; `by_hand` is for people.

    `user` is whoever is connected.
    """

    user: str
    comparison: Comparison
    mended: list[Drift] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    left: list[Drift] = field(default_factory=list)
    admins: list[Change] = field(default_factory=list)
    by_hand: list[Drift] = field(default_factory=list)

    @property
    def revokes(self) -> int:
        """How many privileges it takes from those who hold them."""
        return sum(each.held for each in self.mended)


def make_plan(
    comparison: Comparison, user: str, *, only_gives: bool = False, without: Collection[DatabasePolicy] = ()
) -> Plan:
    """Give what is to be done as `user`, `without` these policies; `only_gives` leaves out what takes privileges.

    A role of the map leaves to an admin what takes one.
    """
    is_admin = user not in list_role_names(comparison.declared.ownership)
    mended: list[Drift] = []
    left: list[Drift] = []
    by_hand: list[Drift] = []
    for each in comparison.drifts:
        if (only_gives and each.held) or set(each.seals) & set(without):
            continue
        changes = list_changes([each], comparison)
        if not changes:
            by_hand.extend([each] if each.advice else [])
        else:
            (mended if is_admin or not any(change.is_admins for change in changes) else left).append(each)
    changes, admins = list_changes(mended, comparison), list_changes(left, comparison)
    return Plan(user, comparison, mended, changes, left, admins, by_hand)


def check_max_revokes(number: int) -> None:
    """Do nothing where the number can be a limit.

    Raises:
        OwnershipError: it is below zero.
    """
    if number < 0:
        raise OwnershipError(f"--max-revokes {number} is below zero: 0 takes nothing from those who hold it")


def check_limits(cursor: psycopg.Cursor, plan: Plan, max_revokes: int) -> None:
    """Do nothing where the plan may be applied.

    Raises:
        OwnershipError: it takes more than `max_revokes` privileges, or a way in from whoever applies it.
    """
    for change in plan.changes:
        if change.loses == plan.user or (change.loses == PUBLIC and _enters_as_everyone(cursor, plan)):
            raise OwnershipError(
                f"the plan locks out {plan.user}, who applies it ({change.says}): apply it as someone else with "
                f"--admin-url, or change the map; nothing was changed"
            )
    if plan.revokes > max_revokes:
        raise OwnershipError(
            f"the plan takes {plan.revokes} privileges ({_summarize(plan)}), and at most {max_revokes} are taken at "
            f"once: see `manage.py ownership plan`, then say --max-revokes {plan.revokes}; nothing was changed"
        )


def _enters_as_everyone(cursor: psycopg.Cursor, plan: Plan) -> bool:
    # The map's own logins are granted it first.
    if plan.user in plan.comparison.declared.roles:
        return False
    row = cursor.execute(_ENTERS).fetchone()
    return bool(row and row[0])


def _summarize(plan: Plan) -> str:
    """Say from whom the privileges are taken, those who lose most first."""
    counts: Counter[str] = Counter()
    for each in plan.mended:
        counts.update(grant.grantee for grant in each.grants if each.held)
        if each.held and not each.grants:
            counts[each.object] += each.held
    words = [f"{count} from {name}" for name, count in counts.most_common(_NAMED)]
    more = len(counts) - _NAMED
    return ", ".join([*words, f"{more} others"] if more > 0 else words)
