"""E045 to E047, W045: views under the old names of tables that moved, until their last day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Error
from django.db.models import Model

from freehold.checks.contracts import Models, list_models
from freehold.checks.subjects import AppConfigs, find_governing
from freehold.ownership import Move, Ownership
from freehold.ownership.moves import get_today, has_ended, iter_users, list_views
from freehold.rls.declaration import find_policies

_NOTICE = timedelta(days=14)


def check_moves(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E045 and W045: the last day of a view is over, or near. E046 and E047: what the old release would lack."""
    ownership, today = find_governing(), get_today()
    if ownership is None or app_configs is not None or not ownership.moves:
        return []
    models = list_models()
    return [
        message
        for move in list_views(ownership)
        for message in (
            _find_end(move, today),
            _find_model_fault(move, models),
            _find_shut_out(move, models, ownership),
        )
        if message
    ]


def _find_end(move: Move, today: date) -> CheckMessage | None:
    """Give E045 or W045, or None where the view's last day is far."""
    assert move.until is not None  # noqa: S101 - it has a view
    if has_ended(move, today):
        return Error(
            f"The view {move.old!r} of {move.new!r} had its last day on {move.until}.",
            hint=f"Drop it: `manage.py movetable {move.old} {move.new} --finish` writes the migration; then take "
            f"until= out of the move in the ownership map. If the old release still runs, give the move a later day.",
            obj="moves",
            id="freehold.E045",
        )
    if move.until - today > _NOTICE:
        return None
    return checks.Warning(
        f"The view {move.old!r} of {move.new!r} has its last day on {move.until}, in {(move.until - today).days} days.",
        hint=f"See that no release uses {move.old} any more, then `manage.py movetable {move.old} {move.new} "
        f"--finish`; or give the move in the ownership map a later day.",
        obj="moves",
        id="freehold.W045",
    )


def _find_model_fault(move: Move, models: Models) -> CheckMessage | None:
    """Give E046 where a model still has the old name: its queries would go through the view."""
    model = models.get(move.old)
    if model is None or not model._meta.managed:
        return None
    return Error(
        f"The table {move.old!r} moves to {move.new!r}, and this model still has the old name.",
        hint=f'Set db_table = "{move.new}", in the app that owns it now.',
        obj=model,
        id="freehold.E046",
    )


def _find_shut_out(move: Move, models: Models, ownership: Ownership) -> CheckMessage | None:
    """Give E047 where the new model has policies, and none for a service of the old release."""
    model = models.get(move.new)
    policies = find_policies(model) if model else None
    if model is None or policies is None:
        return None
    logins = {login for login, _ in iter_users(ownership, move)}
    lacking = {each.name for each in ownership.services if each.login in logins} - {each.service for each in policies}
    return _report_shut_out(move, model, sorted(lacking)) if lacking else None


def _report_shut_out(move: Move, model: type[Model], services: list[str]) -> CheckMessage:
    names = " and ".join(services)
    return Error(
        f"The table {move.new!r} has policies and none for {names}, which still reads it as {move.old!r}: it would see "
        f"no row.",
        hint=f"Keep policies for {names} on the model until {move.until}, or name in services= of the move who uses "
        f"the old name.",
        obj=model,
        id="freehold.E047",
    )
