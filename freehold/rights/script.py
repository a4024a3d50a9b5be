"""A plan as SQL for psql: one transaction, each statement under a comment that says what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import sql

from freehold.rights.drift import Change, Drift
from freehold.rights.execution import write_joining
from freehold.rights.inspection import PATH
from freehold.rights.plan import Plan


def write_script(plan: Plan, *, joins: bool = False) -> str:
    """Give the plan. What only an admin may do, and what is for people to do, stands there as a comment.

    `joins` says that the user has to make itself a member of the migrator for the while.
    """
    lines: list[str] = []
    if plan.changes:
        database = comment(plan.comparison.declared.database)
        lines += [f"-- {count(plan.changes)} for database {database}, by {comment(plan.user)}", "BEGIN;"]
        lines += [f"SET LOCAL search_path = {PATH};", *_list_statements(plan, joins=joins), "", "COMMIT;"]
    if plan.admins:
        lines += ["", "-- For an admin: manage.py ownership plan --admin-url postgresql://USER@HOST/DATABASE"]
        lines += [line for change in plan.admins for line in _list_admin_lines(change)]
    if plan.by_hand:
        lines += ["", "-- By hand:", *(f"-- {comment(describe(each))}" for each in plan.by_hand)]
    return "\n".join(lines).lstrip("\n")


def _list_statements(plan: Plan, *, joins: bool) -> Iterator[str]:
    acting = ""
    join, leave = write_joining(plan.comparison.declared.ownership.migrator, plan.user, plan.comparison.found.version)
    first = next((change for change in plan.changes if not change.is_of_roles), None) if joins else None
    for change in plan.changes:
        if change is first:
            yield from ("", "-- for the while of this transaction", f"{join.as_string(None)};")
        if change.role != acting:
            yield from ("", _write_role_line(change.role))
            acting = change.role
        yield from ("", f"-- {comment(change.says)}{_NOTE if change.login else ''}", f"{_write(change)};")
    if acting:
        yield from ("", _write_role_line(""))
    if first:
        yield f"{leave.as_string(None)};"


_NOTE = " (apply gives it a password; in psql: \\password)"


def _write_role_line(role: str) -> str:
    return f"SET LOCAL ROLE {sql.Identifier(role).as_string(None) if role else 'NONE'};"


def _write(change: Change) -> str:
    return change.statement.as_string(None)


def write_alone(change: Change) -> str:
    """Give a statement that can be pasted by itself, with the role that acts around it."""
    if not change.role:
        return f"{_write(change)};"
    return f"SET ROLE {sql.Identifier(change.role).as_string(None)}; {_write(change)}; RESET ROLE;"


def _list_admin_lines(change: Change) -> list[str]:
    words = [f"{change.says} (needs {change.right})", *write_alone(change).splitlines()]
    return [f"--   {comment(line)}" for line in words]


def describe(drift: Drift) -> str:
    """Give a drift in one line."""
    return f"{drift.object}: {drift.found}; declared: {drift.declared}. {drift.advice}"


def comment(text: str) -> str:
    """Give a text that can't end the comment it stands in: a name may hold a line break."""
    return " ".join(text.split())


def count(changes: Sequence[object]) -> str:
    """Give `1 change`, `2 changes`."""
    number = len(changes)
    return f"{number} change" + ("" if number == 1 else "s")
