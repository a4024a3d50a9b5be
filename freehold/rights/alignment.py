"""Applies what is declared, in one transaction, and reads the catalogue back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import psycopg

from freehold.errors import OwnershipError
from freehold.ownership.map import Ownership
from freehold.rights.clean import is_known_clean, make_key, make_mark, remember_clean
from freehold.rights.comparison import compare
from freehold.rights.comparison.memberships import list_anothers
from freehold.rights.drift import Change, Comparison, Drift
from freehold.rights.execution import GetPassword, Waiting, apply_all, outlast_races
from freehold.rights.plan import MAX_REVOKES, check_limits, make_plan

_ROUNDS = 3  # what takes rights along with others is mended by looking again
# The target list is evaluated from left to right: the time is for what comes after this lock.
LOCK = """
    SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('freehold.ownership')),
        pg_catalog.set_config('lock_timeout', coalesce(%s, pg_catalog.current_setting('lock_timeout')), true)
"""


@dataclass(frozen=True)
class Alignment:
    """What was done, a line each; what is left: for an admin, for people, policies that name what does not exist yet
    (a line each), of `migrate`, how much more there would be to take, and what other databases may need."""

    done: list[str] = field(default_factory=list)
    admins: list[Change] = field(default_factory=list)
    by_hand: list[Drift] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    kept: int = 0
    anothers: list[str] = field(default_factory=list)


def apply_ownership(
    session: psycopg.Connection,
    ownership: Ownership,
    *,
    get_password: GetPassword | None = None,
    max_revokes: int = MAX_REVOKES,
    takes_all: bool = True,
    lock_timeout: str | None = None,
    is_changed: bool = False,
) -> Alignment:
    """Bring the database in line with what is declared, as whoever `session` is. All or nothing.

    With `takes_all` off, a plan that takes too much is applied without what it takes. `lock_timeout`, with its unit, is
    how long a statement may wait for a lock; without it, as long as the session lets it. Where something `is_changed`,
    as after migrations, it does not look whether there is anything to do before it takes the lock.

    Raises:
        OwnershipError: the plan takes too much or locks the login out, it lacks a right, or something had no effect.
    """

    def attempt() -> Alignment:
        with session.transaction(), psycopg.Cursor(session) as cursor:
            if not is_changed:
                mark = make_mark(cursor, ownership)  # first, so that what others change meanwhile is no part of it
                comparison = compare(cursor, ownership, is_known=lambda each: is_known_clean(make_key(each)))
                if not comparison.drifts:
                    return _finish(comparison, mark)
            cursor.execute(LOCK, [lock_timeout])
            return _align(cursor, ownership, get_password, max_revokes, takes_all)

    return outlast_races(attempt)


def is_unchanged(session: psycopg.Connection, ownership: Ownership) -> bool:
    """Tell whether nothing changed since all was found clean on this server. Two queries, or three."""
    with psycopg.Cursor(session) as cursor:
        return is_known_clean(make_mark(cursor, ownership))


def _align(
    cursor: psycopg.Cursor,
    ownership: Ownership,
    get_password: GetPassword | None,
    max_revokes: int,
    takes_all: bool,
) -> Alignment:
    # Plans, applies and looks again, until nothing is left to do.
    user = cursor.connection.info.user
    done: list[str] = []
    waiting: Waiting = {}
    mark = make_mark(cursor, ownership)  # before each look, as above
    plan = make_plan(compare(cursor, ownership), user)
    kept = plan.revokes if plan.revokes > max_revokes and not takes_all else 0
    for _ in range(_ROUNDS):
        if kept:
            plan = make_plan(plan.comparison, user, only_gives=True, without=waiting)
        if not plan.changes:
            if not (kept or waiting or plan.left or plan.by_hand):
                return _finish(plan.comparison, mark, done)
            anothers = list_anothers(plan.comparison)
            return Alignment(done, plan.admins, plan.by_hand, _list_waiting(waiting), kept, anothers)
        check_limits(cursor, plan, max_revokes)
        done += apply_all(cursor, plan.changes, ownership.migrator, get_password, "apply", waiting)
        mark = make_mark(cursor, ownership)
        plan = make_plan(compare(cursor, ownership), user, without=waiting)
    raise OwnershipError(
        f"apply as {user} had no effect on: {', '.join(change.says for change in plan.changes)}; nothing was "
        f"changed. Run it as a superuser"
    )


def _finish(comparison: Comparison, mark: str, done: Iterable[str] = ()) -> Alignment:
    # Nothing is left to do, which is remembered.
    remember_clean(make_key(comparison), mark)
    return Alignment([*done], anothers=list_anothers(comparison))


def _list_waiting(waiting: Waiting) -> list[str]:
    return [f"policy {each.name} on {each.schema}.{each.table}: {why}" for each, why in sorted(waiting.items())]
