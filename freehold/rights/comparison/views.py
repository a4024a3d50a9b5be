"""Views under the old names of tables that moved."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from freehold.ownership.comparable import DatabaseObject
from freehold.ownership.map import Move
from freehold.ownership.moves import MARK, write_comment
from freehold.rights.changes import Desk, Drift
from freehold.rights.inspection import FoundView
from freehold.rights.statements import Change, Phase

WAIT = "It waits for a migration: run manage.py migrate"


def iter_view_drift(desk: Desk) -> Iterator[Drift]:
    """Yield views that nobody declares (any more), and those that are missing or other than declared."""
    declared = desk.declared.views
    for key, view in sorted(desk.found.views.items()):
        if key not in declared and view.comment.startswith(MARK):
            yield describe_undeclared(view)
    for key, move in sorted(declared.items()):
        if key in desk.found.views:
            yield from iter_differences(move, desk.found.views[key], desk)
        elif key not in desk.found.row_security and move.places[1] in desk.found.row_security:
            yield Drift("D030", move.old, "no such view", describe(move), advice=make_advice(move))


def describe_undeclared(view: FoundView) -> Drift:
    """Give the drift of a view whose move has ended, or was taken out of the map."""
    name = f"{view.schema}.{view.name}"
    advice = (
        f"Drop it in a migration, which `manage.py movetable {name} {view.comment.removeprefix(MARK).split()[0]} "
        f"--finish` writes; or give its move in the ownership map a later day"
    )
    return Drift("D029", name, f"a view ({view.comment})", "no such view", advice=advice)


def iter_differences(move: Move, view: FoundView, desk: Desk) -> Iterator[Drift]:
    """Yield what is other than declared: what can be set on the view, or what it is made of."""
    if view.tables != (move.new,):
        found = f"a view of {', '.join(view.tables)}"
        yield Drift("D030", move.old, found, describe(move), advice=make_advice(move))
        return
    name = sql.Identifier(view.schema, view.name)
    if not view.is_invokers:
        statement = sql.SQL("ALTER VIEW {} SET (security_invoker = true)").format(name)
        says = f"let {move.old} be read with the rights of who reads it"
        yield make_drift(move, "a view with its owner's rights", "security_invoker", says, statement, desk)
    if view.comment != write_comment(move):
        statement = sql.SQL("COMMENT ON VIEW {} IS {}").format(name, sql.Literal(write_comment(move)))
        found, wanted = f"comment {view.comment!r}", f"comment {write_comment(move)!r}"
        yield make_drift(move, found, wanted, f"write on {move.old}: {write_comment(move)}", statement, desk)


def make_drift(move: Move, found: str, declared: str, says: str, statement: sql.Composed, desk: Desk) -> Drift:
    """Give a drift that a statement of the view's owner mends."""
    schema, table = move.places[0]
    owner, is_admins = desk.owners[schema], desk.is_admins(DatabaseObject("table", schema, table))
    change = Change(says, statement, owner, f"membership in {owner}", Phase.OWNER, is_admins)
    return Drift("D030", move.old, found, declared, (change,))


def describe(move: Move) -> str:
    """Say what a view is, as declared."""
    return f"a view of {move.new} until {move.until}"


def make_advice(move: Move) -> str:
    """Say how the view comes about."""
    return f"MoveTable of {move.old} to {move.new} makes it, with view=True; or take until= out of its move in the map"
