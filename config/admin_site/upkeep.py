"""What someone should see to: migrations to apply, drift, keys and views that end soon. For the admin's start page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from django.db import connection
from django.http import HttpRequest
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone

from config.admin_site.start_page import attempt, may_view
from freehold import MigrationHistory, get_ownership
from freehold.migrator.pending import list_pending
from freehold.ownership.moves import get_today, list_views
from freehold.rights.look import find_drift_over
from tenancy.models import ApiKey

SOON: Final = timedelta(days=30)
SHOWN: Final = 5  # of each kind; the list has the rest

State = Literal["ok", "due", "unknown"]


@dataclass(frozen=True)
class Detail:
    """One thing, with the address of its page where it has one."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Line:
    """A sentence on one matter; `details` name the first few, `command` is the way out."""

    state: State
    text: str
    details: tuple[Detail, ...] = ()
    command: str = ""


UNTOLD: Final = "At the moment nobody can tell {}; the server's log says why."
NOTHING: Final = Line("ok", "")


def list_lines(request: HttpRequest) -> list[Line]:
    """Give a line for each matter that concerns the signed-in person.

    Migrations, drift and views concern whoever may see the history of migrations; keys, whoever may see keys.
    """
    lines = [attempt(what, tell) or Line("unknown", UNTOLD.format(what)) for what, tell in _iter_matters(request)]
    return [line for line in lines if line != NOTHING]


def _iter_matters(request: HttpRequest) -> Iterator[tuple[str, Callable[[], Line]]]:
    if may_view(request, MigrationHistory):
        yield "which migrations are pending", tell_migrations
        yield "whether the database is what is declared", tell_drift
        yield "which views of moved tables end", tell_views
    if may_view(request, ApiKey):
        yield "which API keys end soon", tell_keys


def tell_migrations() -> Line:
    """Tell which migrations `migrate` would apply."""
    pending = [f"{app}.{name}" for app, name in list_pending(connection)]
    if not pending:
        return Line("ok", "Every migration is applied.")
    return Line("due", f"{count(pending, 'migration is', 'migrations are')} pending.", name(pending), "migrate")


def tell_drift() -> Line:
    """Tell where the database is not what is declared, as `ownership check` does."""
    if connection.vendor != "postgresql":
        return Line("unknown", "SQLite knows neither roles nor schemas: there is no drift to look for.")
    findings = find_drift_over(connection, get_ownership())
    if not findings:
        return Line("ok", "The database is what is declared.")
    named = name([f"{each.rule} {each.object}: {each.message}" for each in findings])
    return Line("due", f"The database differs from what is declared in {len(findings)} ways.", named, "ownership check")


def tell_views() -> Line:
    """Tell until when each moved table can be read under its old name; nothing where there is none."""
    moves = sorted(list_views(get_ownership()), key=lambda move: str(move.until))
    if not moves:
        return NOTHING
    due = any(move.until and move.until <= get_today() + SOON for move in moves)
    named = name([f"{move.old} stands for {move.new} until {move.until:%Y-%m-%d}" for move in moves])
    text = f"{count(moves, 'table that moved has a view', 'tables that moved have a view')} under the old name."
    return Line("due" if due else "ok", text, named)


def tell_keys() -> Line:
    """Tell which API keys end within SOON; those that are revoked or over have ended."""
    keys = ApiKey.objects.usable().filter(expires_at__lte=timezone.now() + SOON).order_by("expires_at")
    found = list(keys[: SHOWN + 1])
    if not found:
        return Line("ok", f"No API key ends within {SOON.days} days.")
    details = tuple(
        Detail(
            f"{key} ends {format_date(key.expires_at, 'Y-m-d')}", reverse("admin:tenancy_apikey_change", args=[key.pk])
        )
        for key in found[:SHOWN]
    )
    number = keys.count() if len(found) > SHOWN else len(found)
    verb = "1 API key ends" if number == 1 else f"{number:,} API keys end"
    return Line("due", f"{verb} within {SOON.days} days.", (*details, *more(number - SHOWN)))


def count(found: Sequence[object], one: str, many: str) -> str:
    """Give the number with its noun."""
    return f"1 {one}" if len(found) == 1 else f"{len(found):,} {many}"


def name(texts: list[str]) -> tuple[Detail, ...]:
    """Give the first few as details, and how many there are beyond."""
    return (*(Detail(text) for text in texts[:SHOWN]), *more(len(texts) - SHOWN))


def more(number: int) -> tuple[Detail, ...]:
    """Give the detail that stands for those beyond the first few, if there are any."""
    return (Detail(f"and {number:,} more"),) if number > 0 else ()
