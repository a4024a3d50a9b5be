"""What the admin site's start page says first: how many there are of the main things, for whoever may see them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

from django.contrib import admin
from django.db import connection, models, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from auth_app.models import Session, User
from freehold import get_ownership
from items.models import Item
from master.models import Category, Location
from runs.models import Run, RunStatus
from studio.overview import find_accent

MOST: Final = 100_000  # rows, at which counting stops: some ten milliseconds a figure
DAY: Final = timedelta(days=1)

logger = logging.getLogger(__name__)
Found = TypeVar("Found")


@dataclass(frozen=True)
class Figure:
    """A figure as the page shows it: `value` in words, `accent` the colour of the schema that it comes from."""

    title: str
    value: str
    note: str
    url: str
    accent: str


@dataclass(frozen=True)
class _Count:
    title: str
    model: type[models.Model]
    find: Callable[[], tuple[str, str]]  # the value, and a note to it
    query: str = ""  # of the list's address: the rows that are counted


def list_figures(request: HttpRequest) -> list[Figure]:
    """Give a figure for each of the main things that the signed-in person may see; "—" where it can't be told."""
    return [_make_figure(each) for each in COUNTS if may_view(request, each.model)]


def may_view(request: HttpRequest, model: type[models.Model]) -> bool:
    """Tell whether the signed-in person may see the model's list."""
    page = admin.site._registry.get(model)
    return page is not None and page.has_view_permission(request)


def attempt(what: str, find: Callable[[], Found]) -> Found | None:
    """Give what is found. Where that fails, say so in the log and give None: the page is more than one of its parts."""
    try:
        # A savepoint is worth its two messages only where there is a transaction to keep usable.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return find()
    except Exception:
        logger.exception("The start page can't tell %s", what)
        return None


def count_rows(rows: models.QuerySet[Any]) -> str:
    """Give in words how many rows there are, in a time that does not grow with the table."""
    number = rows.order_by()[: MOST + 1].count()
    return f"{number:,}" if number <= MOST else f"{MOST:,}+"


def _make_figure(count: _Count) -> Figure:
    opts = count.model._meta
    value, note = attempt(count.title, count.find) or ("—", "can't be told at the moment")
    schema = get_ownership().find_schema_of_app(opts.app_label)
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return Figure(count.title, value, note, url + count.query, find_accent(schema.name if schema else ""))


def _count_people() -> tuple[str, str]:
    return count_rows(User.objects.filter(is_active=True)), "active accounts"


def _count_sessions() -> tuple[str, str]:
    return count_rows(Session.objects.filter(expire_date__gt=timezone.now(), user__isnull=False)), "sessions alive"


def _count_categories() -> tuple[str, str]:
    return count_rows(Category.objects.all()), "in the tree"


def _count_locations() -> tuple[str, str]:
    return count_rows(Location.objects.all()), "cities and countries"


def _count_items() -> tuple[str, str]:
    return count_rows(Item.objects.active()), "on offer"


def _count_runs() -> tuple[str, str]:
    recent = Run.objects.filter(created_at__gte=timezone.now() - DAY)
    return count_rows(recent), ", ".join(["in the last day", *_iter_states(recent)])


def _iter_states(runs: models.QuerySet[Run]) -> Iterator[str]:
    for status in RunStatus:
        if (number := count_rows(runs.filter(status=status))) != "0":
            yield f"{number} {status.label}"


COUNTS: Final = (
    _Count("People", User, _count_people, "?is_active__exact=1"),
    _Count("Signed in", Session, _count_sessions, "?state=valid"),
    _Count("Categories", Category, _count_categories),
    _Count("Places", Location, _count_locations),
    _Count("Items", Item, _count_items, "?is_active__exact=1"),
    _Count("Runs", Run, _count_runs),
)
