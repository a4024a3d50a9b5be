"""Views under the old names of tables that moved."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from freehold.ownership.comparable import DatabaseObject
from freehold.ownership.map import Move
from freehold.ownership.moves import MARK, write_comment
from freehold.rights.drift import Comparison, Drift, Phase
from freehold.rights.inspection import FoundView


def iter_view_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield views that nobody declares (any more), and those that are missing or other than declared."""
    declared = comparison.declared.views
    for key, view in sorted(comparison.found.views.items()):
        if key not in declared and view.comment.startswith(MARK):
            yield _describe_undeclared(view)
    for key, move in sorted(declared.items()):
        if key in comparison.found.views:
            yield from _iter_differences(move, comparison.found.views[key], comparison)
        elif key not in comparison.found.row_security and move.places[1] in comparison.found.row_security:
            yield Drift("D030", move.old, "no such view", _describe(move), advice=_make_advice(move))


def _describe_undeclared(view: FoundView) -> Drift:
    name = f"{view.schema}.{view.name}"
    advice = (
        f"Drop it in a migration, which `manage.py movetable {name} {view.comment.removeprefix(MARK).split()[0]} "
        f"--finish` writes; or give its move in the ownership map a later day"
    )
    return Drift("D029", name, f"a view ({view.comment})", "no such view", advice=advice)


def _iter_differences(move: Move, view: FoundView, comparison: Comparison) -> Iterator[Drift]:
    if view.tables != (move.new,):
        found = f"a view of {', '.join(view.tables)}"
        yield Drift("D030", move.old, found, _describe(move), advice=_make_advice(move))
        return
    name = sql.Identifier(view.schema, view.name)
    if not view.is_invokers:
        statement = sql.SQL("ALTER VIEW {} SET (security_invoker = true)").format(name)
        says = f"let {move.old} be read with the rights of who reads it"
        yield _make_drift(move, "a view with its owner's rights", "security_invoker", says, statement, comparison)
    if view.comment != write_comment(move):
        statement = sql.SQL("COMMENT ON VIEW {} IS {}").format(name, sql.Literal(write_comment(move)))
        found, wanted = f"comment {view.comment!r}", f"comment {write_comment(move)!r}"
        yield _make_drift(move, found, wanted, f"write on {move.old}: {write_comment(move)}", statement, comparison)


def _make_drift(
    move: Move, found: str, declared: str, says: str, statement: sql.Composed, comparison: Comparison
) -> Drift:
    change = comparison.change(says, statement, DatabaseObject("table", *move.places[0]), Phase.OWNER)
    return Drift("D030", move.old, found, declared, (change,))


def _describe(move: Move) -> str:
    return f"a view of {move.new} until {move.until}"


def _make_advice(move: Move) -> str:
    return f"MoveTable of {move.old} to {move.new} makes it, with view=True; or take until= out of its move in the map"
