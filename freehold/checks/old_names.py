"""E045 to E047, W045: views under the old names of tables that moved, until their last day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.core import checks
from django.core.checks import CheckMessage, Error
from django.db.models import Model

from freehold.checks.subjects import AppConfigs, check_of_owners, list_models
from freehold.ownership import Move, Ownership
from freehold.ownership.moves import get_today, has_ended, iter_users, list_views
from freehold.rls.policy import find_policies

_NOTICE = timedelta(days=14)


@check_of_owners
def _check_moves(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E045 and W045: the last day of a view is over, or near. E046 and E047: what the old release would lack."""
    views = list_views(ownership) if app_configs is None else []
    models, today = list_models() if views else {}, get_today()
    for move in views:
        yield from _iter_ends(move, today)
        if (model := models.get(move.old)) and model._meta.managed:
            yield Error(
                f"The table {move.old!r} moves to {move.new!r}, and this model still has the old name.",
                # Its queries would go through the view.
                hint=f'Set db_table = "{move.new}", in the app that owns it now.',
                obj=model,
                id="freehold.E046",
            )
        if model := models.get(move.new):
            yield from _iter_shut_out(move, model, ownership)


def _iter_ends(move: Move, today: date) -> Iterator[CheckMessage]:
    """Yield E045 or W045, or nothing where the view's last day is far."""
    assert move.until is not None  # noqa: S101 - it has a view
    if has_ended(move, today):
        yield Error(
            f"The view {move.old!r} of {move.new!r} had its last day on {move.until}.",
            hint=f"Drop it: `manage.py movetable {move.old} {move.new} --finish` writes the migration; then take "
            f"until= out of the move in the ownership map. If the old release still runs, give the move a later day.",
            obj="moves",
            id="freehold.E045",
        )
    elif move.until - today <= _NOTICE:
        days = (move.until - today).days
        yield checks.Warning(
            f"The view {move.old!r} of {move.new!r} has its last day on {move.until}, in {days} days.",
            hint=f"See that no release uses {move.old} any more, then `manage.py movetable {move.old} {move.new} "
            f"--finish`; or give the move in the ownership map a later day.",
            obj="moves",
            id="freehold.W045",
        )


def _iter_shut_out(move: Move, model: type[Model], ownership: Ownership) -> Iterator[CheckMessage]:
    """Yield E047 where the new model has policies, and none for a service of the old release."""
    policies = find_policies(model)
    logins = {login for login, _ in iter_users(ownership, move)}
    users = {each.name for each in ownership.services if each.login in logins}
    lacking = users - {each.service for each in policies} if policies is not None else set()
    if lacking:
        names = " and ".join(sorted(lacking))
        yield Error(
            f"The table {move.new!r} has policies and none for {names}, which still reads it as {move.old!r}: it would "
            f"see no row.",
            hint=f"Keep policies for {names} on the model until {move.until}, or name in services= of the move who "
            f"uses the old name.",
            obj=model,
            id="freehold.E047",
        )
